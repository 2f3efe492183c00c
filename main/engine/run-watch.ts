import type { RunSummary } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Log } from '../base/log.ts'
import type { Notice } from '../findings/findings.ts'

export interface RunWatchParts {
  readonly changes: Changes
  readonly log: Log
  /** Newest first. */
  readonly runs: () => readonly RunSummary[]
  /** False: the operator wants no notifications. */
  readonly mayTell: () => boolean
  readonly tell: (notice: Notice) => void
  /** True while a run is under way: the computer should not go to sleep by itself. */
  readonly awake: (on: boolean) => void
}

const underWay: readonly RunSummary['state'][] = ['running', 'pausing', 'stopping']

/** What a run that came to a stand is told as; null: nothing that a person has to know now. Pure. */
export function verdictOf(before: RunSummary | undefined, now: RunSummary): Pick<Notice, 'title' | 'body'> | null {
  const wasUnderWay = before !== undefined && underWay.includes(before.state)
  if (!wasUnderWay || underWay.includes(now.state)) return null
  if (now.state === 'paused' && !now.asks) return null
  const said = now.state === 'ended' ? 'has ended' : 'waits for you'
  return { title: `${now.patchName} ${said}`, body: now.words }
}

/** Keeps the computer awake while a patch is carried, and tells how it stands when it stops. The answer ends it. */
export function watchRuns({ changes, log, runs, mayTell, tell, awake }: RunWatchParts): () => void {
  let isAwake = false
  const known = new Map(runs().map((run) => [run.rolloutId, run]))
  const stay = (on: boolean) => {
    if (on === isAwake) return
    isAwake = on
    awake(on)
  }
  const look = () => {
    try {
      const now = runs()
      stay(now.some(({ state }) => underWay.includes(state)))
      for (const run of now) {
        const verdict = verdictOf(known.get(run.rolloutId), run)
        known.set(run.rolloutId, run)
        if (verdict && mayTell()) tell({ ...verdict, findingId: null, opened: [], closed: [] })
      }
    } catch (error) {
      log.error('runs.not-watched', error)
    }
  }
  const leave = changes.subscribe((topics) => {
    if (topics.includes('rollout')) look()
  })
  look()
  return () => {
    leave()
    stay(false)
  }
}
