import { expect, test } from 'vitest'
import { afterCrash, restartLimit } from './restarts.ts'

test('five restarts in a row, each after a longer pause; the sixth end is the last', () => {
  const pauses: (number | null)[] = []
  let count = 0
  for (let end = 0; end < 6; end++) {
    const next = afterCrash(count, 10)
    count = next.count
    pauses.push(next.restartInMs)
  }
  expect(restartLimit).toBe(5)
  expect(pauses.slice(0, 5).every((pause, at) => pause !== null && (at === 0 || pause > (pauses[at - 1] ?? 0)))).toBe(
    true,
  )
  expect(pauses[5]).toBeNull()
})

test('an engine that ran for a minute had recovered', () => {
  expect(afterCrash(5, 60_000)).toEqual(afterCrash(0, 10))
  expect(afterCrash(5, 59_999).restartInMs).toBeNull()
})
