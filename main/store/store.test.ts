import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { mountSmallDisk, type SmallDisk } from '../testing/small-disk.ts'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { tempDir } from '../testing/temp-store.ts'
import { listBackups } from './backups.ts'
import { changedSinceRelease, migrate, schemaVersion } from './migrate.ts'
import { migrations, released } from './migrations/migrations.ts'
import { openStore, recoverStore, type Store, type StoreOptions } from './store.ts'

const clock = fakeClock()
const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

const folder = () => {
  const dataDir = tempDir()
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}
const options = (dataDir: string, more: Partial<StoreOptions> = {}): StoreOptions => ({
  dataDir,
  clock,
  log: silentLog,
  writable: true,
  ...more,
})
const open = (dataDir: string, more: Partial<StoreOptions> = {}): Store => {
  const store = openStore(options(dataDir, more))
  cleanups.push(() => store.close())
  return store
}
const keep = (store: Store, key: string, value: string) =>
  store.write(() => store.db.prepare('insert or replace into app_setting values (?, ?)').run(key, value))
const kept = (store: Store) =>
  store.db.prepare<[], { key: string; value: string }>('select * from app_setting order by key').all()
const dbFile = (dataDir: string) => path.join(dataDir, 'wheelhouse.db')
const listing = (dataDir: string) =>
  readdirSync(dataDir).map((name) => `${name} ${statSync(path.join(dataDir, name)).mtimeMs}`)

test('a new store has WAL, foreign keys, full synchronous and every migration', () => {
  const { db } = open(folder())
  const pragma = (name: string) => db.pragma(name, { simple: true })
  expect([pragma('journal_mode'), pragma('foreign_keys'), pragma('synchronous'), schemaVersion(db)]).toEqual([
    'wal',
    1,
    2,
    migrations.length,
  ])
})

test('every table is STRICT', () => {
  const { db } = open(folder())
  const loose = db
    .prepare(
      "select name from pragma_table_list where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%'",
    )
    .pluck()
    .all()
  expect(loose).toEqual([])
})

test('a failing migration leaves schema and version as they were', () => {
  const dataDir = folder()
  const good = 'create table first (id integer primary key) strict;'
  expect(() =>
    openStore(
      options(dataDir, {
        migrations: [good, 'create table second (id integer) strict; create table first (x text) strict;'],
      }),
    ),
  ).toThrow(/first/)
  const store = open(dataDir, { migrations: [good] })
  expect(schemaVersion(store.db)).toBe(1)
  expect(store.db.prepare("select name from sqlite_schema where name = 'second'").all()).toEqual([])
})

test('released migrations are what was released', () => {
  expect(changedSinceRelease(migrations, released)).toEqual([])
})

test('an edited or missing released migration is noticed', () => {
  const hashOfOne = '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b'
  expect(changedSinceRelease(['1', 'other'], [hashOfOne])).toEqual([])
  expect(changedSinceRelease(['1 ', 'other'], [hashOfOne])).toEqual([1])
  expect(changedSinceRelease([], [hashOfOne])).toEqual([1])
})

test('a file of a newer version is refused and not written', () => {
  const dataDir = folder()
  openStore(options(dataDir)).close()
  const db = new Database(dbFile(dataDir))
  db.pragma('journal_mode = delete')
  db.pragma('user_version = 999')
  db.close()
  const before = readFileSync(dbFile(dataDir))
  for (const writable of [true, false]) {
    expect(() => openStore(options(dataDir, { writable }))).toThrow(
      expect.objectContaining({ fault: { code: 'store-newer', found: 999, known: migrations.length } }),
    )
  }
  expect(readFileSync(dbFile(dataDir)).equals(before)).toBe(true)
})

function tear(dataDir: string): void {
  const file = openSync(dbFile(dataDir), 'r+')
  const size = statSync(dbFile(dataDir)).size
  for (let at = 4096; at < size; at += 4096) writeSync(file, Buffer.alloc(2000, 0xa5), 0, 2000, at)
  closeSync(file)
}

