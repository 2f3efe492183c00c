import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BoxId, Fact, FactKey, Finding, SweepProgress } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { startProxy, startRawServer, startSshFault } from '../testing/fault-server.ts'
import { installOldNode } from '../testing/openclaw.ts'
import { startSshdBox } from '../testing/sshd-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'
import type { Engine } from './engine.ts'

/** One sweep over boxes that are broken in every way we know, and healthy ones among them. */
const dataDir = tempDir()
const cleanups: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })]
const ids = new Map<string, BoxId>()
const landings: string[] = []
let engine: Engine
let progress: SweepProgress

/** A `node` of that box's own in front of its PATH. */
function ownNode(script: string): Record<string, string> {
  const folder = tempDir()
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(path.join(folder, 'node'), `#!/bin/sh\nexec ${script} "$@"\n`)
  chmodSync(path.join(folder, 'node'), 0o755)
  return { PATH: `${folder}:/usr/bin:/bin` }
}
const part = (name: string) => path.resolve('main/testing', name)
const hostileNode = (fault: string) => ownNode(`${process.execPath} ${part('hostile-node.cjs')} '${fault}'`)
const hostileSystem = (env: Record<string, string>) => ({
  ...ownNode(`${process.execPath} -r ${part('hostile-system.cjs')}`),
  ...env,
})

/** A login shell that knows one `node`, or none, and nothing else, wherever it is looked for. */
function onlyNode(name: string, node: string | null): string {
  const file = path.join(dataDir, `${name}.sh`)
  const known = node === null ? '' : `case "$2" in "node "*) exec /bin/sh -c "${node} \${2#node }";; esac\n`
  writeFileSync(file, `#!/bin/bash\n${known}echo "sh: 1: node: not found" >&2\nexit 127\n`)
  chmodSync(file, 0o755)
  return file
}

function homeWith(config: string): string {
  const home = tempDir()
  cleanups.push(() => rmSync(home, { recursive: true, force: true }))
  mkdirSync(path.join(home, '.openclaw', 'state'), { recursive: true })
  writeFileSync(path.join(home, '.openclaw', 'openclaw.json'), config)
  return home
}
const validConfig = '{gateway:{mode:"local",port:1},channels:{}}'

async function add(name: string, at: { host: string; port: number }, login: { user: string; keyPath: string }) {
  const { box } = await engine.client.inventory.addBox({
    name,
    host: at.host,
    port: at.port,
    user: login.user,
    auth: { kind: 'key', path: login.keyPath },
  })
  ids.set(name, box.boxId)
  return box.boxId
}
async function trust(boxId: BoxId) {
  const { fingerprint } = await engine.client.trust.offeredKey({ boxId })
  await engine.client.trust.accept({ boxId, fingerprint })
}

async function addSshd(name: string, options: Parameters<typeof startSshdBox>[0] = {}) {
  const sshd = await startSshdBox(options)
  cleanups.push(() => sshd.stop())
  await trust(await add(name, sshd, sshd))
  return sshd
}

/** A real box behind a proxy that goes bad after it was trusted. */
async function addProxied(name: string, goBad: (proxy: Awaited<ReturnType<typeof startProxy>>) => unknown) {
  const sshd = await startSshdBox()
  const proxy = await startProxy(sshd)
  cleanups.push(
    () => proxy.stop(),
    () => sshd.stop(),
  )
  await trust(await add(name, proxy, sshd))
  return () => goBad(proxy)
}

beforeAll(async () => {
  engine = await testEngine(dataDir)
  cleanups.push(() => engine.close())
  await engine.client.app.setSettings({ boxDeadlineS: 12, askRegistry: false, lightSweepMinutes: 0 })

  const realNode = ownNode(process.execPath)
  const healthy = await addSshd('healthy 1', { home: homeWith(validConfig), env: realNode })
  await addSshd('healthy 2', { home: homeWith(validConfig), env: realNode })
  await addSshd('healthy 3', { home: homeWith(validConfig), env: realNode })

  const break1 = await addProxied('refuses', (proxy) => proxy.stop())
  const break2 = await addProxied('hangs before the banner', (proxy) => {
    proxy.cut()
    proxy.freeze()
  })
  const deaf = await startSshFault()
  cleanups.push(() => deaf.stop())
  await trust(await add('hangs after login', deaf, healthy))
  const notSsh = await startRawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  cleanups.push(() => notSsh.stop())
  const changed = await addSshd('changed key')
  for (const fault of ['drop mid-answer', 'endless answer', 'broken JSON', 'wrong shape', 'crash'])
    await addSshd(fault, { env: hostileNode(fault) })
  await addSshd('hostile name', {
    home: homeWith(validConfig),
    env: hostileSystem({ BOX_HOST_NAME: encodeURIComponent('<img src=x onerror=alert(1)>\u202egnp\u0007') }),
  })
  await addSshd('full disk', { home: homeWith(validConfig), env: hostileSystem({ BOX_FREE_BYTES: '1000000' }) })
  await addSshd('clock off', { home: homeWith(validConfig), env: hostileSystem({ BOX_CLOCK_OFFSET_MS: '7200000' }) })
  await addSshd('no Node', { shell: onlyNode('none', null) })
  await addSshd('Node 12', { shell: onlyNode('old', await installOldNode()) })
  await addSshd('config is not JSON5', { home: homeWith('{gateway: {mode: "local"'), env: realNode })
  await addSshd('corrupt state', { home: corruptState(), env: realNode })
  await addSshd('locked state', { home: lockedState(), env: realNode })
  const unknown = await add('unknown name', { host: 'no-such-machine.invalid', port: 22 }, healthy)
  expect(unknown).toBeTruthy()

  break1()
  break2()
  await changed.rotateHostKey()
  progress = await sweepAll()
}, 180_000)

