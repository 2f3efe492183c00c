import { describe, expect, it } from 'vitest'
import type { PairingStore } from './door-settings.ts'
import { findDoors } from './doors.ts'
import { readHandles } from './handles.ts'

const nobodyPaired: PairingStore = { entries: [], unread: '' }
const door = (
  channel: object,
  more: { version?: string; pairing?: PairingStore; settings?: object; name?: string } = {},
) => {
  const settings = { channels: { [more.name ?? 'imessage']: channel }, ...more.settings }
  const [found] = findDoors(settings, more.version ?? '2026.9.6', more.pairing ?? nobodyPaired)
  if (found === undefined) throw new Error('no door')
  return found
}
const paired = (handle: string, account = 'default'): PairingStore => ({
  entries: [{ channel: 'imessage', account, handle }],
  unread: '',
})

describe('direct messages', () => {
  // The rows of the table in openclaw.md §4, tried with live messages.
  it.each([
    [{}, 'pairing-code'],
    [{ dmPolicy: 'pairing' }, 'pairing-code'],
    [{ dmPolicy: 'pairing', allowFrom: ['*'] }, 'everyone'],
    [{ dmPolicy: 'allowlist', allowFrom: ['*'] }, 'everyone'],
    [{ dmPolicy: 'open', allowFrom: ['*'] }, 'everyone'],
    [{ dmPolicy: 'open' }, 'nobody'],
    [{ dmPolicy: 'allowlist', allowFrom: [] }, 'nobody'],
    [{ dmPolicy: 'allowlist', allowFrom: ['+15550001'] }, 'listed'],
    [{ dmPolicy: 'disabled', allowFrom: ['*'] }, 'nobody'],
    [{ enabled: false, allowFrom: ['*'] }, 'nobody'],
    [{ dmPolicy: 'allowlist', allowFrom: ['+15550001', ' * '] }, 'everyone'],
    [{ dmPolicy: 'allowlist', allowFrom: ['\u200b*'] }, 'everyone'],
    [{ dmPolicy: 'allowlist', allowFrom: [['*']] }, 'everyone'],
    [{ dmPolicy: 'allowlist', allowFrom: '*' }, 'everyone'],
    [{ dmPolicy: 'allowlist', allowFrom: ['imessage:*'] }, 'everyone'],
    [{ dmPolicy: 'allowlist', allowFrom: [`\${OWNER}`] }, 'unknown'],
    [{ dmPolicy: 'allowlist', allowFrom: [`\${OWNER}`, '*'] }, 'everyone'],
    [{ dmPolicy: `\${POLICY}`, allowFrom: ['+15550001'] }, 'unknown'],
    [{ dmPolicy: 'allowlist', allowFrom: [{ source: 'env', id: 'OWNER' }] }, 'unknown'],
    [{ dmPolicy: 'welcome' }, 'unknown'],
    [{ dm: { policy: 'open', allowFrom: ['*'] } }, 'everyone'],
    [{ dm: { enabled: false }, allowFrom: ['*'] }, 'nobody'],
    [{ dmPolicy: 'allowlist', allowFrom: [15550001] }, 'listed'],
  ] as const)('%j: %s', (channel, direct) => {
    expect(door(channel).direct).toBe(direct)
  })

  it('takes a full-width star for a name and says so', () => {
    const found = door({ dmPolicy: 'allowlist', allowFrom: ['\uff0a'] })
    expect(found).toMatchObject({ direct: 'listed', listed: ['\uff0a'] })
    expect(found.because).toContain('"\uff0a" looks like a star and is none')
  })

  it('is taken for open without a star on versions that were never seen', () => {
    expect(door({ dmPolicy: 'open' }, { version: '2026.4.15' }).direct).toBe('everyone')
    expect(door({ dmPolicy: 'open' }, { version: '2026.6.11' }).direct).toBe('nobody')
  })

  it('joins the pairing store under pairing and only there', () => {
    const pairing = paired('+15550002')
    expect(door({ dmPolicy: 'pairing', allowFrom: ['+15550001'] }, { pairing })).toMatchObject({
      listed: ['+15550001', '+15550002'],
      listedTotal: 2,
    })
    expect(door({ dmPolicy: 'allowlist', allowFrom: ['+15550001'] }, { pairing }).listed).toEqual(['+15550001'])
    expect(door({}, { pairing: paired('*') }).direct).toBe('everyone')
    expect(door({}, { pairing: paired('+15550002', 'shop') }).listed).toEqual([])
  })

  it('says when the pairing store could not be read', () => {
    expect(
      door({}, { pairing: { entries: [], unread: 'The database is locked by another program.' } }).because,
    ).toContain('pairing store: The database is locked by another program.')
  })

  it('does not guess the default of a channel it does not know', () => {
    expect(door({ enabled: true }, { name: 'pigeon' }).direct).toBe('unknown')
  })

  it('counts members of an access group', () => {
    const settings = { accessGroups: { staff: { members: { imessage: ['+15550003', '*'] } } } }
    expect(door({ dmPolicy: 'allowlist', allowFrom: ['accessGroup:staff'] }, { settings }).direct).toBe('everyone')
    expect(door({ dmPolicy: 'allowlist', allowFrom: ['accessGroup:gone'] }, { settings }).direct).toBe('unknown')
  })
})

