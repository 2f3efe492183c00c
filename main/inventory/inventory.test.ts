import { rmSync } from 'node:fs'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import type { BoxFields, BoxId, ClientFields, ClientId } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { silentLog } from '../base/log.ts'
import { createLedger } from '../ledger/ledger.ts'
import { openStore } from '../store/store.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { moduleUrl, spawnScript } from '../testing/spawn-script.ts'
import { tempDir, tempStore } from '../testing/temp-store.ts'
import { createInventory } from './inventory.ts'

function house() {
  const temp = tempStore()
  const topics: string[] = []
  const changes = createChanges()
  changes.subscribe((given) => topics.push(...given))
  const inventory = createInventory({ ...temp, changes, homeDir: '/home/kit' })
  return {
    ...temp,
    topics,
    inventory,
    sentences: () => temp.ledger.entries({ limit: 100 }).map((entry) => entry.sentence),
  }
}

const fault = (fields: object) => expect.objectContaining({ fault: expect.objectContaining(fields) })

test('a client needs only a name; everything else is assumed and says so', () => {
  using parts = house()
  const { client, sentence } = parts.inventory.addClient({ name: ' Peak Realty ' })
  expect(sentence).toBe('Peak Realty was added.')
  expect(client).toMatchObject({
    name: 'Peak Realty',
    hoursAssumed: true,
    region: '',
    handles: [],
    createdAtMs: parts.clock.nowMs(),
  })
  expect(client.hours.map((span) => span.weekday)).toEqual([1, 2, 3, 4, 5])
  expect(parts.inventory.clients()).toEqual([client])
  expect(parts.topics).toContain('inventory')
})

test('stating hours makes them no longer assumed', () => {
  using parts = house()
  const { client } = parts.inventory.addClient({ name: 'Peak' })
  const hours = [{ weekday: 6, fromMinute: 600, toMinute: 720 }]
  const edited = parts.inventory.editClient({ clientId: client.clientId, fields: { hours } })
  expect(edited.client).toMatchObject({ hours, hoursAssumed: false })
  parts.inventory.undo({ undoId: edited.undoId })
  expect(parts.inventory.client(client.clientId)).toEqual(client)
})

test.each([
  [{ region: 'California' }, 'region'],
  [{ timeZone: 'Pacific Time' }, 'timeZone'],
  [{ goLiveOn: '2026-02-30' }, 'goLiveOn'],
  [{ hours: [{ weekday: 1, fromMinute: 900, toMinute: 60 }] }, 'hours'],
  [{ amberDays: 20, redDays: 10 }, 'redDays'],
  [{ name: 'Pe\u202eak' }, 'name'],
  [{ handles: [{ kind: 'phone' as const, value: '*', label: '', trust: 'typed' as const }] }, 'handle'],
])('a client with %j is refused and nothing is kept', (fields: Partial<ClientFields>, field) => {
  using parts = house()
  expect(() => parts.inventory.addClient({ name: 'Peak', ...fields })).toThrow(fault({ code: 'invalid-input', field }))
  expect(parts.inventory.clients()).toEqual([])
  expect(parts.sentences()).toEqual([])
})

test('two clients, or two machines, of one name are refused without regard to case', () => {
  using parts = house()
  parts.inventory.addClient({ name: 'Peak' })
  expect(() => parts.inventory.addClient({ name: 'PEAK' })).toThrow(
    fault({ code: 'already-exists', what: 'client', name: 'Peak' }),
  )
  parts.inventory.addBox({ name: 'mini', host: 'a' })
  expect(() => parts.inventory.addBox({ name: 'Mini', host: 'b' })).toThrow(
    fault({ code: 'already-exists', what: 'machine', name: 'mini' }),
  )
})

test('a machine keeps what it was given, with ~ filled in', () => {
  using parts = house()
  const { client } = parts.inventory.addClient({ name: 'Peak' })
  const { box } = parts.inventory.addBox({
    name: 'peak-mini',
    host: '10.0.0.5',
    port: 2222,
    user: 'dana',
    clientId: client.clientId,
    auth: { kind: 'key', path: '~/.ssh/id_peak' },
    expectedOn: { kind: 'hours', spans: [{ weekday: 1, fromMinute: 0, toMinute: 1440 }] },
    keepAliveS: 0,
  })
  expect(parts.inventory.box(box.boxId)).toEqual({
    boxId: box.boxId,
    name: 'peak-mini',
    host: '10.0.0.5',
    port: 2222,
    user: 'dana',
    clientId: client.clientId,
    auth: { kind: 'key', path: '/home/kit/.ssh/id_peak' },
    hops: [],
    ring: 'rest',
    jumpOnly: false,
    keepAliveS: 0,
    expectedOn: { kind: 'hours', spans: [{ weekday: 1, fromMinute: 0, toMinute: 1440 }] },
    launcher: null,
    createdAtMs: parts.clock.nowMs(),
  })
})