async function storeWithBackup(dataDir: string): Promise<string> {
  const store = openStore(options(dataDir))
  keep(store, 'a', '1')
  const backup = await store.backup()
  keep(store, 'a', '2')
  store.close()
  return backup.path
}

test.each([
  ['torn pages', tear],
  [
    'another kind of file',
    (dataDir: string) => writeFileSync(dbFile(dataDir), '<html>not a database at all</html>'.repeat(200)),
  ],
])('a file with %s is set aside and the newest good backup offered, then used', async (_what, damage) => {
  const dataDir = folder()
  const backup = await storeWithBackup(dataDir)
  const badBackup = path.join(path.dirname(backup), 'wheelhouse-20990101T000000000Z.db')
  writeFileSync(badBackup, 'SQLite format 3\0 but torn')
  damage(dataDir)
  const bytes = readFileSync(dbFile(dataDir))

  expect(() => openStore(options(dataDir))).toThrow(
    expect.objectContaining({ fault: expect.objectContaining({ code: 'store-damaged', newestBackup: backup }) }),
  )
  const aside = readdirSync(dataDir).filter((name) => /^wheelhouse\.db\.damaged-\w+$/.test(name))
  expect(aside).toHaveLength(1)
  expect(readFileSync(path.join(dataDir, aside[0]!)).equals(bytes)).toBe(true)
  // Starting again must not begin an empty store in silence.
  expect(() => openStore(options(dataDir))).toThrow(expect.objectContaining({ message: 'store-damaged' }))

  const store = recoverStore(options(dataDir), 'backup')
  cleanups.push(() => store.close())
  expect(kept(store)).toEqual([{ key: 'a', value: '1' }])
  expect(store.recovered).toEqual({ backupAtMs: clock.nowMs() })
})

test.each([
  ['backups', 'wheelhouse.head.json'],
  ['a head of the diary', 'backups'],
])('a file emptied to nothing beside %s is damaged, not new', async (_what, gone) => {
  const dataDir = folder()
  const backup = await storeWithBackup(dataDir)
  writeFileSync(path.join(dataDir, 'wheelhouse.head.json'), '{}')
  rmSync(path.join(dataDir, gone), { recursive: true })
  writeFileSync(dbFile(dataDir), '')
  const before = listing(dataDir)
  const damaged = expect.objectContaining({
    fault: expect.objectContaining({ code: 'store-damaged', newestBackup: gone === 'backups' ? null : backup }),
  })
  expect(() => open(dataDir, { writable: false })).toThrow(damaged)
  expect(listing(dataDir)).toEqual(before)
  expect(() => open(dataDir)).toThrow(damaged)
  expect(existsSync(dbFile(dataDir))).toBe(false)
  const store = recoverStore(options(dataDir), gone === 'backups' ? 'empty' : 'backup')
  cleanups.push(() => store.close())
  expect(kept(store)).toEqual(gone === 'backups' ? [] : [{ key: 'a', value: '1' }])
})

test('an empty file that nothing was ever kept in is begun', () => {
  const dataDir = folder()
  writeFileSync(dbFile(dataDir), '')
  expect(kept(open(dataDir))).toEqual([])
})

test('a damaged store can be begun anew, with nothing', async () => {
  const dataDir = folder()
  await storeWithBackup(dataDir)
  tear(dataDir)
  expect(() => openStore(options(dataDir))).toThrow('store-damaged')
  const store = recoverStore(options(dataDir), 'empty')
  cleanups.push(() => store.close())
  expect(kept(store)).toEqual([])
})

test('a store that is well cannot be recovered over', async () => {
  const dataDir = folder()
  await storeWithBackup(dataDir)
  expect(() => recoverStore(options(dataDir), 'empty')).toThrow(
    expect.objectContaining({ fault: expect.objectContaining({ code: 'invalid-input' }) }),
  )
  expect(kept(open(dataDir))).toEqual([{ key: 'a', value: '2' }])
})

