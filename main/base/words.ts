import { DateTime, Duration } from 'luxon'

/** "1 machine", "4 machines"; `many` when the plural is not one more s. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

/**
 * A moment as the operator reads it (ui.md §10): under a day relative, under a week weekday and time, else the date.
 * Local time of this computer.
 */
export function momentWords(atMs: number, nowMs: number): string {
  const ageMs = nowMs - atMs
  if (ageMs >= 0 && ageMs < 24 * 3_600_000) return ageMs < 60_000 ? 'a moment ago' : `${spanWords(ageMs)} ago`
  const at = DateTime.fromMillis(atMs)
  if (ageMs >= 0 && ageMs < 6.5 * 24 * 3_600_000) return at.setLocale('en-GB').toFormat('cccc HH:mm')
  return dateWords(atMs)
}

/**
 * A moment in a sentence that is kept and read later: weekday and time while that is clear, else the date. Never
 * relative, because "a moment ago" is wrong an hour after.
 */
export function standingWords(atMs: number, nowMs: number): string {
  const ageMs = nowMs - atMs
  const clear = ageMs >= 0 && ageMs < 5 * 24 * 3_600_000
  return clear ? DateTime.fromMillis(atMs).setLocale('en-GB').toFormat('cccc HH:mm') : dateWords(atMs)
}

/** A moment that reads the same whenever it is read: "4 Oct 2026 03:10", local time of this computer. */
export const dateWords = (atMs: number): string => {
  const at = DateTime.fromMillis(atMs)
  return at.isValid ? at.setLocale('en-GB').toFormat('d LLL yyyy HH:mm') : 'an impossible date'
}

/** A length of time in its largest whole unit: "40 s", "4 min", "2 h", "23 days". */
export function spanWords(ms: number): string {
  const span = Duration.fromMillis(Math.abs(ms))
  if (span.as('seconds') < 60) return `${Math.floor(span.as('seconds'))} s`
  if (span.as('minutes') < 60) return `${Math.floor(span.as('minutes'))} min`
  if (span.as('hours') < 48) return `${Math.floor(span.as('hours'))} h`
  return counted(Math.floor(span.as('days')), 'day')
}
