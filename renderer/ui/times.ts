const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const formats = new Map<string, Intl.DateTimeFormat>()

function written(atMs: number, timeZone: string | undefined, parts: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify([timeZone, parts])
  let format = formats.get(key)
  if (!format) {
    const zone = timeZone ? { timeZone } : {}
    format = new Intl.DateTimeFormat('en-GB', { hourCycle: 'h23', ...zone, ...parts })
    formats.set(key, format)
  }
  return format.format(atMs)
}

/** `08:05`. In the operator's own zone, or in the IANA zone given. */
export const clockTime = (atMs: number, timeZone?: string): string =>
  written(atMs, timeZone, { hour: '2-digit', minute: '2-digit' })

/** `09:18:30`: where seconds count, such as the moment at which a machine puts itself back. */
export const exactTime = (atMs: number): string =>
  written(atMs, undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** `Monday 20 November`. */
export const longDay = (atMs: number, timeZone?: string): string =>
  written(atMs, timeZone, { weekday: 'long', day: 'numeric', month: 'long' }).replace(',', '')

/** `12 March`, with the year when it is not this one. */
export function shortDate(atMs: number, nowMs: number, timeZone?: string): string {
  const sameYear = written(atMs, timeZone, { year: 'numeric' }) === written(nowMs, timeZone, { year: 'numeric' })
  return written(atMs, timeZone, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) })
}

/**
 * How old something is: under a day relative ("4 min", "10 h"), under a week weekday and time ("Thu 16:42"),
 * else the date ("12 March"). A moment that lies ahead by a clock's difference reads "now".
 */
export function ageText(atMs: number, nowMs: number, timeZone?: string): string {
  const old = nowMs - atMs
  if (old < day) return old < minute ? 'now' : spanText(old)
  if (old < 7 * day) return `${written(atMs, timeZone, { weekday: 'short' })} ${clockTime(atMs, timeZone)}`
  return shortDate(atMs, nowMs, timeZone)
}

/** The same inside a sentence: "4 min ago", "on Thursday 16:42", "on 12 March", "just now". */
export function agoText(atMs: number, nowMs: number, timeZone?: string): string {
  const old = nowMs - atMs
  if (old < minute) return 'just now'
  if (old < day) return `${spanText(old)} ago`
  if (old < 7 * day) return `on ${written(atMs, timeZone, { weekday: 'long' })} ${clockTime(atMs, timeZone)}`
  return `on ${shortDate(atMs, nowMs, timeZone)}`
}

/** When something began, after "since": "today 03:10", "Thursday 16:42", "12 March". */
export function sinceText(atMs: number, nowMs: number, timeZone?: string): string {
  if (nowMs - atMs >= 7 * day) return shortDate(atMs, nowMs, timeZone)
  const today = shortDate(atMs, nowMs, timeZone) === shortDate(nowMs, nowMs, timeZone)
  return `${today ? 'today' : written(atMs, timeZone, { weekday: 'long' })} ${clockTime(atMs, timeZone)}`
}

/** The moment of something in a list of moments: "16:58" today, "Thu 16:58" within a week, "12 March" before and after. */
export function whenText(atMs: number, nowMs: number): string {
  if (shortDate(atMs, nowMs) === shortDate(nowMs, nowMs)) return clockTime(atMs)
  if (Math.abs(nowMs - atMs) < 7 * day) return `${written(atMs, undefined, { weekday: 'short' })} ${clockTime(atMs)}`
  return shortDate(atMs, nowMs)
}

/** A moment that lies ahead, after "until": "today 14:02", "tomorrow 14:02", "Thursday 14:02", "4 December 14:02". */
export function untilMomentText(atMs: number, nowMs: number): string {
  const startOfDay = (ofMs: number) => new Date(ofMs).setHours(0, 0, 0, 0)
  const days = Math.round((startOfDay(atMs) - startOfDay(nowMs)) / day)
  const named = days === 0 ? 'today' : days === 1 ? 'tomorrow' : written(atMs, undefined, { weekday: 'long' })
  return `${Math.abs(days) < 7 ? named : shortDate(atMs, nowMs)} ${clockTime(atMs)}`
}

/** How long something lasts, in its largest unit: "14 min", "10 h", "44 h", "3 days". */
export function spanText(ms: number): string {
  if (ms < minute) return `${Math.max(0, Math.floor(ms / 1000))} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min`
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`
  return `${Math.floor(ms / day)} days`
}

/** A running clock: `2:10`, `1:02:10`. */
export function runningClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** `1.2 s` under ten seconds, `14 s` under a minute, else a running clock. */
export function elapsedText(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`
  return ms < minute ? `${Math.floor(ms / 1000)} s` : runningClock(ms)
}
