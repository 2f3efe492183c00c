import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { BoxFields } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createEngine } from '../engine/engine.ts'
import { noVault } from '../ssh/vault.ts'
import { startSshFault } from '../testing/fault-server.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { freePort, type SshdBox, startSshdBox } from '../testing/sshd-box.ts'
import { tempDir } from '../testing/temp-store.ts'
import { type Answer, type CommandName, Failure, shapes } from './shapes.ts'

// Each command is a process of its own, and several stand in one test.
vi.setConfig({ testTimeout: 120_000 })

const cli = path.resolve(import.meta.dirname, 'cli.ts')
let sshd: SshdBox
let homeDir = ''
let dataDir = ''
beforeAll(async () => {
  sshd = await startSshdBox({ env: { PATH: process.env.PATH! } })
  homeDir = tempDir()
})
afterAll(async () => {
  await sshd.stop()
  rmSync(homeDir, { recursive: true, force: true })
})
beforeEach(() => {
  dataDir = path.join(homeDir, `data-${Math.random().toString(36).slice(2)}`)
})

interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The command line as a process of its own, with a home that holds no one's keys. */
function start(...words: string[]): { child: ChildProcess; ended: Promise<Outcome> } {
  const env = { ...process.env, HOME: homeDir, USERPROFILE: homeDir, SSH_AUTH_SOCK: '' }
  const child = spawn(process.execPath, [cli, '--data', dataDir, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk
  })
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err }))) }
}

const run = (...words: string[]): Promise<Outcome> => start(...words).ended

/** Runs with `--json`, checks the answer against the documented shape and that nothing else stood on stdout. */
async function json<Name extends CommandName>(
  name: Name,
  code: number,
  ...words: string[]
): Promise<Answer<Name> & { err: string }> {
  const outcome = await run(...name.split(' '), ...words, '--json')
  expect({ ...outcome, out: '' }).toMatchObject({ code })
  const value = shapes[name].parse(JSON.parse(outcome.out)) as Answer<Name>
  return Object.assign(value as object, { err: outcome.err }) as Answer<Name> & { err: string }
}

const boxWords = (name: string) => [
  '--name',
  name,
  '--host',
  sshd.host,
  '--port',
  String(sshd.port),
  '--user',
  sshd.user,
  '--key',
  sshd.keyPath,
]

test('from nothing to findings: client, machine, sweep, facts, diary', async () => {
  const client = await json(
    'client add',
    0,
    '--name',
    'Peak Realty',
    '--region',
    'US-CA',
    '--time-zone',
    'America/Los_Angeles',
  )
  expect(client).toMatchObject({ name: 'Peak Realty', region: 'US-CA' })
  expect(await json('client list', 0)).toHaveLength(1)

  const shown = await json('box add', 3, ...boxWords('peak-mini'), '--client', 'peak realty')
  expect(shown).toMatchObject({
    box: null,
    accepted: false,
    offeredKey: { fingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/) },
  })
  expect(await json('box list', 0)).toHaveLength(0)
  const { fingerprint } = shown.offeredKey

  const wrong = `SHA256:${'A'.repeat(43)}`
  expect(await json('box add', 3, ...boxWords('peak-mini'), '--accept-host-key', wrong)).toMatchObject({
    accepted: false,
    box: null,
  })
  expect(await json('box list', 0)).toHaveLength(0)

  const added = await json(
    'box add',
    0,
    ...boxWords('peak-mini'),
    '--client',
    'peak realty',
    '--accept-host-key',
    fingerprint,
  )
  expect(added).toMatchObject({
    accepted: true,
    enrolled: true,
    box: { name: 'peak-mini', pinned: fingerprint, clientId: client.clientId },
  })
  expect(added.steps.map((step) => [step.step, step.state])).toContainEqual(['login', 'ok'])
  const [listed] = await json('box list', 0)
  expect(listed).toMatchObject({
    name: 'peak-mini',
    clientName: 'Peak Realty',
    pinned: fingerprint,
    launcher: expect.any(String),
  })

  const swept = await json('sweep', 0, '--box', 'PEAK-mini')
  expect(swept).toMatchObject({
    sweep: { total: 1, swept: 1, state: 'done', reason: 'cli' },
    boxes: [{ outcome: 'swept' }],
  })
  expect(swept.err).toContain('1 of 1  peak-mini: swept')
  const facts = await json('facts', 0, '--box', 'peak-mini')
  expect(facts.find((one) => one.fact.key === 'system.node')?.fact.text).toContain(process.version.slice(1))
  expect(await json('facts', 0)).toHaveLength(facts.length)
  expect(await json('channels', 0, '--box', 'peak-mini')).toHaveLength(0)
  await json('findings', 0)
  const diary = await json('ledger verify', 0)
  expect(diary).toMatchObject({ intact: true, problem: null })
  expect(diary.entries).toBeGreaterThan(3)
})