test('a reader of a damaged file reports it and moves nothing', async () => {
  const dataDir = folder()
  await storeWithBackup(dataDir)
  writeFileSync(dbFile(dataDir), 'nonsense '.repeat(1000))
  const before = listing(dataDir)
  expect(() => openStore(options(dataDir, { writable: false }))).toThrow(
    expect.objectContaining({ fault: expect.objectContaining({ code: 'store-damaged', setAside: null }) }),
  )
  expect(listing(dataDir)).toEqual(before)
  expect(() => openStore(options(dataDir))).toThrow('store-damaged')
  // Now there is something set aside, and a reader says where.
  expect(() => openStore(options(dataDir, { writable: false }))).toThrow(
    expect.objectContaining({ fault: expect.objectContaining({ setAside: expect.stringContaining('.damaged-') }) }),
  )
})

test('backups are whole files of their own, and the newest 14 stay', async () => {
  const dataDir = folder()
  const moving = fakeClock()
  const store = open(dataDir, { clock: moving })
  for (let day = 0; day < 16; day += 1) {
    keep(store, 'day', String(day))
    await store.backup()
    moving.advance(86_400_000)
  }
  const backups = listBackups(dataDir)
  expect(backups).toHaveLength(14)
  expect(readdirSync(path.join(dataDir, 'backups'))).toHaveLength(14)
  const newest = new Database(backups[0]!.path, { readonly: true })
  expect(newest.prepare('select value from app_setting').pluck().get()).toBe('15')
  newest.close()
  expect(store.lastBackupAtMs()).toBe(moving.nowMs() - 86_400_000)
})

test('a second console on the folder is refused and told who holds it', () => {
  const dataDir = folder()
  open(dataDir, { host: 'cli' })
  expect(() => openStore(options(dataDir))).toThrow(
    expect.objectContaining({
      fault: {
        code: 'locked-by-other',
        holder: `the command line (process ${process.pid}, since 2026-11-20 12:00 UTC)`,
      },
    }),
  )
})

test('closing twice leaves the next holder alone', () => {
  const dataDir = folder()
  const first = openStore(options(dataDir))
  first.close()
  open(dataDir, { host: 'cli' })
  first.close()
  expect(() => openStore(options(dataDir))).toThrow(
    expect.objectContaining({
      fault: { code: 'locked-by-other', holder: expect.stringContaining('the command line') },
    }),
  )
})

const otherConsole = (dataDir: string, then: string) =>
  spawnScript(`
    import { openStore } from '${moduleUrl('main/store/store.ts')}'
    import { systemClock } from '${moduleUrl('main/base/clock.ts')}'
    import { silentLog } from '${moduleUrl('main/base/log.ts')}'
    const store = openStore({ dataDir: ${JSON.stringify(dataDir)}, clock: systemClock, log: silentLog, writable: true })
    const put = store.db.prepare("insert or replace into app_setting values (?, ?)")
    ${then}
    setInterval(() => {}, 1000)`)

test('a lock held by another process ends when that process is killed', async () => {
  const dataDir = folder()
  const other = otherConsole(dataDir, "globalThis.gc?.(); console.log('holding')")
  await other.says('holding')
  expect(() => openStore(options(dataDir))).toThrow(
    expect.objectContaining({
      fault: { code: 'locked-by-other', holder: expect.stringContaining(`process ${other.process.pid}`) },
    }),
  )
  const reader = openStore(options(dataDir, { writable: false }))
  expect(kept(reader)).toEqual([])
  reader.close()
  other.process.kill('SIGKILL')
  await other.ended
  expect(schemaVersion(open(dataDir).db)).toBe(migrations.length)
})

