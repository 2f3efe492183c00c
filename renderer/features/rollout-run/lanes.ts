import type { AgentId, RolloutLane, RolloutRun, RunOutcome } from '../../../shared/contract/index.ts'
import { waveName } from '../../../shared/wave-words.ts'
import { verdictWords } from './words.ts'

/** Machines that stand together: a wave, or those that this rollout does not reach now. */
export interface LaneSection {
  readonly key: string
  readonly title: string
  readonly verdict: string
  /** The verdict in a sentence, unless a question says the same. */
  readonly words: string
  readonly lanes: readonly RolloutLane[]
}

const isIdle = ({ wave, outcome }: RolloutLane): boolean => wave === 0 && outcome === 'unchanged'
const isLater = (lane: RolloutLane): boolean =>
  (lane.wave === 0 || lane.outcome === 'left-out' || lane.outcome === 'waits-for-return') && !isIdle(lane)

const apart = (key: string, title: string, lanes: readonly RolloutLane[]): LaneSection[] =>
  lanes.length === 0 ? [] : [{ key, title, verdict: '', words: '', lanes }]

/** Beside the verdict "taken as good enough" that is not said again. */
const withoutVerdict = (words: string): string => words.replace(/^Taken as good enough: /, '')

/** Each wave in order, those not begun too, then those that come later or not at all. Pure. */
export function sectionsOf(run: Pick<RolloutRun, 'waves' | 'lanes' | 'question' | 'state'>): LaneSection[] {
  const { waves, lanes, question } = run
  const inWaves = waves.map((wave): LaneSection => {
    return {
      key: String(wave.number),
      title: waveName(wave, waves),
      verdict: verdictWords(wave, run),
      words: wave.state === 'waiting' || question?.words === wave.words ? '' : withoutVerdict(wave.words),
      lanes: lanes.filter((lane) => lane.wave === wave.number && !isLater(lane)),
    }
  })
  const later = lanes.filter(isLater)
  const isLeftOut = later.every(({ outcome }) => outcome !== 'waits-for-return')
  return [
    ...inWaves.filter((section) => section.lanes.length > 0),
    ...apart('later', isLeftOut ? 'Left out' : 'Later', later),
    ...apart('idle', 'Nothing to do', lanes.filter(isIdle)),
  ]
}

const wanting: readonly (RunOutcome | null)[] = ['failed', 'inconclusive', 'reverted', 'waits-for-return']

/**
 * The machine that is worth a look: of a question the first it is about, else the one under way, else the one that was looked
 * at last, else the next; when all have ended the first that did not go well. Pure.
 *
 * @param before the one that was followed till now: nothing jumps away from it when it has ended.
 */
export function followed(
  { question, lanes, state }: Pick<RolloutRun, 'question' | 'lanes' | 'state'>,
  before: AgentId | null,
): AgentId | null {
  const asked = lanes.find(({ agentId }) => question?.agentIds.includes(agentId))
  const active = (['running', 'checking', 'soaking'] as const)
    .map((each) => lanes.filter((lane) => lane.state === each))
    .find((own) => own.length > 0)
  const kept = lanes.find(({ agentId }) => agentId === before)
  const next = lanes.find((lane) => lane.state === 'waiting')
  const worst = wanting.flatMap((each) => lanes.filter(({ outcome }) => outcome === each))[0]
  const present = active?.find(({ agentId }) => agentId === before) ?? active?.[0]
  const found = asked ?? (state === 'ended' ? (kept ?? worst) : (present ?? kept ?? next)) ?? lanes[0]
  return found?.agentId ?? null
}

const again: readonly (RunOutcome | null)[] = ['failed', 'not-attempted', 'inconclusive', 'waits-for-return']

/** Machines that a retry would go to; a patch that was taken back is previewed afresh instead. */
export const toRetry = ({
  lanes,
  revertOf,
  layers,
}: Pick<RolloutRun, 'lanes' | 'revertOf' | 'layers'>): RolloutLane[] =>
  layers === 'put-back'
    ? []
    : lanes.filter(
        ({ outcome, wave }) => wave > 0 && (again.includes(outcome) || (outcome === 'reverted' && revertOf === null)),
      )

/** Those of a question that can be looked at once more. */
export const toLookAt = ({ lanes, question }: Pick<RolloutRun, 'lanes' | 'question'>): RolloutLane[] =>
  lanes.filter(({ agentId, state }) => state === 'checking' && question?.agentIds.includes(agentId))

/** Machines that run what this rollout brought them. */
export const toPutBack = ({ lanes }: Pick<RolloutRun, 'lanes'>): RolloutLane[] =>
  lanes.filter(({ outcome, state }) => outcome === 'changed' || state === 'soaking' || state === 'checking')
