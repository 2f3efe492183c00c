import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { BoxId, Fault, SweepProgress } from '../../shared/contract/index.ts'
import { createActivity } from '../activity/activity.ts'
import { createChanges } from '../base/changes.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { silentLog } from '../base/log.ts'
import { createFindings } from '../findings/findings.ts'
import { createInventory } from '../inventory/inventory.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Observed } from '../runtimes/observed.ts'
import { defaultSettings } from '../store/store.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import {
  got,
  sampleAgent,
  sampleConfig,
  sampleDoor,
  sampleInstall,
  sampleMachine,
  sampleObserved,
} from '../testing/observed-sample.ts'
import { tempStore } from '../testing/temp-store.ts'
import { createFacts, type Facts } from './facts.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0).reverse()) clean()
})

type Probe = (name: string, signal: AbortSignal | undefined) => Promise<Observed>

/** Twelve boxes over a real store; `probe` answers for each by name. */
function lab(
  probe: Probe,
  options: { boxes?: number; clock?: Clock; settings?: Partial<typeof defaultSettings> } = {},
) {
  const clock = options.clock ?? fakeClock()
  const temp = tempStore(clock)
  cleanups.push(() => temp[Symbol.dispose]())
  const { store, ledger, dataDir } = temp
  const changes = createChanges()
  const inventory = createInventory({ store, ledger, changes, clock, homeDir: dataDir })
  const findings = createFindings({ store, ledger, inventory, changes, workflowsOf: () => [] })
  const boxes = Array.from(
    { length: options.boxes ?? 12 },
    (_, index) => inventory.addBox({ name: `box-${index + 1}`, host: `h${index + 1}` }).box,
  )
  const onbox: Pick<Onbox, 'probe'> = {
    probe: (boxId, _request, { signal }) => probe(inventory.box(boxId).name, signal),
  }
  const activity = createActivity({ store, inventory })
  const build = (): Facts =>
    createFacts({
      store,
      ledger,
      inventory,
      findings,
      onbox,
      clock,
      changes,
      log: silentLog,
      settings: () => ({ ...defaultSettings, askRegistry: false, ...options.settings }),
      testHandles: () => [],
      judgeMore: activity.judge,
    })
  return {
    ...temp,
    clock,
    inventory,
    findings,
    boxes,
    facts: build(),
    build,
    idOf: (name: string) => boxes.find((box) => box.name === name)!.boxId,
  }
}

const answer = (clock: Clock, change: Parameters<typeof sampleObserved>[1] = {}) =>
  sampleObserved(clock.nowMs(), {
    machine: sampleMachine(clock.nowMs()),
    agents: [sampleAgent(clock.nowMs())],
    ...change,
  })

const refusal = (name: string): FaultError => new FaultError({ code: 'refused', boxName: name, host: name, port: 22 })
const unreachable = (name: string): FaultError =>
  new FaultError({ code: 'timed-out', boxName: name, phase: 'connect', afterMs: 30_000 })

/** A sweep from start to end; answers with its last progress. */
async function sweepAll(facts: Facts, boxIds?: BoxId[]): Promise<SweepProgress> {
  const sweepId = facts.sweeps.start({ reason: 'operator', ...(boxIds ? { boxIds } : {}) })
  await facts.sweeps.idle()
  const { value } = await facts.sweeps.watch(sweepId).next()
  return value as SweepProgress
}

const outcomes = (progress: SweepProgress | null) =>
  Object.fromEntries((progress?.boxes ?? []).map((box) => [box.boxName, box.outcome]))

test('twelve boxes are asked, and each row is in the store before it is told', async () => {
  const clock = systemClock
  const here = lab(async () => answer(clock), { clock })
  const sweepId = here.facts.sweeps.start({ reason: 'operator' })
  for await (const progress of here.facts.sweeps.watch(sweepId)) {
    for (const box of progress.boxes)
      if (box.outcome === 'swept') expect(here.facts.ofBox(box.boxId).length).toBeGreaterThan(30)
  }
  expect(here.facts.sweeps.current()).toMatchObject({ state: 'done', total: 12, done: 12, swept: 12 })
  expect(here.facts.sweeps.history(5)).toMatchObject([{ sweepId, state: 'done', done: 12 }])
  expect(here.inventory.agents()).toHaveLength(12)
  expect(here.findings.open()).toEqual([])
})

