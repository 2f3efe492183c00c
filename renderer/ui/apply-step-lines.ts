import type { ApplyJob, ApplyOutcome, ApplyStep } from '../../shared/contract/index.ts'
import type { ApplyRun } from '../state/applying.ts'
import type { StateWordText } from './state.tsx'

/** What a machine does at each step, in order. */
const stepWords: Record<Exclude<ApplyStep, 'revert'>, string> = {
  connect: 'Connect',
  download: 'Download the new version',
  stage: 'Write beside the config, and check it there',
  arm: 'Make sure it goes back by itself',
  'run-before': 'Run its commands before it',
  activate: 'Put it in place',
  'run-after': 'Run its commands after it',
  verify: 'Check: taken, ready, channels, rules',
  commit: 'Keep it',
}

export interface StepLine {
  readonly step: ApplyStep
  readonly words: string
  readonly state: StateWordText
  /** Null: it has not begun. Of the one under way: since when. */
  readonly fromMs: number | null
  /** Null: it goes on. */
  readonly untilMs: number | null
}

/** Steps as they stand; one that was passed unseen has no times. Going back is listed only where it happened. Pure. */
export function stepLines({ job, steps }: ApplyRun): StepLine[] {
  const went = job?.step === 'revert' || steps.some(({ step }) => step === 'revert')
  const isUpdate = job?.update != null
  const isFetched = (job?.folders.length ?? 0) > 0
  // Unless it was seen which step did not hold, it is the check: most are found there.
  const brokeAt = steps[steps.findIndex(({ step }) => step === 'revert') - 1]?.step ?? 'verify'
  const runs = (when: string) => job?.commands.some((command) => command.when === when) === true
  const order = (Object.keys(stepWords) as (keyof typeof stepWords)[]).filter(
    (step) =>
      (!went || step !== 'commit') &&
      (isUpdate || isFetched || step !== 'download') &&
      (runs('before') || step !== 'run-before') &&
      (runs('after') || step !== 'run-after'),
  )
  const all: readonly ApplyStep[] = went
    ? [...order.slice(0, order.indexOf(brokeAt as (typeof order)[number]) + 1), 'revert']
    : order
  const now = job?.step ?? 'connect'
  const ended = job !== null && job.state !== 'running'
  const well = job?.outcome === 'changed' || job?.outcome === 'unchanged'
  return all.map((step, at): StepLine => {
    const seen = steps.findIndex((one) => one.step === step)
    const fromMs = steps[seen]?.atMs ?? null
    const nextMs = seen < 0 ? null : (steps[seen + 1]?.atMs ?? (ended ? (job?.endedAtMs ?? null) : null))
    const words =
      step === 'revert'
        ? 'Put the old config back'
        : step === 'download' && !isUpdate
          ? 'Fetch the commits of its folders'
          : stepWords[step]
    const isNow = step === now
    const isPast = at < all.indexOf(now)
    const state: StateWordText = isPast
      ? went && step === brokeAt
        ? 'Failing'
        : 'OK'
      : isNow
        ? ended
          ? well || job?.outcome === 'reverted'
            ? 'OK'
            : 'Failing'
          : 'Working'
        : 'Waiting'
    return { step, words, state, fromMs, untilMs: nextMs }
  })
}

export interface OutcomeWords {
  readonly title: string
  readonly state: StateWordText
}

const outcomes: Record<ApplyOutcome, OutcomeWords> = {
  changed: { title: 'Changed', state: 'OK' },
  unchanged: { title: 'No change needed', state: 'OK' },
  failed: { title: 'Failed, nothing was changed', state: 'Failing' },
  reverted: { title: 'Put back', state: 'Changed' },
  inconclusive: { title: 'Can’t tell', state: 'Not seen' },
}

/** How a change ended, in the words of every list; null while it runs. */
export function outcomeOf({ outcome, state }: Pick<ApplyJob, 'outcome' | 'state'>): OutcomeWords | null {
  if (outcome !== null) return outcomes[outcome]
  return state === 'running' ? null : outcomes.inconclusive
}
