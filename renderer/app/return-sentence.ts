import { ageText, clockTime } from '../ui/times.ts'

/** What is said when an engine runs again; `newestAtMs` null: nothing was ever read. */
export function returnSentence(newestAtMs: number | null, nowMs: number): string {
  const sameDay = newestAtMs !== null && nowMs - newestAtMs < 24 * 3_600_000
  const when = newestAtMs === null ? '' : sameDay ? clockTime(newestAtMs) : ageText(newestAtMs, nowMs)
  return `The engine stopped and is running again. Nothing was lost; ${when ? `the newest fact is from ${when}` : 'no machine was read yet'}.`
}