test('words without --json: the answer on stdout, in sentences and columns', async () => {
  expect(await run('client', 'add', '--name', 'Elm Homes')).toEqual({ code: 0, out: 'Elm Homes was added.\n', err: '' })
  expect(await run('box', 'list')).toEqual({ code: 0, out: 'No machines yet.\n', err: '' })
  expect(await run('sweep')).toEqual({ code: 0, out: 'No machines to sweep yet.\n', err: '' })
  const list = await run('client', 'list')
  expect(list.out.split('\n').slice(0, 2)).toEqual(['NAME       NICHE  REGION  TIME ZONE  GO-LIVE', 'Elm Homes'])
})

test('channels come with their machine, client and kind', async () => {
  const engine = await engineHere()
  const { client } = await engine.client.inventory.addClient({ name: 'Peak Realty' })
  const { box } = await engine.client.inventory.addBox({ name: 'peak-mini', host: 'h', clientId: client.clientId })
  await engine.client.inventory.addBox({ name: 'elm-mini', host: 'h2' })
  await engine.close()
  const db = new Database(path.join(dataDir, 'wheelhouse.db'))
  db.exec(`
    insert into agent values ('agent', '${box.boxId}', 'openclaw', 'default', '/s', 1);
    insert into channel values ('door', 'agent', 'telegram', 'second', 'team', 0, 1, 2, null);
    insert into channel values ('own', 'agent', 'imessage', 'default', null, 1, 1, 3, null);`)
  db.close()
  const names = { boxName: 'peak-mini', clientName: 'Peak Realty', profile: 'default' }
  expect([...(await json('channels', 0))]).toMatchObject([
    { ...names, channelId: 'own', kind: 'clients-own', seenNow: true },
    { ...names, channelId: 'door', kind: 'team', seenNow: false },
  ])
  expect((await run('channels', '--box', 'PEAK-mini')).out.split('\n').slice(0, 3)).toEqual([
    'MACHINE    CLIENT       AGENT    CHANNEL            KIND          SEEN',
    "peak-mini  Peak Realty  default  iMessage           Client's own  yes",
    'peak-mini  Peak Realty  default  Telegram (second)  Team          no longer',
  ])
  expect(await run('channels', '--box', 'elm-mini')).toMatchObject({ code: 0, out: 'No channels yet. Sweep first.\n' })
})

test('a machine that cannot be reached is not added and exits 4', async () => {
  const port = await freePort('127.0.0.1')
  const outcome = await run('box', 'add', '--name', 'gone', '--host', '127.0.0.1', '--port', String(port), '--json')
  expect(outcome.code).toBe(4)
  expect(Failure.parse(JSON.parse(outcome.out)).fault).toMatchObject({ code: 'refused', boxName: 'gone' })
  expect(outcome.err).toContain('Nothing was added.')
  expect(outcome.err).toContain(`gone is there but takes no SSH connection on port ${port}.`)
  expect(await json('box list', 0)).toHaveLength(0)
})

test('a sweep exits 4 when some were not reached, and still brings the others', async () => {
  const refusing = await startSshFault()
  const { offeredKey } = await json('box add', 3, ...boxWords('well'))
  await json('box add', 0, ...boxWords('well'), '--accept-host-key', offeredKey.fingerprint)
  await refusing.stop()
  const file = path.join(homeDir, 'more.csv')
  writeFileSync(file, `name,host,port\ngone,127.0.0.1,${refusing.port}\n`)
  await json('box import', 0, file)
  const swept = await json('sweep', 4)
  expect(Object.fromEntries(swept.boxes.map((box) => [box.boxName, box.outcome]))).toMatchObject({ well: 'swept' })
  expect(swept.sweep).toMatchObject({ total: 2, swept: 1 })
})