test.each([
  [{ host: '-oProxyCommand=evil' }, 'host'],
  [{ host: 'a;reboot' }, 'host'],
  [{ host: '$(reboot)' }, 'host'],
  [{ user: '-l' }, 'user'],
  [{ user: 'dana`id`' }, 'user'],
  [{ name: 'mini\u0007' }, 'name'],
])('a machine with %j is refused: it would end up in an ssh command', (fields: Partial<BoxFields>, field) => {
  using parts = house()
  expect(() => parts.inventory.addBox({ name: 'mini', host: 'a', ...fields })).toThrow(
    fault({ code: 'invalid-input', field }),
  )
})

test.each(['10.0.0.5', 'peak.example.com', 'fe80::1%en0', '2001:db8::7', 'müller.example', 'peak_mini.local'])(
  '%s is a host',
  (host) => {
    using parts = house()
    expect(parts.inventory.addBox({ name: 'mini', host }).box.host).toBe(host)
  },
)

test('jump hosts must be here, not twice, not the machine itself', () => {
  using parts = house()
  const { box: hop } = parts.inventory.addBox({ name: 'bastion', host: 'a', jumpOnly: true })
  const { box } = parts.inventory.addBox({ name: 'mini', host: 'b', hops: [hop.boxId] })
  const edit = (hops: BoxId[]) => () => parts.inventory.editBox({ boxId: box.boxId, fields: { hops } })
  expect(edit([box.boxId])).toThrow(fault({ code: 'invalid-input', field: 'hops' }))
  expect(edit([hop.boxId, hop.boxId])).toThrow(fault({ code: 'invalid-input', field: 'hops' }))
  expect(edit(['gone' as BoxId])).toThrow(fault({ code: 'not-found' }))
  expect(() => parts.inventory.removeBox({ boxId: hop.boxId })).toThrow(fault({ code: 'in-use', by: 'mini' }))
})

test('a client is removed with everything under it, and undo brings all of it back', () => {
  using parts = house()
  const { inventory } = parts
  const { client } = inventory.addClient({ name: 'Peak' })
  const { box } = inventory.addBox({ name: 'mini', host: 'a', clientId: client.clientId })
  inventory.setLauncher(box.boxId, '/usr/bin/node')
  const agentId = inventory.seenAgent(box.boxId, { profile: 'default', stateDir: '/s' })
  const key = inventory.fingerprintKey(box.boxId)
  inventory.saveWorkflow({ clientId: client.clientId, name: 'Leads', description: '' })
  inventory.saveNote({ boxId: box.boxId, clientId: null, text: 'Reboots itself on Tuesdays.' })
  const everything = () => ({
    clients: inventory.clients(),
    boxes: inventory.boxes(),
    agents: inventory.agents(),
    workflows: inventory.workflows({}),
    notes: inventory.notes({ boxId: box.boxId }),
  })
  const before = everything()
  const removed = inventory.removeClient({ clientId: client.clientId })
  expect([inventory.clients(), inventory.boxes(), inventory.agents(), inventory.workflows({})]).toEqual([
    [],
    [],
    [],
    [],
  ])
  expect(() => inventory.box(box.boxId)).toThrow(fault({ code: 'not-found' }))
  expect(inventory.undo({ undoId: removed.undoId })).toEqual({ sentence: 'Peak is back, with everything under it.' })
  expect(everything()).toEqual(before)
  expect([
    inventory.agents()[0]?.agentId,
    inventory.fingerprintKey(box.boxId),
    inventory.box(box.boxId).launcher,
  ]).toEqual([agentId, key, '/usr/bin/node'])
  expect(parts.sentences().slice(0, 2)).toEqual(['Removing Peak was taken back.', 'Peak was removed.'])
  expect(parts.ledger.verify().intact).toBe(true)
})

test('a client whose machine is the way to another client cannot be removed', () => {
  using parts = house()
  const { client } = parts.inventory.addClient({ name: 'Peak' })
  const { box } = parts.inventory.addBox({ name: 'bastion', host: 'a', clientId: client.clientId })
  parts.inventory.addBox({ name: 'elm', host: 'b', hops: [box.boxId] })
  expect(() => parts.inventory.removeClient({ clientId: client.clientId })).toThrow(
    fault({ code: 'in-use', by: 'elm' }),
  )
  expect(parts.inventory.clients()).toHaveLength(1)
})

