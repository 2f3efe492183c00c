import { expect, it } from 'vitest'
import { dayWords, placeOfChange } from './chart-words.ts'

const day = (date: string, inbound: number | null, replies: number | null) => ({ day: date, inbound, replies })

it.each([
  [day('2026-11-19', 7, 6), 'Thursday 19 November: 7 messages in, 6 good replies'],
  [day('2026-11-19', 1, 1), 'Thursday 19 November: 1 message in, 1 good reply'],
  [day('2026-11-19', 0, 0), 'Thursday 19 November: nothing'],
  [day('2026-11-19', null, null), 'Thursday 19 November: not known'],
])('says the figures of a day (%#)', (figures, words) => expect(dayWords(figures)).toBe(words))

it('puts a change where its day is, and nowhere outside the days shown', () => {
  const days = [day('2026-11-18', 1, 1), day('2026-11-19', 1, 1)]
  const at = Date.UTC(2026, 10, 18, 1)
  expect(placeOfChange(at, days)).toBe(at / 1000)
  expect(placeOfChange(Date.UTC(2026, 10, 17, 23), days)).toBeNull()
  expect(placeOfChange(Date.UTC(2026, 10, 20), days)).toBeNull()
  expect(placeOfChange(at, [])).toBeNull()
})
