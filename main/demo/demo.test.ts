import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { noVault } from '../ssh/vault.ts'
import { tempDir } from '../testing/temp-store.ts'
import { type DemoFleet, startDemoFleet } from './demo.ts'
import { demoFleet } from './fleet.ts'
import { writeHome } from './home.ts'

let dataDir = ''
let fleet: DemoFleet
let engine: Engine
const start = () => startDemoFleet({ dataDir, clock: systemClock, log: silentLog })
beforeAll(async () => {
  dataDir = tempDir()
  fleet = await start()
  engine = await createEngine({
    version: '0.0.0',
    dataDir,
    boxProgramsDir: path.resolve('out/box'),
    clock: systemClock,
    log: silentLog,
    vault: noVault('a test'),
    demo: true,
    readOnly: false,
    host: 'cli',
    dial: (...asked) => fleet.dial(...asked),
    homeDir: dataDir,
  })
  await fleet.seed(engine.client)
  await sweep()
})
afterAll(async () => {
  await engine?.close()
  await fleet?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function sweep(): Promise<void> {
  const { sweepId } = await engine.client.sweep.start({})
  for await (const progress of await engine.client.sweep.watch({ sweepId })) if (progress.state !== 'running') return
}

async function causes(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = Object.fromEntries(demoFleet.map(({ box }) => [box.name, []]))
  const { items } = await engine.client.pages.review()
  for (const { boxName, cause } of items.flatMap(({ finding, others }) => [finding, ...others]))
    found[boxName]!.push(cause)
  return Object.fromEntries(Object.entries(found).map(([name, list]) => [name, list.sort()]))
}

function edit(box: string, file: string, change: (text: string) => string): () => void {
  const full = path.join(fleet.homeOf(box), file)
  const before = readFileSync(full, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(full, after)
  return () => writeFileSync(full, before)
}

/** What each box is in trouble with after one sweep. */
const expected: Record<string, string[]> = {
  'harbor-mini': ['failing', 'silent'],
  'lakeside-mini': ['answers-everyone'],
  'nolan-mini': ['offline'],
  'peak-mini': ['behind'],
  'bright-mini': ['answers-strangers', 'changed-outside'],
  'cove-mini': ['channel-suppressed', 'clock-off', 'crash-loop'],
  'delta-mini': ['changed-outside', 'config-invalid', 'disk-full'],
  'elm-mini': ['key-changed'],
  'alder-mini': ['no-node'],
  'grant-box': ['behind'],
  'fox-mini': [],
  'lab-mini': [],
}

test('each of the twelve is in the trouble it was given, and the two that are well are quiet', async () => {
  expect(await causes()).toEqual(expected)
  const review = await engine.client.pages.review()
  expect(review).toMatchObject({ demo: true, machines: 12, answered: 9, allQuiet: false })
  const { boxId } = (await engine.client.inventory.boxes()).find(({ name }) => name === 'fox-mini')!
  expect((await engine.client.trust.state({ boxId })).pin?.source).toBe('the demo')
  expect(review.nothingToDo.map(({ name }) => name).sort()).toEqual(['Fox & Daughters', 'lab-mini'])
})

test('the fleet tells versions, gaps and who is answered as the files of the boxes say', async () => {
  const { rows } = await engine.client.pages.fleet()
  const row = (name: string) => rows.find(({ boxName }) => boxName === name)!
  expect(row('peak-mini')).toMatchObject({ behind: 366, daysBehind: 23, version: '2026.8.2' })
  expect(row('grant-box')).toMatchObject({ version: '2026.6.11', answers: 'Telegram: Bea only' })
  expect(row('lakeside-mini')).toMatchObject({ answers: 'iMessage: everyone who writes', answersVerdict: 'bad' })
  expect(row('fox-mini')).toMatchObject({
    state: 'OK',
    version: '2026.9.6',
    behind: 0,
    answers: 'iMessage: Clara only',
  })
  expect(row('elm-mini').versionSeen).toBe(true)
})

test('a file changed in a HOME changes the next sweep, and changed back ends the trouble', async () => {
  const undo = [
    edit('fox-mini', '.openclaw/openclaw.json', (text) => text.replace('"+17185550137"', '"*"')),
    edit('lab-mini', '.demo/system.json', (text) => text.replace(/"freeBytes": \d+/, '"freeBytes": 500000000')),
    edit('grant-box', '.demo/gateway.json', (text) => text.replace('"running": true', '"running": false')),
  ]
  await sweep()
  const during = await causes()
  expect(during['fox-mini']).toContain('answers-everyone')
  expect(during['lab-mini']).toEqual(['disk-full'])
  expect(during['grant-box']).toContain('gateway-down')
  for (const putBack of undo) putBack()
  await sweep()
  const after = await causes()
  expect(after['fox-mini']).not.toContain('answers-everyone')
  expect(after['lab-mini']).toEqual([])
  expect(after['grant-box']).toEqual(['behind'])
})

test('a box that goes away between two sweeps is offline on the second, though its connection was warm', async () => {
  const putBack = edit('lab-mini', '.demo/system.json', (text) =>
    text.replace('"reach": "answers"', '"reach": "refuses"'),
  )
  const sweptCauses = async () => {
    await sweep()
    return (await causes())['lab-mini']
  }
  await expect.poll(sweptCauses, { timeout: 20_000 }).toEqual(['offline'])
  putBack()
  await sweep()
  expect((await causes())['lab-mini']).toEqual([])
})

test('nothing outside is reached: every other host, and every other port, is refused', async () => {
  await expect(fleet.dial('example.com', 22, { timeoutMs: 1000 })).rejects.toMatchObject({ code: 'ENOTFOUND' })
  await expect(fleet.dial('fox-mini.demo', 80, { timeoutMs: 1000 })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('started again on the same data, the boxes are the same and none is added twice', async () => {
  await fleet.close()
  fleet = await start()
  await fleet.seed(engine.client)
  await sweep()
  expect(await engine.client.inventory.boxes()).toHaveLength(12)
  const after = await causes()
  expect(after['elm-mini']).toEqual(['key-changed'])
  expect(after['fox-mini']).not.toContain('key-changed')
  expect(after['lab-mini']).toEqual([])
})

test('the same moment makes the same homes, byte for byte', () => {
  const folder = tempDir()
  const nowMs = Date.UTC(2026, 10, 20, 12)
  const print = () => {
    for (const box of demoFleet) {
      mkdirSync(path.join(folder, box.box.name))
      writeHome(path.join(folder, box.box.name), box, nowMs)
    }
    const files = globSync('**', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
    const hashes = files.map((entry) =>
      createHash('sha256')
        .update(readFileSync(path.join(entry.parentPath, entry.name)))
        .digest('hex'),
    )
    for (const box of demoFleet) rmSync(path.join(folder, box.box.name), { recursive: true })
    return hashes.sort()
  }
  expect(print()).toEqual(print())
  rmSync(folder, { recursive: true })
})
