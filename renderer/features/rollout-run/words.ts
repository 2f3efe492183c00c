import type { ApplyStep, RolloutLane, RolloutRun, RunOutcome, RunWave } from '../../../shared/contract/index.ts'
import { waveInSentence, waveOf } from '../../../shared/wave-words.ts'
import type { StateWordText } from '../../ui/state.tsx'
import { clockTime, whenText } from '../../ui/times.ts'

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

export const outcomeWords: Record<RunOutcome, string> = {
  changed: 'Changed',
  unchanged: 'No change needed',
  reverted: 'Put back',
  failed: 'Failed',
  'left-out': 'Left out',
  'not-attempted': 'Not attempted',
  inconclusive: 'Can’t tell',
  'waits-for-return': 'When it is back',
}

const outcomeIcons: Record<RunOutcome, StateWordText> = {
  changed: 'OK',
  unchanged: 'OK',
  reverted: 'Changed',
  failed: 'Failing',
  'left-out': 'Waiting',
  'not-attempted': 'Waiting',
  inconclusive: 'Not seen',
  'waits-for-return': 'Offline',
}

const steps: readonly Exclude<ApplyStep, 'revert' | 'download' | 'run-before' | 'run-after'>[] = [
  'connect',
  'stage',
  'arm',
  'activate',
  'verify',
  'commit',
]

const stepNames: Record<ApplyStep, string> = {
  connect: 'Connecting',
  download: 'Downloading',
  stage: 'Writing',
  arm: 'Arming',
  'run-before': 'Running its commands',
  activate: 'Putting in place',
  'run-after': 'Running its commands',
  verify: 'Checking',
  commit: 'Keeping it',
  revert: 'Going back',
}

type Lane = Pick<RolloutLane, 'agentId' | 'state' | 'step' | 'outcome' | 'beginsAtMs' | 'wave' | 'words' | 'seen'>
type Run = Pick<RolloutRun, 'state' | 'question' | 'waves' | 'revertOf'>

/** What the open question says of this machine; null: it is not about it, or it is told by how it ended. */
const askedAs = ({ agentId, state }: Lane, { question }: Run): { words: string; word: StateWordText } | null => {
  if (state === 'ended' || state === 'waiting' || !question?.agentIds.includes(agentId)) return null
  if (question.kind === 'failed') return { words: 'Not as before', word: 'Failing' }
  if (question.kind === 'inconclusive') return { words: 'Can’t tell', word: 'Not seen' }
  return state === 'running' ? { words: 'Was under way', word: 'Not seen' } : null
}

/** Whether something goes on there now; nothing does while a person is asked. */
export const isActive = (lane: Lane, run: Run): boolean =>
  (lane.state === 'running' || lane.state === 'soaking' || lane.state === 'checking') &&
  run.state !== 'interrupted' &&
  askedAs(lane, run) === null

/** "Checking, 5 of 6", "Left at work", "Changed": where a machine stands, in the room of a column. */
export function laneWords(lane: Lane, run: Run, nowMs: number): string {
  const { state, step, outcome, beginsAtMs } = lane
  const asked = askedAs(lane, run)
  if (asked) return asked.words
  switch (state) {
    case 'waiting':
      return beginsAtMs !== null && beginsAtMs > nowMs ? `From ${whenText(beginsAtMs, nowMs)}` : 'Waiting'
    case 'running': {
      if (step === null) return 'Connecting'
      const at = steps.indexOf(step as (typeof steps)[number])
      return at < 0 ? stepNames[step] : `${stepNames[step]}, ${at + 1} of ${steps.length}`
    }
    case 'soaking':
      return 'Left at work'
    case 'checking':
      return 'Looked at again'
    case 'ended':
      return outcome === null ? 'Can’t tell' : outcomeWords[outcome]
  }
}

export const waveOfLane = ({ wave }: Pick<RolloutLane, 'wave'>, { waves }: Pick<RolloutRun, 'waves'>) =>
  waves.find(({ number }) => number === wave)

/** The shape of a machine's state; `share` is what of it is done. */
export function laneIcon(lane: Lane, run: Run, nowMs: number): { word: StateWordText; share?: number } {
  const { state, step } = lane
  const asked = askedAs(lane, run)
  if (asked) return { word: asked.word }
  switch (state) {
    case 'waiting':
      return { word: 'Waiting' }
    case 'running':
      return {
        word: 'Working',
        share: (Math.max(0, steps.indexOf(step as (typeof steps)[number])) + 0.5) / steps.length,
      }
    case 'soaking': {
      const wave = waveOfLane(lane, run)
      const left = wave?.soakUntilMs == null ? 0 : wave.soakUntilMs - nowMs
      const whole = (wave?.soakS ?? 0) * 1000
      return { word: 'Working', share: whole === 0 ? 1 : Math.min(1, Math.max(0, 1 - left / whole)) }
    }
    case 'checking':
      return { word: 'Working', share: 1 }
    case 'ended':
      return { word: endIcon(lane, run) }
  }
}

