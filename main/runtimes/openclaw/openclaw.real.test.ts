import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BoxId } from '../../../shared/contract/index.ts'
import { systemClock } from '../../base/clock.ts'
import { silentLog } from '../../base/log.ts'
import { createOnbox } from '../../onbox/onbox.ts'
import { crashGateway } from '../../testing/crash-gateway.ts'
import { type FakeProvider, fakeSettings, startFakeProvider } from '../../testing/fake-provider.ts'
import { localSsh } from '../../testing/local-ssh.ts'
import {
  installOpenclaw,
  makeGitInstall,
  makeOpenclawHome,
  type OpenclawInstall,
  openclaw,
  openclawEnv,
  openclawJson,
  type RunningGateway,
  startGateway,
  treeState,
} from '../../testing/openclaw.ts'
import { type Observed, type ObservedAgent, ProbeRequest, type Read } from '../observed.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wh-openclaw-'))
const fingerprintKey = 'cd'.repeat(32)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One question to a box of this machine, as the console asks it. */
async function probe(home: string, entry: string, ask: Partial<ProbeRequest> = {}): Promise<Observed> {
  const inventory = { box: () => ({ name: 'box', launcher: 'node' }) as never, setLauncher: () => {} }
  const onbox = createOnbox({
    ssh: localSsh({ env: openclawEnv(home) }),
    inventory,
    clock: systemClock,
    log: silentLog,
    boxProgramsDir: path.resolve('out/box'),
  })
  try {
    const request = ProbeRequest.parse({
      fingerprintKey,
      testHandles: [],
      validate: false,
      ownCommandMs: 60_000,
      stateDirs: [],
      entries: [entry],
      folders: [],
      ...ask,
    })
    return await onbox.probe('box' as BoxId, request, { deadlineMs: 60_000 })
  } finally {
    onbox.close()
  }
}

async function agentOf(home: string, entry: string, ask: Partial<ProbeRequest> = {}): Promise<ObservedAgent> {
  const { agents } = await probe(home, entry, ask)
  const [agent] = agents
  if (agent === undefined) throw new Error('no agent was found')
  return agent
}

function value<T>(found: Read<T>): T {
  if (!found.read) throw new Error(`not read: ${found.why} (${found.source})`)
  return found.value
}

/** A gateway that has just started is busy with itself for a while; it is asked again until it answers. */
async function settled(home: string, entry: string): Promise<void> {
  const answers = async () => {
    const agent = await agentOf(home, entry)
    return [agent.ready.read && agent.ready.value.ready, agent.runningVersion.read, agent.applied.read]
  }
  await expect.poll(answers, { timeout: 90_000, interval: 1000 }).toEqual([true, true, true])
}

const configFile = (home: string) => path.join(home, '.openclaw', 'openclaw.json')

