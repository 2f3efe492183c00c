import { describe, expect, test } from 'vitest'
import type { BoxId, RolloutWave } from '../../shared/contract/index.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { aliasesOf, groupsOf, knownHostsOf, serialOf, sshArgsOf, whyNotReached } from './hosts.ts'

const box = (fields: Partial<StoredBox> = {}): StoredBox => ({
  boxId: 'aaaaaaaaaaaaaaaa' as BoxId,
  name: 'peak-mini',
  clientId: null,
  host: '10.0.0.5',
  port: 22,
  user: 'dana',
  auth: { kind: 'key', path: '/home/kit/id' },
  hops: [],
  ring: 'rest',
  expectedOn: { kind: 'always' },
  jumpOnly: false,
  keepAliveS: null,
  createdAtMs: 0,
  launcher: 'node',
  ...fields,
})
const pin = { algorithm: 'ssh-ed25519', key: 'AAAA' }
const wave = (number: number, kind: RolloutWave['kind']): RolloutWave => ({
  number,
  kind,
  agentIds: [],
  atOnce: 1,
  soakS: 0,
})

test('names of an inventory: plain, each once, none of a group or of Ansible itself', () => {
  expect(aliasesOf(['Peak Mini', 'peak-mini', 'lab', '日本', 'all', 'localhost'], ['lab'])).toEqual([
    'peak-mini',
    'peak-mini-2',
    'lab-2',
    'machine',
    'all-2',
    'localhost-2',
  ])
})

test('groups are the waves of the preview, and no batch reaches into the next', () => {
  const waves = [wave(1, 'lab'), wave(2, 'lab'), wave(3, 'canary'), wave(4, 'rest'), wave(5, 'rest')]
  expect([...groupsOf(waves).values()]).toEqual(['lab', 'lab', 'canary', 'wave_1', 'wave_2'])
  expect(
    serialOf([
      { hosts: 1, atOnce: 1 },
      { hosts: 4, atOnce: 4 },
      { hosts: 18, atOnce: 8 },
    ]),
  ).toEqual([1, 4, 8, 8, 2])
})

test('known_hosts has each host once, with its port where that is another', () => {
  const other = box({ host: 'Elm.local', port: 2222 })
  expect(
    knownHostsOf([
      { box: box(), pin },
      { box: other, pin },
      { box: box(), pin },
    ]),
  ).toBe('10.0.0.5 ssh-ed25519 AAAA\n[elm.local]:2222 ssh-ed25519 AAAA\n')
})

test('every step of the way takes the accepted keys alone', () => {
  const hops = [
    { box: box({ host: 'near', user: 'jo', auth: { kind: 'agent' } }), pin },
    { box: box({ host: 'far', port: 2200 }), pin },
  ]
  const args = sshArgsOf({ box: box(), hops })
  expect(args.match(/StrictHostKeyChecking=yes/g)).toHaveLength(3)
  expect(args.match(/playbook_dir/g)).toHaveLength(3)
  // The first hop is told where the second is; only that one where the machine is.
  expect(args).toContain('-W far:2200 -l jo -- near')
  expect(args.match(/%h/g)).toHaveLength(1)
})

describe('what Ansible could not be told as it is', () => {
  test.each([
    ['a password', { auth: { kind: 'password' as const } }, 'password'],
    [
      'a key file that is a template',
      { auth: { kind: 'key' as const, path: '/k/{{ lookup("pipe", "id") }}' } },
      'key file',
    ],
    ['a key file with a quote', { auth: { kind: 'key' as const, path: "/k/o'neil" } }, 'key file'],
    ['a user of a domain', { user: 'PC\\dana' }, 'user name'],
  ])('%s', (_what, fields, words) => {
    expect(whyNotReached({ box: box(fields), hops: [] })).toContain(words)
    expect(whyNotReached({ box: box(), hops: [box({ name: 'jump', ...fields })] })).toMatch(/^jump on the way to it/)
  })
  test('a plain one is', () => expect(whyNotReached({ box: box(), hops: [box()] })).toBe(''))
})