/** Whether it was seen after its change that it is as well as before; what a person took as good enough was not. */
export const isSeenWell = ({ seen, words }: Pick<RolloutLane, 'seen' | 'words'>): boolean =>
  seen.length > 0 && !words.endsWith('A person took it as good enough.')

function endIcon(lane: Lane, { revertOf }: Run): StateWordText {
  const { outcome } = lane
  if (outcome === null) return 'Not seen'
  if (outcome === 'reverted' && revertOf !== null) return 'OK'
  return outcome === 'changed' && !isSeenWell(lane) ? 'Not seen' : outcomeIcons[outcome]
}

/** What one line of room holds of it: its sentence, or what was seen where that is in question. */
export function lastLine(lane: Lane, run: Run): string {
  const { state, words, seen } = lane
  const soakUntilMs = waveOfLane(lane, run)?.soakUntilMs ?? null
  if (state === 'soaking' && soakUntilMs !== null) return `looked at again at ${clockTime(soakUntilMs)}`
  if (seen.length > 0 && askedAs(lane, run)) return seen.join(' ')
  return words.replace(/^Left out: /, '')
}

/** How a wave stands, beside its name: "passed", "waits for the canary". */
export function verdictWords(wave: RunWave, { waves, state }: Pick<RolloutRun, 'waves' | 'state'>): string {
  if (state === 'interrupted' && (wave.state === 'running' || wave.state === 'soaking')) return 'interrupted'
  switch (wave.state) {
    case 'waiting': {
      const before = waves[waves.indexOf(wave) - 1]
      return before && before.state !== 'passed' ? `waits for ${waveInSentence(before, waves)}` : 'waits'
    }
    case 'running':
      return ''
    case 'soaking':
      return wave.soakUntilMs === null ? 'left at work' : `left at work until ${clockTime(wave.soakUntilMs)}`
    case 'inconclusive':
      return 'can’t tell'
    case 'passed':
      return wave.words === '' ? 'passed' : 'taken as good enough'
    default:
      return wave.state
  }
}

const stateWords: Record<RolloutRun['state'], string> = {
  running: '',
  pausing: 'pausing, those under way end',
  paused: 'paused',
  interrupted: 'interrupted',
  stopping: 'stopping, those under way end',
  ended: '',
}

/** The wave that goes on, or comes next. */
export const presentWave = ({ waves }: Pick<RolloutRun, 'waves'>): RunWave | undefined =>
  waves.find(({ state }) => state !== 'passed' && state !== 'waiting') ?? waves.find(({ state }) => state === 'waiting')

/** "wave 1 of 2 · 5 of 10 done": where it stands, beside its name. */
export function progressWords(run: Pick<RolloutRun, 'waves' | 'state' | 'done' | 'total'>): string {
  const wave = run.state === 'ended' ? undefined : presentWave(run)
  return [stateWords[run.state], wave ? waveOf(wave, run.waves) : '', `${run.done} of ${run.total} done`]
    .filter(Boolean)
    .join(' · ')
}

/** "Changed 9 of 10; 1 waits until it is back. 2 left out before it began." Every machine is counted once. */
export function endWords({ words, lanes }: Pick<RolloutRun, 'words' | 'lanes'>): string {
  const before = lanes.filter(({ wave }) => wave === 0)
  const idle = before.filter(({ outcome }) => outcome === 'unchanged').length
  const out = before.length - idle
  return [
    words,
    ...(idle > 0 ? [`${idle} had it already.`] : []),
    ...(out > 0 ? [`${out} left out before it began.`] : []),
  ].join(' ')
}

/** The client's name says more than the machine's, where there is one. */
export const calledOf = ({ clientName, name }: Pick<RolloutLane, 'clientName' | 'name'>): string => clientName ?? name

export const titleOf = ({ revertOf, patch }: Pick<RolloutRun, 'revertOf' | 'patch'>): string =>
  revertOf === null ? patch.name : `Put back: ${patch.name}`

export const layerWords: Record<RolloutRun['layers'], string> = {
  'not-saved': 'its settings are not in their layers yet',
  saved: 'its settings are kept in their layers',
  'put-back': 'its settings are taken back out of their layers',
  none: '',
}
