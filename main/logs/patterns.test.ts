import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AgentId, BoxId, PatternId } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createInventory } from '../inventory/inventory.ts'
import type { LogBatch, LogLine } from '../runtimes/log-lines.ts'
import { type TempStore, tempStore } from '../testing/temp-store.ts'
import { dayOf } from './learn.ts'
import { createLogs, type Logs } from './logs.ts'
import type { KnownPattern } from './patterns.ts'
import { isNewSince } from './patterns.ts'

const dayMs = 24 * 3_600_000
const nowMs = Date.now()
const agent = 'a1' as AgentId
let temp: TempStore
let logs: Logs
let box: BoxId
let offset = 0

const open = (): void => {
  const { store, ledger } = temp
  const changes = createChanges()
  const inventory = createInventory({ store, ledger, changes, clock: systemClock, homeDir: temp.dataDir })
  box =
    inventory.boxes()[0]?.boxId ??
    inventory.addBox({ name: 'one', host: '127.0.0.1', port: 22, user: 'kit', auth: { kind: 'agent' } } as never).box
      .boxId
  logs = createLogs({ store, ledger, inventory, clock: systemClock, log: silentLog, changes })
}
beforeEach(() => {
  offset = 0
  temp = tempStore(systemClock)
  open()
})
afterEach(async () => {
  await logs.close()
  temp[Symbol.dispose]()
})

const line = (text: string, daysAgo: number, level: LogLine['level'] = 'info'): LogLine => {
  offset += 100
  const at = nowMs - daysAgo * dayMs
  return {
    ...{ source: 'runtime', file: '/tmp/a.log', at, level, subsystem: 'gateway' },
    ...{ runId: null, sessionId: null, channel: null, text, more: null, offset },
  }
}
const write = (...lines: LogLine[]) => {
  const batch: LogBatch = {
    agent: 'main',
    lines,
    cursors: [{ source: 'runtime', file: '/tmp/a.log', identity: 'i1', offset: offset + 100 }],
    gaps: [],
    more: false,
  }
  return logs.append(box, agent, batch, 0)
}
const list = async (): Promise<KnownPattern[]> =>
  (await logs.patterns.list({ boxIds: [box], days: 14, limit: 100 })).patterns

test('lines are counted by kind and day, the loud first, and the new known as new', async () => {
  await write(
    line('[telegram] connected as dana in 41ms', 11),
    line('[telegram] connected as lena in 390ms', 3),
    line('heartbeat 1', 12),
    line('heartbeat 2', 0),
    line('heartbeat 3', 0),
  )
  await write(
    line('calendar answered 401: login refused', 2, 'error'),
    line('calendar answered 401: login refused', 0, 'warn'),
  )
  const found = await list()
  expect(found.map(({ text, lines, level, newThisWeek }) => ({ text, lines, level, newThisWeek }))).toEqual([
    { text: 'calendar answered <n>: login refused', lines: 2, level: 'error', newThisWeek: true },
    { text: '[telegram] connected as <*> in <n>ms', lines: 2, level: 'info', newThisWeek: false },
    { text: 'heartbeat <n>', lines: 3, level: 'info', newThisWeek: false },
  ])
  const [loud] = found
  expect(loud?.perDay).toHaveLength(14)
  expect(loud?.perDay.at(-1)).toBe(1)
  expect(loud?.perDay.at(-3)).toBe(1)
  expect(loud).toMatchObject({ agentId: agent, subsystem: 'gateway', muted: null })
})

test.each([
  ['first seen after, by an agent known from before', 10, 3, true],
  ['first seen before', 4, 0, false],
  ['by an agent that is known since half a day before', 10, 4.5, false],
])('new: %s', (_name, firstDay, knownFromDay, isNew) => {
  expect(isNewSince(firstDay * dayMs, 5 * dayMs, knownFromDay * dayMs)).toBe(isNew)
})

