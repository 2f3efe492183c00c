import { expect, test } from 'vitest'
import type { AgentId, Cause } from '../../shared/contract/index.ts'
import { foldExplained } from '../findings/explains.ts'
import type { ObservedAgent, ObservedMachine } from '../runtimes/observed.ts'
import { knowsNothing } from '../testing/no-git.ts'
import { got, sampleAgent, sampleMachine, sampleObserved } from '../testing/observed-sample.ts'
import { assessMachine, assessOneAgent } from './assess.ts'
import { judgeMachine, judgeOneAgent } from './judge.ts'
import type { Context } from './judged.ts'

/** Sunday, so that the restart of the night reads as a weekday. */
const nowMs = new Date(2026, 10, 16, 8, 0).getTime()
const sunday = new Date(2026, 10, 15, 3, 10).getTime()
const hour = 3_600_000
const context: Context = {
  ...knowsNothing,
  nowMs,
  client: null,
  newest: { version: '2026.9.6', publishedAtMs: nowMs, source: 'the sample' },
  versions: { known: [{ version: '2026.9.6', publishedAtMs: nowMs }], complete: true },
  amberDays: 7,
  redDays: 14,
  longestUnwatchedMs: 0,
  tookMs: 1,
  user: 'dana',
}

function troubles(machine: Partial<ObservedMachine>, agent: Partial<ObservedAgent>) {
  const observed = sampleObserved(nowMs, {
    machine: sampleMachine(nowMs, machine),
    agents: [sampleAgent(nowMs, agent)],
  })
  const [only] = observed.agents
  if (!only) throw new Error('no agent')
  const all = [
    ...assessMachine(observed, judgeMachine(observed, context), context),
    ...assessOneAgent(only, 'a1' as AgentId, judgeOneAgent(only, context), context),
  ]
  const open = foldExplained(all, []).filter(({ trouble }) => trouble !== null)
  return {
    causes: open.map(({ cause }) => cause),
    of: (cause: Cause) => open.find((one) => one.cause === cause)?.trouble,
  }
}

const service = (change: Partial<Extract<ObservedAgent['service'], { read: true }>['value']>) =>
  got({ kind: 'launchd' as const, running: false, pid: null, startedAtMs: null, port: null, detail: '', ...change })
const nobody = got({ present: false, user: '' })

test('a healthy machine has none of these', () => {
  expect(troubles({}, {}).causes).toEqual([])
})

test('nobody logged in since the restart is told as a person would, and alone', () => {
  const found = troubles({ session: nobody, bootedAtMs: got(sunday) }, { service: service({}) })
  expect(found.causes).toEqual(['nobody-logged-in'])
  expect(found.of('nobody-logged-in')).toMatchObject({
    severity: 'red',
    sentence: 'restarted on 15 Nov 2026 at 03:10 and nobody has logged in since, so its agent never started',
    sinceMs: sunday,
  })
})

test.each<[string, Partial<ObservedMachine>, Partial<ObservedAgent>, Cause[]]>([
  ['an agent that runs all the same', { session: nobody }, { service: service({ running: true }) }, []],
  ['an agent that no login starts', { session: nobody }, { service: service({ kind: 'none' }) }, ['gateway-down']],
  [
    'a screen that could not be read',
    { session: { read: false, why: 'no', source: '' } },
    { service: service({}) },
    ['gateway-down'],
  ],
])('nobody logged in is not blamed for %s', (_, machine, agent, causes) => {
  expect(troubles(machine, agent).causes).toEqual(causes)
})

const run = {
  status: 'running',
  phase: 'activating',
  startedAtMs: nowMs - 9 * hour,
  updatedAtMs: nowMs - 8 * hour,
  reason: '',
}

test('an update that stopped halfway explains an agent that does not run', () => {
  const found = troubles({}, { service: service({}), update: got({ keepsRuns: true, run, leftSinceMs: null }) })
  expect(found.causes).toEqual(['update-stalled'])
  expect(found.of('update-stalled')).toMatchObject({
    severity: 'red',
    sentence: 'has an update of itself that stopped halfway on 16 Nov 2026 at 00:00, and its agent does not run',
  })
})

test('an update that failed and was put back is a matter for later', () => {
  const failed = { ...run, status: 'rolled-back', phase: 'finished', reason: 'Telegram did not reconnect' }
  expect(
    troubles({}, { update: got({ keepsRuns: true, run: failed, leftSinceMs: null }) }).of('update-stalled'),
  ).toMatchObject({
    severity: 'attention',
    sentence: 'tried to update itself on 15 Nov 2026 at 23:00 and put itself back',
    detail: 'Telegram did not reconnect',
  })
})

test('a permission that the system refuses is named, with the channel it stops', () => {
  const permissions = got([
    { channel: 'imessage', account: 'default', refusedAtMs: nowMs - hour, what: 'Full Disk Access', detail: '' },
  ])
  const found = troubles({}, { permissions })
  expect(found.causes).toEqual(['channel-permission'])
  expect(found.of('channel-permission')?.sentence).toBe(
    'is refused Full Disk Access by its system, so iMessage cannot work',
  )
})

test('a restart that waits is attention only', () => {
  const pendingRestart = got({ pending: true, byItself: true, sinceMs: null, detail: 'macOS 26.2 waits' })
  expect(troubles({ pendingRestart }, {}).of('restart-pending')).toMatchObject({
    severity: 'attention',
    sentence: 'will restart by itself for an update, and its agent then waits for a login',
  })
})

test('channels held back after crashes are one finding that counts the crashes', () => {
  const boots = got(
    [1, 2, 3, 4].map((hours) => ({
      startedAtMs: nowMs - hours * hour,
      endedAtMs: null,
      clean: hours === 1 ? null : false,
      reason: '',
    })),
  )
  const ready = got({ ready: true, failing: [], suppressed: ['imessage'], uptimeMs: hour })
  const channels = got([{ channel: 'imessage', account: 'default', connected: false, detail: '' }])
  const found = troubles({}, { boots, ready, channels })
  expect(found.causes).toEqual(['channel-suppressed'])
  expect(found.of('channel-suppressed')?.detail).toBe('crashed 3 times in a day and now holds its channels back')
})

test('a crash loop tells how the newest crash ended, not how a clean stop after it did', () => {
  const ended = ['clean_stop', 'out_of_memory', 'ended without saying so', 'ended without saying so']
  const boots = got(
    ended.map((reason, at) => ({
      startedAtMs: nowMs - (at + 1) * hour,
      endedAtMs: nowMs - at * hour,
      clean: at === 0,
      reason,
    })),
  )
  expect(troubles({}, { boots }).of('crash-loop')?.detail).toBe('out of memory')
})
