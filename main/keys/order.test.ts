import { expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { wavesOf } from './order.ts'

const boxes = (lab: number, canary: number, rest: number) =>
  [['lab', lab] as const, ['canary', canary] as const, ['rest', rest] as const].flatMap(([ring, count]) =>
    Array.from({ length: count }, (_, at) => ({ boxId: `${ring}${at}` as BoxId, ring })),
  )

test.each([
  ['nobody', boxes(0, 0, 0), []],
  ['one goes alone', boxes(0, 0, 1), [1]],
  ['without a canary the first of the rest is it', boxes(0, 0, 6), [1, 2, 2, 2, 2, 3]],
  ['lab, then each canary, then four, then eight', boxes(1, 2, 6), [1, 2, 3, 4, 4, 4, 4, 5, 5]],
  ['a lab alone is no canary', boxes(2, 0, 2), [1, 2, 3, 4]],
])('%s', (_name, given, waves) => {
  const planned = wavesOf(given)
  expect(planned.map(({ wave }) => wave)).toEqual(waves)
  expect(new Set(planned.map(({ boxId }) => boxId)).size).toBe(given.length)
})
