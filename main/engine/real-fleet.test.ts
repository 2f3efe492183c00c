import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BoxId, Fact, FactKey, SweepProgress } from '../../shared/contract/index.ts'
import { crashGateway } from '../testing/crash-gateway.ts'
import { type FakeProvider, fakeSettings, startFakeProvider } from '../testing/fake-provider.ts'
import { installOpenclaw, makeGitInstall, openclaw, openclawJson, startGateway } from '../testing/openclaw.ts'
import { type RealBox, startRealBox } from '../testing/real-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'
import type { Engine } from './engine.ts'

/**
 * Twelve real sshd boxes with real OpenClaw homes of both eras, one of them a git checkout, three with a live gateway.
 * Every expected value comes from that box's own command line or gateway in this run.
 */
const dataDir = tempDir()
const homes = tempDir()
const cleanups: (() => unknown)[] = []
const boxes: RealBox[] = []
let engine: Engine
let provider: FakeProvider
let progress: SweepProgress

async function addBox(name: string, install: { entry: string }, settings: Record<string, unknown>): Promise<RealBox> {
  const real = await startRealBox(engine, homes, { name, entry: install.entry, settings })
  cleanups.push(() => real.stop())
  boxes.push(real)
  return real
}

async function live(box: RealBox): Promise<void> {
  const gateway = await startGateway(box, box.home, box.port)
  cleanups.push(() => gateway.stop())
}

const telegram = (allowed: readonly string[], policy = 'allowlist') => {
  const settings = fakeSettings(provider.url, allowed) as { channels: { telegram: Record<string, unknown> } }
  return { ...settings, channels: { telegram: { ...settings.channels.telegram, dmPolicy: policy } } }
}

/** The fleet of the test; `behind` varies from run to run. */
async function build(): Promise<void> {
  const [now, before] = await Promise.all((['2026.9.6', '2026.6.11'] as const).map(installOpenclaw))
  if (!now || !before) throw new Error('OpenClaw is not installed')
  const healthy = await addBox('live-healthy', now, telegram(['111']))
  const crashed = await addBox('live-suppressed', now, telegram(['111']))
  const broken = await addBox('live-broken-file', now, telegram(['111']))
  await crashGateway(crashed, crashed.home, 3)
  await Promise.all([healthy, crashed, broken].map(live))
  writeFileSync(
    configOf(broken),
    readFileSync(configOf(broken), 'utf8').replace('"mode": "local"', '"mode": "nowhere"'),
  )
  const checkout = path.join(homes, 'checkout')
  mkdirSync(checkout)
  await addBox(
    'git',
    await makeGitInstall(checkout, now, 25 + Math.floor(Math.random() * 300)),
    telegram(['111', '222']),
  )
  await addBox('new-one', now, telegram(['111']))
  await addBox('new-two', now, telegram(['111', '222']))
  await addBox('new-everyone', now, telegram(['*']))
  await addBox('new-pairing', now, telegram([], 'pairing'))
  await addBox('new-nobody', now, telegram([], 'disabled'))
  await addBox('old-one', before, telegram(['111']))
  await addBox('old-everyone', before, telegram(['*'], 'open'))
  await addBox('old-broken', before, { agents: { entries: {} } })
}

const configOf = (box: RealBox) => path.join(box.home, '.openclaw', 'openclaw.json')
const named = (name: string): RealBox => {
  const box = boxes.find((candidate) => candidate.name === name)
  if (!box) throw new Error(`no box ${name}`)
  return box
}
const factsOf = async (box: RealBox): Promise<Fact[]> => (await engine.client.pages.machine({ boxId: box.boxId })).facts
async function factOf(box: RealBox, key: FactKey): Promise<Fact> {
  const fact = (await factsOf(box)).find((candidate) => candidate.key === key)
  if (!fact) throw new Error(`${box.name} has no fact ${key}`)
  return fact
}
const causesOf = async (box: RealBox) =>
  (await engine.client.pages.machine({ boxId: box.boxId })).findings
    .filter(({ open }) => open)
    .map(({ cause }) => cause)

async function sweep(boxIds?: BoxId[]): Promise<SweepProgress> {
  const { sweepId } = await engine.client.sweep.start(boxIds ? { boxIds } : {})
  let last = progress
  for await (const now of await engine.client.sweep.watch({ sweepId })) last = now
  return last
}

beforeAll(async () => {
  provider = await startFakeProvider()
  engine = await testEngine(dataDir)
  // Twelve boxes share this one computer: their own commands get their time when few run at once.
  await engine.client.app.setSettings({
    boxDeadlineS: 300,
    sweepConcurrency: 2,
    askRegistry: false,
    lightSweepMinutes: 0,
  })
  await build()
  progress = await sweep()
}, 900_000)

afterAll(async () => {
  await engine.close()
  for (const clean of cleanups.reverse()) await clean()
  await provider.stop()
  for (const folder of [dataDir, homes]) rmSync(folder, { recursive: true, force: true })
}, 120_000)