test('one box of twelve that hangs delays nobody: the eleven are done while it is still waited for', async () => {
  const clock = fakeClock()
  const here = lab((name) => (name === 'box-3' ? new Promise(() => {}) : Promise.resolve(answer(clock))), { clock })
  here.facts.sweeps.start({ reason: 'operator' })
  while (here.facts.sweeps.current()?.done !== 11) await nextTurn()
  const progress = here.facts.sweeps.current()
  expect(progress?.boxes.find((box) => box.state !== 'done')?.boxName).toBe('box-3')
  clock.advance(33_000)
  await here.facts.sweeps.idle()
  const ended = here.facts.sweeps.current()
  expect(outcomes(ended)['box-3']).toBe('failed')
  expect(ended?.boxes.find((box) => box.boxName === 'box-3')?.fault).toEqual({
    code: 'timed-out',
    boxName: 'box-3',
    phase: 'answer',
    afterMs: 30_000,
  })
  expect(here.findings.open()).toMatchObject([
    { boxName: 'box-3', cause: 'answer-not-understood', sentence: 'lets us in but never finishes its answer' },
  ])
})

test('a window of one asks one box after the other', async () => {
  const clock = fakeClock()
  let atOnce = 0
  let most = 0
  const here = lab(
    async () => {
      most = Math.max(most, ++atOnce)
      await Promise.resolve()
      atOnce--
      return answer(clock)
    },
    { clock, settings: { sweepConcurrency: 1 } },
  )
  expect((await sweepAll(here.facts)).swept).toBe(12)
  expect(most).toBe(1)
})

test('cancelling lets go of boxes under way, asks no other, and keeps what arrived', async () => {
  const clock = systemClock
  const asked: string[] = []
  const here = lab(
    (name) => {
      asked.push(name)
      return name === 'box-1' ? Promise.resolve(answer(clock)) : new Promise(() => {})
    },
    { clock, settings: { sweepConcurrency: 2 } },
  )
  const sweepId = here.facts.sweeps.start({ reason: 'operator' })
  for await (const progress of here.facts.sweeps.watch(sweepId)) {
    if (progress.done === 1 && asked.length === 3) here.facts.sweeps.cancel(sweepId)
  }
  expect(asked).toEqual(['box-1', 'box-10', 'box-11'])
  const ended = here.facts.sweeps.current()
  expect(ended?.state).toBe('cancelled')
  expect(outcomes(ended)).toMatchObject({ 'box-1': 'swept', 'box-2': 'cancelled', 'box-12': 'cancelled' })
  expect(here.facts.ofBox(here.idOf('box-1')).length).toBeGreaterThan(30)
  expect(here.findings.open()).toEqual([])
  expect(() => here.facts.sweeps.cancel(sweepId)).toThrow('not-found')
})

test('one sweep runs at a time: a second start answers with the running one', async () => {
  const clock = fakeClock()
  const here = lab(async () => answer(clock), { clock })
  const first = here.facts.sweeps.start({ reason: 'operator' })
  expect(here.facts.sweeps.start({ reason: 'schedule' })).toBe(first)
  await here.facts.sweeps.idle()
  expect(here.facts.sweeps.history(10)).toHaveLength(1)
})