test('a file is imported with the keys of a known_hosts file; what is left out is named', async () => {
  const config = path.join(homeDir, 'config')
  const known = path.join(homeDir, 'known')
  writeFileSync(
    config,
    `Host real\n  HostName ${sshd.host}\n  Port ${sshd.port}\n  User ${sshd.user}\n  IdentityFile ${sshd.keyPath}\nHost broken\n  Port none\nHost unknown\n  HostName 192.0.2.7\n  ForwardAgent yes\n`,
  )
  writeFileSync(known, `[${sshd.host}]:${sshd.port} ssh-ed25519 ${await sshd.hostKey()}\n`)
  const done = await json('box import', 0, config, '--accept-host-keys', known)
  expect(done).toMatchObject({
    added: 2,
    leftOut: [{ line: 6, name: 'broken', reasons: [expect.stringContaining('Port none')] }],
  })
  expect(done.boxes).toEqual([
    { name: 'real', pinned: expect.stringMatching(/^SHA256:/), enrolled: true, problem: null },
    { name: 'unknown', pinned: null, enrolled: false, problem: null },
  ])
  expect(done.unsupported).toMatchObject([{ line: 10, text: 'forwardagent yes' }])
  expect(done.err).toContain('Line 6 (broken) was left out')
  const again = await json('box import', 0, config)
  expect(again).toMatchObject({
    added: 0,
    leftOut: [{ name: 'real', reasons: ['It is already here, as real.'] }, { name: 'broken' }, { name: 'unknown' }],
  })
})

test.each([
  [['bogus'], 'unknown command'],
  [['box', 'add', '--name', 'x'], '--host'],
  [['box', 'add', '--name', 'x', '--host', 'y', '--port', '70000'], '65535'],
  [['sweep', '--everything'], 'unknown option'],
  [['client'], 'Usage'],
])('bad usage %j exits 2 with words on stderr alone', async (words, part) => {
  const outcome = await run(...words)
  expect(outcome).toMatchObject({ code: 2, out: '' })
  expect(outcome.err).toContain(part)
})

test('help is no mistake', async () => {
  const outcome = await run('box', 'add', '--help')
  expect(outcome).toMatchObject({ code: 0, err: '' })
  expect(outcome.out).toContain('--accept-host-key')
})

test('a name that is not here, or is taken, exits 1 with the fault', async () => {
  const missing = await run('facts', '--box', 'nobody', '--json')
  expect(missing.code).toBe(1)
  expect(Failure.parse(JSON.parse(missing.out)).sentence).toBe('There is no such machine as "nobody".')
  await json('client add', 0, '--name', 'Peak')
  const twice = await run('client', 'add', '--name', 'peak', '--json')
  expect([twice.code, Failure.parse(JSON.parse(twice.out)).fault.code]).toEqual([1, 'already-exists'])
})

test('another console on the folder: writing exits 6 and names it, reading goes on', async () => {
  await json('client add', 0, '--name', 'Peak')
  const other = spawnScript(`
    import { openStore } from '${moduleUrl('main/store/store.ts')}'
    import { systemClock } from '${moduleUrl('main/base/clock.ts')}'
    import { silentLog } from '${moduleUrl('main/base/log.ts')}'
    openStore({ dataDir: ${JSON.stringify(dataDir)}, clock: systemClock, log: silentLog, writable: true })
    console.log('holding')
    setInterval(() => {}, 1000)`)
  await other.says('holding')
  try {
    for (const words of [['client', 'add', '--name', 'Elm'], ['sweep'], ['box', 'add', ...boxWords('x')]]) {
      const outcome = await run(...words, '--json')
      expect(outcome.code).toBe(6)
      expect(outcome.err).toContain(`the Wheelhouse window (process ${other.process.pid}`)
      expect(Failure.parse(JSON.parse(outcome.out)).fault.code).toBe('locked-by-other')
    }
    expect((await json('client list', 0)).map((client) => client.name)).toEqual(['Peak'])
    await json('findings', 0)
    expect(await json('ledger verify', 0)).toMatchObject({ intact: true })
  } finally {
    other.process.kill('SIGKILL')
    await other.ended
  }
  await json('client add', 0, '--name', 'Elm')
})