describe.each(['2026.9.6', '2026.6.11'] as const)('a box with OpenClaw %s', (version) => {
  const home = path.join(folder, version)
  let install: OpenclawInstall
  let provider: FakeProvider
  let gateway: RunningGateway | null = null
  let port = 0

  beforeAll(async () => {
    install = await installOpenclaw(version)
    provider = await startFakeProvider()
    mkdirSync(home)
    port = await makeOpenclawHome(home, fakeSettings(provider.url, ['111']))
  }, 900_000)
  afterAll(async () => {
    await gateway?.kill()
    await provider.stop()
  })

  it('is read before its first start, and nothing is written', async () => {
    const before = treeState(home)
    const agent = await agentOf(home, install.entry, { validate: true })
    expect(treeState(home)).toEqual(before)
    expect(value(agent.service)).toMatchObject({ kind: 'none', running: false })
    expect(value(agent.config)).toMatchObject({ parses: true, schemaValid: true })
    expect((await openclaw(install, home, ['--version'])).stdout).toContain(value(agent.install).version)
  }, 60_000)

  it('answers while its gateway runs what its own commands answer', async () => {
    gateway = await startGateway(install, home, port)
    await settled(home, install.entry)
    const status = await openclawJson<{ rpc?: { server?: { version: string } } }>(install, home, [
      'gateway',
      'status',
      '--json',
    ])
    const validate = await openclawJson<{ valid: boolean }>(install, home, ['config', 'validate', '--json'])
    const readyz = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as {
      ready: boolean
      failing: string[]
    }
    const agent = await agentOf(home, install.entry, { validate: true })

    expect(value(agent.runningVersion)).toBe(status.rpc?.server?.version ?? version)
    expect(value(agent.service)).toMatchObject({ kind: 'foreground', running: true, pid: gateway.pid, port })
    expect(value(agent.ready)).toMatchObject({ ready: readyz.ready, failing: readyz.failing })
    expect(value(agent.config).schemaValid).toBe(validate.valid)
    expect(value(agent.config).sha256).toBe(
      createHash('sha256')
        .update(readFileSync(configFile(home)))
        .digest('hex'),
    )
    expect(value(agent.applied)).toBe(true)
    expect(value(agent.doors)).toMatchObject([
      { channel: 'telegram', account: 'default', enabled: true, direct: 'listed', listed: ['111'], groups: 'nobody' },
    ])
    expect(value(agent.patchedFiles)).toEqual({ by: version === '2026.9.6' ? 'hashes' : 'dates', files: [] })
    expect(JSON.stringify(agent)).not.toContain('AAFakeTokenForTestsOnly')
    expect(JSON.stringify(agent)).not.toContain('not-a-real-key')
  }, 180_000)

  it('counts an answered message and a dropped stranger', async () => {
    const startedMs = Date.now() - 2000
    provider.message(222, 'let me in')
    provider.message(111, 'ping')
    await expect
      .poll(() => provider.sent.filter(({ chat }) => chat === '111').length, { timeout: 60_000 })
      .toBeGreaterThan(0)
    await expect
      .poll(async () => value((await agentOf(home, install.entry)).activity).lastReplyAtMs ?? 0, {
        timeout: 30_000,
        interval: 500,
      })
      .toBeGreaterThan(startedMs)
    // It writes down that a stranger was dropped somewhat after it kept what they wrote.
    const days = async () => value((await agentOf(home, install.entry)).activity).days
    await expect.poll(days, { timeout: 30_000, interval: 500 }).toMatchObject([{ inbound: 1, replies: 1 }])
    const activity = value((await agentOf(home, install.entry)).activity)
    expect(activity.lastInboundAtMs).toBeGreaterThan(startedMs - 1000)
    expect(activity).toMatchObject({ unanswered: 0, failures: 0 })
    if (version === '2026.9.6') expect(activity.droppedStrangers).toBe(1)
    if (version === '2026.9.6')
      expect(value((await agentOf(home, install.entry, { testHandles: ['telegram:111'] })).activity).days).toEqual([])
  }, 120_000)

  // The older version answers one message per session and start, so this is asked of the newer alone.
  if (version === '2026.9.6')
    it('takes the error text that the client is sent for a failure, not for a reply', async () => {
      const before = value((await agentOf(home, install.entry)).activity)
      provider.model = 'refuses'
      provider.message(111, 'are you there?')
      const failures = async () => value((await agentOf(home, install.entry)).activity).failures
      await expect.poll(failures, { timeout: 90_000, interval: 1000 }).toBeGreaterThan(0)
      const after = value((await agentOf(home, install.entry)).activity)
      expect(after.lastReplyAtMs).toBe(before.lastReplyAtMs)
      expect(after.lastFailure).not.toContain('are you there')
      provider.model = 'answers'
    }, 150_000)

  it('shows a broken file under the running gateway', async () => {
    const good = readFileSync(configFile(home), 'utf8')
    writeFileSync(configFile(home), good.replace('"mode": "local"', '"mode": "nowhere"'))
    const agent = await agentOf(home, install.entry, { validate: true })
    expect(value(agent.config)).toMatchObject({ parses: true, schemaValid: false })
    expect(value(agent.config).schemaProblem).toContain('gateway.mode')
    expect(value(agent.applied)).toBe(false)
    expect(await openclawJson(install, home, ['config', 'validate', '--json'])).toMatchObject({
      valid: false,
    })
    writeFileSync(configFile(home), '{ gateway: ')
    const torn = await agentOf(home, install.entry, { validate: true })
    expect(value(torn.config)).toMatchObject({ parses: false })
    expect(value(torn.config).problem).toContain('openclaw.json')
    expect(torn.doors).toMatchObject({ read: false })
    expect(value(torn.ready).ready).toBe(true)
    writeFileSync(configFile(home), good)
  }, 120_000)

  it('is read after its gateway stopped, and nothing is written', async () => {
    await gateway?.stop()
    gateway = null
    const before = treeState(home)
    const agent = await agentOf(home, install.entry, { validate: true })
    expect(treeState(home)).toEqual(before)
    expect(value(agent.service)).toMatchObject({ running: false, pid: null })
    expect(agent.ready).toMatchObject({ read: false })
    if (version === '2026.9.6') expect(value(agent.boots)[0]).toMatchObject({ clean: true })
  }, 120_000)

  it('knows its last backup, where the version writes that down', async () => {
    type Backup = { createdAt: string; verified: boolean }
    const backup = await openclawJson<Backup>(install, home, [
      'backup',
      'create',
      '--verify',
      '--output',
      folder,
      '--json',
    ])
    const { lastBackup } = await agentOf(home, install.entry)
    if (version === '2026.6.11')
      expect(lastBackup).toMatchObject({ read: false, why: 'This version does not write down its backups.' })
    else {
      expect(value(lastBackup).ok).toBe(backup.verified)
      expect(value(lastBackup).atMs).toBeGreaterThanOrEqual(Date.parse(backup.createdAt))
    }
  }, 120_000)
})

