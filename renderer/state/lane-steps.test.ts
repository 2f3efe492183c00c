import { expect, test } from 'vitest'
import type { ApplyId, ApplyStep } from '../../shared/contract/index.ts'
import { withSteps } from './lane-steps.ts'

const applyId = 'a1' as ApplyId
const lane = (step: ApplyStep | null) => [{ applyId, step, state: 'running', begunAtMs: 100 } as const]

test('each step has the moment at which it was seen to begin', () => {
  const first = withSteps({}, lane('connect'), 130)
  const second = withSteps(first, lane('stage'), 180)
  expect(withSteps(second, lane('stage'), 200)).toBe(second)
  expect(second[applyId]?.steps).toEqual([
    { step: 'connect', atMs: 100 },
    { step: 'stage', atMs: 180 },
  ])
})

test('a step that was under way at the first look has no time', () => {
  const late = withSteps({}, lane('verify'), 500)
  expect(late[applyId]?.steps).toEqual([])
  expect(withSteps(late, lane('commit'), 600)[applyId]?.steps).toEqual([{ step: 'commit', atMs: 600 }])
  expect(withSteps({}, lane(null), 1)).toEqual({})
})
