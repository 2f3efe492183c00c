import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ImportPreview, type ImportRow } from '../../../shared/contract/index.ts'
import { createChanges } from '../../base/changes.ts'
import { tempStore } from '../../testing/temp-store.ts'
import { createInventory } from '../inventory.ts'

function house() {
  const temp = tempStore()
  const inventory = createInventory({ ...temp, changes: createChanges(), homeDir: temp.dataDir })
  const preview = (text: string, fileName: string) => inventory.previewImport({ text, fileName, baseDir: null })
  return { ...temp, inventory, preview }
}
const usable = (rows: readonly ImportRow[]) => rows.filter((row) => row.box !== null && row.duplicateOf === null)
const fault = (fields: object) => expect.objectContaining({ fault: expect.objectContaining(fields) })

test.each([
  ['fleet.csv', 'Host,Name\na,b', 'csv'],
  ['fleet.tsv', 'Host\tName', 'csv'],
  ['config', 'Host peak\n  HostName a', 'ssh-config'],
  ['fleet.txt', 'name;host\npeak;a', 'csv'],
  ['notes.txt', '# mine\nHost peak,elm', 'ssh-config'],
  ['config', '', 'ssh-config'],
])('%s with %j is read as %s', (fileName, text, kind) => {
  using parts = house()
  expect(ImportPreview.parse(parts.preview(text, fileName)).kind).toBe(kind)
})

test('chosen rows are saved with their clients and jump hosts, whatever their order, and taken back whole', () => {
  using parts = house()
  const { inventory, preview } = parts
  inventory.addClient({ name: 'Peak Realty' })
  const { rows } = preview(
    'name,host,client,jump\npeak,10.0.0.5,PEAK REALTY,bastion\nelm,10.0.0.6,Elm Homes,\nelm2,10.0.0.7,elm homes,\nbastion,192.0.2.1,,\n',
    'fleet.csv',
  )
  const done = inventory.importRows({ rows })
  expect(done).toMatchObject({ added: 4, clientsAdded: 1, sentence: '4 machines were added.' })
  const boxes = inventory.boxes()
  const bastion = boxes.find((box) => box.name === 'bastion')
  expect(boxes.find((box) => box.name === 'peak')?.hops).toEqual([bastion?.boxId])
  expect(inventory.clients().map((client) => client.name)).toEqual(['Elm Homes', 'Peak Realty'])
  inventory.undo({ undoId: done.undoId })
  expect([inventory.boxes(), inventory.clients().map((client) => client.name)]).toEqual([[], ['Peak Realty']])
})

test('an ssh_config becomes machines with their ways', () => {
  using parts = house()
  mkdirSync(path.join(parts.dataDir, '.ssh'))
  writeFileSync(path.join(parts.dataDir, '.ssh', 'more'), 'Host bastion\n  HostName 192.0.2.1\n')
  const { rows } = parts.preview('Include more\nHost peak\n  HostName 10.0.0.5\n  ProxyJump bastion\n', 'config')
  parts.inventory.importRows({ rows })
  const [bastion, peak] = parts.inventory.boxes()
  expect(peak).toMatchObject({ name: 'peak', hops: [bastion?.boxId] })
  expect(bastion).toMatchObject({ name: 'bastion', jumpOnly: true })
})

test.each([
  [
    'a row that is not usable',
    (rows: ImportRow[]) => [...rows.slice(0, 2), { ...rows[2]!, box: null }],
    'invalid-input',
  ],
  ['a name twice', (rows: ImportRow[]) => [...rows, { ...rows[0]!, line: 9 }], 'already-exists'],
  [
    'a jump host that was not chosen',
    (rows: ImportRow[]) => [...rows.slice(0, 2), { ...rows[2]!, hopNames: ['nowhere'] }],
    'invalid-input',
  ],
  [
    'a host nobody checked',
    (rows: ImportRow[]) => [...rows.slice(0, 2), { ...rows[2]!, box: { ...rows[2]!.box!, host: '-oX=y' } }],
    'invalid-input',
  ],
  [
    'jump hosts in a ring',
    (rows: ImportRow[]) => [{ ...rows[0]!, hopNames: ['b'] }, { ...rows[1]!, hopNames: ['a'] }, rows[2]!],
    'invalid-input',
  ],
])('%s: nothing at all is imported', (_what, spoil, code) => {
  using parts = house()
  const { rows } = parts.preview('name,host,client\na,10.0.0.1,New\nb,10.0.0.2,\nc,10.0.0.3,\n', 'fleet.csv')
  const chosen = spoil(rows)
  expect(() => parts.inventory.importRows({ rows: chosen })).toThrow(fault({ code }))
  expect([parts.inventory.boxes(), parts.inventory.clients(), parts.ledger.entries({ limit: 9 })]).toEqual([[], [], []])
})

