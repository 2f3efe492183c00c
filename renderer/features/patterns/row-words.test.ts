import { expect, test } from 'vitest'
import type { BoxId } from '../../../shared/contract/index.ts'
import { louderWords, newWords } from './row-words.ts'

test.each([
  [null, null],
  [{ level: 'warn' as const, lines: 1 }, '1 of 1,240 is a warning'],
  [{ level: 'error' as const, lines: 12 }, '12 of 1,240 are errors'],
  [{ level: 'fatal' as const, lines: 1 }, '1 of 1,240 is fatal'],
])('louder %o: %s', (louder, words) => expect(louderWords({ louder, lines: 1240 })).toBe(words))

test('new on some machines only', () => {
  const boxIds = ['a', 'b', 'c'] as BoxId[]
  expect([0, 2, 3].map((newOn) => newWords({ newOn, boxIds }))).toEqual([null, 'new on 2 of 3 machines', null])
})
