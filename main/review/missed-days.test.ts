import { expect, it } from 'vitest'
import { missedDays } from './missed-days.ts'

const at = (iso: string) => new Date(iso).getTime()
const weekdays = [1, 2, 3, 4, 5]

it.each([
  ['never reviewed: nothing missed', null, '2026-11-20T08:00', weekdays, []],
  ['yesterday', '2026-11-19T08:10', '2026-11-20T08:00', weekdays, []],
  ['over a weekend nothing is missed', '2026-11-20T08:10', '2026-11-23T08:00', weekdays, []],
  ['two days', '2026-11-16T08:10', '2026-11-19T08:00', weekdays, ['2026-11-17', '2026-11-18']],
  ['Friday and Monday', '2026-11-19T08:10', '2026-11-24T08:00', weekdays, ['2026-11-20', '2026-11-23']],
  ['who works on Saturdays misses them', '2026-11-20T08:10', '2026-11-23T08:00', [6], ['2026-11-21']],
  ['earlier today', '2026-11-20T07:00', '2026-11-20T08:00', weekdays, []],
  ['a clock that was set back', '2026-11-22T07:00', '2026-11-20T08:00', weekdays, []],
] as const)('%s', (_, last, now, days, expected) => {
  expect(missedDays(last === null ? null : at(last), at(now), days)).toEqual(expected)
})

it('looks back two months at most', () => {
  expect(missedDays(0, at('2026-11-20T08:00'), [1, 2, 3, 4, 5, 6, 7])).toHaveLength(59)
})
