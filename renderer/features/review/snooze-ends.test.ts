import { expect, it } from 'vitest'
import { morningOf, snoozeEnds } from './snooze-ends.ts'

const at = (iso: string) => new Date(iso).getTime()

it.each([
  ['2026-11-20T12:00', ['2026-11-21T08:00', '2026-11-23T08:00', '2026-11-27T08:00'], 'Monday'],
  ['2026-11-22T07:00', ['2026-11-23T08:00', '2026-11-23T08:00', '2026-11-29T08:00'], 'Monday'],
  ['2026-11-23T08:30', ['2026-11-24T08:00', '2026-11-30T08:00', '2026-11-30T08:00'], 'Monday next week'],
])('ends offered at %s', (now, ends, monday) => {
  const offered = snoozeEnds(at(now))
  expect(offered.map(({ untilMs }) => untilMs)).toEqual(ends.map(at))
  expect(offered[1]?.words).toBe(monday)
})

it.each([
  ['2026-11-21', at('2026-11-21T08:00')],
  ['2026-11-20', null],
  ['', null],
])('the morning of %j', (day, expected) => expect(morningOf(day, at('2026-11-20T12:00'))).toBe(expected))