afterAll(async () => {
  for (const clean of cleanups.reverse()) await clean()
})

function corruptState(): string {
  const home = homeWith(validConfig)
  writeFileSync(path.join(home, '.openclaw/state/openclaw.sqlite'), Buffer.alloc(8192, 'not a database'))
  return home
}

function lockedState(): string {
  const home = homeWith(validConfig)
  const database = new DatabaseSync(path.join(home, '.openclaw/state/openclaw.sqlite'))
  database.exec('pragma user_version = 18; create table gateway_boot_lifecycle (started_at_ms integer)')
  database.exec('begin exclusive')
  cleanups.push(() => database.close())
  return home
}

async function sweepAll(): Promise<SweepProgress> {
  const { sweepId } = await engine.client.sweep.start({})
  let last: SweepProgress | null = null
  for await (const now of await engine.client.sweep.watch({ sweepId })) {
    for (const box of now.boxes) if (box.state === 'done' && !landings.includes(box.boxName)) landings.push(box.boxName)
    last = now
  }
  if (last === null) throw new Error('the sweep said nothing')
  return last
}

const boxOf = (name: string) => {
  const found = progress.boxes.find((box) => box.boxName === name)
  if (!found) throw new Error(`${name} was not swept`)
  return found
}
const sentenceOf = (name: string) => {
  const { fault } = boxOf(name)
  return fault ? faultText(fault).sentence : 'no fault'
}
const pageOf = (name: string) => engine.client.pages.machine({ boxId: ids.get(name)! })
const factOf = async (name: string, key: FactKey): Promise<Fact | undefined> =>
  (await pageOf(name)).facts.find((fact) => fact.key === key)
const findingOf = async (name: string): Promise<Finding | undefined> => (await pageOf(name)).findings[0]

test.each(['healthy 1', 'healthy 2', 'healthy 3'])('%s is swept and lost nothing to its neighbours', async (name) => {
  expect(boxOf(name)).toMatchObject({ state: 'done', outcome: 'swept', fault: null })
  expect(await factOf(name, 'reach.answers')).toMatchObject({ verdict: 'ok' })
})

test('the boxes that hang were waited for last', () => {
  const waited = ['hangs before the banner', 'hangs after login']
  expect(landings).toHaveLength(ids.size)
  expect(new Set(landings.slice(-waited.length))).toEqual(new Set(waited))
})

test.each([
  ['refuses', 'unreachable', 'refused'],
  ['hangs before the banner', 'unreachable', 'timed-out'],
  ['hangs after login', 'failed', 'timed-out'],
  ['unknown name', 'unreachable', 'name-not-found'],
  ['changed key', 'refused', 'key-changed'],
  ['drop mid-answer', 'unreachable', 'connection-lost'],
  ['endless answer', 'failed', 'answer-too-large'],
  ['broken JSON', 'failed', 'answer-not-understood'],
  ['wrong shape', 'failed', 'answer-not-understood'],
  ['crash', 'failed', 'program-crashed'],
  ['no Node', 'failed', 'no-node'],
  ['Node 12', 'failed', 'node-too-old'],
])('%s: %s, %s, and a finding with the sentence', async (name, outcome, code) => {
  const box = boxOf(name)
  expect({ outcome: box.outcome, code: box.fault?.code }).toEqual({ outcome, code })
  const finding = await findingOf(name)
  const said = finding?.evidence.find((line) => line.name === 'Last attempt')?.value
  expect(said, 'the finding carries the sentence an operator reads').toContain(sentenceOf(name).slice(0, 200))
  expect(
    (await pageOf(name)).facts.filter(({ key, verdict }) => verdict === 'ok' && !key.startsWith('reach.')),
  ).toEqual([])
})

test('the sentences say what happened', () => {
  const said = Object.fromEntries([...ids.keys()].map((name) => [name, sentenceOf(name)]))
  expect(said.refuses).toContain('takes no SSH connection')
  expect(said['hangs before the banner']).toContain('within 12 s')
  expect(said['unknown name']).toContain('no-such-machine.invalid')
  expect(said['changed key']).toContain('another key than the one you trusted')
  expect(said['Node 12']).toContain('12.')
  expect(new Set(Object.values(said)).size).toBeGreaterThanOrEqual(10)
})

test('a hostile host name arrives as text with its tricks visible', async () => {
  const strings: string[] = []
  JSON.stringify(await pageOf('hostile name'), (_, value) => {
    if (typeof value === 'string') strings.push(value)
    return value
  })
  expect(strings.filter((text) => /[\p{Cc}\p{Cf}]/u.test(text))).toEqual([])
  expect(strings.some((text) => text.includes('<img src=x onerror=alert(1)>'))).toBe(true)
})

test('a full disk, a clock two hours off and a broken config are findings, the rest of the box is read', async () => {
  expect((await pageOf('full disk')).findings.map(({ cause }) => cause)).toContain('disk-full')
  expect((await pageOf('clock off')).findings.map(({ cause }) => cause)).toContain('clock-off')
  expect(await factOf('clock off', 'system.clock')).toMatchObject({ verdict: 'bad' })
  expect(await factOf('config is not JSON5', 'config.valid')).toMatchObject({ verdict: 'bad' })
  expect(await factOf('config is not JSON5', 'system.node')).toMatchObject({
    verdict: expect.stringMatching(/ok|warn/),
  })
})

test.each(['corrupt state', 'locked state'])(
  '%s: what stands in it is unknown with the reason, never green',
  async (name) => {
    expect(boxOf(name).outcome).toBe('swept')
    const reply = await factOf(name, 'activity.reply')
    expect(reply).toMatchObject({ verdict: 'unknown' })
    expect(reply?.text).toMatch(/database|locked|read/i)
  },
)
