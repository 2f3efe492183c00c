import type { RolloutLane, RolloutRun, RunOutcome, RunWave } from '../../shared/contract/index.ts'
import { waveInSentence } from '../../shared/wave-words.ts'
import { counted } from '../base/words.ts'

type Lane = Pick<RolloutLane, 'wave' | 'state' | 'outcome' | 'name'>

export const isGoing = ({ wave }: Lane): boolean => wave > 0
export const doneOf = (lanes: readonly Lane[]): number =>
  lanes.filter((lane) => isGoing(lane) && lane.state === 'ended').length

const said: Record<RunOutcome, (count: number) => string> = {
  changed: (count) => `${count} changed`,
  unchanged: (count) => `${count} had it already`,
  failed: (count) => `${count} failed`,
  reverted: (count) => `${count} went back`,
  inconclusive: (count) => `${count} nobody knows how`,
  'left-out': (count) => `${count} left out`,
  'not-attempted': (count) => `${count} not attempted`,
  'waits-for-return': (count) => (count === 1 ? '1 waits until it is back' : `${count} wait until they are back`),
}
const order: readonly RunOutcome[] = [
  'unchanged',
  'failed',
  'reverted',
  'inconclusive',
  'waits-for-return',
  'left-out',
  'not-attempted',
]

/** "Changed 9 of 10; 1 waits until it is back." Pure. */
export function outcomeWords(lanes: readonly Lane[], isRevert: boolean): string {
  const going = lanes.filter(isGoing)
  const of = (outcome: RunOutcome) => going.filter((lane) => lane.outcome === outcome).length
  const good: RunOutcome = isRevert ? 'reverted' : 'changed'
  const others = order
    .filter((outcome) => outcome !== good && of(outcome) > 0)
    .map((outcome) => said[outcome](of(outcome)))
  return `${[`${isRevert ? 'Took back' : 'Changed'} ${of(good)} of ${going.length}`, ...others].join('; ')}.`
}

/** How a run stands, in a sentence. Pure. */
export function stateWords(
  run: Pick<RolloutRun, 'state' | 'question' | 'revertOf'>,
  waves: readonly RunWave[],
  lanes: readonly Lane[],
): string {
  const isRevert = run.revertOf !== null
  const outcome = outcomeWords(lanes, isRevert)
  const total = lanes.filter(isGoing).length
  const at = `${doneOf(lanes)} of ${total}`
  if (run.state === 'ended') return outcome
  if (run.question !== null) return run.question.words
  const wave = waves.find(({ state }) => state === 'running' || state === 'soaking')
  const where = wave === undefined ? '' : ` In ${waveInSentence(wave, waves)}.`
  switch (run.state) {
    case 'running':
      return `${at} done.${where}`
    case 'pausing':
      return `Pausing at ${at}: those under way end, and nothing further is begun.`
    case 'stopping':
      return `Stopping at ${at}: those under way end, and nothing further is begun.`
    case 'paused':
      return `Paused at ${at}.`
    case 'interrupted':
      return `Interrupted at ${at}.`
  }
}

export const names = (lanes: readonly { name: string }[]): string => {
  const shown = lanes.slice(0, 3).map(({ name }) => name)
  return lanes.length > shown.length
    ? `${shown.join(', ')} and ${counted(lanes.length - shown.length, 'more', 'more')}`
    : shown.join(', ')
}