describe('direct chats of Telegram with settings of their own', () => {
  const usual = { dmPolicy: 'allowlist', allowFrom: ['111'] }
  it.each([
    [{ ...usual, direct: { '*': { dmPolicy: 'open', allowFrom: ['*'] } } }, 'everyone', []],
    [{ ...usual, direct: { '*': { dmPolicy: 'pairing' } } }, 'pairing-code', ['111', '333']],
    [{ ...usual, direct: { '*': { dmPolicy: 'pairing', allowFrom: ['222'] } } }, 'listed', ['222']],
    [{ ...usual, direct: { '*': { enabled: false } } }, 'nobody', []],
    [{ ...usual, direct: { '222': { allowFrom: ['222'] } } }, 'listed', ['111', '222']],
    [{ ...usual, direct: { '111': { enabled: false } } }, 'nobody', []],
    [{ ...usual, direct: { '111': { dmPolicy: 'disabled' } } }, 'nobody', []],
    [{ ...usual, direct: { '333': { dmPolicy: 'pairing' } } }, 'listed', ['111', '333']],
    [{ ...usual, direct: { '222': { allowFrom: [`\${OWNER}`] } } }, 'unknown', ['111']],
    [{ dmPolicy: 'disabled', direct: { '222': { dmPolicy: 'open', allowFrom: ['*'] } } }, 'listed', ['222']],
    [{ ...usual, allowFrom: ['tg:111'], direct: { '111': { enabled: false } } }, 'nobody', []],
  ] as const)('%j: %s', (telegram, direct, listed) => {
    const pairing = { entries: [{ channel: 'telegram', account: 'default', handle: '333' }], unread: '' }
    const [found] = findDoors({ channels: { telegram } }, '2026.9.6', pairing)
    expect([found?.direct, found?.listed.filter((handle) => handle !== '*')]).toEqual([direct, listed])
  })
})

