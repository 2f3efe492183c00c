import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { assumedHours, businessDaysBefore, isOpenAt, type OpenTimes, openingAt } from './business-days.ts'

const at = (local: string, zone = 'America/New_York') => DateTime.fromISO(local, { zone }).toMillis()
const weekdays: OpenTimes = { timeZone: 'America/New_York', hours: assumedHours, dayRule: () => null }
const dates = (times: OpenTimes, atMs: number, count: number) =>
  businessDaysBefore(times, atMs, count).map((day) => day.date)

test('open from the first minute up to, not including, the last, on weekdays only', () => {
  const open = (local: string) => isOpenAt(weekdays, at(local))
  expect([
    open('2026-11-20T08:59'),
    open('2026-11-20T09:00'),
    open('2026-11-20T16:59'),
    open('2026-11-20T17:00'),
    open('2026-11-21T12:00'),
  ]).toEqual([false, true, true, false, false])
})

test("hours are the client's own, wherever the laptop is", () => {
  expect(isOpenAt({ ...weekdays, timeZone: 'Asia/Tokyo' }, Date.UTC(2026, 10, 20, 1))).toBe(true)
  expect(isOpenAt(weekdays, Date.UTC(2026, 10, 20, 1))).toBe(false)
})

test('a day counts once it is over; weekends and holidays are stepped over', () => {
  const closedOn26 = { ...weekdays, dayRule: (date: string) => (date === '2026-11-26' ? ('closed' as const) : null) }
  expect(dates(weekdays, at('2026-11-20T16:59'), 1)).toEqual(['2026-11-19'])
  expect(dates(weekdays, at('2026-11-20T17:00'), 1)).toEqual(['2026-11-20'])
  expect(dates(weekdays, at('2026-11-23T10:00'), 2)).toEqual(['2026-11-20', '2026-11-19'])
  expect(dates(closedOn26, at('2026-11-27T18:00'), 2)).toEqual(['2026-11-27', '2026-11-25'])
})

test('a closed weekday stated open has the hours of the longest day', () => {
  const saturday = { ...weekdays, dayRule: (date: string) => (date === '2026-11-21' ? ('open' as const) : null) }
  const [day] = businessDaysBefore(saturday, at('2026-11-22T12:00'), 1)
  expect(day).toEqual({ date: '2026-11-21', fromMs: at('2026-11-21T09:00'), toMs: at('2026-11-21T17:00') })
})

test.each([
  ['spring: the day of 23 hours', '2026-03-08', 7],
  ['autumn: the day of 25 hours', '2026-11-01', 7],
])('clock change in %s keeps the hours on the wall', (_what, date, weekday) => {
  const times: OpenTimes = { ...weekdays, hours: [{ weekday, fromMinute: 0, toMinute: 1440 }] }
  const next = DateTime.fromISO(date, { zone: 'America/New_York' }).plus({ days: 1 })
  const [day] = businessDaysBefore(times, next.toMillis(), 1)
  expect(day).toEqual({ date, fromMs: at(`${date}T00:00`), toMs: next.toMillis() })
  expect((day!.toMs - day!.fromMs) / 3_600_000).toBe(date.startsWith('2026-03') ? 23 : 25)
  const nineToFive: OpenTimes = { ...weekdays, hours: [{ weekday, fromMinute: 540, toMinute: 1020 }] }
  expect(businessDaysBefore(nineToFive, next.toMillis(), 1)).toEqual([
    { date, fromMs: at(`${date}T09:00`), toMs: at(`${date}T17:00`) },
  ])
})

test('opening inside the hour that spring skips opens when the clock has jumped', () => {
  const times: OpenTimes = { ...weekdays, hours: [{ weekday: 7, fromMinute: 150, toMinute: 600 }] }
  const [day] = businessDaysBefore(times, at('2026-03-08T12:00'), 1)
  expect(day?.fromMs).toBe(at('2026-03-08T03:30'))
})

test('a lunch break closes, and the day still runs from first to last', () => {
  const times: OpenTimes = {
    ...weekdays,
    hours: [
      { weekday: 5, fromMinute: 840, toMinute: 1080 },
      { weekday: 5, fromMinute: 540, toMinute: 720 },
    ],
  }
  expect(isOpenAt(times, at('2026-11-20T13:00'))).toBe(false)
  expect(businessDaysBefore(times, at('2026-11-20T18:00'), 1)).toEqual([
    { date: '2026-11-20', fromMs: at('2026-11-20T09:00'), toMs: at('2026-11-20T18:00') },
  ])
})

test('a client that never opens has no business days, and asking ends', () => {
  expect(businessDaysBefore({ ...weekdays, hours: [] }, at('2026-11-20T12:00'), 3)).toEqual([])
})

test.each<[string, Partial<OpenTimes>, string, { open: boolean; until: string | null }]>([
  ['at work', {}, '2026-11-20T12:00', { open: true, until: '2026-11-20T17:00' }],
  ['before they open', {}, '2026-11-20T08:59', { open: false, until: '2026-11-20T09:00' }],
  ['over the weekend', {}, '2026-11-20T17:00', { open: false, until: '2026-11-23T09:00' }],
  [
    'over a holiday',
    { dayRule: (date) => (date === '2026-11-23' ? 'closed' : null) },
    '2026-11-21T12:00',
    { open: false, until: '2026-11-24T09:00' },
  ],
  [
    'at lunch',
    {
      hours: [
        { weekday: 5, fromMinute: 840, toMinute: 1080 },
        { weekday: 5, fromMinute: 540, toMinute: 720 },
      ],
    },
    '2026-11-20T11:00',
    { open: true, until: '2026-11-20T12:00' },
  ],
  [
    'past midnight',
    {
      hours: [
        { weekday: 5, fromMinute: 1200, toMinute: 1440 },
        { weekday: 6, fromMinute: 0, toMinute: 120 },
      ],
    },
    '2026-11-20T22:00',
    { open: true, until: '2026-11-21T02:00' },
  ],
  ['never open', { hours: [] }, '2026-11-20T12:00', { open: false, until: null }],
  [
    'never closed',
    { hours: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, fromMinute: 0, toMinute: 1440 })) },
    '2026-11-20T12:00',
    { open: true, until: null },
  ],
])('says until when: %s', (_what, change, now, { open, until }) => {
  expect(openingAt({ ...weekdays, ...change }, at(now))).toEqual({
    open,
    untilMs: until === null ? null : at(until),
  })
})
