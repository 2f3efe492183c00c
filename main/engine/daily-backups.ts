import type { SweepSummary } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Log } from '../base/log.ts'

export interface DailyBackupParts {
  readonly changes: Changes
  readonly log: Log
  /** The newest sweep of the whole fleet that looked at everything; null: none. */
  readonly newestFullSweep: () => SweepSummary | null
  readonly wanted: () => boolean
  readonly startDue: () => unknown
}

/** Has due backups made when a sweep of the whole fleet has ended, once each. The answer ends it. */
export function startDailyBackups({ changes, log, newestFullSweep, wanted, startDue }: DailyBackupParts): () => void {
  const ended = () => {
    const newest = newestFullSweep()
    return newest?.state === 'done' ? newest.sweepId : null
  }
  let seen = ended()
  return changes.subscribe((topics) => {
    if (!topics.includes('sweep')) return
    try {
      const newest = ended()
      if (newest === null || newest === seen) return
      seen = newest
      if (wanted()) startDue()
    } catch (error) {
      log.error('backup.not-begun', error)
    }
  })
}
