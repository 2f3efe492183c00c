import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { BoxFields } from '../../shared/contract/index.ts'
import { cliLab } from '../testing/cli-lab.ts'
import { startSshFault } from '../testing/fault-server.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { testEngine } from '../testing/test-engine.ts'
import { Failure, shapes } from './shapes.ts'

const at = cliLab()
const { boxWords, json, run, start } = at

test('another console on the folder: writing exits 6 and names it, reading goes on', async () => {
  await json('client add', 0, '--name', 'Peak')
  const other = spawnScript(`
    import { openStore } from '${moduleUrl('main/store/store.ts')}'
    import { systemClock } from '${moduleUrl('main/base/clock.ts')}'
    import { silentLog } from '${moduleUrl('main/base/log.ts')}'
    openStore({ dataDir: ${JSON.stringify(at.dataDir)}, clock: systemClock, log: silentLog, writable: true })
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
  const db = new Database(path.join(at.dataDir, 'wheelhouse.db'))
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
  await pinnedBox({ name: 'hangs', host: server.host, port: server.port, auth: { kind: 'key', path: at.sshd.keyPath } })
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
  const wrong = boxWords('twice').with(-1, path.join(at.homeDir, 'no-key'))
  const { offeredKey } = await json('box add', 3, ...wrong)
  const accepted = ['--accept-host-key', offeredKey.fingerprint]
  expect(await json('box add', 4, ...wrong, ...accepted)).toMatchObject({ accepted: true, enrolled: false })
  const right = boxWords('twice').with(-1, path.relative(process.cwd(), at.sshd.keyPath))
  expect(await json('box add', 0, ...right, ...accepted)).toMatchObject({
    enrolled: true,
    box: { auth: { kind: 'key', path: at.sshd.keyPath } },
  })
  expect((await run('box', 'add', ...right, ...accepted)).code).toBe(1)
})

test('a known_hosts file that cannot be read imports nothing', async () => {
  const file = path.join(at.homeDir, 'half.csv')
  writeFileSync(file, 'name,host\nhalf,10.0.0.9\n')
  const outcome = await run('box', 'import', file, '--accept-host-keys', path.join(at.homeDir, 'none'), '--json')
  expect([outcome.code, Failure.parse(JSON.parse(outcome.out)).fault.code]).toEqual([1, 'not-found'])
  expect(await json('box list', 0)).toHaveLength(0)
})

test('a file of megabytes is refused in words', async () => {
  const file = path.join(at.homeDir, 'big.csv')
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
  const words = ['--name', 'hangs', '--host', server.host, '--port', String(server.port), '--key', at.sshd.keyPath]
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
  writeFileSync(at.dataDir, 'a file')
  for (const words of [
    ['client', 'list'],
    ['client', 'add', '--name', 'Elm'],
  ]) {
    const { code, out, err } = await run(...words, '--json')
    expect([code, Failure.parse(JSON.parse(out)).fault.code]).toEqual([1, 'data-folder-unusable'])
    expect(err).toBe(
      `The data folder ${at.dataDir} cannot be used: it is no folder. Put that right, or choose another data folder.\n`,
    )
  }
})

/** A machine whose key is accepted, without enrolment. */
async function pinnedBox(fields: Partial<BoxFields> & { name: string; host: string }): Promise<void> {
  const engine = await testEngine(at.dataDir, { host: 'cli' })
  const { box } = await engine.client.inventory.addBox(fields)
  const { fingerprint } = await engine.client.trust.offeredKey({ boxId: box.boxId })
  await engine.client.trust.accept({ boxId: box.boxId, fingerprint })
  await engine.close()
}

test('a damaged store is set aside and said; the command line does not begin a new one', async () => {
  await json('client add', 0, '--name', 'Peak')
  writeFileSync(path.join(at.dataDir, 'wheelhouse.db'), 'not a database '.repeat(500))
  for (let time = 1; time <= 2; time += 1) {
    const outcome = await run('client', 'add', '--name', 'Elm', '--json')
    expect([outcome.code, Failure.parse(JSON.parse(outcome.out)).fault.code]).toEqual([1, 'store-damaged'])
    expect(outcome.err).toContain('The data file was damaged and has been set aside as')
  }
  expect(readdirSync(at.dataDir)).not.toContain('wheelhouse.db')
})

test('a full disk is said in a sentence, and nothing is half written', async () => {
  const disk = mountSmallDisk()
  if (!disk) return expect(process.getuid?.()).not.toBe(0)
  try {
    at.dataDir = path.join(disk.dir, 'data')
    await json('client add', 0, '--name', 'Peak')
    disk.fill()
    const outcome = await run('client', 'add', '--name', 'Elm', '--json')
    expect([outcome.code, Failure.parse(JSON.parse(outcome.out)).fault.code]).toEqual([1, 'disk-full'])
    expect(outcome.err).toContain(`The disk that holds ${at.dataDir} is full, so nothing was saved.`)
    disk.free()
    expect((await json('client list', 0)).map((client) => client.name)).toEqual(['Peak'])
    expect(await json('ledger verify', 0)).toMatchObject({ intact: true, entries: 1 })
  } finally {
    disk.stop()
  }
})

test('a reader changes nothing in the data folder', async () => {
  mkdirSync(at.dataDir, { recursive: true })
  for (const words of [
    ['client', 'list'],
    ['box', 'list'],
    ['facts'],
    ['findings'],
    ['ledger', 'list'],
    ['ledger', 'verify'],
  ])
    expect((await run(...words)).code).toBe(0)
  expect(readdirSync(at.dataDir)).toEqual([])
})