test('a diary that was tampered with exits 5 and says where', async () => {
  for (const name of ['A', 'B', 'C']) await json('client add', 0, '--name', name)
  const db = new Database(path.join(dataDir, 'wheelhouse.db'))
  db.exec("update ledger_entry set words = 'Nothing happened.' where seq = 2")
  db.close()
  expect(await json('ledger verify', 5)).toMatchObject({ intact: false, firstBadSeq: 2 })
  expect((await run('ledger', 'verify')).out).toBe(
    'The diary is not intact. Entry 2 was changed or moved: its hash does not fit its text.\n',
  )
})

test('Ctrl-C lets go of a machine that hangs, and the sweep ends as cancelled', async () => {
  let asked = () => {}
  const hangs = new Promise<void>((resolve) => {
    asked = resolve
  })
  const server = await startSshFault({ onSession: () => asked() })
  await pinnedBox({ name: 'hangs', host: server.host, port: server.port, auth: { kind: 'key', path: sshd.keyPath } })
  const sweep = start('sweep', '--json')
  await hangs
  sweep.child.kill('SIGINT')
  const { code, out } = await sweep.ended
  await server.stop()
  expect(code).toBe(4)
  expect(shapes.sweep.parse(JSON.parse(out))).toMatchObject({
    sweep: { state: 'cancelled' },
    boxes: [{ boxName: 'hangs', outcome: 'cancelled' }],
  })
})

test('a machine whose enrolment failed is the one meant when it is added again with the right key', async () => {
  const wrong = boxWords('twice').with(-1, path.join(homeDir, 'no-key'))
  const { offeredKey } = await json('box add', 3, ...wrong)
  const accepted = ['--accept-host-key', offeredKey.fingerprint]
  expect(await json('box add', 4, ...wrong, ...accepted)).toMatchObject({ accepted: true, enrolled: false })
  const right = boxWords('twice').with(-1, path.relative(process.cwd(), sshd.keyPath))
  expect(await json('box add', 0, ...right, ...accepted)).toMatchObject({
    enrolled: true,
    box: { auth: { kind: 'key', path: sshd.keyPath } },
  })
  expect((await run('box', 'add', ...right, ...accepted)).code).toBe(1)
})

test('a known_hosts file that cannot be read imports nothing', async () => {
  const file = path.join(homeDir, 'half.csv')
  writeFileSync(file, 'name,host\nhalf,10.0.0.9\n')
  const outcome = await run('box', 'import', file, '--accept-host-keys', path.join(homeDir, 'none'), '--json')
  expect([outcome.code, Failure.parse(JSON.parse(outcome.out)).fault.code]).toEqual([1, 'not-found'])
  expect(await json('box list', 0)).toHaveLength(0)
})

test('a file of megabytes is refused in words', async () => {
  const file = path.join(homeDir, 'big.csv')
  writeFileSync(file, 'name,host\n'.repeat(250_000))
  const { code, out } = await run('box', 'import', file, '--json')
  expect([code, Failure.parse(JSON.parse(out)).sentence]).toEqual([
    1,
    `${file}: This file has more than 2 million characters, so it is no list of machines.`,
  ])
})

test('Ctrl-C ends an enrolment that hangs', async () => {
  let asked = () => {}
  const hangs = new Promise<void>((resolve) => {
    asked = resolve
  })
  const server = await startSshFault({ onSession: () => asked() })
  const words = ['--name', 'hangs', '--host', server.host, '--port', String(server.port), '--key', sshd.keyPath]
  const { offeredKey } = await json('box add', 3, ...words)
  const add = start('box', 'add', ...words, '--accept-host-key', offeredKey.fingerprint)
  await hangs
  add.child.kill('SIGINT')
  await add.ended
  await server.stop()
  expect(add.child.signalCode).toBe('SIGINT')
  expect(await json('ledger verify', 0)).toMatchObject({ intact: true })
})

