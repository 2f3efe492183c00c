import { expect, test } from 'vitest'
import type { BoxId, LogTail } from '../../../shared/contract/index.ts'
import { liveWords, tailWords } from './tail-words.ts'

const nowMs = 1_795_000_000_000
const tail = (boxId: string, state: LogTail['state'], fields: Partial<LogTail> = {}): LogTail => ({
  boxId: boxId as BoxId,
  state,
  sinceMs: nowMs - 60_000,
  sentence: null,
  nextTryAtMs: null,
  linesPerSecond: 0,
  droppedBytes: 0,
  ...fields,
})
const words = (tails: LogTail[], shown = tails.length) => tailWords(tails, shown, (boxId) => boxId, nowMs)

test('all live: the foot says so, the strip nothing', () => {
  const tails = [tail('elm', 'live'), tail('oak', 'live')]
  expect([words(tails), liveWords(tails, 2)]).toEqual([null, 'live from 2 machines'])
  expect(liveWords(tails, 3)).toBeNull()
  expect([words([]), liveWords([], 2)]).toEqual([null, null])
})

test.each<[string, LogTail[], string | null]>([
  [
    'lost',
    [tail('elm', 'live'), tail('oak', 'lost', { sentence: 'It was lost.', nextTryAtMs: nowMs + 7400 })],
    'Live from 1 of 2 machines. Not live: oak. It was lost. Next try in 8 s.',
  ],
  [
    'refused before lost, and each by its name',
    [tail('elm', 'lost', { sentence: 'It was lost.' }), tail('oak', 'refused', { sentence: 'Nobody trusts it.' })],
    'Live from 0 of 2 machines. Not live: oak, elm. oak: Nobody trusts it.',
  ],
  [
    'more than are named',
    [...'abcde'].map((name) => tail(name, 'lost', { sentence: 'It was lost.' })),
    'Live from 0 of 5 machines. Not live: a, b, c and 2 more. a: It was lost.',
  ],
  ['connecting for a moment', [tail('elm', 'connecting', { sinceMs: nowMs - 1000 })], null],
  ['connecting for long', [tail('elm', 'connecting')], 'Connecting to 1 machine.'],
  [
    'some live, some on their way, one refused',
    [
      tail('elm', 'live'),
      tail('ash', 'connecting', { sinceMs: nowMs }),
      tail('fir', 'connecting', { sinceMs: nowMs }),
      tail('oak', 'refused', { sentence: 'Nobody trusts it.' }),
    ],
    'Connecting to 2 machines, live from 1. Not live: oak. Nobody trusts it.',
  ],
])('%s', (_, tails, expected) => expect(words(tails)).toBe(expected))

test('more machines than can be followed', () => {
  expect(words([tail('elm', 'live')], 3)).toBe('Live from 1 of 3 machines. 2 machines beyond 1 are read by sweeps.')
})
