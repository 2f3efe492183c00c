import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { BoxId, ClientId } from '../../shared/contract/index.ts'
import { silentLog } from '../base/log.ts'
import { openStore, recoverStore } from '../store/store.ts'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { type TempStore, tempDir, tempStore } from '../testing/temp-store.ts'
import { createLedger } from './ledger.ts'

const boxId = 'box1' as BoxId
const clientId = 'client1' as ClientId
const headFile = (temp: TempStore) => path.join(temp.dataDir, 'wheelhouse.head.json')

function withEntries(count: number): TempStore {
  const temp = tempStore()
  for (let n = 1; n <= count; n += 1)
    temp.ledger.append({ actor: 'console', kind: 'test.said', words: `Sentence ${n}.` })
  return temp
}

test('entries name boxes and clients when they are read, newest first, and a forgotten name does not break the chain', () => {
  using temp = tempStore()
  const { ledger, store } = temp
  ledger.rememberName(boxId, 'peak-mini')
  ledger.rememberName(clientId, 'Peak Realty')
  ledger.append({ actor: 'operator', kind: 'box.added', boxId, clientId, words: '{box} was added to {client}.' })
  ledger.append({ actor: 'console', kind: 'sweep.ended', words: 'A sweep ended.' })
  expect(ledger.entries({ limit: 10 }).map((entry) => entry.sentence)).toEqual([
    'A sweep ended.',
    'peak-mini was added to Peak Realty.',
  ])
  expect(ledger.entries({ boxId, limit: 10 })).toEqual([
    {
      seq: 1,
      atMs: temp.clock.nowMs(),
      actor: 'operator',
      kind: 'box.added',
      boxId,
      clientId,
      sentence: 'peak-mini was added to Peak Realty.',
    },
  ])
  ledger.rememberName(boxId, '$& {client}')
  expect(ledger.entries({ boxId, limit: 1 })[0]?.sentence).toBe('$& {client} was added to Peak Realty.')
  store.db.exec('delete from ledger_name')
  expect(ledger.entries({ clientId, limit: 1 })[0]?.sentence).toBe(
    'a forgotten machine was added to a forgotten client.',
  )
  expect(ledger.verify()).toEqual({ intact: true, entries: 2, problem: null, firstBadSeq: null })
})

test('an empty diary is intact', () => {
  using temp = tempStore()
  expect(temp.ledger.verify()).toEqual({ intact: true, entries: 0, problem: null, firstBadSeq: null })
})

test('the command line is named as the actor of what the operator does there', () => {
  using temp = tempStore()
  const ledger = createLedger({ ...temp, log: silentLog, host: 'cli' })
  ledger.append({ actor: 'operator', kind: 'a.b', words: 'One.' })
  ledger.append({ actor: 'console', kind: 'a.b', words: 'Two.' })
  expect(ledger.entries({ limit: 2 }).map((entry) => entry.actor)).toEqual(['console', 'cli'])
})

test('text that is not well-formed stays verifiable', () => {
  using temp = tempStore()
  temp.ledger.append({ actor: 'console', kind: 'a.b', words: 'half a pair \ud83d, a zero \0 and a line\nbreak' })
  expect(temp.ledger.verify().intact).toBe(true)
})