test('a data folder that cannot be used exits 1 with the fault', async () => {
  writeFileSync(dataDir, 'a file')
  for (const words of [
    ['client', 'list'],
    ['client', 'add', '--name', 'Elm'],
  ]) {
    const { code, out, err } = await run(...words, '--json')
    expect([code, Failure.parse(JSON.parse(out)).fault.code]).toEqual([1, 'data-folder-unusable'])
    expect(err).toBe(
      `The data folder ${dataDir} cannot be used: it is no folder. Put that right, or choose another data folder.\n`,
    )
  }
})

const engineHere = () =>
  createEngine({
    version: '0',
    dataDir,
    boxProgramsDir: path.resolve('out/box'),
    clock: systemClock,
    log: silentLog,
    vault: noVault('none'),
    demo: false,
    readOnly: false,
    host: 'cli',
    homeDir,
  })

/** A machine whose key is accepted, without enrolment. */
async function pinnedBox(fields: Partial<BoxFields> & { name: string; host: string }): Promise<void> {
  const engine = await engineHere()
  const { box } = await engine.client.inventory.addBox(fields)
  const { fingerprint } = await engine.client.trust.offeredKey({ boxId: box.boxId })
  await engine.client.trust.accept({ boxId: box.boxId, fingerprint })
  await engine.close()
}

test('a damaged store is set aside and said; the command line does not begin a new one', async () => {
  await json('client add', 0, '--name', 'Peak')
  writeFileSync(path.join(dataDir, 'wheelhouse.db'), 'not a database '.repeat(500))
  for (let time = 1; time <= 2; time += 1) {
    const outcome = await run('client', 'add', '--name', 'Elm', '--json')
    expect([outcome.code, Failure.parse(JSON.parse(outcome.out)).fault.code]).toEqual([1, 'store-damaged'])
    expect(outcome.err).toContain('The data file was damaged and has been set aside as')
  }
  expect(readdirSync(dataDir)).not.toContain('wheelhouse.db')
})

test('a full disk is said in a sentence, and nothing is half written', async () => {
  const disk = mountSmallDisk()
  if (!disk) return expect(process.getuid?.()).not.toBe(0)
  try {
    dataDir = path.join(disk.dir, 'data')
    await json('client add', 0, '--name', 'Peak')
    disk.fill()
    const outcome = await run('client', 'add', '--name', 'Elm', '--json')
    expect([outcome.code, Failure.parse(JSON.parse(outcome.out)).fault.code]).toEqual([1, 'disk-full'])
    expect(outcome.err).toContain(`The disk that holds ${dataDir} is full, so nothing was saved.`)
    disk.free()
    expect((await json('client list', 0)).map((client) => client.name)).toEqual(['Peak'])
    expect(await json('ledger verify', 0)).toMatchObject({ intact: true, entries: 1 })
  } finally {
    disk.stop()
  }
})

test('a reader changes nothing in the data folder', async () => {
  mkdirSync(dataDir, { recursive: true })
  for (const words of [['client', 'list'], ['box', 'list'], ['facts'], ['findings'], ['ledger', 'verify']])
    expect((await run(...words)).code).toBe(0)
  expect(readdirSync(dataDir)).toEqual([])
})

test('docs/cli.md has an example of every command, and each example has the documented shape', () => {
  const docs = readFileSync(path.resolve(import.meta.dirname, '../../docs/cli.md'), 'utf8')
  const failure = JSON.parse(/```json\n([\s\S]*?)```/.exec(docs.split(/^## /m)[0]!)![1]!)
  expect(Failure.parse(failure)).toEqual({ ...failure, ...faultText(failure.fault) })
  for (const name of Object.keys(shapes) as CommandName[]) {
    const section = docs.split(/^## /m).find((part) => part.startsWith(`${name}\n`))
    expect(section, name).toBeDefined()
    const example = /```json\n([\s\S]*?)```/.exec(section!)?.[1]
    expect(example, name).toBeDefined()
    const parsed = JSON.parse(example!)
    expect(shapes[name].parse(parsed)).toEqual(parsed)
  }
})