test('undo works once, and refuses when the name was taken meanwhile, keeping the way back', () => {
  using parts = house()
  const { inventory } = parts
  const { box } = inventory.addBox({ name: 'mini', host: 'a' })
  const { undoId } = inventory.removeBox({ boxId: box.boxId })
  const other = inventory.addBox({ name: 'mini', host: 'b' })
  expect(() => inventory.undo({ undoId })).toThrow(fault({ code: 'already-exists' }))
  inventory.undo({ undoId: other.undoId })
  inventory.undo({ undoId })
  expect(inventory.boxes().map((one) => one.boxId)).toEqual([box.boxId])
  expect(() => inventory.undo({ undoId })).toThrow(fault({ code: 'not-found' }))
})

test('a machine comes back without a client that was removed since', () => {
  using parts = house()
  const { inventory } = parts
  const { client } = inventory.addClient({ name: 'Peak' })
  const { box } = inventory.addBox({ name: 'mini', host: 'a', clientId: client.clientId })
  const removed = inventory.removeBox({ boxId: box.boxId })
  inventory.removeClient({ clientId: client.clientId })
  inventory.undo({ undoId: removed.undoId })
  expect(inventory.box(box.boxId).clientId).toBeNull()
  inventory.editBox({ boxId: box.boxId, fields: { name: 'mini-2' } })
})

test('adding a client cannot be taken back while it has a machine; removing both at once can, jump host and all', () => {
  using parts = house()
  const { inventory } = parts
  const { client, undoId } = inventory.addClient({ name: 'Peak' })
  const { box: mini } = inventory.addBox({ name: 'a-mini', host: 'a', clientId: client.clientId })
  const { box: bastion } = inventory.addBox({ name: 'bastion', host: 'b', clientId: client.clientId })
  inventory.editBox({ boxId: mini.boxId, fields: { hops: [bastion.boxId] } })
  expect(() => inventory.undo({ undoId })).toThrow(fault({ code: 'in-use', by: 'a-mini' }))
  const removed = inventory.removeClient({ clientId: client.clientId })
  inventory.undo({ undoId: removed.undoId })
  expect(inventory.box(mini.boxId)).toMatchObject({ clientId: client.clientId, hops: [bastion.boxId] })
})

test('a machine does not come back while its jump host is gone', () => {
  using parts = house()
  const { inventory } = parts
  const { box: bastion } = inventory.addBox({ name: 'bastion', host: 'a' })
  const { box } = inventory.addBox({ name: 'mini', host: 'b', hops: [bastion.boxId] })
  const mini = inventory.removeBox({ boxId: box.boxId })
  const hop = inventory.removeBox({ boxId: bastion.boxId })
  expect(() => inventory.undo({ undoId: mini.undoId })).toThrow(
    fault({ code: 'not-found', what: 'jump host on the way to mini' }),
  )
  inventory.undo({ undoId: hop.undoId })
  inventory.undo({ undoId: mini.undoId })
  expect(inventory.box(box.boxId).hops).toEqual([bastion.boxId])
})

test('the last 50 changes can be taken back', () => {
  using parts = house()
  const tokens = Array.from({ length: 51 }, (_, n) => parts.inventory.addBox({ name: `box ${n}`, host: 'a' }).undoId)
  expect(() => parts.inventory.undo({ undoId: tokens[0]! })).toThrow(fault({ code: 'not-found' }))
  for (const undoId of tokens.slice(1)) parts.inventory.undo({ undoId })
  expect(parts.inventory.boxes().map((box) => box.name)).toEqual(['box 0'])
})

test('an edit is taken back field by field: what others changed since stays', () => {
  using parts = house()
  const { box } = parts.inventory.addBox({ name: 'mini', host: 'a' })
  const first = parts.inventory.editBox({ boxId: box.boxId, fields: { host: 'b' } })
  parts.inventory.editBox({ boxId: box.boxId, fields: { port: 2200 } })
  parts.inventory.undo({ undoId: first.undoId })
  expect(parts.inventory.box(box.boxId)).toMatchObject({ host: 'a', port: 2200 })
})

