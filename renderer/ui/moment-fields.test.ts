import { expect, test } from 'vitest'
import { momentFields, momentOf } from './moment-fields.ts'

const at = (hours: number, minutes = 0, seconds = 0) => new Date(2026, 10, 28, hours, minutes, seconds).getTime()

test('what is shown of a moment is read back as that moment', () => {
  expect(momentOf(momentFields(at(14, 5, 30)))).toBe(at(14, 5, 30))
})

test.each([
  ['14:05:30', at(14, 5, 30)],
  ['14:05', at(14, 5)],
  [' 9 ', at(9)],
  ['9.30', at(9, 30)],
  ['', at(0)],
])('the time %j', (time, ms) => {
  expect(momentOf({ day: '2026-11-28', time })).toBe(ms)
})

test('nothing at all is no moment wished; what cannot be read is said', () => {
  expect(momentOf({ day: ' ', time: '' })).toBeNull()
  for (const time of ['24:00', '12:60', '12:00:61', '1205', 'noon', '12:5', '-1'])
    expect(momentOf({ day: '2026-11-28', time }), time).toBeUndefined()
  expect(momentOf({ day: 'soon', time: '12:00' })).toBeUndefined()
  expect(momentOf({ day: '', time: '12:00' })).toBeUndefined()
})