test.each<[string, () => unknown, string, string | null]>([
  ['refuses the connection', () => refusal('box-1'), 'unreachable', 'offline'],
  [
    'refuses the login',
    () => new FaultError({ code: 'auth-refused', boxName: 'box-1', user: 'dana', offered: [], accepted: [] }),
    'refused',
    'login-refused',
  ],
  [
    'shows another key',
    () => new FaultError({ code: 'key-changed', boxName: 'box-1', pinned: 'SHA256:a', offered: 'SHA256:b' }),
    'refused',
    'key-changed',
  ],
  [
    'is not enrolled',
    () => new FaultError({ code: 'key-not-trusted', boxName: 'box-1', offered: 'SHA256:b' }),
    'refused',
    null,
  ],
  ['has no Node', () => new FaultError({ code: 'no-node', boxName: 'box-1', tried: [] }), 'failed', 'no-node'],
  [
    'has an old Node',
    () => new FaultError({ code: 'node-too-old', boxName: 'box-1', found: '12.22.0', needed: '22.13' }),
    'failed',
    'node-too-old',
  ],
  [
    'answers too much',
    () => new FaultError({ code: 'answer-too-large', boxName: 'box-1', limitBytes: 1 }),
    'failed',
    'answer-not-understood',
  ],
  ['makes our own code stumble', () => new TypeError('x of undefined'), 'failed', null],
])('a box that %s is one outcome and at most one finding; the others are swept', async (_, fail, outcome, cause) => {
  const clock = fakeClock()
  const here = lab(
    async (name) => {
      if (name === 'box-1') throw fail()
      return answer(clock)
    },
    { clock },
  )
  const ended = await sweepAll(here.facts)
  expect(ended).toMatchObject({ state: 'done', swept: 11 })
  expect(outcomes(ended)['box-1']).toBe(outcome)
  expect(here.findings.open().map((finding) => finding.cause)).toEqual(cause === null ? [] : [cause])
  expect(here.facts.attempts().get(here.idOf('box-1'))).toMatchObject({ outcome, sweptAtMs: null })
})

test('no machine answers at all: that is this computer, so no alarms are raised; one that answers raises them', async () => {
  const clock = fakeClock()
  let up = ''
  const here = lab(
    async (name) => {
      if (name === up) return answer(clock)
      throw unreachable(name)
    },
    { clock, boxes: 4 },
  )
  expect(outcomes(await sweepAll(here.facts))).toMatchObject({ 'box-1': 'unreachable', 'box-4': 'unreachable' })
  expect(here.findings.open()).toEqual([])
  expect(
    here.ledger
      .entries({ limit: 5 })
      .map((entry) => entry.sentence)
      .join(' '),
  ).toContain("points to this computer's own network or VPN")
  up = 'box-4'
  await sweepAll(here.facts)
  expect(
    here.findings
      .open()
      .map((finding) => [finding.boxName, finding.cause])
      .sort(),
  ).toEqual([
    ['box-1', 'offline'],
    ['box-2', 'offline'],
    ['box-3', 'offline'],
  ])
})

test('a box outside its hours that does not answer is not expected, and no finding', async () => {
  const clock = fakeClock()
  const here = lab(
    async (name) => {
      if (name === 'box-2') throw unreachable(name)
      return answer(clock)
    },
    { clock, boxes: 2 },
  )
  const weekday = new Date(clock.nowMs()).getUTCDay() || 7
  const otherDay = (weekday % 7) + 1 === weekday ? 1 : ((weekday + 2) % 7) + 1
  here.inventory.editBox({
    boxId: here.idOf('box-2'),
    fields: { expectedOn: { kind: 'hours', spans: [{ weekday: otherDay, fromMinute: 540, toMinute: 1020 }] } },
  })
  expect(outcomes(await sweepAll(here.facts))['box-2']).toBe('not-expected')
  expect(here.findings.open()).toEqual([])
})

