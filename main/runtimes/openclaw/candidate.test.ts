import { expect, test } from 'vitest'
import type { Operation } from '../operations.ts'
import { candidateOf, switchOff } from './candidate.ts'
import { accountsIn, managerCommands } from './gateway-control.ts'
import { sideOf } from './settle-config.ts'
import { isSeenOff } from './stop-channel.ts'

const included: Record<string, string> = { '/c/people.json5': '{ channels: { telegram: { allowFrom: ["111"] } } }' }
const made = (raw: string, ...operations: Operation[]) =>
  candidateOf('/c/openclaw.json', raw, operations, (file) => {
    const text = included[file]
    if (text === undefined) throw new Error('none')
    return text
  })
const set = (path: string[], value: never | string | boolean | string[]): Operation => ({ path, set: value })

test('includes and references stay what they are; comments do not survive, and that is told', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to a variable
  const raw = '{ $include: "./people.json5", gateway: { auth: { token: "${TOKEN}" } } /* ours */ }'
  const candidate = made(raw, set(['channels', 'telegram', 'enabled'], false))
  expect(candidate).toMatchObject({ comments: true, settings: { channels: { telegram: { allowFrom: ['111'] } } } })
  expect(JSON.parse('text' in candidate ? candidate.text : '')).toEqual({
    $include: './people.json5',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to a variable
    gateway: { auth: { token: '${TOKEN}' } },
    channels: { telegram: { enabled: false } },
  })
})

test.each<[string, string, Operation[], RegExp]>([
  [
    'what an include brings is taken away',
    '{ "$include": "./people.json5" }',
    [{ path: ['channels', 'telegram', 'allowFrom'], remove: true }],
    /comes from an included file/,
  ],
  ['an include is not there', '{ "$include": "./gone.json5" }', [set(['a'], 'b')], /cannot be read/],
  ['the file is no object', '[]', [set(['a'], 'b')], /no JSON5 object/],
  ['a list stands in the way', '{ "a": [1] }', [set(['a', 'b'], 'c')], /a list/],
  ['the fingerprint of a secret comes back', '{}', [set(['a'], ['#0123456789ab'])], /fingerprint of a secret/],
])('there is no candidate where %s', (_, raw, operations, why) =>
  expect(made(raw, ...operations)).toEqual({ why: expect.stringMatching(why) }),
)

test('a channel is switched off with every account, and back to what stood there', () => {
  const settings = {
    channels: { telegram: { accounts: { one: { enabled: true }, two: {}, off: { enabled: false } } } },
  }
  const { off, undo } = switchOff(settings, 'telegram', null)
  const at = (name: string) => ['channels', 'telegram', 'accounts', name, 'enabled']
  expect(off).toEqual([
    { path: ['channels', 'telegram', 'enabled'], set: false },
    { path: at('one'), set: false },
    { path: at('two'), set: false },
  ])
  expect(undo).toEqual([
    { path: ['channels', 'telegram', 'enabled'], remove: true },
    { path: at('one'), set: true },
    { path: at('two'), remove: true },
  ])
  expect(switchOff(settings, 'telegram', 'one').off).toEqual([{ path: at('one'), set: false }])
  expect(switchOff(settings, 'signal', null).off).toEqual([])
})

test('a channel counts as off only by what the gateway itself says', () => {
  const told = (accounts: object) => ({
    read: true as const,
    value: accountsIn(JSON.stringify({ channelAccounts: accounts })) ?? [],
    source: '',
  })
  const telegram = { channel: 'telegram', account: null }
  const off = { accountId: 'default', enabled: false, running: false, lastError: 'disabled' }
  expect(isSeenOff(told({ telegram: [off] }), telegram, false)).toBe(true)
  const startsAgain = { ...off, enabled: true, lastError: 'Network request failed' }
  expect(isSeenOff(told({ telegram: [off, startsAgain] }), telegram, false)).toBe(false)
  expect(isSeenOff(told({ telegram: [startsAgain] }), telegram, true)).toBe(true)
  expect(isSeenOff(told({ telegram: [{ accountId: 'default', running: true }] }), telegram, true)).toBe(false)
  expect(isSeenOff(told({ telegram: [{ accountId: 'default' }] }), telegram, true)).toBe(false)
  expect(isSeenOff(told({}), telegram, false)).toBe(false)
  expect(isSeenOff(told({}), telegram, true)).toBe(true)
  expect(isSeenOff({ read: false, why: 'deaf', source: '' }, telegram, true)).toBe(false)
  expect(accountsIn('{"gatewayReachable":false}')).toBeNull()
})

test.each([
  ['systemd', '/home/d/.config/systemd/user/g.service', 'restart', ['systemctl --user restart g']],
  ['systemd', '/etc/systemd/system/g.service', 'stop', ['systemctl stop g']],
  ['launchd', '/Users/d/g.plist', 'restart', ['/bin/launchctl kickstart -k gui/501/g']],
  ['launchd', '/Users/d/g.plist', 'stop', ['/bin/launchctl bootout gui/501/g']],
  ['scheduled-task', 'C:\\g.cmd', 'restart', ['schtasks /End /TN g', 'schtasks /Run /TN g']],
] as const)('%s at %s: %s', (kind, file, what, expected) =>
  expect(managerCommands({ kind, file, name: 'g', command: [] }, what, 501).map((words) => words.join(' '))).toEqual(
    expected,
  ),
)

test('a config that is too large to be told has no side, and is never told as an empty one', () => {
  const side = (length: number) =>
    sideOf(
      { stateDir: '/none', version: '2026.9.6' },
      { settings: { shares: new Array(length).fill(0.123_456_789_012_3) }, sha256: 'a'.repeat(64) },
      '0f'.repeat(32),
    )
  expect(JSON.parse(side(2).redacted).shares).toHaveLength(2)
  expect(() => side(30_000)).toThrow('The config is too large to be judged.')
})