test.each([
  [
    'changed words',
    "update ledger_entry set words = 'Other.' where seq = 3",
    3,
    'Entry 3 was changed or moved: its hash does not fit its text.',
  ],
  [
    'a changed time',
    'update ledger_entry set at_ms = at_ms + 1 where seq = 1',
    1,
    'Entry 1 was changed or moved: its hash does not fit its text.',
  ],
  ['a removed entry', 'delete from ledger_entry where seq = 3', 3, 'Entry 3 is missing.'],
  ['two removed entries', 'delete from ledger_entry where seq in (2, 3)', 2, 'Entries 2 to 3 are missing.'],
  ['a removed beginning', 'delete from ledger_entry where seq = 1', 1, 'Entry 1 is missing.'],
  [
    'reordered entries',
    'update ledger_entry set seq = 99 where seq = 2; update ledger_entry set seq = 2 where seq = 3; update ledger_entry set seq = 3 where seq = 99',
    2,
    'Entry 2 was changed or moved: its hash does not fit its text.',
  ],
  ['one entry cut off', 'delete from ledger_entry where seq = 5', 5, 'Entry 5 was cut off at the end.'],
  ['entries cut off', 'delete from ledger_entry where seq > 3', 4, 'Entries 4 to 5 were cut off at the end.'],
  ['all cut off', 'delete from ledger_entry', 1, 'Entries 1 to 5 were cut off at the end.'],
  [
    'a removed entry whose successors were renumbered',
    'delete from ledger_entry where seq = 3; update ledger_entry set seq = seq - 1 where seq > 3',
    3,
    'Entry 3 was changed or moved: its hash does not fit its text.',
  ],
])('%s is found', (_what, sql, firstBadSeq, problem) => {
  using temp = withEntries(5)
  expect(temp.ledger.verify().intact).toBe(true)
  temp.store.db.exec(sql)
  expect(temp.ledger.verify()).toMatchObject({ intact: false, firstBadSeq, problem })
})

test('an entry replaced together with its own hash is found by its successor', () => {
  using temp = withEntries(3)
  using other = tempStore()
  for (const words of ['Sentence 1.', 'Forged.']) other.ledger.append({ actor: 'console', kind: 'test.said', words })
  const forged = other.store.db.prepare<[], { hash: string }>('select hash from ledger_entry where seq = 2').get()
  temp.store.db.prepare("update ledger_entry set words = 'Forged.', hash = ? where seq = 2").run(forged?.hash)
  expect(temp.ledger.verify()).toMatchObject({ intact: false, firstBadSeq: 3 })
})

test('a table rewritten whole with fresh hashes does not fit the head', () => {
  using temp = withEntries(3)
  using other = tempStore()
  for (const words of ['Other 1.', 'Other 2.', 'Other 3.'])
    other.ledger.append({ actor: 'console', kind: 'test.said', words })
  const rows = other.store.db.prepare('select * from ledger_entry').all()
  temp.store.db.exec('delete from ledger_entry')
  const put = temp.store.db.prepare(
    'insert into ledger_entry values (:seq, :at_ms, :actor, :kind, :box_id, :client_id, :words, :previous_hash, :hash)',
  )
  for (const row of rows) put.run(row)
  expect(temp.ledger.verify()).toMatchObject({
    intact: false,
    firstBadSeq: 3,
    problem: expect.stringContaining('rewritten'),
  })
})

test.each([
  ['missing', (temp: TempStore) => rmSync(headFile(temp)), 'The file with the head of the diary is missing.'],
  [
    'torn',
    (temp: TempStore) => writeFileSync(headFile(temp), '{"count":3,'),
    'The file with the head of the diary cannot be understood.',
  ],
])('a %s head file is found', (_what, harm, problem) => {
  using temp = withEntries(3)
  harm(temp)
  expect(temp.ledger.verify()).toMatchObject({ intact: false, problem })
})

test('a head left behind by a crash is intact, and put right at the next opening', () => {
  using temp = withEntries(3)
  const { dataDir, clock, store } = temp
  const behind = readFileSync(headFile(temp))
  temp.ledger.append({ actor: 'console', kind: 'test.said', words: 'Committed, but its head was never written.' })
  const right = readFileSync(headFile(temp), 'utf8')
  writeFileSync(headFile(temp), behind)
  expect(temp.ledger.verify()).toMatchObject({ intact: true, entries: 4 })
  store.close()
  using again = reopened(dataDir, clock)
  expect(again.ledger.intactAtOpening).toBe(true)
  expect(readFileSync(headFile(temp), 'utf8')).toBe(right)
  again.store.db.exec('delete from ledger_entry where seq = 4')
  expect(again.ledger.verify()).toMatchObject({ intact: false, problem: 'Entry 4 was cut off at the end.' })
})