describe('accounts', () => {
  const closed = { dmPolicy: 'allowlist', allowFrom: ['+15550001'], groupPolicy: 'disabled' }

  it('can be reopened one by one', () => {
    const doors = findDoors(
      {
        channels: {
          imessage: {
            ...closed,
            accounts: { shop: {}, desk: { allowFrom: ['*'] }, old: { enabled: false, allowFrom: ['*'] } },
          },
        },
      },
      '2026.9.6',
      nobodyPaired,
    )
    expect(doors.map(({ account, direct }) => [account, direct])).toEqual([
      ['shop', 'listed'],
      ['desk', 'everyone'],
      ['old', 'nobody'],
    ])
    expect(doors[1]?.because).toContain('channels.imessage.accounts.desk.allowFrom')
  })

  it('stand beside the unnamed one when that has its own login', () => {
    const doors = findDoors(
      { channels: { telegram: { botToken: '1:a', accounts: { shop: { botToken: '2:b' } } } } },
      '2026.9.6',
      nobodyPaired,
    )
    expect(doors.map(({ account }) => account)).toEqual(['default', 'shop'])
  })

  it.each([
    ['2026.6.11', 'imessage', 'pairing-code', 'listed'],
    ['2026.6.11', 'whatsapp', 'listed', 'nobody'],
    ['2026.9.6', 'imessage', 'listed', 'nobody'],
    ['2026.9.6', 'mattermost', 'pairing-code', 'nobody'],
  ] as const)('get a policy of their own from %s on %s: %s, in groups %s', (version, channel, direct, groups) => {
    const [found] = findDoors({ channels: { [channel]: { ...closed, accounts: { desk: {} } } } }, version, nobodyPaired)
    expect(found).toMatchObject({ account: 'desk', direct, groups })
  })

  it.each([
    [['*'], ['111'], 'listed'],
    [['222', ' * '], ['111'], 'listed'],
    [['*'], ['*'], 'everyone'],
    [['*'], [], 'everyone'],
  ])('of Telegram with %j open nothing where it lists %j itself', (own, base, direct) => {
    const telegram = {
      dmPolicy: 'allowlist',
      allowFrom: base,
      accounts: { desk: { dmPolicy: 'allowlist', allowFrom: own } },
    }
    expect(findDoors({ channels: { telegram } }, '2026.9.6', nobodyPaired)[0]?.direct).toBe(direct)
    expect(findDoors({ channels: { telegram } }, '2026.4.15', nobodyPaired)[0]?.direct).toBe('everyone')
  })

  it('are not found in the defaults', () => {
    expect(findDoors({ channels: { defaults: { groupPolicy: 'open' } } }, '2026.9.6', nobodyPaired)).toEqual([])
  })
})

describe('groups', () => {
  it.each([
    [{}, 'nobody'],
    [{ groupPolicy: 'disabled', groupAllowFrom: ['*'] }, 'nobody'],
    [{ groupPolicy: 'open' }, 'everyone'],
    [{ groupPolicy: 'open', groups: { 'chat-1': {} } }, 'listed'],
    [{ groupPolicy: 'open', groups: { 'chat-1': {}, '*': {} } }, 'everyone'],
    [{ allowFrom: ['+15550001'] }, 'listed'],
    [{ allowFrom: ['*'] }, 'everyone'],
    [{ allowFrom: ['*'], groupAllowFrom: ['+15550001'] }, 'listed'],
    [{ allowFrom: ['*'], groupAllowFrom: [] }, 'everyone'],
    [{ allowFrom: ['+15550001'], groups: { 'chat-1': { groupPolicy: 'open' } } }, 'everyone'],
    [{ allowFrom: ['+15550001'], groupAllowFrom: [`\${TEAM}`] }, 'unknown'],
    [{ groupPolicy: 'friends' }, 'unknown'],
  ] as const)('%j: %s', (channel, groups) => {
    expect(door(channel).groups).toBe(groups)
  })

  it('inherit the default of all channels where the channel has none of its own', () => {
    const groups = (channel: string) =>
      findDoors({ channels: { defaults: { groupPolicy: 'open' }, [channel]: {} } }, '2026.9.6', nobodyPaired)[0]?.groups
    expect(groups('matrix')).toBe('everyone')
    expect(groups('imessage')).toBe('nobody')
  })

  // As both eras did with real messages: doors.messages.real.test.ts.
  it.each([
    [{ allowFrom: ['*'] }, 'nobody'],
    [{ groups: { '*': {} }, allowFrom: ['111'] }, 'listed'],
    [{ groups: { '*': {} } }, 'nobody'],
    [{ groups: { '-100': {} }, allowFrom: ['111'], groupAllowFrom: [] }, 'everyone'],
    [{ groups: { '-100': {} } }, 'everyone'],
    [{ groups: { '-100': {} }, allowFrom: ['111'] }, 'listed'],
    [{ groups: { '-100': { allowFrom: ['222'] } } }, 'listed'],
    [{ groups: { '-100': { allowFrom: [] } }, allowFrom: ['*'] }, 'nobody'],
    [{ groups: { '-100': { enabled: false } }, groupPolicy: 'open' }, 'nobody'],
    [{ groups: { '-100': { groupPolicy: 'disabled' } }, groupPolicy: 'open' }, 'nobody'],
    [{ groups: { '-100': { groupPolicy: 'open' } }, groupPolicy: 'disabled' }, 'nobody'],
    [{ groups: { '-100': { groupPolicy: 'friends' } } }, 'unknown'],
    [{ groups: { '-100': { allowFrom: ['222'], topics: { 7: { allowFrom: ['*'] } } } } }, 'everyone'],
    [{ groupPolicy: 'open', groups: { '-100': {} }, accounts: { a: {}, b: {} } }, 'everyone'],
  ] as const)('of Telegram %j: %s', (telegram, groups) => {
    expect(findDoors({ channels: { telegram } }, '2026.9.6', nobodyPaired)[0]?.groups).toBe(groups)
  })

  it.each([
    [{}, ['everyone', 'nobody']],
    [{ bindings: [{ agentId: 'main', match: { channel: 'telegram', accountId: 'b' } }] }, ['everyone', 'everyone']],
    [{ bindings: [{ agentId: 'main', match: { channel: 'discord', accountId: 'b' } }] }, ['everyone', 'nobody']],
  ])('of Telegram accounts with %j: %j', (settings, groups) => {
    const telegram = { groupPolicy: 'open', accounts: { a: {}, b: {} } }
    const doors = findDoors({ channels: { telegram }, ...settings }, '2026.9.6', nobodyPaired)
    expect(doors.map((found) => found.groups)).toEqual(groups)
  })

  it('of the Telegram account that is chosen as the default are not dropped', () => {
    const telegram = { groupPolicy: 'open', defaultAccount: 'b', accounts: { a: {}, b: {} } }
    const doors = findDoors({ channels: { telegram } }, '2026.9.6', nobodyPaired)
    expect(doors.map((found) => found.groups)).toEqual(['nobody', 'everyone'])
  })

  it('of a Telegram with two accounts are no groups of these on 2026.6.11', () => {
    const accounts = { a: { groupPolicy: 'open' }, b: {} }
    const telegram = { groups: { '-100': {} }, accounts }
    expect(findDoors({ channels: { telegram } }, '2026.6.11', nobodyPaired)[0]?.groups).toBe('everyone')
  })

  it('of Discord are let in by the map of servers', () => {
    expect(door({ guilds: { '42': {} } }, { name: 'discord' }).groups).toBe('listed')
    expect(door({ guilds: {} }, { name: 'discord' }).groups).toBe('nobody')
  })
})