test('workflows and notes are saved, changed, removed and taken back', () => {
  using parts = house()
  const { inventory } = parts
  const { client } = inventory.addClient({ name: 'Peak' })
  const { clientId } = client
  const added = inventory.saveWorkflow({ clientId, name: 'Leads', description: '' })
  const changed = inventory.saveWorkflow({ ...added.workflow, name: 'New leads' })
  expect(inventory.workflows({ clientId }).map((one) => one.name)).toEqual(['New leads'])
  inventory.undo({ undoId: changed.undoId })
  expect(inventory.workflows({}).map((one) => one.name)).toEqual(['Leads'])
  const removed = inventory.removeWorkflow({ workflowId: added.workflow.workflowId })
  expect(inventory.workflows({})).toEqual([])
  inventory.undo({ undoId: removed.undoId })
  expect(inventory.workflows({ clientId })).toEqual([added.workflow])
  expect(() => inventory.saveWorkflow({ clientId, name: 'LEADS', description: '' })).toThrow(
    fault({ code: 'already-exists' }),
  )

  const note = inventory.saveNote({ boxId: null, clientId, text: 'Calls before nine only.' })
  expect(inventory.notes({ clientId })).toEqual([note.note])
  const gone = inventory.removeNote({ noteId: note.note.noteId })
  expect(inventory.notes({ clientId })).toEqual([])
  inventory.undo({ undoId: gone.undoId })
  expect(inventory.notes({ clientId })).toEqual([note.note])
  expect(() => inventory.saveNote({ boxId: null, clientId: null, text: 'x' })).toThrow(fault({ code: 'invalid-input' }))
  expect(() => inventory.saveNote({ boxId: null, clientId: 'gone' as ClientId, text: 'x' })).toThrow(
    fault({ code: 'not-found' }),
  )
})

test("the operator's own test handles are normalised and can be taken back", () => {
  using parts = house()
  const handle = (value: string) => ({ kind: 'phone' as const, value, label: 'mine', trust: 'typed' as const })
  const { undoId } = parts.inventory.setTestHandles({ handles: [handle('+1 310 555 0142')] })
  expect(parts.inventory.testHandles()).toEqual([handle('+13105550142')])
  parts.inventory.undo({ undoId })
  expect(parts.inventory.testHandles()).toEqual([])
})

test('one agent per state folder, whatever its profile is called', () => {
  using parts = house()
  const { box } = parts.inventory.addBox({ name: 'mini', host: 'a' })
  const first = parts.inventory.seenAgent(box.boxId, { profile: 'default', stateDir: '/a' })
  expect(parts.inventory.seenAgent(box.boxId, { profile: 'main', stateDir: '/a' })).toBe(first)
  expect(parts.inventory.seenAgent(box.boxId, { profile: 'second', stateDir: '/b' })).not.toBe(first)
  expect(parts.inventory.agents(box.boxId).map((agent) => agent.profile)).toEqual(['main', 'second'])
})

test('holidays are assumed from the region, and what is stated lies over them', () => {
  using parts = house()
  const stated = [
    { date: '2026-11-27', name: 'Day after', source: 'stated' as const, open: true },
    { date: '2026-08-14', name: 'Company picnic', source: 'stated' as const, open: false },
  ]
  const { client } = parts.inventory.addClient({
    name: 'Peak',
    region: 'us-ca',
    timeZone: 'America/Los_Angeles',
    statedHolidays: stated,
  })
  const days = parts.inventory.holidays({ clientId: client.clientId, year: 2026 })
  expect(days.find((day) => day.date === '2026-11-26')).toMatchObject({
    source: 'assumed',
    open: false,
    name: 'Thanksgiving Day',
  })
  expect(days.filter((day) => day.source === 'stated')).toEqual([stated[1], stated[0]])
  const noon = (date: string) => DateTime.fromISO(`${date}T12:00`, { zone: 'America/Los_Angeles' }).toMillis()
  expect(
    ['2026-11-25', '2026-11-26', '2026-11-27', '2026-08-14'].map((date) => parts.inventory.isOpen(client, noon(date))),
  ).toEqual([true, false, true, false])
  expect(parts.inventory.businessDays(client, noon('2026-11-28'), 2).map((day) => day.date)).toEqual([
    '2026-11-27',
    '2026-11-25',
  ])
  const nowhere = parts.inventory.addClient({ name: 'Elm', region: '' }).client
  expect(parts.inventory.holidays({ clientId: nowhere.clientId, year: 2026 })).toEqual([])
})