test.each([
  ['a cut-off entry', (temp: TempStore) => temp.store.db.exec('delete from ledger_entry where seq = 3')],
  ['an emptied diary', (temp: TempStore) => temp.store.db.exec('delete from ledger_entry')],
  ['a missing head file', (temp: TempStore) => rmSync(headFile(temp))],
])('%s is still found after the console went on and wrote more', (_what, harm) => {
  using temp = withEntries(3)
  harm(temp)
  temp.store.close()
  for (let start = 1; start <= 2; start += 1) {
    using again = reopened(temp.dataDir, temp.clock)
    for (let n = 1; n <= 4; n += 1)
      again.ledger.append({ actor: 'console', kind: 'test.said', words: `Start ${start}, sentence ${n}.` })
    expect(again.ledger.verify()).toMatchObject({ intact: false })
    expect(again.ledger.intactAtOpening).toBe(false)
  }
})

function reopened(dataDir: string, clock: TempStore['clock']) {
  const store = openStore({ dataDir, clock, log: silentLog, writable: true })
  return { store, ledger: createLedger({ store, clock, log: silentLog }), [Symbol.dispose]: () => store.close() }
}

test('after a recovery from a backup the diary says so and is intact again', async () => {
  using temp = withEntries(3)
  const { dataDir, clock, store } = temp
  await store.backup()
  temp.ledger.append({ actor: 'console', kind: 'test.said', words: 'Lost with the damage.' })
  store.close()
  writeFileSync(path.join(dataDir, 'wheelhouse.db'), 'no database '.repeat(1000))
  const options = { dataDir, clock, log: silentLog, writable: true }
  expect(() => openStore(options)).toThrow('store-damaged')
  const recovered = recoverStore(options, 'backup')
  const ledger = createLedger({ store: recovered, clock, log: silentLog })
  expect(ledger.entries({ limit: 1 })[0]?.sentence).toBe(
    'The store was damaged and set aside; the console went on from the backup of 2026-11-20 12:00 UTC.',
  )
  expect(ledger.verify()).toMatchObject({ intact: true, entries: 4 })
  recovered.close()
})

test('an entry of a transaction that is taken back is gone, and the head with it', () => {
  using temp = withEntries(2)
  const fails = () =>
    temp.store.write(() => {
      temp.ledger.append({ actor: 'console', kind: 'a.b', words: 'Never.' })
      throw new Error('no')
    })
  expect(fails).toThrow('no')
  expect(temp.ledger.verify()).toMatchObject({ intact: true, entries: 2 })
  temp.ledger.append({ actor: 'console', kind: 'a.b', words: 'Third.' })
  expect(temp.ledger.verify()).toMatchObject({ intact: true, entries: 3 })
})

test('a console killed while it writes leaves a diary that verifies', async () => {
  const dataDir = tempDir()
  const writer = spawnScript(`
    import { openStore } from '${moduleUrl('main/store/store.ts')}'
    import { createLedger } from '${moduleUrl('main/ledger/ledger.ts')}'
    import { systemClock as clock } from '${moduleUrl('main/base/clock.ts')}'
    import { silentLog as log } from '${moduleUrl('main/base/log.ts')}'
    const store = openStore({ dataDir: ${JSON.stringify(dataDir)}, clock, log, writable: true })
    const ledger = createLedger({ store, clock, log })
    for (let n = 1; ; n += 1) {
      store.write(() => { for (const part of [1, 2, 3]) ledger.append({ actor: 'console', kind: 'test.said', words: n + '.' + part }) })
      if (n === 20) console.log('wrote 20')
      if (n % 5 === 0) await new Promise(setImmediate)
    }`)
  await writer.says('wrote 20')
  writer.process.kill('SIGKILL')
  await writer.ended
  const store = openStore({ dataDir, clock: tempClock, log: silentLog, writable: true })
  const verdict = createLedger({ store, clock: tempClock, log: silentLog }).verify()
  store.close()
  rmSync(dataDir, { recursive: true })
  expect(verdict).toMatchObject({ intact: true, problem: null })
  expect(verdict.entries).toBeGreaterThanOrEqual(60)
  expect(verdict.entries % 3).toBe(0)
})

const tempClock = { nowMs: () => 0, monotonicMs: () => 0, after: () => () => {} }