describe('changing the config by chat', () => {
  it.each([
    [{}, true],
    [{ configWrites: false }, false],
    [{ configWrites: 'no' }, null],
    [{ enabled: false }, false],
    [{ configWrites: false, accounts: { default: { configWrites: true } } }, true],
  ] as const)('%j: %s', (channel, may) => {
    expect(door(channel).chatMayChangeConfig).toBe(may)
  })
})

describe('more accounts than are told', () => {
  const accounts = (count: number, own: object): [string, object][] =>
    Array.from({ length: count }, (_, at) => [`a${at}`, own])
  const doorsOf = (...named: [string, object][]) =>
    findDoors({ channels: { telegram: { accounts: Object.fromEntries(named) } } }, '2026.9.6', nobodyPaired)

  it('leave out what is off', () => {
    const found = doorsOf(...accounts(200, { enabled: false }), ['z', { dmPolicy: 'allowlist', allowFrom: ['555'] }])
    expect(found).toHaveLength(100)
    expect(found[0]).toMatchObject({ account: 'z', direct: 'listed', listed: ['555'] })
  })

  it('are not known where they are on', () => {
    const found = doorsOf(...accounts(120, { dmPolicy: 'disabled' }))
    expect(found).toHaveLength(100)
    expect(found.at(-1)).toMatchObject({
      channel: 'telegram',
      account: '(more)',
      enabled: true,
      direct: 'unknown',
      groups: 'unknown',
      chatMayChangeConfig: null,
      because: ['21 more accounts are on'],
    })
  })
})

describe('a long list', () => {
  it('is cut and counted', () => {
    const allowFrom = Array.from({ length: 500 }, (_, at) => `+1555${at}`)
    const found = door({ dmPolicy: 'allowlist', allowFrom })
    expect([found.listed.length, found.listedTotal]).toEqual([200, 500])
    expect(readHandles(allowFrom).handles).toHaveLength(500)
  })
})
