import { rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { createORPCClient, isDefinedError, safe } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import type { BoxId, contract, PreviewId, SweepId } from '../../shared/contract/index.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { createLog } from '../base/log.ts'
import { tempDir } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'
import type { Engine, EngineOptions, EnginePort } from './engine.ts'
import { afterWakeMs } from './schedule.ts'

type Client = ContractRouterClient<typeof contract>

// Sweeps of these tests ask no registry.
process.env.WHEELHOUSE_NO_REGISTRY = '1'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function engineIn(dataDir: string, options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await testEngine(dataDir, options)
  cleanups.push(() => engine.close())
  return engine
}

function folder(): string {
  const dataDir = tempDir()
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}

/** Node's port in the shape the engine serves. */
const asEnginePort = (port: MessagePort): EnginePort => ({
  on: ((event: string, listener: (event?: { data: unknown }) => void) => {
    if (event === 'message') port.on('message', (data: unknown) => listener({ data }))
    else port.on('close', () => listener())
  }) as EnginePort['on'],
  postMessage: (data) => port.postMessage(data),
  start: () => port.start(),
})

function overPort(engine: Engine): { client: Client; port: MessagePort } {
  const { port1, port2 } = new MessageChannel()
  engine.serve(asEnginePort(port1))
  cleanups.push(() => port2.close())
  const client: Client = createORPCClient(new RPCLink({ port: port2 }))
  port2.start()
  return { client, port: port2 }
}

const faultOf = async (call: Promise<unknown>) => {
  const { error } = await safe(call)
  expect(isDefinedError(error), `expected a fault, got ${String(error)}`).toBe(true)
  return (error as unknown as { data: { fault: unknown } }).data.fault
}

test('an empty console answers every page', async () => {
  const { client } = await engineIn(folder())
  expect(await client.app.state()).toMatchObject({
    store: { state: 'ready' },
    readOnly: false,
    demo: false,
    ledgerIntact: true,
  })
  expect(await client.pages.review()).toMatchObject({
    machines: 0,
    answered: 0,
    items: [],
    allQuiet: false,
    lastSweep: null,
  })
  expect(await client.pages.fleet()).toMatchObject({ rows: [], versionFold: [] })
  expect(await client.inventory.boxes()).toEqual([])
  expect(await client.sweep.current()).toBeNull()
})

test('calls, faults and streams cross a port', async () => {
  const { client } = overPort(await engineIn(folder()))
  const { box } = await client.inventory.addBox({ name: 'peak-mini', host: '127.0.0.1' })
  expect(box).toMatchObject({ name: 'peak-mini', pinned: null, launcher: null })
  expect(await client.pages.machine({ boxId: box.boxId })).toMatchObject({
    state: 'Not seen',
    facts: [],
    lastAttempt: null,
  })
  expect(await faultOf(client.pages.machine({ boxId: 'nobody' as BoxId }))).toMatchObject({ code: 'not-found' })
  expect(
    await faultOf(client.sweep.watch({ sweepId: 'none' as SweepId }).then((stream) => stream.next())),
  ).toMatchObject({ code: 'not-found' })
})

test('an input the contract does not allow is refused with the field, and never arrives', async () => {
  const { client } = await engineIn(folder())
  expect(await faultOf(client.inventory.addClient({ name: '' }))).toMatchObject({
    code: 'invalid-input',
    field: 'name',
  })
  expect(await client.inventory.clients()).toEqual([])
})

test('an error nobody foresaw is masked and stands in the log under its reference', async () => {
  const lines: string[] = []
  const log = createLog(
    (line) => lines.push(line),
    () => 0,
    () => 'ref-1',
  )
  let broken = false
  const nowMs = () => {
    if (broken) throw new Error('the clock of dana@example.com stopped')
    return systemClock.nowMs()
  }
  const { client } = await engineIn(folder(), { log, clock: { ...systemClock, nowMs } })
  broken = true
  const fault = await faultOf(client.pages.review())
  broken = false
  expect(fault).toEqual({ code: 'internal', reference: 'ref-1' })
  expect(lines.find((line) => line.includes('ref-1'))).toContain('the clock of dana@example.com stopped')
})

test('garbage on the port is dropped and the next call is answered', async () => {
  const { client, port } = overPort(await engineIn(folder()))
  const garbage = [
    '{',
    'hello',
    '{"i":1}',
    '{"i":"1","p":null}',
    '{}',
    '[]',
    'null',
    42,
    null,
    new Uint8Array(3),
    { i: '1' },
  ]
  for (const frame of garbage) port.postMessage(frame)
  expect(await client.app.state()).toMatchObject({ version: '0.1.0' })
})

test('changes are told once per topic, and leaving the feed ends it in the engine', async () => {
  const { client } = overPort(await engineIn(folder()))
  const leave = new AbortController()
  const feed = await client.app.changes(undefined, { signal: leave.signal })
  const first = feed.next()
  await client.app.setSettings({ theme: 'dark' })
  expect(await first).toEqual({ done: false, value: { topics: ['settings'] } })
  leave.abort()
  await expect(feed.next()).rejects.toThrow()
  expect((await client.app.settings()).theme).toBe('dark')
})

test('a console opened for reading refuses to change anything, and says so', async () => {
  const dataDir = folder()
  const writer = await engineIn(dataDir)
  await writer.client.inventory.addBox({ name: 'elm-pc', host: 'elm.example' })
  const reader = await engineIn(dataDir, { readOnly: true })
  expect((await reader.client.inventory.boxes()).map((box) => box.name)).toEqual(['elm-pc'])
  expect(await faultOf(reader.client.inventory.addBox({ name: 'x', host: 'x' }))).toMatchObject({ code: 'read-only' })
  expect(await faultOf(reader.client.sweep.start({}))).toMatchObject({ code: 'read-only' })
  const [box] = await reader.client.inventory.boxes()
  const terminal = { boxId: box!.boxId, columns: 80, rows: 24 }
  expect(await faultOf(reader.client.terminal.open(terminal))).toMatchObject({ code: 'read-only' })
  expect(await faultOf(reader.client.commands.start({ previewId: 'x' as PreviewId }))).toMatchObject({
    code: 'read-only',
  })
  // Where nobody can be asked, nothing is confirmed.
  expect(await faultOf(writer.client.terminal.open(terminal))).toMatchObject({ code: 'cancelled' })
  expect((await reader.client.app.state()).readOnly).toBe(true)
})

test('a second console on the same folder starts, says who holds it, and answers everything else with that', async () => {
  const dataDir = folder()
  await engineIn(dataDir)
  const second = await engineIn(dataDir)
  expect((await second.client.app.state()).store).toMatchObject({ state: 'locked' })
  expect(await faultOf(second.client.pages.review())).toMatchObject({ code: 'locked-by-other' })
})

test('a damaged store is set aside and said; the operator goes on from nothing, in the same engine', async () => {
  const dataDir = folder()
  writeFileSync(
    path.join(dataDir, 'wheelhouse.db'),
    'this is no database at all, and long enough to look like one'.repeat(200),
  )
  const { client } = await engineIn(dataDir)
  expect((await client.app.state()).store).toMatchObject({ state: 'damaged', newestBackup: null })
  expect(await faultOf(client.pages.review())).toMatchObject({ code: 'store-damaged' })
  expect(await faultOf(client.app.recoverStore({ from: 'backup' }))).toMatchObject({ code: 'not-found' })
  expect((await client.app.recoverStore({ from: 'empty' })).store).toEqual({ state: 'ready' })
  expect(await client.pages.review()).toMatchObject({ machines: 0 })
  expect((await client.ledger.entries({})).map((entry) => entry.kind)).toContain('store.recovered')
  expect(await faultOf(client.app.recoverStore({ from: 'empty' }))).toMatchObject({ code: 'in-use' })
})

test('a store of a newer console is refused with both versions, and left alone', async () => {
  const dataDir = folder()
  const first = await engineIn(dataDir)
  await first.close()
  const db = new Database(path.join(dataDir, 'wheelhouse.db'))
  db.pragma('user_version = 99')
  db.close()
  const { client } = await engineIn(dataDir)
  expect((await client.app.state()).store).toMatchObject({ state: 'newer', found: 99 })
  expect(await faultOf(client.sweep.start({}))).toMatchObject({ code: 'store-newer', found: 99 })
})

test('a setting is kept, and one out of bounds is refused', async () => {
  const { client } = await engineIn(folder())
  expect(await client.app.setSettings({ amberDays: 3 })).toMatchObject({ amberDays: 3, redDays: 14 })
  expect(await faultOf(client.app.setSettings({ amberDays: 0 }))).toMatchObject({
    code: 'invalid-input',
    field: 'amberDays',
  })
})

test('a sweep can be watched over a port to its end, and asked for again after', async () => {
  const { client } = overPort(await engineIn(folder()))
  await client.inventory.addBox({ name: 'nobody', host: '127.0.0.1', port: 1 })
  const { sweepId } = await client.sweep.start({})
  const seen = []
  for await (const progress of await client.sweep.watch({ sweepId })) seen.push(progress.state)
  expect(seen.at(-1)).toBe('done')
  expect(await client.sweep.current()).toMatchObject({
    sweepId,
    boxes: [{ boxName: 'nobody', outcome: 'unreachable', fault: { code: 'refused' } }],
  })
  expect(await client.findings.open()).toMatchObject([{ cause: 'offline', sentence: 'has never answered' }])
  expect(await faultOf(client.sweep.start({ boxIds: ['gone' as BoxId] }))).toMatchObject({ code: 'not-found' })
})

test('a laptop that falls asleep in the middle of a sweep raises no alarms, and asks the rest after it wakes', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as AddressInfo
  cleanups.push(() => {
    silent.close()
  })
  const soon: Clock = {
    ...systemClock,
    after: (ms, act, quiet) => systemClock.after(ms === afterWakeMs ? 0 : ms, act, quiet),
  }
  const engine = await engineIn(folder(), { clock: soon })
  const { client } = engine
  await client.inventory.addBox({ name: 'hangs', host: '127.0.0.1', port })
  await client.inventory.addBox({ name: 'refuses', host: '127.0.0.1', port: 1 })
  const { sweepId } = await client.sweep.start({})
  for await (const progress of await client.sweep.watch({ sweepId })) if (progress.done === 1) engine.power('suspend')
  expect(await client.sweep.current()).toMatchObject({ sweepId, state: 'interrupted' })
  expect((await client.findings.open()).map((finding) => finding.boxName)).toEqual(['refuses'])
  const feed = await client.app.changes()
  engine.power('resume')
  while ((await client.sweep.current())?.sweepId === sweepId) await feed.next()
  expect(await client.sweep.current()).toMatchObject({ reason: 'wake', boxes: [{ boxName: 'hangs' }] })
})

test('an input the contract refuses is answered in words, not in schema jargon', async () => {
  const { client } = await engineIn(folder())
  const refused = async (call: Promise<unknown>) => (await faultOf(call)) as { field: string; detail: string }
  expect(await refused(client.inventory.addClient({ name: ' ' }))).toMatchObject({
    field: 'name',
    detail: 'It is empty.',
  })
  expect(await refused(client.sweep.start({ boxIds: [] }))).toMatchObject({ detail: 'There is nothing in it.' })
  expect(await refused(client.inventory.addBox({ name: 'x', host: 'y', port: 70_000 }))).toMatchObject({
    field: 'port',
    detail: 'It is more than 65535.',
  })
})

test('a data folder that cannot be used is said in the state, and every page answers the fault', async () => {
  const dataDir = path.join(folder(), 'file')
  writeFileSync(dataDir, 'not a folder')
  const { client } = await engineIn(dataDir)
  expect((await client.app.state()).store).toMatchObject({ state: 'unusable', path: expect.stringContaining('file') })
  expect(await faultOf(client.pages.review())).toMatchObject({ code: 'data-folder-unusable' })
})
