import { expect, it } from 'vitest'
import { dateWords, dayWords, momentWords, onWords, readWords } from './words.ts'

const at = (iso: string) => new Date(iso).getTime()
const now = at('2026-11-28T15:18')

it.each([
  ['2026-11-28T06:40', 'today 06:40'],
  ['2026-11-29T08:00', 'tomorrow 08:00'],
  ['2026-11-27T20:30', 'Friday 20:30'],
  ['2026-12-02T08:00', 'Wednesday 08:00'],
  ['2026-11-22T00:05', 'Sunday 00:05'],
  ['2026-11-21T23:55', '21 November'],
  ['2026-12-05T00:00', '5 December'],
  ['2026-11-09T15:18', '9 November'],
  ['2025-09-04T10:00', '4 September 2025'],
])('a moment beside others: %s', (iso, words) => expect(dayWords(at(iso), now)).toBe(words))

it.each(['2026-11-28T06:40', '2026-11-27T20:30', '2026-11-01T14:00', '2026-09-03T00:05'])(
  'what was kept of %s is read as the moment it was',
  (iso) =>
    expect(readWords(`4 messages since ${dateWords(at(iso))}, and more`, now)).toBe(
      `4 messages since ${dayWords(at(iso), now)}, and more`,
    ),
)

it.each([
  ['2026-11-28T03:10', 'restarted today at 03:10 and'],
  ['2026-11-27T20:30', 'restarted on Friday at 20:30 and'],
  ['2026-11-01T14:00', 'restarted on 1 November and'],
])('after a verb: %s', (iso, words) => expect(readWords(`restarted ${onWords(at(iso))} and`, now)).toBe(words))

it('a date after "on" is none on the day itself', () => {
  expect(readWords('refused, last on 28 Nov 2026 06:40', now)).toBe('refused, last today 06:40')
  expect(readWords('failed on 27 Nov 2026 20:30', now)).toBe('failed on Friday 20:30')
})

it('leaves words alone that hold no moment of ours', () => {
  for (const text of ['', '2026.9.6', '31 Feb 2026 10:00', 'on 9 Nov at 10:00']) expect(readWords(text, now)).toBe(text)
})

it('says a moment long ago by its day', () => expect(momentWords(at('2026-11-01T14:00'), now)).toBe('1 November'))
