import type { OpenSpan } from '../../shared/contract/index.ts'

/** One line of the hours editor as typed: index 0 is Monday. An empty line is a closed day. */
export type WeekText = readonly [string, string, string, string, string, string, string]

export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** What is assumed of a client until somebody confirms its hours: Monday to Friday, 09:00 to 17:00. */
export const assumedSpans: OpenSpan[] = [1, 2, 3, 4, 5].map((weekday) => ({
  weekday,
  fromMinute: 9 * 60,
  toMinute: 17 * 60,
}))

export type WeekReading = {
  spans: OpenSpan[]
  /** A sentence per day that cannot be read, by index of the day. */
  problems: { day: number; sentence: string }[]
}

/** Minutes after midnight as `HH:MM`; 1440 is 24:00. */
export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/**
 * Reads a time as people type it: `9`, `9:30`, `0930`, `9am`, `5 pm`, `17.30`, `24:00`.
 *
 * @returns minutes after midnight, 0 to 1440, or null when it is not a time.
 */
export function readClock(text: string): number | null {
  const match = /^(\d{1,2})(?:[:.h]?(\d{2}))?\s*(am|pm|a|p)?$/.exec(text.trim().toLowerCase())
  if (!match) return null
  const half = match[3]?.[0]
  const minute = Number(match[2] ?? 0)
  let hour = Number(match[1])
  if (half && (hour < 1 || hour > 12)) return null
  if (half === 'a' && hour === 12) hour = 0
  if (half === 'p' && hour !== 12) hour += 12
  if (minute > 59) return null
  const total = hour * 60 + minute
  return total <= 1440 ? total : null
}

/**
 * Reads one line of a day: spans separated by commas, each `from–to` with any dash or "to" between.
 * `closed`, `off` and an empty line mean closed; `all day` and `24h` mean midnight to midnight.
 *
 * @returns the spans in order, or the sentence that says what is wrong.
 */
export function readDay(text: string, weekday: number): OpenSpan[] | string {
  const line = text.trim().toLowerCase()
  if (line === '' || line === 'closed' || line === 'off' || line === '-' || line === '–') return []
  if (line === 'all day' || line === '24h' || line === '24 h') return [{ weekday, fromMinute: 0, toMinute: 1440 }]
  const spans: OpenSpan[] = []
  for (const part of line.split(/\s*[,;]\s*/).filter(Boolean)) {
    const ends = part.split(/\s*(?:-|–|—|\bto\b|\buntil\b)\s*/)
    const [fromText = '', toText = ''] = ends
    if (ends.length !== 2 || !fromText || !toText) return `“${part}” is not a span. Write it as 09:00–17:00.`
    const fromMinute = readClock(fromText)
    const toMinute = readClock(toText)
    if (fromMinute === null) return `“${fromText}” is not a time. Write it as 09:00.`
    if (toMinute === null) return `“${toText}” is not a time. Write it as 17:00.`
    if (toMinute <= fromMinute) {
      return `${clockText(fromMinute)} to ${clockText(toMinute)} ends before it begins. Past midnight, write until 24:00 and the rest on the next day.`
    }
    spans.push({ weekday, fromMinute, toMinute })
  }
  spans.sort((a, b) => a.fromMinute - b.fromMinute)
  const clash = spans.find((span, at) => at > 0 && span.fromMinute < (spans[at - 1]?.toMinute ?? 0))
  if (clash) return `Two spans overlap at ${clockText(clash.fromMinute)}.`
  return spans
}

/** One day's spans as the line an editor shows, such as `09:00–12:00, 13:00–17:00`. */
export function dayText(spans: readonly OpenSpan[], weekday: number): string {
  return spans
    .filter((span) => span.weekday === weekday)
    .toSorted((a, b) => a.fromMinute - b.fromMinute)
    .map((span) => `${clockText(span.fromMinute)}–${clockText(span.toMinute)}`)
    .join(', ')
}

/** The week of the contract as seven editable lines. */
export function weekText(spans: readonly OpenSpan[]): WeekText {
  return dayNames.map((_, day) => dayText(spans, day + 1)) as unknown as WeekText
}

/** Seven typed lines back to the contract's spans; days that cannot be read are named and left out. */
export function readWeek(week: readonly string[]): WeekReading {
  const reading: WeekReading = { spans: [], problems: [] }
  dayNames.forEach((_, day) => {
    const read = readDay(week[day] ?? '', day + 1)
    if (typeof read === 'string') reading.problems.push({ day, sentence: read })
    else reading.spans.push(...read)
  })
  return reading
}

/** Puts the first written day's line on every day from Monday to Friday. */
export function sameOnWeekdays(week: readonly string[]): WeekText {
  const line = week.slice(0, 5).find((day) => day.trim() !== '') ?? ''
  return [line, line, line, line, line, week[5] ?? '', week[6] ?? '']
}

/** The week in words: "Monday to Friday 09:00–17:00, Saturday 10:00–14:00"; "never open" when no day is. */
export function hoursSentence(spans: readonly OpenSpan[]): string {
  const runs: { from: number; to: number; text: string }[] = []
  for (const [day] of dayNames.entries()) {
    const text = dayText(spans, day + 1)
    const last = runs.at(-1)
    if (text === '') continue
    if (last && last.to === day - 1 && last.text === text) last.to = day
    else runs.push({ from: day, to: day, text })
  }
  if (runs.length === 0) return 'never open'
  return runs
    .map(({ from, to, text }) => `${dayNames[from]}${to > from ? ` to ${dayNames[to]}` : ''} ${text}`)
    .join(', ')
}

/** Parts of a day that are open, as fractions of 24 hours, for the bar beside a line. */
export function openParts(text: string): { from: number; to: number }[] {
  const read = readDay(text, 1)
  if (typeof read === 'string') return []
  return read.map((span) => ({ from: span.fromMinute / 1440, to: span.toMinute / 1440 }))
}
