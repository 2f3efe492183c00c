import { expect, it } from 'vitest'
import { type EndOfReview, endWords } from './end-words.ts'

const end = (more: Partial<EndOfReview>): EndOfReview => ({
  tookMs: 8 * 60_000,
  seen: 6,
  left: 2,
  later: 0,
  allQuiet: false,
  notSeen: 0,
  missedDays: [],
  ...more,
})

it.each([
  [{}, 'The review ended after 8 min: 6 rows seen, 2 left for later.'],
  [{ later: 1 }, 'The review ended after 8 min: 6 rows seen, 1 still open, 1 put off.'],
  [{ later: 2, notSeen: 1 }, 'The review ended after 8 min: 6 rows seen, 2 put off, 1 machine not seen.'],
  [{ left: 0, allQuiet: true }, 'The review ended after 8 min: 6 rows seen, all quiet.'],
  [{ left: 1, later: 1, allQuiet: true }, 'The review ended after 8 min: 6 rows seen, all quiet but for 1 put off.'],
  [{ seen: 0, left: 0, tookMs: 0, allQuiet: true }, 'The review ended: all quiet.'],
  [{ seen: 0, left: 0, tookMs: 0, notSeen: 1 }, 'The review ended: no trouble is known, 1 machine not seen.'],
  [
    { missedDays: ['2026-11-17'] },
    'The review ended after 8 min: 6 rows seen, 2 left for later. There was none on Tuesday.',
  ],
] as const)('%#', (more, words) => expect(endWords(end(more))).toBe(words))
