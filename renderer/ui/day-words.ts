import { dayField, dayStart } from './day-fields.ts'
import { shortDate } from './times.ts'

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** Three letters of a name are enough to mean it. Answers its place in the list, or -1. */
const named = (names: readonly string[], word: string): number =>
  word.length < 3 ? -1 : names.findIndex((name) => name.startsWith(word))

const two = (value: number): string => String(value).padStart(2, '0')

/** A day of the calendar as `YYYY-MM-DD`; null: there is no such day. */
function dayOf(year: number, month: number, day: number): string | null {
  const at = new Date(year, month, day)
  return at.getMonth() === month && at.getDate() === day ? `${year}-${two(month + 1)}-${two(day)}` : null
}

/** A day without its year is the nearest one, and not before `min`. */
function nearest(month: number, day: number, nearMs: number, min: string): string | null {
  const year = new Date(nearMs).getFullYear()
  const away = (found: string) => Math.abs((dayStart(found) ?? 0) - nearMs)
  const days = [year - 1, year, year + 1].flatMap((each) => dayOf(each, month, day) ?? [])
  return days.filter((found) => found >= min).sort((a, b) => away(a) - away(b))[0] ?? null
}

/** What was typed as numbers; the year is empty where it was left out. */
interface Parts {
  month: number
  day: string
  year: string
}

function partsOf(words: string): Parts | null {
  const dotted = /^(\d{1,2})\.\s*(\d{1,2})\.?\s*(\d{4})?$/.exec(words)
  if (dotted) return { month: Number(dotted[2]) - 1, day: dotted[1] ?? '', year: dotted[3] ?? '' }
  const [first = '', ...rest] = words.split(/[\s.]+/).filter(Boolean)
  const parts = named(weekdays, first) >= 0 ? rest : [first, ...rest]
  const at = parts.findIndex((part) => named(months, part) >= 0)
  if (at < 0 || at > 1 || parts.length > 3) return null
  const [day = '', year = ''] = parts.filter((_, place) => place !== at)
  return { month: named(months, parts[at] ?? ''), day, year }
}

/**
 * Reads a day as people type it: `28 November`, `28 nov 2026`, `Nov 28`, `28.11.`, `2026-11-28`, `tomorrow`, `Monday`.
 * `11/28` is not read: the other half of the world means another day by such a thing.
 *
 * @param nearMs a day without its year is the one nearest to this moment.
 * @param min `YYYY-MM-DD`: a day without its year is none before it.
 * @returns `YYYY-MM-DD` in the operator's own zone, or null when it is no day.
 */
export function readDate(text: string, nearMs: number, min = ''): string | null {
  const words = text.trim().toLowerCase().replaceAll(',', ' ')
  if (words === 'today' || words === 'tomorrow') return dayField(nearMs, words === 'today' ? 0 : 1)
  const weekday = named(weekdays, words)
  if (weekday >= 0) return dayField(nearMs, (weekday - new Date(nearMs).getDay() + 7) % 7 || 7)
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(words)
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]))
  const parts = partsOf(words)
  if (parts === null || !/^\d{1,2}$/.test(parts.day) || !/^(\d{4})?$/.test(parts.year)) return null
  const { month, day, year } = parts
  return year === '' ? nearest(month, Number(day), nearMs, min) : dayOf(Number(year), month, Number(day))
}

/** `2026-11-28` as it is written everywhere else: "28 November", with the year when it is not this one; other text as it is. */
export function dateText(day: string, nowMs: number): string {
  const atMs = /^\d{4}-\d{2}-\d{2}$/.test(day) ? dayStart(day) : null
  return atMs === null ? day : shortDate(atMs, nowMs)
}
