import { expect, test } from 'vitest'
import type { Cause } from '../../shared/contract/index.ts'
import { knowsNothing } from '../testing/no-git.ts'
import { got, sampleMachine, sampleObserved } from '../testing/observed-sample.ts'
import { assessMachine } from './assess.ts'
import { judgeMachine } from './judge.ts'
import type { Context } from './judged.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const context: Context = {
  ...knowsNothing,
  nowMs,
  client: null,
  newest: null,
  versions: { known: [], complete: false },
  amberDays: 7,
  redDays: 14,
  longestUnwatchedMs: 0,
  tookMs: 100,
  user: 'dana',
}
const minutes = (off: number) => ({ nowMs: nowMs + off * 60_000 })
const disk = (freeGb: number, totalGb = 494) => ({ disk: got({ freeBytes: freeGb * 1e9, totalBytes: totalGb * 1e9 }) })

test.each<[Cause, string, Parameters<typeof sampleMachine>[1], 'open' | 'close' | 'neither']>([
  ['clock-off', '6 min ahead', minutes(6), 'open'],
  ['clock-off', '4.5 min ahead', minutes(4.5), 'neither'],
  ['clock-off', '4.5 min behind', minutes(-4.5), 'neither'],
  ['clock-off', '3 min ahead', minutes(3), 'close'],
  ['disk-full', '4 GB free', disk(4, 30), 'open'],
  ['disk-full', '5.5 GB free', disk(5.5, 30), 'neither'],
  ['disk-full', '11 % free', disk(54.5), 'neither'],
  ['disk-full', '13 % free', disk(64.5), 'close'],
])('%s at %s', (cause, _, machine, does) => {
  const observed = sampleObserved(nowMs, { machine: sampleMachine(nowMs, machine) })
  const found = assessMachine(observed, judgeMachine(observed, context), context).filter((one) => one.cause === cause)
  const said = found.map(({ trouble }) => (trouble ? 'open' : 'close'))
  expect(said).toEqual(does === 'neither' ? [] : [does])
})
