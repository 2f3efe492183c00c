import { expect, test } from 'vitest'
import { Box, type Fault } from '../../../shared/contract/index.ts'
import { emptyMachine, findHop, fromPasted, type MachineForm, possibleHops, readForm, readHop, toForm } from './form.ts'
import { allSteps, askFor, shownDetail } from './steps.ts'

const box = (change: Record<string, unknown>) =>
  Box.parse({
    boxId: 'b1',
    createdAtMs: 1,
    pinned: null,
    launcher: null,
    name: 'peak-mini',
    clientId: 'c1',
    host: '10.0.0.5',
    port: 2222,
    user: 'dana',
    auth: { kind: 'key', path: '~/.ssh/peak' },
    hops: [],
    ring: 'canary',
    expectedOn: { kind: 'hours', spans: [{ weekday: 1, fromMinute: 480, toMinute: 1020 }] },
    jumpOnly: false,
    keepAliveS: 30,
    ...change,
  })

const good: MachineForm = { ...emptyMachine, name: 'peak-mini', host: '10.0.0.5', user: 'dana' }
const errorsOf = (change: Partial<MachineForm>) => readForm({ ...good, ...change }).errors

test('a saved machine survives being shown and read back', () => {
  const { boxId: _, createdAtMs: __, pinned: ___, launcher: ____, ...fields } = box({ hops: ['b9'] })
  expect(readForm(toForm(box({ hops: ['b9'] })))).toEqual({ fields, errors: {} })
})

test('name, host and user are all it takes', () => {
  expect(readForm(good)).toMatchObject({
    errors: {},
    fields: { port: 22, auth: { kind: 'agent' }, ring: 'rest', expectedOn: { kind: 'always' }, clientId: null },
  })
  expect(Object.keys(readForm(emptyMachine).errors)).toEqual(['name', 'host', 'user'])
})

test.each([
  [{ port: '0' }, 'port', 'A port from 1 to 65535.'],
  [{ port: '22x' }, 'port', 'A port from 1 to 65535.'],
  [{ host: 'peak mini' }, 'host', 'A host name or address has no spaces in it.'],
  [{ authKind: 'key' }, 'keyPath', 'The path of the private key on this computer.'],
  [{ client: 'new' }, 'newClient', 'The new client needs a name.'],
  [{ keepAliveS: '601' }, 'keepAliveS', 'Seconds from 0 to 600; 0 turns it off, nothing means 15.'],
  [{ expected: 'hours', hours: ['', '', '', '', '', '', ''] }, 'hours', 'At least one day needs hours.'],
  [
    { expected: 'hours', hours: ['x', '', '', '', '', '', ''] },
    'hours.0',
    '“x” is not a span. Write it as 09:00–17:00.',
  ],
  [{ name: 'x'.repeat(82) }, 'name', '2 characters too long; 80 fit.'],
] as const)('bad input %#: the sentence stands under its field', (change, path, sentence) => {
  expect(errorsOf(change as unknown as Partial<MachineForm>)).toEqual({ [path]: sentence })
})

test('hours that do not apply are not judged', () => {
  expect(errorsOf({ expected: 'always', hours: ['rubbish', '', '', '', '', '', ''] })).toEqual({})
})

test.each([
  ['bastion', { host: 'bastion', port: 22, user: '' }],
  ['ops@bastion:2200', { host: 'bastion', port: 2200, user: 'ops' }],
  ['ssh://ops@bastion', { host: 'bastion', port: 22, user: 'ops' }],
  ['ops@[fe80::1]:2200', { host: 'fe80::1', port: 2200, user: 'ops' }],
  ['corp\\ops@mail@bastion', { host: 'bastion', port: 22, user: 'corp\\ops@mail' }],
])('reads the jump host %s', (typed, hop) => expect(readHop(typed)).toMatchObject(hop))

test('a jump host is found by name first, then by address', () => {
  const byName = box({ boxId: 'n', name: '10.0.0.5', host: 'elsewhere' })
  const byHost = box({ boxId: 'h' })
  expect(findHop('10.0.0.5', [byHost, byName])?.boxId).toBe('n')
  expect(findHop('dana@10.0.0.5:2222', [byHost])?.boxId).toBe('h')
  expect(findHop('10.0.0.5:23', [byHost])).toBeUndefined()
  expect(findHop('kevin@10.0.0.5', [byHost])).toBeUndefined()
})

test('a pasted command fills the form and names the jump hosts that are missing', () => {
  const { boxId: _, createdAtMs: __, pinned: ___, launcher: ____, clientId: _____, hops: ______, ...fields } = box({})
  const known = box({ boxId: 'k', name: 'bastion' })
  const read = fromPasted({ box: fields, hops: ['bastion', 'ops@inner:2200'], ignored: [] }, [known])
  expect(read.form).toMatchObject({
    name: 'peak-mini',
    port: '2222',
    authKind: 'key',
    keyPath: '~/.ssh/peak',
    hops: ['k'],
  })
  expect(read.unknownHops).toEqual([{ typed: 'ops@inner:2200', name: 'inner', host: 'inner', port: 2200, user: 'ops' }])
})

test('a machine cannot be reached through itself, not even round a corner', () => {
  const a = box({ boxId: 'a' })
  const b = box({ boxId: 'b', hops: ['a'] })
  const c = box({ boxId: 'c', hops: ['b'] })
  const d = box({ boxId: 'd' })
  expect(possibleHops([a, b, c, d], 'a').map(({ boxId }) => boxId)).toEqual(['d'])
  expect(possibleHops([a, b], null)).toHaveLength(2)
})

test('steps stand in order and unknown ones wait', () => {
  const told = [{ step: 'reach', state: 'ok', detail: '', tookMs: 4 } as const]
  expect(allSteps(told, false).map(({ step, state }) => `${step} ${state}`)).toEqual([
    'reach ok',
    'host-key waiting',
    'login waiting',
    'node waiting',
    'probe waiting',
  ])
  expect(allSteps([], true)[0]?.step).toBe('hops')
})

test('a key that was as accepted is not spelled out again', () => {
  const detail = 'SHA256:abc, accepted by you, in this window.'
  expect(shownDetail('host-key', 'ok', detail)).toBe('It is the one that was accepted.')
  expect(shownDetail('host-key', 'failed', detail)).toBe(detail)
  expect(shownDetail('login', 'ok', 'Logged in as dana.')).toBe('Logged in as dana.')
})

test.each([
  [{ code: 'key-file-unreadable', boxName: 'b', path: 'p', why: 'passphrase-wrong' }, 'key', 'passphrase'],
  [{ code: 'key-file-unreadable', boxName: 'b', path: 'p', why: 'missing' }, 'key', null],
  [{ code: 'auth-refused', boxName: 'b', user: 'u', offered: [], accepted: [] }, 'password', 'password'],
  [{ code: 'auth-refused', boxName: 'b', user: 'u', offered: [], accepted: [] }, 'agent', null],
  [{ code: 'key-changed', boxName: 'b', pinned: 'p', offered: 'o' }, 'agent', 'changed-key'],
  [{ code: 'key-not-trusted', boxName: 'b', offered: 'o' }, 'agent', 'host-key'],
  [{ code: 'refused', boxName: 'b', host: 'h', port: 22 }, 'agent', null],
] as const)('fault %#: what the operator is asked for', (fault, auth, ask) => {
  expect(askFor(fault as unknown as Fault, auth)).toBe(ask)
})