test('duplicates of what is here, and within the file, are flagged by name and by address', () => {
  using parts = house()
  parts.inventory.addBox({ name: 'Peak', host: '10.0.0.5', user: 'dana' })
  const { rows } = parts.preview(
    'name,host,user\npeak,10.9.9.9,x\nother,10.0.0.5,dana\nelm,10.0.0.6,dana\nelm-again,10.0.0.6,dana\nfree,10.0.0.7,dana\n',
    'fleet.csv',
  )
  expect(rows.map((row) => row.duplicateOf)).toEqual(['Peak', 'Peak', null, 'elm', null])
  expect(parts.inventory.importRows({ rows: usable(rows) }).added).toBe(2)
})

test('a row behind a jump host that is unusable or nowhere is named, and so is what lies behind it', () => {
  using parts = house()
  const { rows } = parts.preview(
    'name,host,jump\ndeep,10.0.0.3,middle\nmiddle,10.0.0.2,outer\nfine,10.0.0.9,\n',
    'fleet.csv',
  )
  expect(rows.map((row) => [row.name, row.box !== null, row.problems.join(' ')])).toEqual([
    ['deep', false, expect.stringContaining('middle')],
    ['middle', false, expect.stringContaining('outer')],
    ['fine', true, ''],
  ])
})

test('a pasted command may use a name of the own ssh_config; what the command says itself comes first', () => {
  using parts = house()
  const read = (command: string) => parts.inventory.readSshCommand({ command })
  expect(read('ssh peak').box).toMatchObject({ host: 'peak', port: 22 })
  mkdirSync(path.join(parts.dataDir, '.ssh'))
  writeFileSync(
    path.join(parts.dataDir, '.ssh', 'config'),
    'Host peak\n  HostName 10.0.0.5\n  Port 2222\n  User dana\n  IdentityFile ~/.ssh/id_peak\n  ProxyJump bastion\nHost old\n  ProxyCommand nc %h\nHost odd\n  HostName %h.x\n',
  )
  const key = { kind: 'key', path: path.join(parts.dataDir, '.ssh/id_peak') }
  expect(read('ssh peak')).toMatchObject({
    box: { name: 'peak', host: '10.0.0.5', port: 2222, user: 'dana', auth: key },
    hops: ['bastion'],
    ignored: [],
  })
  expect(read('ssh -p 22 -J none kevin@peak')).toMatchObject({
    box: { host: '10.0.0.5', port: 22, user: 'kevin' },
    hops: [],
  })
  expect(read('ssh old').ignored).toMatchObject([
    { text: 'ProxyCommand nc %h', reason: expect.stringContaining('never run') },
  ])
  expect(read('ssh odd')).toMatchObject({
    box: { host: 'odd' },
    ignored: [{ text: '~/.ssh/config', reason: expect.stringContaining('token') }],
  })
})

test('files made to be slow are read in time: chains, many names, many rows', () => {
  using parts = house()
  const chain = Array.from({ length: 20_000 }, (_, index) => `m${index},10.0.0.1,m${index + 1}`)
  const table = parts.preview(['name,host,jump', ...chain].join('\n'), 'fleet.csv')
  expect(table.rows).toHaveLength(1000)
  expect(table.unsupported.at(-1)?.reason).toBe('Only the first 1000 machines are read.')
  expect(table.rows.every((row) => row.box === null)).toBe(true)
  const config = parts.preview(Array.from({ length: 20_000 }, (_, index) => `Host h${index}`).join('\n'), 'config')
  expect(config.rows).toHaveLength(1000)
})

test('the diary of an import names machines by id, so that a name can be forgotten', () => {
  using parts = house()
  const { rows } = parts.preview('name,host\npeak,10.0.0.5\nelm,10.0.0.6\n', 'fleet.csv')
  parts.inventory.importRows({ rows })
  parts.store.db.exec('delete from ledger_name')
  expect(parts.ledger.entries({ limit: 9 }).map((entry) => entry.sentence)).toEqual([
    'An import added 2 machines.',
    'a forgotten machine was imported.',
    'a forgotten machine was imported.',
  ])
})

test('the preview of hostile bytes is a preview', () => {
  using parts = house()
  const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 37) % 256)).toString('latin1')
  for (const fileName of ['x.csv', 'config'])
    expect(ImportPreview.parse(parts.preview(bytes, fileName)).rows.filter((row) => row.box !== null)).toEqual([])
  rmSync(path.join(parts.dataDir, 'none'), { force: true })
})

test('a file that is no list of machines is shown in bounds, with its hidden characters visible', () => {
  using parts = house()
  const { unsupported } = parts.preview(`Title a\u001b[31m${'x'.repeat(5000)}\n${'Frob yes\n'.repeat(3000)}`, 'config')
  expect(unsupported[0]?.text).toMatch(/^Title a⟨001B⟩\[31mx{50}/i)
  expect(unsupported[0]?.text).toHaveLength(200)
  expect(unsupported).toHaveLength(1001)
  expect(unsupported.at(-1)?.reason).toBe('2001 more lines from here on cannot be used.')
})