test('a finding opens once, is refreshed while it lasts, and closes with its recovery', async () => {
  const clock = fakeClock()
  let open = true
  const door = () => sampleDoor({ direct: open ? 'everyone' : 'listed' })
  const here = lab(async () => answer(clock, { agents: [sampleAgent(clock.nowMs(), { doors: got([door()]) })] }), {
    clock,
    boxes: 1,
  })
  const boxId = here.idOf('box-1')
  await sweepAll(here.facts)
  const [first] = here.findings.open()
  expect(first).toMatchObject({
    cause: 'answers-everyone',
    severity: 'red',
    state: 'Unsafe',
    sentence: 'answers everyone who writes on iMessage',
    open: true,
  })
  expect(first?.evidence[0]).toMatchObject({ name: 'Answers', value: 'iMessage: everyone who writes' })
  clock.advance(3_600_000)
  await sweepAll(here.facts)
  expect(here.findings.open()).toMatchObject([
    { findingId: first?.findingId, noticedAtMs: first?.noticedAtMs, lastSeenAtMs: clock.nowMs() },
  ])
  const client = here.inventory.addClient({
    name: 'Dana',
    handles: [{ kind: 'phone', value: '+13105550101', label: 'Dana', trust: 'typed' }],
  }).client
  here.inventory.editBox({ boxId, fields: { clientId: client.clientId } })
  open = false
  clock.advance(60_000)
  await sweepAll(here.facts)
  expect(here.findings.open()).toEqual([])
  expect(here.findings.ofBox(boxId, 10)).toMatchObject([
    { open: false, closedAtMs: clock.nowMs(), recovery: 'It answers only those on its list.' },
  ])
  expect(here.ledger.entries({ boxId, limit: 10 }).map((entry) => entry.kind)).toEqual(
    expect.arrayContaining(['finding.opened', 'finding.closed']),
  )
})

test('a box that cannot be reached keeps its other findings open', async () => {
  const clock = fakeClock()
  let fault: Fault | null = null
  const here = lab(
    async () => {
      if (fault) throw new FaultError(fault)
      return answer(clock, {
        agents: [
          sampleAgent(clock.nowMs(), {
            config: got(sampleConfig(clock.nowMs(), { parses: false, problem: 'line 3' })),
          }),
        ],
      })
    },
    { clock, boxes: 1 },
  )
  await sweepAll(here.facts)
  fault = refusal('box-1').fault
  clock.advance(60_000)
  await sweepAll(here.facts)
  expect(
    here.findings
      .open()
      .map((finding) => finding.cause)
      .sort(),
  ).toEqual(['config-invalid', 'offline'])
  const facts = here.facts.ofBox(here.idOf('box-1'))
  expect(facts.find((fact) => fact.key === 'reach.answers')).toMatchObject({ verdict: 'bad', text: 'no' })
  expect(facts.find((fact) => fact.key === 'version.disk')).toMatchObject({ text: '2026.9.6' })
})

test('a fact that reads differently leaves its old interval behind; one that reads the same goes on', async () => {
  const clock = fakeClock()
  let version = '2026.9.5'
  const here = lab(
    async () =>
      answer(clock, {
        agents: [
          sampleAgent(clock.nowMs(), { install: got(sampleInstall({ version })), runningVersion: got(version) }),
        ],
      }),
    { clock, boxes: 1 },
  )
  const boxId = here.idOf('box-1')
  const startMs = clock.nowMs()
  await sweepAll(here.facts)
  clock.advance(1000)
  await sweepAll(here.facts)
  version = '2026.9.6'
  clock.advance(1000)
  await sweepAll(here.facts)
  const agentId = here.inventory.agents(boxId)[0]!.agentId
  expect(here.facts.history({ boxId, agentId, key: 'version.disk', instance: '' })).toMatchObject([
    { text: '2026.9.6', fromMs: startMs + 2000, toMs: startMs + 2000 },
    { text: '2026.9.5', fromMs: startMs, toMs: startMs + 1000 },
  ])
})

test('a newer version in the fleet puts the others behind without asking them again', async () => {
  const clock = fakeClock()
  const versions: Record<string, string> = { 'box-1': '2026.9.5', 'box-2': '2026.9.5' }
  const here = lab(
    async (name) =>
      answer(clock, {
        agents: [
          sampleAgent(clock.nowMs(), {
            install: got(sampleInstall({ version: versions[name] ?? '' })),
            runningVersion: got(versions[name] ?? ''),
          }),
        ],
      }),
    { clock, boxes: 2 },
  )
  await sweepAll(here.facts)
  expect(here.findings.open()).toEqual([])
  versions['box-2'] = '2026.9.6'
  await sweepAll(here.facts, [here.idOf('box-2')])
  const gap = here.facts.ofBox(here.idOf('box-1')).find((fact) => fact.key === 'version.gap')
  expect(gap).toMatchObject({
    value: 1,
    text: 'at least 1 release',
    evidence: { source: 'the newest seen in this fleet' },
  })
  expect(here.findings.open()).toMatchObject([
    { boxName: 'box-1', cause: 'behind', sentence: 'is at least 1 release behind' },
  ])
})