test("a machine is expected on within its hours, in its client's time zone", () => {
  using parts = house()
  const { client } = parts.inventory.addClient({ name: 'Peak', timeZone: 'Asia/Tokyo' })
  const spans = [{ weekday: 5, fromMinute: 540, toMinute: 1020 }]
  const { box } = parts.inventory.addBox({
    name: 'mini',
    host: 'a',
    clientId: client.clientId,
    expectedOn: { kind: 'hours', spans },
  })
  const on = (hourUtc: number) => parts.inventory.isExpectedOn(box, Date.UTC(2026, 10, 20, hourUtc))
  expect([on(0), on(7), on(8)]).toEqual([true, true, false])
})

test('a console killed in the middle of adding machines keeps each whole, with its diary entry', async () => {
  const dataDir = tempDir()
  const writer = spawnScript(`
    import { openStore } from '${moduleUrl('main/store/store.ts')}'
    import { createLedger } from '${moduleUrl('main/ledger/ledger.ts')}'
    import { createInventory } from '${moduleUrl('main/inventory/inventory.ts')}'
    import { createChanges } from '${moduleUrl('main/base/changes.ts')}'
    import { systemClock as clock } from '${moduleUrl('main/base/clock.ts')}'
    import { silentLog as log } from '${moduleUrl('main/base/log.ts')}'
    const store = openStore({ dataDir: ${JSON.stringify(dataDir)}, clock, log, writable: true })
    const ledger = createLedger({ store, clock, log })
    const inventory = createInventory({ store, ledger, clock, changes: createChanges(), homeDir: '/' })
    for (let n = 1; ; n += 1) {
      inventory.addBox({ name: 'box ' + n, host: '10.0.0.' + n, user: 'dana' })
      if (n === 25) console.log('added 25')
      if (n % 5 === 0) await new Promise(setImmediate)
    }`)
  await writer.says('added 25')
  writer.process.kill('SIGKILL')
  await writer.ended
  const clock = fakeClock()
  const store = openStore({ dataDir, clock, log: silentLog, writable: true })
  const ledger = createLedger({ store, clock, log: silentLog })
  const inventory = createInventory({ store, ledger, clock, changes: createChanges(), homeDir: '/' })
  const boxes = inventory.boxes().length
  const verdict = ledger.verify()
  store.close()
  rmSync(dataDir, { recursive: true })
  expect(boxes).toBeGreaterThanOrEqual(25)
  expect(verdict).toEqual({ intact: true, entries: boxes, problem: null, firstBadSeq: null })
})

test('one name in other letters, cases or ways to write an accent is one name', () => {
  using parts = house()
  const composed = parts.inventory.addClient({ name: 'Cafe\u0301' }).client
  expect(composed.name).toBe('Caf\u00e9')
  for (const name of ['Caf\u00e9', 'Cafe\u0301', 'CAF\u00c9', 'CAFE\u0301'])
    expect(() => parts.inventory.addClient({ name })).toThrow(fault({ code: 'already-exists', name: 'Caf\u00e9' }))
  const { box } = parts.inventory.addBox({ name: 'Cafe\u0301', host: 'peak' })
  expect(box.name).toBe('Caf\u00e9')
  expect(() => parts.inventory.addBox({ name: 'CAFÉ', host: 'peak' })).toThrow(fault({ code: 'already-exists' }))
})

test('a joiner that emoji or letters need is no hidden character, elsewhere it is', () => {
  using parts = house()
  for (const name of ['👩\u200d💻 Studio', '🏳\ufe0f\u200d🌈 Bar', 'می\u200cخواهم'])
    expect(parts.inventory.addClient({ name }).client.name).toBe(name)
  for (const name of ['Pe\u200dak', '👩\u200d', '\u200cPeak', 'Peak \u200c', 'Peak\u202e'])
    expect(() => parts.inventory.addClient({ name })).toThrow(fault({ code: 'invalid-input', field: 'name' }))
  parts.inventory.addClient({ name: 'Peak' })
  expect(() => parts.inventory.addClient({ name: 'Pe\u200cak' })).toThrow(fault({ code: 'already-exists' }))
})

test('a region is one the holiday calendar knows', () => {
  using parts = house()
  for (const region of ['ZZ', 'XX-CA'])
    expect(() => parts.inventory.addClient({ name: 'Elm', region })).toThrow(
      fault({
        field: 'region',
        detail: `The holiday calendar knows no country “${region.slice(0, 2)}”. Leave the region empty and state the holidays.`,
      }),
    )
  expect(parts.inventory.addClient({ name: 'Elm', region: 'de-by' }).client.region).toBe('DE-BY')
})