test('a console killed in the middle of writing leaves whole transactions only', async () => {
  const dataDir = folder()
  const other = otherConsole(
    dataDir,
    `for (let n = 0; ; n += 1) {
       store.write(() => { put.run('a', String(n)); put.run('b', String(n)) })
       if (n === 50) console.log('wrote 50')
       if (n % 7 === 0) await new Promise(setImmediate)
     }`,
  )
  await other.says('wrote 50')
  other.process.kill('SIGKILL')
  await other.ended
  const store = open(dataDir)
  const [a, b] = kept(store)
  expect(Number(a!.value)).toBeGreaterThanOrEqual(50)
  expect(a!.value).toBe(b!.value)
  expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok')
})

function smallDisk(): SmallDisk | null {
  const disk = mountSmallDisk()
  if (disk) cleanups.push(disk.stop)
  return disk
}

/** Fills the disk, or where that cannot be done forbids the database to grow. Answers with the way back. */
function fillDisk(store: Store, disk: SmallDisk | null): () => void {
  if (disk) {
    disk.fill()
    return disk.free
  }
  const pages = store.db.pragma('page_count', { simple: true }) as number
  store.db.pragma(`max_page_count = ${pages + 1}`)
  return () => store.db.pragma('max_page_count = 100000')
}

test('a full disk is said, nothing of the transaction stays, and with room again it goes on', async () => {
  const disk = smallDisk()
  const dataDir = disk?.dir ?? folder()
  const store = open(dataDir)
  keep(store, 'a', '1')
  const makeRoom = fillDisk(store, disk)
  const write = () =>
    store.write(() => {
      keep(store, 'a', '2')
      keep(store, 'b', 'x'.repeat(300_000))
    })
  const full = expect.objectContaining({ fault: { code: 'disk-full', path: dataDir } })
  expect(write).toThrow(full)
  if (disk) await expect(store.backup()).rejects.toThrow(full)
  expect(kept(store)).toEqual([{ key: 'a', value: '1' }])
  makeRoom()
  write()
  expect(kept(store).map((row) => row.key)).toEqual(['a', 'b'])
  expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok')
  if (disk) expect(listBackups(dataDir)).toEqual([])
})

test('a console that starts on a full disk says so', () => {
  const disk = smallDisk()
  if (!disk) return expect(process.getuid?.()).not.toBe(0)
  disk.fill()
  const before = readdirSync(disk.dir)
  expect(() => openStore(options(disk.dir))).toThrow(
    expect.objectContaining({ fault: { code: 'disk-full', path: disk.dir } }),
  )
  disk.free()
  expect(before).toEqual(['ballast'])
  expect(kept(open(disk.dir))).toEqual([])
})

test('an error inside a transaction takes all of it back, and what waited for the commit is forgotten', () => {
  const store = open(folder())
  const heard: string[] = []
  const fails = () =>
    store.write(() => {
      keep(store, 'a', '1')
      store.afterCommit(() => heard.push('never'))
      throw new Error('no')
    })
  expect(fails).toThrow('no')
  store.write(() => store.afterCommit(() => heard.push(`committed: ${store.db.inTransaction}`)))
  expect(kept(store)).toEqual([])
  expect(heard).toEqual(['committed: false'])
})

test('a reader sees what a writer commits and can write nothing', () => {
  const dataDir = folder()
  const writer = open(dataDir)
  const reader = open(dataDir, { writable: false })
  keep(writer, 'a', '1')
  expect(kept(reader)).toEqual([{ key: 'a', value: '1' }])
  expect(() => keep(reader, 'a', '2')).toThrow(
    expect.objectContaining({ fault: expect.objectContaining({ code: 'read-only' }) }),
  )
  expect(() => reader.db.exec('delete from app_setting')).toThrow(/readonly/)
})

test('reading an older file migrates a copy in memory and leaves the file alone', () => {
  const dataDir = folder()
  const older = openStore(options(dataDir, { migrations: migrations.slice(0, 1) }))
  keep(older, 'a', '1')
  const reader = open(dataDir, { writable: false })
  expect([schemaVersion(reader.db), kept(reader)]).toEqual([migrations.length, [{ key: 'a', value: '1' }]])
  expect(() => reader.db.exec('delete from app_setting')).toThrow(/readonly/)
  expect(schemaVersion(older.db)).toBe(1)
  older.close()
})