test('all twelve are swept', () => {
  expect(
    progress.boxes
      .map(({ boxName, outcome, fault }) => ({ boxName, outcome, fault }))
      .sort((a, b) => a.boxName.localeCompare(b.boxName)),
  ).toEqual(
    boxes
      .map(({ name }) => ({ boxName: name, outcome: 'swept', fault: null }))
      .sort((a, b) => a.boxName.localeCompare(b.boxName)),
  )
  expect(boxes).toHaveLength(12)
})

test('the version is what each box says itself', async () => {
  for (const box of boxes) {
    const { stdout } = await openclaw(box, box.home, ['--version'])
    expect(stdout, box.name).toContain((await factOf(box, 'version.disk')).text)
  }
}, 120_000)

test('the gap of the git install is what its own update status counts', async () => {
  const box = named('git')
  const status = await openclawJson<{ update: { git: { behind: number } } }>(box, box.home, [
    'update',
    'status',
    '--json',
  ])
  expect((await factOf(box, 'version.gap')).value).toBe(status.update.git.behind)
  expect(await causesOf(box)).toContain('behind')
}, 60_000)

test('releases behind are counted against the newest version that the fleet has', async () => {
  const newest = (await openclaw(named('new-one'), named('new-one').home, ['--version'])).stdout
  expect(newest).toContain((await factOf(named('old-one'), 'version.newest')).text)
  expect((await factOf(named('old-one'), 'version.gap')).value).toBeGreaterThan(0)
  expect((await factOf(named('new-one'), 'version.gap')).value).toBe(0)
}, 60_000)

test('the service state is what its own gateway status says', async () => {
  for (const box of boxes) {
    type Status = { port?: { status?: string; listeners?: unknown }; rpc?: { ok?: boolean } }
    const status = await openclawJson<Status>(box, box.home, ['gateway', 'status', '--json'])
    const runs = status.port?.status === 'busy'
    const fact = await factOf(box, 'agent.service')
    const saw = `${fact.text}; ${JSON.stringify(status.port)}`
    expect({ box: box.name, runs: fact.verdict === 'ok' }, saw).toEqual({ box: box.name, runs })
    expect(fact.text).toMatch(runs ? /foreground/i : /not|no service|none|unknown/i)
  }
}, 180_000)

test('config validity is what its own config validate says', async () => {
  for (const box of boxes) {
    const own = await openclawJson<{ valid: boolean }>(box, box.home, ['config', 'validate', '--json'])
    const { verdict, text } = await factOf(box, 'config.valid')
    expect({ box: box.name, verdict }, text).toEqual({ box: box.name, verdict: own.valid ? 'ok' : 'bad' })
  }
}, 180_000)

test('a broken file under a running gateway is a finding although the gateway is ready', async () => {
  const box = named('live-broken-file')
  const readyz = (await (await fetch(`http://127.0.0.1:${box.port}/readyz`)).json()) as { ready: boolean }
  expect(readyz.ready).toBe(true)
  expect(await causesOf(box)).toContain('config-invalid')
})

test('channels held back after crashes are a finding although the gateway is ready', async () => {
  const box = named('live-suppressed')
  const readyz = (await (await fetch(`http://127.0.0.1:${box.port}/readyz`)).json()) as { suppressed: string[] }
  expect(readyz.suppressed).toContain('telegram')
  expect(await causesOf(box)).toContain('channel-suppressed')
  expect(await causesOf(named('live-healthy'))).not.toContain('channel-suppressed')
})

describe('who it answers', () => {
  test('is what its own config says, by the documented table', async () => {
    for (const box of boxes.filter(({ name }) => name !== 'old-broken' && name !== 'live-broken-file')) {
      const own = await openclawJson<{ dmPolicy: string; allowFrom?: string[] }>(box, box.home, [
        'config',
        'get',
        'channels.telegram',
        '--json',
      ])
      const fact = await factOf(box, 'access.answers')
      const open = own.allowFrom?.includes('*') === true && own.dmPolicy !== 'disabled'
      expect({ box: box.name, everyone: /everyone/i.test(fact.text) }).toEqual({ box: box.name, everyone: open })
      if (open) expect(fact.verdict).toBe('bad')
      if (own.dmPolicy === 'pairing' && !open) expect(fact.text).toMatch(/pairing code/i)
      if (own.dmPolicy === 'disabled') expect(fact.text).toMatch(/nobody/i)
      if (own.dmPolicy === 'allowlist' && !open)
        expect(fact.text).toMatch(own.allowFrom?.length === 1 ? /1 |only/ : /2 /)
    }
  }, 120_000)

  test('everyone is a finding at both eras', async () => {
    for (const name of ['new-everyone', 'old-everyone'])
      expect(await causesOf(named(name))).toContain('answers-everyone')
  })
})

test('the review leads with what is unsafe and hides no box', async () => {
  const review = await engine.client.pages.review()
  expect(review).toMatchObject({ machines: 12, answered: 12, notSeen: [], allQuiet: false })
  expect(review.items[0]?.finding.severity).toBe('red')
  const fleet = await engine.client.pages.fleet()
  expect(fleet.rows).toHaveLength(12)
  expect(fleet.rows.find(({ boxName }) => boxName === 'git')?.behind).toBeGreaterThan(0)
})
