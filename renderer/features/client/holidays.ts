import type { Holiday } from '../../../shared/contract/index.ts'
import type { ClientForm } from './form.ts'

type Stated = ClientForm['statedHolidays']

/** Assumed days of the calendar with what the form states laid over them, by date. Other years are left out. */
export function layHolidays(calendar: readonly Holiday[], stated: Stated, year: number): Holiday[] {
  const days = new Map<string, Holiday>()
  for (const day of calendar) {
    if (day.source === 'assumed') days.set(day.date, day)
    // A stated "open" stands over a day of the calendar; without it that day is a holiday again.
    else if (day.open) days.set(day.date, { ...day, source: 'assumed', open: false })
  }
  for (const day of stated) {
    if (day.date.startsWith(`${year}-`)) days.set(day.date, { ...day, source: 'stated' })
  }
  return [...days.values()].toSorted((a, b) => a.date.localeCompare(b.date))
}

/** Says whether the client is open on a day of the calendar; saying what the calendar says takes the statement back. */
export function stateOpen(stated: Stated, day: Holiday, open: boolean, calendar: readonly Holiday[]): Stated {
  const others = stated.filter(({ date }) => date !== day.date)
  const inCalendar = calendar.some(
    ({ date, source, open: opened }) => date === day.date && (source === 'assumed' || opened),
  )
  if (inCalendar && !open) return others
  return [...others, { date: day.date, name: day.name, open }]
}

/** Adds a day the calendar does not know. The same day again is replaced. */
export function stateClosed(stated: Stated, date: string, name: string): Stated {
  return [...stated.filter((day) => day.date !== date), { date, name: name.trim() || 'Closed', open: false }]
}

/** Takes a statement back. */
export function unstate(stated: Stated, date: string): Stated {
  return stated.filter((day) => day.date !== date)
}
