import { DateTime } from 'luxon'
import type { OpenSpan } from '../../shared/contract/index.ts'

/** When a client is open, without any I/O: hours by weekday, days closed or open against the rule. */
export interface OpenTimes {
  /** IANA name; empty: this computer's own. */
  readonly timeZone: string
  readonly hours: readonly OpenSpan[]
  /** `closed` or `open` where a holiday or the operator says so; null: the weekday decides. */
  readonly dayRule: (date: string) => 'closed' | 'open' | null
}

export interface BusinessDay {
  /** Opening and closing of that day, Unix time. */
  readonly fromMs: number
  readonly toMs: number
  /** Local calendar day, `YYYY-MM-DD`. */
  readonly date: string
}

/** Mon–Fri 9–17, what is assumed until somebody says otherwise. */
export const assumedHours: OpenSpan[] = [1, 2, 3, 4, 5].map((weekday) => ({
  weekday,
  fromMinute: 9 * 60,
  toMinute: 17 * 60,
}))

const searchDays = 800
const zoneOf = (timeZone: string): string => (timeZone === '' ? 'local' : timeZone)

/** A wall-clock minute of a local day as an instant. On a day with a clock change it is the clock on the wall that counts. */
function instantOf(day: DateTime, minute: number): number {
  const { year, month, day: dayOfMonth } = day
  const at = DateTime.fromObject(
    { year, month, day: dayOfMonth, hour: Math.floor(minute / 60) % 24, minute: minute % 60 },
    { zone: day.zone },
  )
  return (minute >= 1440 ? at.plus({ days: 1 }) : at).toMillis()
}

/** Opening times of one local day as instants, earliest first; empty when closed. A day stated open on a closed weekday has the hours of the longest day. */
function spansOn(times: OpenTimes, day: DateTime): { fromMs: number; toMs: number }[] {
  const rule = times.dayRule(day.toISODate() ?? '')
  if (rule === 'closed') return []
  const usual = times.hours.filter((span) => span.weekday === day.weekday)
  const spans = usual.length > 0 || rule !== 'open' ? usual : longestDay(times.hours)
  return spans
    .map((span) => ({ fromMs: instantOf(day, span.fromMinute), toMs: instantOf(day, span.toMinute) }))
    .filter((span) => span.toMs > span.fromMs)
    .sort((a, b) => a.fromMs - b.fromMs)
}

function longestDay(hours: readonly OpenSpan[]): OpenSpan[] {
  const lengthOf = (weekday: number) =>
    hours.filter((span) => span.weekday === weekday).reduce((sum, span) => sum + span.toMinute - span.fromMinute, 0)
  const weekday = [1, 2, 3, 4, 5, 6, 7].reduce((best, day) => (lengthOf(day) > lengthOf(best) ? day : best), 1)
  return hours.filter((span) => span.weekday === weekday)
}

export function isOpenAt(times: OpenTimes, atMs: number): boolean {
  const day = DateTime.fromMillis(atMs, { zone: zoneOf(times.timeZone) }).startOf('day')
  return spansOn(times, day).some((span) => span.fromMs <= atMs && atMs < span.toMs)
}

/** The newest `count` business days that were over at `atMs`, newest first; fewer when 800 days hold fewer. */
export function businessDaysBefore(times: OpenTimes, atMs: number, count: number): BusinessDay[] {
  const found: BusinessDay[] = []
  const today = DateTime.fromMillis(atMs, { zone: zoneOf(times.timeZone) }).startOf('day')
  for (let back = 0; back < searchDays && found.length < count; back += 1) {
    const day = today.minus({ days: back })
    const spans = spansOn(times, day)
    const toMs = Math.max(...spans.map((span) => span.toMs))
    const first = spans[0]
    if (first && toMs <= atMs) found.push({ fromMs: first.fromMs, toMs, date: day.toISODate() ?? '' })
  }
  return found
}

/** Open for longer than this is open around the clock. */
const longestOpenDays = 8

/** Whether they are open, and until when that holds; null: around the clock, or no opening within two years. */
export function openingAt(times: OpenTimes, atMs: number): { open: boolean; untilMs: number | null } {
  const open = isOpenAt(times, atMs)
  const today = DateTime.fromMillis(atMs, { zone: zoneOf(times.timeZone) }).startOf('day')
  let closesMs: number | null = null
  for (let ahead = 0; ahead < (open ? longestOpenDays : searchDays); ahead += 1) {
    for (const span of spansOn(times, today.plus({ days: ahead }))) {
      if (!open && span.fromMs > atMs) return { open, untilMs: span.fromMs }
      if (!open || span.toMs <= atMs) continue
      // Hours that go on where the last ones end, such as past midnight, are one opening.
      if (closesMs !== null && span.fromMs > closesMs) return { open, untilMs: closesMs }
      closesMs = Math.max(span.toMs, closesMs ?? 0)
    }
    if (closesMs !== null && closesMs < today.plus({ days: ahead + 1 }).toMillis()) return { open, untilMs: closesMs }
  }
  return { open, untilMs: null }
}
