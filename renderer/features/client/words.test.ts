import { expect, it } from 'vitest'
import { figureSentences, openingWords, spanWords, unchangedWords } from './words.ts'

/** Friday 20 November 2026, 16:00 UTC. */
const now = Date.UTC(2026, 10, 20, 16)
const hour = 3_600_000

it.each([
  [{ open: true, untilMs: now + hour }, 'UTC', 'open until 17:00'],
  [{ open: false, untilMs: now + 65 * hour }, 'UTC', 'closed until Monday 09:00'],
  [{ open: false, untilMs: now + 15 * 24 * hour }, 'UTC', 'closed until 5 December 16:00'],
  [{ open: true, untilMs: now + hour }, 'America/Los_Angeles', 'open until 09:00'],
  [{ open: true, untilMs: null }, '', 'open around the clock'],
  [{ open: false, untilMs: null }, '', 'no opening hours are known'],
])('says until when they are open, in their time (%#)', (opening, zone, words) => {
  expect(openingWords(opening, now, zone)).toBe(words)
})

it.each([
  [null, ''],
  [{ sinceMs: now - 63 * 24 * hour, atLeast: false }, '63 days unchanged'],
  [{ sinceMs: now - 24 * hour, atLeast: false }, '1 day unchanged'],
  [{ sinceMs: now - hour, atLeast: false }, 'changed today'],
  [{ sinceMs: now - 12 * 24 * hour, atLeast: true }, 'unchanged for at least 12 days'],
  [{ sinceMs: now - hour, atLeast: true }, 'no change seen since today'],
])('counts the days without a change (%#)', (unchanged, words) => {
  expect(unchangedWords(unchanged, now)).toBe(words)
})

it.each([
  ['pause', -24, 65, 'Paused until Monday'],
  ['hold', -1, 24 * 15, 'On hold until 5 December'],
  ['pause', 24, 24 * 4, 'Paused from Saturday until Tuesday'],
] as const)('says until when they are away (%#)', (kind, from, until, words) => {
  expect(spanWords({ kind, fromMs: now + from * hour, untilMs: now + until * hour }, now)).toBe(words)
})

const said = (inbound: number | null, answered: number | null, waiting: number | null, failures: number | null) =>
  figureSentences({ days: [], knownFromDay: null, inbound, answered, waiting, failures }).map((parts) =>
    parts.map((part) => (typeof part === 'string' ? part : part.figure)).join(''),
  )

it.each([
  [said(43, 42, 1, 0), ['Answered 42 of 43 in 30 days.', '1 message waits for an answer, no reply failed.']],
  [said(43, 43, 0, 2), ['Answered 43 of 43 in 30 days.', 'Nobody waits for an answer, 2 replies failed.']],
  [said(1, null, null, 1), ['1 message came in over 30 days; how many were answered is not known.', '1 reply failed.']],
  [said(0, 0, 0, 0), ['No message came in for 30 days.', 'Nobody waits for an answer, no reply failed.']],
  [said(null, null, null, null), ['Nothing is known of what they exchange yet.']],
])('says what is known and no more (%#)', (sentences, wanted) => expect(sentences).toEqual(wanted))
