import { expect, it } from 'vitest'
import type { Finding, ReviewSince } from '../../../shared/contract/index.ts'
import { foldedTroubles, spanWords, stripWords } from './since-words.ts'

const at = (iso: string) => new Date(iso).getTime()
const now = at('2026-11-23T08:10')
const night = { fromMs: at('2026-11-20T18:04'), toMs: at('2026-11-23T08:05'), why: 'app closed' } as const
const nap = { fromMs: at('2026-11-23T02:10'), toMs: at('2026-11-23T02:40'), why: 'asleep' } as const

const since = (more: Partial<ReviewSince>): ReviewSince => ({
  fromMs: 0,
  unwatched: [],
  cameAndWent: [],
  changes: [],
  ...more,
})

it.each([
  [night, 'from Friday 18:04 to today 08:05'],
  [nap, 'today from 02:10 to 02:40'],
  [{ fromMs: at('2026-11-02T10:00'), toMs: at('2026-11-04T10:00') }, 'from 2 November to 4 November'],
])('%#', (span, words) => expect(spanWords(span, now)).toBe(words))

it.each([
  [{ since: null, missedDays: [] }, []],
  [{ since: since({ unwatched: [night] }), missedDays: [] }, ['Nobody watched from Friday 18:04 to today 08:05.']],
  [
    { since: since({ unwatched: [nap, night] }), missedDays: [] },
    ['Nobody watched from Friday 18:04 to today 08:05, and once more.'],
  ],
  [
    { since: since({ unwatched: [{ ...nap, why: 'no network' }] }), missedDays: [] },
    ['This computer had no network today from 02:10 to 02:40.'],
  ],
  [
    {
      since: since({ cameAndWent: [{} as Finding], changes: [{}, {}] as ReviewSince['changes'] }),
      missedDays: ['2026-11-17', '2026-11-18'],
    },
    ['1 trouble came and went', '2 changes', 'No review on Tuesday and Wednesday'],
  ],
])('strip %#', (page, parts) => expect(stripWords(page, now)).toEqual(parts))

it('folds one and the same trouble of several machines', () => {
  const trouble = (more: Partial<Finding>) =>
    ({ cause: 'offline', sentence: 'has not answered', noticedAtMs: 1, closedAtMs: 2, ...more }) as Finding
  const cameAndWent = [trouble({}), trouble({ noticedAtMs: 3 }), trouble({}), trouble({ cause: 'silent' })]
  expect(foldedTroubles(since({ cameAndWent })).map((group) => group.length)).toEqual([2, 1, 1])
})
