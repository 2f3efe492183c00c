import type { PreflightAnswer, RolloutGuard, RolloutPreview, RunSummary } from '../../../shared/contract/index.ts'
import type { StateWordText } from '../../ui/state.tsx'
import type { TargetGroup } from './fold-targets.ts'
import { ownQuestions } from './questions.ts'

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** A machine with several agents counts each. */
export const nounOf = (targets: readonly { boxId: string }[]): string =>
  new Set(targets.map(({ boxId }) => boxId)).size === targets.length ? 'machine' : 'agent'

/** "peak-mini, elm-mini and 3 more"; whole up to `most`. */
export function namesOf(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most)
  const more = names.length - shown.length
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`
}

/** The client's name says more than the machine's, where there is one. */
export const calledOf = ({ clientName, name }: { clientName: string | null; name: string }): string =>
  clientName ?? name

/** "7 machines, the same 3 changes". */
export function groupHeading({ targets, changes }: TargetGroup): string {
  const said = counted(targets.length, nounOf(targets))
  if (changes.length === 0) return `${said}, no setting of theirs changes`
  return `${said}, ${targets.length > 1 ? 'the same ' : ''}${counted(changes.length, 'change')}`
}

/** How a group differs from the largest: "also gateway.bind; not logging.level". */
export const differsIn = ({ besides, lacks }: Pick<TargetGroup, 'besides' | 'lacks'>): string =>
  [
    ...(besides.length > 0 ? [`also ${besides.join(', ')}`] : []),
    ...(lacks.length > 0 ? [`not ${lacks.join(', ')}`] : []),
  ].join('; ')

/** Whether somebody still has to decide about it: what was decided is told, and no alarm. */
export const isDecided = ({ about }: PreflightAnswer, { questions, targets }: RolloutPreview): boolean => {
  const waits = new Set(targets.filter(({ goes, why }) => !goes && why === '').map(({ agentId }) => agentId))
  const own = questions.filter((question) => question.about === about)
  return (
    own.length > 0 &&
    own.every(
      ({ agents }) =>
        agents.length > 0 && agents.every(({ agentId, choice }) => choice !== null || !waits.has(agentId)),
    )
  )
}

/** The blast radius alone: what is left to decide is counted where it is decided, once for each decision. */
export const leadOf = ({ sentence }: RolloutPreview): string => sentence.replace(/; \d+ choices? left\.$/, '.')

/** What is still to be decided before it can begin: `open` questions, and those that only another revision answers. */
export const choicesLeft = (preview: RolloutPreview, open: number): number => open + ownQuestions(preview).length

/** A change of behaviour is not what one does in passing: leaving it is the first choice, and no key begins it. */
export const isBehavioural = ({ patch }: Pick<RolloutPreview, 'patch'>): boolean => patch.class === 'behavioural'

/** Why it cannot be begun now, as a sentence; undefined: it can. */
export function whyNotStarted(
  preview: RolloutPreview,
  open: number,
  stale: boolean,
  guard: RolloutGuard | null,
  { other, asking }: { other: unknown; asking: boolean },
): string | undefined {
  if (stale) return 'The machines are other than in this preview.'
  if (choicesLeft(preview, open) > 0) return 'Something is left to decide.'
  if (preview.hash === '') return 'It changes nobody.'
  if (guard !== null && guard.state !== 'ready') return guard.words
  if (other !== null) return 'Another rollout is under way.'
  return asking ? 'A dialog of the system asks whether to do it.' : undefined
}

/** The button names whom it begins with. */
export function startWords({ waves: [first] }: Pick<RolloutPreview, 'waves'>): string {
  if (first?.kind === 'lab') return 'Start with the lab'
  return first?.kind === 'canary' ? 'Start with the canary' : 'Start'
}

/** The first signs of a hash, in groups of four: enough to compare by eye. */
export const shortHash = (hash: string): string => `${hash.slice(0, 4)} ${hash.slice(4, 8)}`

/** "2 machines changed since this preview: peak-mini, elm-mini." */
export function movedWords({ names, all }: { names: readonly string[]; all: boolean }): string {
  if (all || names.length === 0) return 'The patch, or what was decided about it, is another since this preview.'
  const verb = names.length === 1 ? 'is' : 'are'
  return `${counted(names.length, 'machine')} ${verb} other than in this preview: ${namesOf(names)}.`
}

/** Under way or waiting for somebody first, then the newest. */
export const runsInOrder = (runs: readonly RunSummary[]): RunSummary[] =>
  runs.toSorted((a, b) => Number(a.state === 'ended') - Number(b.state === 'ended') || b.startedAtMs - a.startedAtMs)

/** The shape of a rollout that is under way, and what a screen reader says for it; one that has ended is told in words alone. */
export function runIcon({ state, asks }: RunSummary): { word: StateWordText; label: string } | null {
  if (state === 'ended') return null
  if (asks) return { word: 'Changed', label: 'waits for you' }
  return state === 'paused' || state === 'pausing'
    ? { word: 'Paused', label: 'paused' }
    : { word: 'Working', label: 'under way' }
}
