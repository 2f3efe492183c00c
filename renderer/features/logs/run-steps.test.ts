import { expect, it } from 'vitest'
import type { LineRow } from './line-window.ts'
import { longestStep, runOf } from './run-steps.ts'

const line = (atMs: number, level: LineRow['level'] = null) => ({ kind: 'line', atMs, seq: atMs, level }) as LineRow

it('takes the time to the next line as the length of a step', () => {
  const run = runOf([line(4_000, 'error'), line(1_000), line(1_500)])
  expect(run).toMatchObject({ startedAtMs: 1_000, totalMs: 3_000, errors: 1 })
  expect(run?.steps.map(({ sinceStartMs, tookMs }) => [sinceStartMs, tookMs])).toEqual([
    [0, 500],
    [500, 2_500],
    [3_000, null],
  ])
  expect(run && longestStep(run)).toBe(1)
})

it('tells no longest step where none stands out, and no run without lines', () => {
  const even = runOf(Array.from({ length: 30 }, (_, at) => line(at * 100)))
  expect(even && longestStep(even)).toBeNull()
  const single = runOf([line(5)])
  expect(single && longestStep(single)).toBeNull()
  expect(runOf([])).toBeNull()
})
