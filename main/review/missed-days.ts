import { DateTime } from 'luxon'

const longest = 60

/**
 * Days on which the operator reviews and did not, after the last review and before today: `YYYY-MM-DD`, oldest first.
 * Before the first review nothing was missed.
 *
 * @param reviewDays weekdays, 1 Monday … 7 Sunday (ISO 8601).
 */
export function missedDays(lastReviewMs: number | null, nowMs: number, reviewDays: readonly number[]): string[] {
  if (lastReviewMs === null) return []
  const today = DateTime.fromMillis(nowMs).startOf('day')
  const missed: string[] = []
  for (
    let day = DateTime.max(DateTime.fromMillis(lastReviewMs).startOf('day'), today.minus({ days: longest })).plus({
      days: 1,
    });
    day < today;
    day = day.plus({ days: 1 })
  ) {
    if (reviewDays.includes(day.weekday)) missed.push(day.toISODate() ?? '')
  }
  return missed
}
