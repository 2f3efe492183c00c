import { expect, test } from 'vitest'
import { Settings } from '../../../shared/contract/index.ts'
import { ledgerWords } from './ledger-words.ts'
import { readNumber, readTime, readTimes } from './values.ts'

const settings = Settings.parse({
  theme: 'system',
  singleLetterKeys: true,
  reviewDays: [1, 2, 3, 4, 5],
  askRegistry: true,
  askRemotes: true,
  referenceCheckouts: [],
  sweepAt: ['07:00'],
  lightSweepMinutes: 10,
  notify: true,
  quietFrom: '22:00',
  quietTo: '07:00',
  sweepConcurrency: 64,
  boxDeadlineS: 60,
  keepWarm: true,
  amberDays: 7,
  redDays: 14,
  backUpDaily: false,
})

test('a number in range is a change', () => {
  expect(readNumber('sweepConcurrency', ' 8 ', settings)).toEqual({ change: { sweepConcurrency: 8 } })
})

test.each(['', '0', '257', '4.5', 'many'])('%j is no number of machines', (text) => {
  expect(readNumber('sweepConcurrency', text, settings)).toEqual({ problem: 'A whole number from 1 to 256.' })
})

test('amber and red keep their order', () => {
  expect(readNumber('amberDays', '15', settings)).toEqual({
    problem: 'Amber cannot come after red, which is at 14 days.',
  })
  expect(readNumber('redDays', '6', settings)).toEqual({
    problem: 'It cannot be urgent before it calls for attention, which is at 7 days.',
  })
  expect(readNumber('redDays', '7', settings)).toEqual({ change: { redDays: 7 } })
})

test('times are read as people type them, in order, each once', () => {
  expect(readTimes('19:00, 7am 07:00')).toEqual({ change: { sweepAt: ['07:00', '19:00'] } })
  expect(readTimes('')).toEqual({ change: { sweepAt: [] } })
  expect(readTimes('7:00, soon')).toEqual({ problem: '“soon” is not a time. Write it as 07:00.' })
  expect(readTimes('24:00')).toEqual({ problem: '“24:00” is not a time. Write it as 07:00.' })
})

test('a quiet hour is one time of day', () => {
  expect(readTime('quietFrom', '10pm')).toEqual({ change: { quietFrom: '22:00' } })
  expect(readTime('quietTo', '24:00')).toEqual({ problem: 'Write the time as 22:00.' })
  expect(readTime('quietTo', '')).toEqual({ problem: 'Write the time as 22:00.' })
})

test('the verdict on the diary is a sentence with its numbers', () => {
  const good = { intact: true, entries: 12, problem: null, firstBadSeq: null }
  expect(ledgerWords(good).sentence).toBe('All 12 entries hold: nothing was changed, removed or reordered.')
  expect(ledgerWords({ ...good, entries: 0 }).sentence).toBe('The diary is empty and intact.')
  expect(ledgerWords({ intact: false, entries: 12, problem: 'Entry 7 was changed.', firstBadSeq: 7 }).sentence).toBe(
    'The diary does not add up from entry 7 on. Entry 7 was changed.',
  )
})