test('a config that changed since the last sweep, and not by us, is a finding that says who wrote it', async () => {
  const clock = fakeClock()
  let print = 'a'
  const agent = () =>
    sampleAgent(clock.nowMs(), {
      config: got(sampleConfig(clock.nowMs(), { fingerprint: print.repeat(64) })),
      configWrites: got(
        print === 'a'
          ? []
          : [{ atMs: clock.nowMs() - 5000, by: 'openclaw config patch', hashBefore: '', hashAfter: '' }],
      ),
    })
  const here = lab(async () => answer(clock, { agents: [agent()] }), { clock, boxes: 1 })
  await sweepAll(here.facts)
  clock.advance(60_000)
  await sweepAll(here.facts)
  expect(here.findings.open()).toEqual([])
  print = 'c'
  clock.advance(60_000)
  await sweepAll(here.facts)
  expect(here.findings.open()).toMatchObject([{ cause: 'changed-outside', severity: 'attention', state: 'Changed' }])
  expect(here.findings.open()[0]?.sentence).toMatch(
    /^changed without you: its config, \w+day \d\d:\d\d, by "openclaw config patch"$/,
  )
  clock.advance(60_000)
  await sweepAll(here.facts)
  expect(here.findings.open()).toHaveLength(1)
})

test('facts older than two sweeps are unknown, whatever they said', async () => {
  const clock = fakeClock()
  const here = lab(async () => answer(clock), { clock, boxes: 1 })
  await sweepAll(here.facts)
  const boxId = here.idOf('box-1')
  clock.advance(47 * 3_600_000)
  expect(here.facts.ofBox(boxId).some((fact) => fact.stale)).toBe(false)
  clock.advance(2 * 3_600_000)
  for (const fact of here.facts.ofBox(boxId)) expect(fact).toMatchObject({ stale: true, verdict: 'unknown' })
})

test('a full disk of this computer fails the boxes it could not keep, and ends the sweep all the same', async () => {
  const clock = fakeClock()
  const here = lab(async () => answer(clock), { clock, boxes: 3 })
  const { db } = here.store
  const sweepId = here.facts.sweeps.start({ reason: 'operator' })
  const pages = db.pragma('page_count', { simple: true }) as number
  db.pragma(`max_page_count = ${pages}`)
  await here.facts.sweeps.idle()
  const ended = (await here.facts.sweeps.watch(sweepId).next()).value as SweepProgress
  db.pragma('max_page_count = 1073741823')
  expect(ended.boxes.map((box) => [box.outcome, box.fault?.code])).toEqual(Array(3).fill(['failed', 'disk-full']))
  expect((await sweepAll(here.facts)).swept).toBe(3)
  expect(here.ledger.verify().intact).toBe(true)
})

test('jump hosts are never swept', async () => {
  const clock = fakeClock()
  const here = lab(async () => answer(clock), { clock, boxes: 2 })
  here.inventory.editBox({ boxId: here.idOf('box-1'), fields: { jumpOnly: true } })
  expect(outcomes(await sweepAll(here.facts))).toEqual({ 'box-2': 'swept' })
})

test('closing lets a running sweep go and marks it interrupted', async () => {
  const here = lab(() => new Promise(() => {}))
  here.facts.sweeps.start({ reason: 'operator' })
  await here.facts.sweeps.close()
  expect(here.facts.sweeps.current()).toMatchObject({ state: 'interrupted' })
  expect(here.build().sweeps.current()).toMatchObject({ state: 'interrupted', done: 12, swept: 0 })
})
