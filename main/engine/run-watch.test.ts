import { expect, test } from 'vitest'
import type { PatchId, RolloutId, RunSummary } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { silentLog } from '../base/log.ts'
import { watchRuns } from './run-watch.ts'

const rolloutId = 'run1' as RolloutId
const summary = (state: RunSummary['state'], asks = false, words = ''): RunSummary => ({
  rolloutId,
  revertOf: null,
  patchId: 'patch1' as PatchId,
  patchName: 'Tighten Telegram',
  class: 'security',
  by: 'operator',
  state,
  asks,
  words,
  done: 1,
  total: 3,
  startedAtMs: 1,
  endedAtMs: null,
  watch: null,
})

function lab(first: RunSummary[]) {
  const changes = createChanges()
  const said: string[] = []
  let stored = first
  let mayTell = true
  const stop = watchRuns({
    changes,
    log: silentLog,
    runs: () => stored,
    mayTell: () => mayTell,
    tell: ({ title, body }) => said.push(`${title}: ${body}`),
    awake: (on) => said.push(on ? 'awake' : 'may sleep'),
  })
  return {
    said,
    stop,
    becomes(...runs: RunSummary[]) {
      stored = runs
      changes.publish('rollout')
      return said.splice(0)
    },
    silence: () => {
      mayTell = false
    },
  }
}

test('the computer stays awake while a run is under way, and its stand is told when it stops', () => {
  const { becomes } = lab([])
  expect(becomes(summary('running'))).toEqual(['awake'])
  expect(becomes(summary('running'))).toEqual([])
  expect(becomes(summary('paused', true, 'The canary cannot be told.'))).toEqual([
    'may sleep',
    'Tighten Telegram waits for you: The canary cannot be told.',
  ])
  expect(becomes(summary('paused', true))).toEqual([])
  expect(becomes(summary('running'))).toEqual(['awake'])
  expect(becomes(summary('ended', false, 'Changed 3 of 3.'))).toEqual([
    'may sleep',
    'Tighten Telegram has ended: Changed 3 of 3.',
  ])
})

test('a pause that the operator asked for is no news, and nothing is told where they want no notifications', () => {
  const { said, becomes, silence } = lab([summary('running')])
  expect(said.splice(0)).toEqual(['awake'])
  expect(becomes(summary('pausing'))).toEqual([])
  expect(becomes(summary('paused'))).toEqual(['may sleep'])
  expect(becomes(summary('running'))).toEqual(['awake'])
  silence()
  expect(becomes(summary('ended', false, 'Changed 3 of 3.'))).toEqual(['may sleep'])
})

test('what was found ended at the start is no news, and the end of the watch lets the computer sleep', () => {
  const { said, becomes, stop } = lab([summary('ended')])
  expect(becomes(summary('ended'))).toEqual([])
  becomes(summary('running'))
  stop()
  expect(said).toEqual(['may sleep'])
})
