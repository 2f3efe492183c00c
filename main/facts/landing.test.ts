import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { doorInstance } from '../../shared/channels.ts'
import type { Fault } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { answer, factsLab, refusal, sweepAll } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { got, notRead, sampleAgent, sampleConfig, sampleDoor, sampleInstall } from '../testing/observed-sample.ts'
import type { RegistryAnswer } from './registry.ts'

test('a finding opens once, is refreshed while it lasts, and closes with its recovery', async () => {
  const clock = fakeClock()
  let open = true
  const door = () => sampleDoor({ direct: open ? 'everyone' : 'listed' })
  using here = factsLab(async () => answer(clock, { agents: [sampleAgent(clock.nowMs(), { doors: got([door()]) })] }), {
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
  expect(here.findings.open().map(({ cause }) => cause)).toEqual(['changed-outside'])
  expect(here.findings.ofBox(boxId, 10).filter(({ cause }) => cause === 'answers-everyone')).toMatchObject([
    { open: false, closedAtMs: clock.nowMs(), recovery: 'It answers only those on its list.' },
  ])
  expect(here.ledger.entries({ boxId, limit: 10 }).map((entry) => entry.kind)).toEqual(
    expect.arrayContaining(['finding.opened', 'finding.closed']),
  )
})

test('a box that cannot be reached keeps its other findings open', async () => {
  const clock = fakeClock()
  let fault: Fault | null = null
  using here = factsLab(
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
  using here = factsLab(
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
  using here = factsLab(
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
    { boxName: 'box-2', cause: 'changed-outside' },
  ])
})

test('facts older than two sweeps are unknown, whatever they said', async () => {
  const clock = fakeClock()
  using here = factsLab(async () => answer(clock), { clock, boxes: 1 })
  await sweepAll(here.facts)
  const boxId = here.idOf('box-1')
  clock.advance(47 * 3_600_000)
  expect(here.facts.ofBox(boxId).some((fact) => fact.stale)).toBe(false)
  clock.advance(2 * 3_600_000)
  for (const fact of here.facts.ofBox(boxId)) expect(fact).toMatchObject({ stale: true, verdict: 'unknown' })
})

test('a registry that is slow holds no sweep up; what it says late is judged when it comes', async () => {
  vi.stubEnv('WHEELHOUSE_NO_REGISTRY', '')
  const clock = fakeClock()
  let say: (answer: RegistryAnswer) => void = () => {}
  const registry = {
    ask: () =>
      new Promise<RegistryAnswer>((resolve) => {
        say = resolve
      }),
  }
  using here = factsLab(async () => answer(clock), { clock, boxes: 1, registry, settings: { askRegistry: true } })
  here.facts.sweeps.start({ reason: 'operator' })
  while (here.facts.sweeps.current()?.done !== 1) await nextTurn()
  expect(here.facts.sweeps.current()?.state).toBe('running')
  while (here.facts.sweeps.current()?.state === 'running') {
    clock.advance(2000)
    await nextTurn()
  }
  expect(here.findings.open()).toEqual([])
  const nowMs = clock.nowMs()
  say({
    newest: '2026.9.8',
    versions: [
      { version: '2026.9.6', publishedAtMs: nowMs - 20 * 86_400_000 },
      { version: '2026.9.8', publishedAtMs: nowMs },
    ],
  })
  while (here.findings.open().length === 0) await nextTurn()
  expect(here.findings.open()).toMatchObject([
    { cause: 'behind', severity: 'red', sentence: 'is 1 release and 20 days behind' },
  ])
  const newest = here.facts.ofBox(here.idOf('box-1')).find((fact) => fact.key === 'version.newest')
  expect(newest?.evidence.source).toContain('the npm registry')
  vi.unstubAllEnvs()
})

test('the channels of an answer become inventory with its facts, and a later answer without one says so', async () => {
  const clock = fakeClock()
  const second = sampleDoor({ channel: 'telegram', account: 'second' })
  let doors: ReturnType<typeof got<ReturnType<typeof sampleDoor>[]>> | ReturnType<typeof notRead> = got([
    sampleDoor({ channel: 'telegram', account: '' }),
    second,
  ])
  using here = factsLab(async () => answer(clock, { agents: [sampleAgent(clock.nowMs(), { doors })] }), {
    clock,
    boxes: 1,
  })
  const boxId = here.idOf('box-1')
  await sweepAll(here.facts)
  const before = here.inventory.channels({ boxId })
  const instances = here.facts.ofBox(boxId).filter((fact) => fact.key === 'access.answers')
  expect(before.map(doorInstance)).toEqual(instances.map((fact) => fact.instance).sort())
  expect(before).toMatchObject([
    { account: 'default', kind: null, seenNow: true, firstSeenAtMs: clock.nowMs() },
    { account: 'second', kind: null, seenNow: true },
  ])
  here.inventory.setChannelKind({ channelId: before[1]!.channelId, kind: 'team' })
  doors = notRead('the config could not be read')
  clock.advance(60_000)
  await sweepAll(here.facts)
  expect(here.inventory.channels({ boxId })).toEqual([before[0], { ...before[1], kind: 'team' }])
  doors = got([second])
  clock.advance(60_000)
  await sweepAll(here.facts)
  expect(here.inventory.channels({ boxId })).toEqual([
    { ...before[0], seenNow: false },
    { ...before[1], kind: 'team', lastSeenAtMs: clock.nowMs() },
  ])
})

test('a machine that claims a version from the future does not put the others behind', async () => {
  vi.stubEnv('WHEELHOUSE_NO_REGISTRY', '')
  const clock = fakeClock()
  const registry = {
    ask: async (): Promise<RegistryAnswer> => ({
      newest: '2026.9.6',
      versions: [{ version: '2026.9.6', publishedAtMs: clock.nowMs() }],
    }),
  }
  using here = factsLab(
    async (name) => {
      const version = name === 'box-2' ? '2099.1.1' : '2026.9.6'
      const agent = sampleAgent(clock.nowMs(), {
        install: got(sampleInstall({ version })),
        runningVersion: got(version),
      })
      return answer(clock, { agents: [agent] })
    },
    { clock, boxes: 2, registry, settings: { askRegistry: true } },
  )
  await sweepAll(here.facts)
  await sweepAll(here.facts)
  expect(here.findings.open().filter(({ cause }) => cause === 'behind')).toEqual([])
  vi.unstubAllEnvs()
})
