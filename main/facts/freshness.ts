import { DateTime } from 'luxon'
import type { Fact, FactKey } from '../../shared/contract/index.ts'
import { momentWords, readWords } from '../base/words.ts'
import type { StoredFact } from './rows.ts'

/** With sweeps by hand only, a fact is good for two days. */
const byHandMs = 2 * 24 * 3_600_000

/**
 * Facts taken before this moment are older than two sweeps: at least two planned sweeps have begun since.
 *
 * @param sweepAt local times of this computer, `HH:MM`; empty: sweeps by hand only.
 */
export function staleBeforeMs(nowMs: number, sweepAt: readonly string[]): number {
  if (sweepAt.length === 0) return nowMs - byHandMs
  const today = DateTime.fromMillis(nowMs).startOf('day')
  const begun = [0, 1, 2]
    .flatMap((daysAgo) =>
      sweepAt.map((time) => {
        const [hour = 0, minute = 0] = time.split(':').map(Number)
        return today.minus({ days: daysAgo }).set({ hour, minute }).toMillis()
      }),
    )
    .filter((atMs) => atMs <= nowMs)
    .sort((a, b) => b - a)
  return begun[1] ?? nowMs - byHandMs
}

/** Facts whose value is a moment: shown relative to now, although they are kept as a date. */
const moments: ReadonlySet<FactKey> = new Set([
  'system.boot',
  'version.fetched',
  'config.changed',
  'activity.inbound',
  'activity.reply',
  'backup.last',
])

/** A stored fact as it is read now: stale ones turn unknown and keep their value and age. */
export function presentFact({ sinceMs: _, ...fact }: StoredFact, nowMs: number, staleBefore: number): Fact {
  const stale = fact.takenAtMs < staleBefore
  const moment = moments.has(fact.key) && typeof fact.value === 'number' ? momentWords(fact.value, nowMs) : null
  // What follows the date, such as ", failed", stays.
  const text = moment === null ? readWords(fact.text, nowMs) : fact.text.replace(/^.*\d\d:\d\d/, moment)
  return { ...fact, text, verdict: stale ? 'unknown' : fact.verdict, stale }
}