test('a kind is found again after the console was closed, and a line that came twice counts once', async () => {
  const first = line('gateway ready in 400ms', 1)
  await write(first)
  const [before] = await list()
  await logs.close()
  open()
  await write(first, line('gateway ready in 12ms', 0))
  expect(await list()).toEqual([
    {
      ...before,
      lastAtMs: nowMs,
      lastSeq: expect.any(Number),
      lines: 2,
      levels: [{ level: 'info', lines: 2 }],
      perDay: expect.any(Array),
    },
  ])
})

test('a kind has its usual level, and how many of its lines are louder', async () => {
  await write(
    ...Array.from({ length: 8 }, (_, at) => line(`catalog refreshed in ${at}ms`, at % 2)),
    line('catalog refreshed in 9000ms', 1, 'warn'),
  )
  expect(await list()).toMatchObject([
    {
      text: 'catalog refreshed in <n>ms',
      level: 'info',
      levels: [
        { level: 'warn', lines: 1 },
        { level: 'info', lines: 8 },
      ],
    },
  ])
  // The loud day is out of reach: nothing louder is told.
  expect((await logs.patterns.list({ boxIds: [box], days: 1, limit: 100 })).patterns[0]?.levels).toEqual([
    { level: 'info', lines: 4 },
  ])
})

test('a limit counts kinds, and each comes with all its machines', async () => {
  const { store, ledger } = temp
  const inventory = createInventory({
    store,
    ledger,
    changes: createChanges(),
    clock: systemClock,
    homeDir: temp.dataDir,
  })
  const { boxId } = inventory.addBox({ name: 'two', host: 'two.test' }).box
  await write(line('gateway ready', 1), line('channel lost', 2, 'error'))
  await write(line('gateway ready', 0))
  const batch: LogBatch = {
    agent: 'main',
    lines: [line('channel lost', 3, 'error')],
    cursors: [],
    gaps: [],
    more: false,
  }
  await logs.append(boxId, agent, batch, 0)
  const { patterns, total } = await logs.patterns.list({ boxIds: [box, boxId], days: 14, limit: 1 })
  expect(total).toBe(2)
  expect(patterns.map(({ text, boxId: of, lines }) => [text, of, lines])).toEqual([
    ['channel lost', box, 1],
    ['channel lost', boxId, 1],
  ])
})

test('a day is one of the operator’s own clock', () => {
  vi.stubEnv('TZ', 'America/New_York')
  // 22:30 there on the 20th, when the 21st has begun in UTC.
  const late = Date.UTC(2026, 10, 21, 3, 30)
  expect(dayOf(late)).toBe(dayOf(late - 12 * 3_600_000))
  expect(dayOf(late + 2 * 3_600_000)).toBe(dayOf(late) + 1)
  vi.unstubAllEnvs()
})

test('muted with a reason, told in the diary, shown again; a kind that is not there is refused', async () => {
  await write(line('model catalog refresh failed', 1, 'warn'))
  const [pattern] = await list()
  const ids = [pattern?.patternId as PatternId]
  expect(await logs.patterns.mute(ids, 'offline here on purpose')).toEqual({ sentence: '1 kind of log lines muted.' })
  expect((await list())[0]?.muted).toMatchObject({ reason: 'offline here on purpose' })
  await logs.patterns.unmute(ids)
  expect((await list())[0]?.muted).toBeNull()
  expect(temp.ledger.entries({ limit: 10 }).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['logs.muted', 'logs.unmuted']),
  )
  await expect(logs.patterns.mute(['nothing' as PatternId], 'x')).rejects.toMatchObject({
    fault: { code: 'not-found' },
  })
})

test('a kind that was last seen before the days that are kept goes with its lines', async () => {
  await write(line('old and gone', 100), line('still here', 1))
  await logs.purgeOld()
  const { patterns } = await logs.patterns.list({ boxIds: [box], days: 90, limit: 100 })
  expect(patterns.map(({ text }) => text)).toEqual(['still here'])
  // And is new when it comes back.
  await write(line('old and gone', 0))
  expect((await list()).map(({ text }) => text).sort()).toEqual(['old and gone', 'still here'])
})