test.each([
  ['a file in its place', (dir: string) => writeFileSync(dir, 'x')],
  ['a folder in place of the store', (dir: string) => mkdirSync(path.join(dir, 'wheelhouse.db'), { recursive: true })],
])('%s is said, reading and writing', (_what, harm) => {
  const dataDir = path.join(folder(), 'data')
  harm(dataDir)
  for (const writable of [false, true])
    expect(() => open(dataDir, { writable })).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'data-folder-unusable', path: dataDir }) }),
    )
})

// A process of its own: what is looked for here is a loop that never gives the test its turn. Only Linux has a /proc.
test.runIf(process.platform === 'linux')(
  'a data folder that no folder can be made for is said, not tried for ever',
  () => {
    const dataDir = '/proc/nowhere/data'
    const script = `
    import { openStore } from '${moduleUrl('main/store/store.ts')}'
    import { systemClock } from '${moduleUrl('main/base/clock.ts')}'
    import { silentLog } from '${moduleUrl('main/base/log.ts')}'
    try { openStore({ dataDir: '${dataDir}', clock: systemClock, log: silentLog, writable: true }) }
    catch (error) { console.log(JSON.stringify(error.fault)) }`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 15_000,
      encoding: 'utf8',
    })
    expect(JSON.parse(stdout || '"it did not end"')).toEqual({
      code: 'data-folder-unusable',
      path: dataDir,
      why: 'it is not there and cannot be made',
    })
  },
)

// Windows keeps no modes of files.
test.runIf(process.platform !== 'win32')('folders on the way to a data folder are made for this user alone', () => {
  const above = path.join(folder(), 'one')
  open(path.join(above, 'two'))
  expect(statSync(above).mode & 0o777).toBe(0o700)
})

test('a reader of a store torn in the middle reports it, and an emptied one reads as empty', () => {
  const dataDir = folder()
  open(dataDir).close()
  const file = path.join(dataDir, 'wheelhouse.db')
  writeFileSync(file, readFileSync(file).fill(0xaa, 8192))
  expect(() => open(dataDir, { writable: false })).toThrow(
    expect.objectContaining({ fault: expect.objectContaining({ code: 'store-damaged' }) }),
  )
  writeFileSync(file, '')
  expect(schemaVersion(open(dataDir, { writable: false }).db)).toBe(migrations.length)
})

test('reading goes on where nothing can be written', () => {
  const disk = mountSmallDisk()
  if (disk) cleanups.push(() => disk.stop())
  const dataDir = disk?.dir ?? folder()
  const store = openStore(options(dataDir))
  keep(store, 'theme', '"dark"')
  store.close()
  if (disk) disk.fill()
  else chmodSync(dataDir, 0o555)
  const reader = openStore(options(dataDir, { writable: false }))
  expect(kept(reader)).toEqual([{ key: 'theme', value: '"dark"' }])
  expect(() => reader.write(() => 1)).toThrow(
    expect.objectContaining({ fault: expect.objectContaining({ code: 'read-only' }) }),
  )
  reader.close()
  if (!disk) chmodSync(dataDir, 0o755)
})

test('reading a folder without a store is an empty store and creates nothing', () => {
  const dataDir = path.join(folder(), 'never-made')
  const reader = openStore(options(dataDir, { writable: false }))
  expect(kept(reader)).toEqual([])
  reader.close()
  expect(existsSync(dataDir)).toBe(false)
})

test('migrating twice does nothing the second time', () => {
  const { db } = open(folder())
  const before = db.prepare('select count(*) from sqlite_schema').pluck().get()
  migrate(db, migrations)
  expect(db.prepare('select count(*) from sqlite_schema').pluck().get()).toBe(before)
})
