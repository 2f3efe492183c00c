import { mkdirSync } from 'node:fs'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import type { Fault, SweepOutcome } from '../../shared/contract/index.ts'
import { systemClock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { createLedger } from '../ledger/ledger.ts'
import { openStore } from '../store/store.ts'
import { answer, factsLab, refusal, sweepAll, unreachable } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { tempDir } from '../testing/temp-store.ts'
import { madeContact, pointsToOwnNetwork } from './judge-attempt.ts'
import { createWatch } from './watch.ts'
import { createWatchRows } from './watch-rows.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const friday = () => fakeClock(DateTime.fromISO('2026-11-20T18:04').toMillis())
const kinds = (here: ReturnType<typeof factsLab>) => here.ledger.entries({ limit: 50 }).map(({ kind }) => kind)

test('from the last moment the console was alive to the first answer, nobody watched', async () => {
  const clock = friday()
  using here = factsLab(async () => answer(clock), { clock, boxes: 2 })
  await sweepAll(here.facts)
  const closedMs = clock.nowMs()
  here.facts.watch.leave()
  clock.advance(60 * hourMs)
  const monday = here.build()
  const span = { fromMs: closedMs, toMs: clock.nowMs(), why: 'app closed' }
  expect(monday.watch.spans(0)).toEqual([span])
  clock.advance(minuteMs)
  await sweepAll(monday)
  clock.advance(hourMs)
  expect(monday.watch.spans(0)).toEqual([{ ...span, toMs: span.toMs + minuteMs }])
  expect(monday.watch.spans(span.toMs + minuteMs)).toEqual([])
  expect(here.ledger.entries({ limit: 5 }).find(({ kind }) => kind === 'watch.resumed')?.sentence).toBe(
    'Nobody watched from Friday 18:04 to Monday 06:05: the console did not run.',
  )
})

test('a console that was closed for a moment, or never looked meanwhile, leaves no second span', async () => {
  const clock = friday()
  using here = factsLab(async () => answer(clock), { clock, boxes: 2 })
  await sweepAll(here.facts)
  clock.advance(4 * minuteMs)
  expect(here.build().watch.spans(0)).toEqual([])
  const fromMs = clock.nowMs()
  clock.advance(hourMs)
  here.build()
  clock.advance(hourMs)
  expect(here.build().watch.spans(0)).toEqual([{ fromMs, toMs: clock.nowMs(), why: 'app closed' }])
})

test('a computer that sleeps is not watching, whether it says so or not', async () => {
  const clock = friday()
  using here = factsLab(async () => answer(clock), { clock, boxes: 2 })
  await sweepAll(here.facts)
  const toldMs = clock.nowMs()
  here.facts.watch.asleep()
  clock.advance(8 * hourMs)
  here.facts.watch.alive()
  await sweepAll(here.facts)
  const told = { fromMs: toldMs, toMs: clock.nowMs(), why: 'asleep' }
  expect(here.facts.watch.spans(0)).toEqual([told])
  const untoldMs = clock.nowMs()
  clock.advance(3 * hourMs)
  here.facts.watch.alive()
  await sweepAll(here.facts)
  expect(here.facts.watch.spans(0)).toEqual([told, { fromMs: untoldMs, toMs: clock.nowMs(), why: 'asleep' }])
})

test('no machine answering is this computer’s own network: said once, no alarm, no fact; it ends with its own recovery', async () => {
  const clock = friday()
  let away = false
  let connected = true
  using here = factsLab(
    async (name) => {
      // First the connections of before break, then none is to be had.
      if (away && connected) throw new FaultError({ code: 'connection-lost', boxName: name, detail: 'reset' })
      if (away) throw unreachable(name)
      return answer(clock)
    },
    { clock, boxes: 3 },
  )
  await sweepAll(here.facts)
  const read = () =>
    here.facts.ofBox(here.idOf('box-1')).map(({ key, value, takenAtMs }) => ({ key, value, takenAtMs }))
  const before = read()
  clock.advance(10 * minuteMs)
  away = true
  const fromMs = clock.nowMs()
  for (let n = 0; n < 3; n++) {
    here.facts.sweeps.start({ reason: 'schedule', kind: 'light' })
    await here.facts.sweeps.idle()
    connected = false
    clock.advance(10 * minuteMs)
  }
  expect(here.facts.watch.noNetworkSinceMs()).toBe(fromMs)
  expect(here.findings.open()).toEqual([])
  expect(read()).toEqual(before)
  expect(kinds(here).filter((kind) => kind === 'sweep.no-network')).toHaveLength(1)
  away = false
  here.facts.sweeps.start({ reason: 'schedule', kind: 'light' })
  await here.facts.sweeps.idle()
  expect(here.facts.watch.noNetworkSinceMs()).toBeNull()
  expect(here.facts.watch.spans(0)).toEqual([{ fromMs, toMs: clock.nowMs(), why: 'no network' }])
  expect(kinds(here)[0]).toBe('network.back')
})

test('an alarm that stood before the own network went away is neither raised again nor closed by it', async () => {
  const clock = friday()
  let down: string[] = ['box-2']
  using here = factsLab(
    async (name) => {
      if (down.includes(name)) throw refusal(name)
      if (down.includes('all')) throw unreachable(name)
      return answer(clock)
    },
    { clock, boxes: 2 },
  )
  await sweepAll(here.facts)
  const [offline] = here.findings.open()
  expect(offline).toMatchObject({ cause: 'offline', boxName: 'box-2' })
  down = ['all']
  clock.advance(10 * minuteMs)
  await sweepAll(here.facts)
  expect(here.findings.open()).toEqual([offline])
})

test('a killed console leaves a truthful span: its last pulse is in the store', async () => {
  const dataDir = tempDir()
  mkdirSync(dataDir, { recursive: true })
  const child = spawnScript(`
    import { systemClock as clock } from '${moduleUrl('main/base/clock.ts')}'
    import { silentLog as log } from '${moduleUrl('main/base/log.ts')}'
    import { createWatchRows } from '${moduleUrl('main/facts/watch-rows.ts')}'
    import { createWatch } from '${moduleUrl('main/facts/watch.ts')}'
    import { createLedger } from '${moduleUrl('main/ledger/ledger.ts')}'
    import { openStore } from '${moduleUrl('main/store/store.ts')}'
    const store = openStore({ dataDir: ${JSON.stringify(dataDir)}, clock, log, writable: true })
    createWatch({ store, rows: createWatchRows(store.db), ledger: createLedger({ store, clock, log }), clock })
    console.log('alive at ' + createWatchRows(store.db).pulse())
    setInterval(() => {}, 1000)
  `)
  const [, pulse] = (await child.says('alive at')).match(/alive at (\d+)/) ?? []
  child.process.kill('SIGKILL')
  await child.ended
  const laterMs = Date.now() + 2 * hourMs
  const clock = { ...systemClock, nowMs: () => laterMs }
  const store = openStore({ dataDir, clock, log: silentLog, writable: true })
  try {
    const ledger = createLedger({ store, clock, log: silentLog })
    const watch = createWatch({ store, rows: createWatchRows(store.db), ledger, clock })
    expect(watch.spans(0)).toEqual([{ fromMs: Number(pulse), toMs: laterMs, why: 'app closed' }])
  } finally {
    store.close()
  }
})

const silentHost: Fault = { code: 'timed-out', boxName: 'b', phase: 'connect', afterMs: 30_000 }
const noRoute: Fault = { code: 'network-unreachable', boxName: 'b', host: 'h' }
test.each<[string, { fault: Fault; outcome: SweepOutcome }[], boolean]>([
  [
    'two machines that should be on',
    [
      { fault: silentHost, outcome: 'unreachable' },
      { fault: silentHost, outcome: 'unreachable' },
    ],
    true,
  ],
  [
    'one, and one that is off at this hour',
    [
      { fault: silentHost, outcome: 'unreachable' },
      { fault: silentHost, outcome: 'not-expected' },
    ],
    false,
  ],
  [
    'one without any route, and one that is off',
    [
      { fault: noRoute, outcome: 'unreachable' },
      { fault: noRoute, outcome: 'not-expected' },
    ],
    true,
  ],
  [
    'machines that are all off at this hour',
    [
      { fault: silentHost, outcome: 'not-expected' },
      { fault: silentHost, outcome: 'not-expected' },
    ],
    false,
  ],
])('own network when nothing answers: %s', (_, attempts, own) => {
  expect(pointsToOwnNetwork(attempts)).toBe(own)
})

test.each<[Fault['code'], Fault, boolean]>([
  ['refused', { code: 'refused', boxName: 'b', host: 'h', port: 22 }, true],
  ['connection-lost', { code: 'connection-lost', boxName: 'b', detail: '' }, false],
  ['key-changed', { code: 'key-changed', boxName: 'b', pinned: 'p', offered: 'o' }, false],
  ['key-not-trusted', { code: 'key-not-trusted', boxName: 'b', offered: 'o' }, false],
  ['network-unreachable', noRoute, false],
])('%s as a sign that our network is there', (_, fault, contact) => {
  expect(madeContact(fault)).toBe(contact)
})
