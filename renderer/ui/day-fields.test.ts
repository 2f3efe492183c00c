import { expect, it } from 'vitest'
import { dayField, dayStart } from './day-fields.ts'

it('names local days and finds their first moment', () => {
  const noon = new Date(2026, 10, 28, 12).getTime()
  expect([dayField(noon, 0), dayField(noon, 4)]).toEqual(['2026-11-28', '2026-12-02'])
  expect(dayStart('2026-12-02')).toBe(new Date(2026, 11, 2).getTime())
  expect(dayStart('')).toBeNull()
})
