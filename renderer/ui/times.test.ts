import { describe, expect, it } from 'vitest'
import {
  ageText,
  agoText,
  clockTime,
  elapsedText,
  longDay,
  runningClock,
  sinceText,
  spanText,
  untilMomentText,
} from './times.ts'

const zone = 'Europe/Berlin'
const now = Date.UTC(2026, 10, 20, 8, 5)
const ago = (days: number, hours = 0, minutes = 0) => now - ((days * 24 + hours) * 60 + minutes) * 60_000

describe('ages', () => {
  it.each([
    [ago(0), 'now', 'just now'],
    [now + 60_000, 'now', 'just now'],
    [ago(0, 0, 4), '4 min', '4 min ago'],
    [ago(0, 10), '10 h', '10 h ago'],
    [ago(0, 23, 59), '23 h', '23 h ago'],
    [ago(1), 'Thu 09:05', 'on Thursday 09:05'],
    [ago(6, 23), 'Fri 10:05', 'on Friday 10:05'],
    [ago(7), '13 November', 'on 13 November'],
    [ago(400), '16 October 2025', 'on 16 October 2025'],
  ])('is relative under a day, a weekday under a week, else a date', (atMs, column, sentence) => {
    expect(ageText(atMs, now, zone)).toBe(column)
    expect(agoText(atMs, now, zone)).toBe(sentence)
  })

  it('follows the zone it is given', () => {
    expect(ageText(ago(1), now, 'America/New_York')).toBe('Thu 03:05')
    expect(longDay(now, zone)).toBe('Friday 20 November')
    expect([ago(0, 4), ago(0, 10), ago(8)].map((atMs) => sinceText(atMs, now, zone))).toEqual([
      'today 05:05',
      'Thursday 23:05',
      '12 November',
    ])
  })
})

describe('spans', () => {
  it.each([
    [59_000, '59 s'],
    [14 * 60_000, '14 min'],
    [47 * 3_600_000, '47 h'],
    [23 * 86_400_000, '23 days'],
  ])('takes the largest unit', (ms, text) => expect(spanText(ms)).toBe(text))

  it('runs as a clock and counts tenths only while they can be read', () => {
    expect(runningClock(130_000)).toBe('2:10')
    expect(runningClock(3_730_000)).toBe('1:02:10')
    expect(elapsedText(1_240)).toBe('1.2 s')
    expect(elapsedText(14_900)).toBe('14 s')
    expect(elapsedText(61_000)).toBe('1:01')
  })
})

it('a moment ahead is today, tomorrow, a weekday, else a date, with its time', () => {
  const at = (days: number) => new Date(2026, 10, 20 + days, 14, 2).getTime()
  expect([0, 1, 3, 30].map((days) => untilMomentText(at(days), at(0) - 60_000))).toEqual([
    `today ${clockTime(at(0))}`,
    `tomorrow ${clockTime(at(1))}`,
    `Monday ${clockTime(at(3))}`,
    `20 December ${clockTime(at(30))}`,
  ])
})
