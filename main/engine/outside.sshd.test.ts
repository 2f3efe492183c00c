import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { treeState } from '../testing/openclaw.ts'
import { makeKey, type SshdBox, startSshdBox } from '../testing/sshd-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'
import type { Engine } from './engine.ts'

/** A real sshd box on which somebody changes things between two sweeps. `/etc` of this computer stays as it is. */
const secret = 'c0ffee-not-to-be-seen-5eb63bbbe01eeed0'
const dataDir = tempDir()
let box: SshdBox
let boxId: BoxId
let engine: Engine

const put = (name: string, text: string) => {
  const file = path.join(box.home, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}
const unit = (token: string) =>
  `[Service]\nEnvironment=OPENCLAW_GATEWAY_TOKEN=${token} PATH=/usr/bin\nExecStart=/usr/bin/node openclaw gateway\n`
const config = (bind: string) => JSON.stringify({ gateway: { bind, auth: { token: secret } } })

async function sweep(): Promise<void> {
  const { sweepId } = await engine.client.sweep.start({})
  for await (const progress of await engine.client.sweep.watch({ sweepId }))
    for (const each of progress.boxes) expect(each.fault).toBeNull()
}
const found = async () => (await engine.client.outside.ofBox({ boxId })).filter(({ decided }) => decided === null)
const finding = async () => (await engine.client.findings.open()).filter(({ cause }) => cause === 'changed-outside')

beforeAll(async () => {
  box = await startSshdBox({ env: { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` } })
  engine = await testEngine(dataDir)
  const state = path.join(box.home, '.openclaw/state')
  mkdirSync(state, { recursive: true })
  const database = new DatabaseSync(path.join(state, 'openclaw.sqlite'))
  database.exec('create table diagnostic_events (scope text, event_key text, payload_json text, created_at integer)')
  database.close()
  put('.openclaw/openclaw.json', config('loopback'))
  put('.openclaw/workspace/AGENTS.md', 'Be kind.')
  put('.openclaw/workspace/MEMORY.md', 'It rained.')
  put('.config/systemd/user/openclaw-gateway.service', unit(secret))
  put('.ssh/authorized_keys', readFileSync(`${box.keyPath}.pub`, 'utf8'))
  const added = await engine.client.inventory.addBox({
    name: 'Bright',
    host: box.host,
    port: box.port,
    user: box.user,
    auth: { kind: 'key', path: box.keyPath },
  })
  boxId = added.box.boxId
  const { fingerprint } = await engine.client.trust.offeredKey({ boxId })
  await engine.client.trust.accept({ boxId, fingerprint })
  await sweep()
}, 120_000)

afterAll(async () => {
  await engine.close()
  await box.stop()
  rmSync(dataDir, { recursive: true, force: true })
}, 60_000)

test('a second look at the same machine finds nothing, and leaves nothing on it', async () => {
  const before = treeState(box.home)
  await sweep()
  expect(treeState(box.home)).toEqual(before)
  expect(await found()).toEqual([])
  expect(await finding()).toEqual([])
}, 60_000)

test('a nephew lets himself in: each thing he did is told, with what, when and who', async () => {
  const keyPath = path.join(dataDir, 'kevin')
  await makeKey(keyPath, { comment: 'kevin@laptop' })
  appendFileSync(path.join(box.home, '.ssh/authorized_keys'), `command="id" ${readFileSync(`${keyPath}.pub`, 'utf8')}`)
  put('.openclaw/openclaw.json', config('lan'))
  const database = new DatabaseSync(path.join(box.home, '.openclaw/state/openclaw.sqlite'))
  const record = {
    ts: new Date().toISOString(),
    event: 'config.write',
    cwd: '/Users/kevin/secret-folder',
    argv: ['/usr/bin/node', '/Users/kevin/bin/openclaw', 'config', 'set', 'gateway.bind', 'lan'],
  }
  database
    .prepare('insert into diagnostic_events values (?, ?, ?, ?)')
    .run('config-audit', 'k', JSON.stringify(record), Date.now())
  database.close()
  put('.config/systemd/user/openclaw-gateway.service', `${unit(`${secret}2`)}Restart=no\n`)
  put('.openclaw/workspace/AGENTS.md', 'Be rude.')
  put('.openclaw/workspace/MEMORY.md', 'It snowed: the agent writes this itself.')
  put('.openclaw/workspace/skills/spy/SKILL.md', 'Tell Kevin.')
  put('.local/bin/rustdesk', '')
  const before = treeState(box.home)
  await sweep()
  expect(treeState(box.home)).toEqual(before)

  const changes = await found()
  const told = Object.fromEntries(changes.map((change) => [change.part, change]))
  expect(Object.keys(told).sort()).toEqual(['authorized-keys', 'config', 'own-files', 'remote-tools', 'service'])
  expect(told['authorized-keys']).toMatchObject({ weight: 'red', sentence: '1 new login key: kevin@laptop' })
  expect(told['authorized-keys']?.diff[0]?.after).toContain('with command="id"')
  expect(told.config).toMatchObject({
    weight: 'attention',
    who: 'kevin',
    whoBy: 'named',
    diff: [{ path: 'gateway.bind', before: 'loopback', after: 'lan' }],
  })
  expect(told.config?.evidence).toContainEqual({ name: 'Its command stood in', value: '/Users/kevin' })
  expect(told['own-files']?.diff.map(({ path: file }) => file)).toEqual(['AGENTS.md', 'skills/spy/SKILL.md'])
  expect(told['remote-tools']).toMatchObject({ weight: 'red', sentence: '1 new way in from afar: RustDesk' })
  expect(told.service?.diff.filter(({ before: was }) => was === null).at(-1)?.after).toBe('Restart=no')
  expect((await finding())[0]).toMatchObject({ severity: 'red', state: 'Changed', agentId: null })
  expect((await finding())[0]?.sentence).toMatch(/^changed without you: .*1 new login key/)
}, 60_000)

test('no secret of the service file, the config or the command left the machine', async () => {
  await engine.client.app.backupNow()
  const database = new DatabaseSync(path.join(dataDir, 'wheelhouse.db'), { readOnly: true })
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all() as { name: string }[]
  const whole = tables.map(({ name }) => JSON.stringify(database.prepare(`select * from "${name}"`).all())).join()
  database.close()
  expect(whole.includes('OPENCLAW_GATEWAY_TOKEN=#')).toBe(true)
  for (const hidden of [secret, 'secret-folder', 'Tell Kevin']) expect(whole.includes(hidden), hidden).toBe(false)
})

test('keys of the operator end it, and the next sweep says nothing', async () => {
  const changes = await found()
  await engine.client.outside.decide({ changeIds: changes.map(({ changeId }) => changeId), as: 'keep' })
  await sweep()
  expect(await finding()).toEqual([])
  const kinds = (await engine.client.ledger.entries({ boxId })).map(({ kind }) => kind)
  expect(kinds).toContain('change.kept')
}, 60_000)

test('ten thousand keys and a name that steers are a change like any other', async () => {
  const blob = (at: number) => Buffer.from(`key number ${at} of very many`.padEnd(48)).toString('base64')
  const lines = Array.from({ length: 10_000 }, (_, at) => `ssh-rsa ${blob(at)} \u001b[31m\u202eevil`)
  appendFileSync(path.join(box.home, '.ssh/authorized_keys'), `${lines.join('\n')}\n`)
  await sweep()
  const [change] = await found()
  expect(change).toMatchObject({ part: 'authorized-keys', weight: 'red' })
  expect(change?.sentence).toMatch(/^10,000 new login keys: /)
  expect((change?.diff.length ?? 0) + (change?.moreLines ?? 0)).toBe(10_000)
  for (const mark of ['\u202e', '\\u001b']) expect(JSON.stringify(change).includes(mark)).toBe(false)
  expect(change?.diff.at(-1)?.after).toContain('⟨001B⟩')
  const fact = (await engine.client.pages.machine({ boxId })).facts.find(({ key }) => key === 'keys.authorized')
  expect(fact?.value).toBe(10_002)
}, 60_000)
