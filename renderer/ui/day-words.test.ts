import { expect, it } from 'vitest'
import { dateText, readDate } from './day-words.ts'

const now = new Date('2026-11-28T15:00').getTime()

it.each([
  ['5 December', '2026-12-05'],
  ['5 dec', '2026-12-05'],
  ['Dec 5', '2026-12-05'],
  ['dec 5, 2027', '2027-12-05'],
  ['Sat 5 December', '2026-12-05'],
  ['5. December 2027', '2027-12-05'],
  ['5.12.', '2026-12-05'],
  ['5.12.2027', '2027-12-05'],
  ['2026-12-05', '2026-12-05'],
  ['9 January', '2027-01-09'],
  ['20 November', '2026-11-20'],
  ['today', '2026-11-28'],
  ['tomorrow', '2026-11-29'],
  ['monday', '2026-11-30'],
  ['Saturday', '2026-12-05'],
  ['29 Feb 2028', '2028-02-29'],
  ['29 Feb 2027', null],
  ['31 November', null],
  ['12/5/2026', null],
  ['5', null],
  ['December', null],
  ['2026', null],
  ['next week', null],
  ['', null],
])('%j is %s', (text, day) => expect(readDate(text, now)).toBe(day))

it('a day without its year is none before the first that may be meant', () => {
  expect(readDate('20 November', now, '2026-11-29')).toBe('2027-11-20')
})

it('is written as dates are written elsewhere, and what is no day stays as it was typed', () => {
  expect(['2026-12-05', '2027-01-09', '5 de', ''].map((day) => dateText(day, now))).toEqual([
    '5 December',
    '9 January 2027',
    '5 de',
    '',
  ])
})
