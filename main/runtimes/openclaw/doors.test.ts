import { describe, expect, it } from 'vitest'
import { findDoors, type PairingStore } from './doors.ts'
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

  it('is open without a star on versions before 2026.8', () => {
    expect(door({ dmPolicy: 'open' }, { version: '2026.6.11' }).direct).toBe('everyone')
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

  it('inherit the default of all channels', () => {
    expect(
      findDoors({ channels: { defaults: { groupPolicy: 'open' }, imessage: {} } }, '2026.9.6', nobodyPaired)[0]?.groups,
    ).toBe('everyone')
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

describe('a long list', () => {
  it('is cut and counted', () => {
    const allowFrom = Array.from({ length: 500 }, (_, at) => `+1555${at}`)
    const found = door({ dmPolicy: 'allowlist', allowFrom })
    expect([found.listed.length, found.listedTotal]).toEqual([200, 500])
    expect(readHandles(allowFrom).handles).toHaveLength(500)
  })
})