describe('a box whose gateway crashed three times', () => {
  it('holds its channels back while everything else looks well', async () => {
    const home = path.join(folder, 'crashed')
    mkdirSync(home)
    const install = await installOpenclaw('2026.9.6')
    const provider = await startFakeProvider()
    const port = await makeOpenclawHome(home, fakeSettings(provider.url, ['111']))
    await crashGateway(install, home, 3)
    const crashed = treeState(home)
    expect(value((await agentOf(home, install.entry)).service).running).toBe(false)
    expect(treeState(home)).toEqual(crashed)

    const gateway = await startGateway(install, home, port)
    try {
      await settled(home, install.entry)
      const suppressed = async () =>
        ((await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as { suppressed?: string[] }).suppressed ?? []
      await expect.poll(suppressed, { timeout: 60_000, interval: 500 }).toContain('telegram')
      const agent = await agentOf(home, install.entry)
      expect(value(agent.ready)).toMatchObject({ ready: true, suppressed: await suppressed() })
      expect(value(agent.channels)).toMatchObject([
        { channel: 'telegram', connected: false, detail: 'Held back by the gateway after crashes.' },
      ])
      const [now, ...before] = value(agent.boots).map(({ clean }) => clean)
      expect(now).toBe(null)
      expect(before.length).toBeGreaterThanOrEqual(3)
      expect(new Set(before)).toEqual(new Set([false]))
    } finally {
      await gateway.stop()
      await provider.stop()
    }
  }, 240_000)
})

describe('a git install', () => {
  it('is as far behind as its own update status says', async () => {
    const home = path.join(folder, 'git-box')
    mkdirSync(home)
    await makeOpenclawHome(home)
    const behind = 3 + Math.floor(Math.random() * 40)
    const install = await makeGitInstall(home, await installOpenclaw('2026.9.6'), behind)
    type Status = {
      update: {
        installKind: string
        git: {
          sha: string
          branch: string
          upstream: string
          behind: number
          ahead: number
          dirty: boolean
          builtSha: string
        }
      }
    }
    const { update } = await openclawJson<Status>(install, home, ['update', 'status', '--json'])
    const before = treeState(home)
    const found = value((await agentOf(home, install.entry, { validate: true })).install)
    expect(treeState(home)).toEqual(before)
    expect(found).toMatchObject({ kind: update.installKind, packageManager: 'git' })
    if (found.git === null) throw new Error('no git facts')
    const { sha, branch, upstream, ahead, builtSha } = update.git
    expect(value(found.git)).toMatchObject({
      commit: sha,
      branch,
      upstream,
      ahead,
      behind: update.git.behind,
      dirtyFiles: 0,
    })
    expect(found.builtCommit).toBe(builtSha)
    expect(update.git.behind).toBe(behind)

    writeFileSync(path.join(install.root, 'README.md'), 'patched by hand\n')
    const patched = await agentOf(home, install.entry, { validate: true })
    expect(value(patched.patchedFiles)).toEqual({ by: 'git', files: ['README.md'] })
  }, 240_000)
})
