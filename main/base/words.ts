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
  return dayWords(atMs, nowMs)
}

/** A moment after "since" or "until": "today 08:05", "tomorrow 08:00", "Friday 18:04", else the date: "4 October". */
export function dayWords(atMs: number, nowMs: number): string {
  const at = DateTime.fromMillis(atMs).setLocale('en-GB')
  if (!at.isValid) return dateWords(atMs)
  const now = DateTime.fromMillis(nowMs)
  const time = at.toFormat('HH:mm')
  if (at.hasSame(now, 'day')) return `today ${time}`
  if (at.hasSame(now.plus({ days: 1 }), 'day')) return `tomorrow ${time}`
  // A week on, the weekday would be that of today.
  if (Math.abs(at.startOf('day').diff(now.startOf('day'), 'days').days) < 7) return at.toFormat('cccc HH:mm')
  return at.toFormat(at.hasSame(now, 'year') ? 'd LLLL' : 'd LLLL yyyy')
}

const keptMoment = /\b(on )?(\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec) \d{4})( at)? (\d\d:\d\d)\b/g

/**
 * Words that were kept, as they are read now: each moment that {@link dateWords} or {@link onWords} wrote in them as
 * {@link dayWords} says it, "on Sunday at 03:10" and "today at 03:10".
 */
export const readWords = (kept: string, nowMs: number): string =>
  kept.replace(keptMoment, (whole: string, on = '', day: string, joint = '', time: string) => {
    const written = `${day.replace('Sept ', 'Sep ')} ${time}`
    const at = DateTime.fromFormat(written, 'd LLL yyyy HH:mm', { locale: 'en-US' })
    if (!at.isValid) return whole
    const words = dayWords(at.toMillis(), nowMs)
    return `${/^to(day|morrow)/.test(words) ? '' : on}${words.replace(/ (\d\d:\d\d)$/, `${joint} $1`)}`
  })

/**
 * A moment in a line of the diary, which stands there as it was written: weekday and time while that is clear, else the
 * date. Never relative, because "a moment ago" is wrong an hour after.
 */
export function standingWords(atMs: number, nowMs: number): string {
  const ageMs = nowMs - atMs
  const clear = ageMs >= 0 && ageMs < 5 * 24 * 3_600_000
  return clear ? DateTime.fromMillis(atMs).setLocale('en-GB').toFormat('cccc HH:mm') : dateWords(atMs)
}

/** A moment after a verb, in words that are kept: "on 4 Oct 2026 at 03:10". {@link readWords} says it as it is read. */
export const onWords = (atMs: number): string => `on ${dateWords(atMs).replace(/ (\d\d:\d\d)$/, ' at $1')}`

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
