import Holidays from 'date-holidays'
import type { Holiday } from '../../shared/contract/index.ts'

const calendars = new Map<string, Holidays>()
const computed = new Map<string, readonly Holiday[]>()

/** @param country ISO 3166, two capital letters. */
export const knowsCountry = (country: string): boolean => Object.hasOwn(new Holidays().getCountries(), country)

/** Public holidays of a region and year from the bundled calendar, marked *assumed*. Empty for a region it does not know. */
export function assumedHolidays(region: string, year: number): readonly Holiday[] {
  if (region === '') return []
  const key = `${region} ${year}`
  const known = computed.get(key)
  if (known) return known
  const days = holidayDays(region, year)
  computed.set(key, days)
  return days
}

function holidayDays(region: string, year: number): Holiday[] {
  return calendarOf(region)
    .getHolidays(year)
    .flatMap((holiday) => {
      const days = Math.max(1, Math.floor((holiday.end.getTime() - holiday.start.getTime()) / 86_400_000 + 0.1))
      const first = Date.parse(`${holiday.date.slice(0, 10)}T12:00:00Z`)
      return Array.from({ length: days }, (_, index) => ({
        date: new Date(first + index * 86_400_000).toISOString().slice(0, 10),
        name: holiday.name,
        source: 'assumed' as const,
        open: false,
      }))
    })
}

/** What the operator stated, laid over what the calendar assumes: one entry a day, the stated one counts. In order of days. */
export function holidaysOf(region: string, stated: readonly Holiday[], year: number): Holiday[] {
  const byDate = new Map<string, Holiday>()
  for (const holiday of assumedHolidays(region, year)) if (!byDate.has(holiday.date)) byDate.set(holiday.date, holiday)
  for (const holiday of stated)
    if (holiday.date.startsWith(`${year}-`)) byDate.set(holiday.date, { ...holiday, source: 'stated' })
  return [...byDate.values()].sort((a, b) => a.date.localeCompare(b.date))
}

function calendarOf(region: string): Holidays {
  const known = calendars.get(region)
  if (known) return known
  const [country = '', state = ''] = region.split('-')
  const options = { languages: ['en'], types: ['public' as const] }
  const calendar = state === '' ? new Holidays(country, options) : new Holidays(country, state, options)
  calendars.set(region, calendar)
  return calendar
}
