import { describe, expect, it, test } from 'vitest'
import type { ChannelKind, Client } from '../../shared/contract/index.ts'
import { applyOperations, dottedPath } from '../runtimes/operations.ts'
import { doorsOf } from '../runtimes/runtimes.ts'
import { type FixScope, judgeRules, proposeFix, type RuleSubject } from './rules.ts'

const own = '111222333'
const phone = '+15550100'
const client = {
  name: 'Bright Roofing',
  humanFallback: '+15550199',
  timeZone: 'UTC',
  handles: [
    { kind: 'telegram', value: own, label: 'Dana', trust: 'proved' },
    { kind: 'phone', value: phone, label: 'Dana', trust: 'proved' },
  ],
} as unknown as Client
const closed = { dmPolicy: 'allowlist', allowFrom: [own], groupPolicy: 'disabled', configWrites: false }
const pairing = { entries: [], unread: '' }

interface More {
  readonly version?: string
  readonly kinds?: Record<string, ChannelKind>
  readonly client?: Client | null
  readonly people?: Record<string, string[]>
  readonly tools?: Record<string, { movesMoney: boolean; use: 'ask' | 'free' | 'off' | null }>
}

function fixOf(found: Record<string, unknown>, scope: FixScope = {}, more: More = {}) {
  const version = more.version ?? '2026.9.6'
  const subject: RuleSubject = {
    settings: found,
    doors: doorsOf(found, version, pairing),
    version,
    kinds: more.kinds ?? {},
    client: more.client === undefined ? client : more.client,
    declared: { people: more.people ?? {}, missing: {}, tools: more.tools ?? {} },
    duties: null,
  }
  const fix = proposeFix({ subject, found, pairing, platform: 'linux', schema: null }, scope)
  const made = Object.fromEntries(
    fix.operations.map((operation) => [dottedPath(operation.path), 'set' in operation ? operation.set : undefined]),
  )
  const broken = judgeRules(fix.after).filter(
    ({ ruleId, state }) => state === 'broken' && !['message-audit', 'retention'].includes(ruleId),
  )
  return { ...fix, made, broken: broken.map(({ ruleId }) => ruleId) }
}

const telegram = (settings: object, rest: object = {}) => ({ channels: { telegram: settings }, ...rest })

describe('the fix of broken locks changes as little as it can', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, More?]>([
    ['nothing broken', telegram(closed), {}],
    ['a star on the list', telegram({ ...closed, allowFrom: ['*'] }), { 'channels.telegram.allowFrom': [own] }],
    ['a look-alike', telegram({ ...closed, allowFrom: [own, ' ＊ '] }), { 'channels.telegram.allowFrom': [own] }],
    ['a stranger', telegram({ ...closed, allowFrom: [own, '999888777'] }), { 'channels.telegram.allowFrom': [own] }],
    [
      'open to all',
      telegram({ ...closed, dmPolicy: 'open', allowFrom: ['*'] }),
      { 'channels.telegram.dmPolicy': 'allowlist', 'channels.telegram.allowFrom': [own] },
    ],
    [
      'pairing codes',
      telegram({ groupPolicy: 'disabled', configWrites: false }),
      { 'channels.telegram.dmPolicy': 'allowlist', 'channels.telegram.allowFrom': [own] },
    ],
    [
      'groups',
      telegram({ ...closed, groupPolicy: 'allowlist', groups: { '-100': {} } }),
      { 'channels.telegram.groupPolicy': 'disabled' },
    ],
    ['settings by chat', telegram({ ...closed, configWrites: true }), { 'channels.telegram.configWrites': false }],
    ['a reference', telegram({ ...closed, allowFrom: [`\${OWNER}`] }), { 'channels.telegram.allowFrom': [own] }],
    [
      'an account that reopens',
      telegram({ ...closed, botToken: `\${TOKEN}`, accounts: { desk: { dmPolicy: 'open', allowFrom: ['*'] } } }),
      { 'channels.telegram.accounts.desk.dmPolicy': 'allowlist', 'channels.telegram.accounts.desk.allowFrom': [own] },
    ],
    [
      'iMessage of the older era',
      { channels: { imessage: { ...closed, allowFrom: ['*'] } } },
      { 'channels.imessage.allowFrom': [phone] },
      { version: '2026.6.11' },
    ],
    [
      'a channel that is not known here',
      { channels: { matrix: { ...closed, allowFrom: ['@dana:home'], configWrites: true } } },
      { 'channels.matrix.configWrites': false },
      { client: { ...client, handles: [{ ...client.handles[0]!, value: '@dana:home' }] } },
    ],
    [
      'a team',
      telegram({ ...closed, allowFrom: ['*'] }, { tools: { deny: ['exec'] } }),
      { 'channels.telegram.allowFrom': ['444555666'], 'session.dmScope': undefined },
      { kinds: { 'telegram/default': 'team' }, people: { 'telegram/default': ['444555666'] } },
    ],
    [
      'a gateway without a login',
      telegram(closed, { gateway: { bind: 'lan', auth: { mode: 'none' }, tailscale: { mode: 'funnel' } } }),
      { 'gateway.bind': 'loopback', 'gateway.tailscale.mode': 'off' },
    ],
    [
      'a login switched off',
      telegram(closed, { gateway: { controlUi: { allowInsecureAuth: true } } }),
      { 'gateway.controlUi.allowInsecureAuth': false },
    ],
    [
      'a login switched off on a gateway without one',
      telegram(closed, { gateway: { bind: 'lan', auth: { mode: 'none' }, controlUi: { allowInsecureAuth: true } } }),
      { 'gateway.controlUi.allowInsecureAuth': false, 'gateway.bind': 'loopback' },
    ],
    [
      'elevated for everyone and a stranger',
      telegram(closed, { tools: { elevated: { allowFrom: { telegram: [own, '*', '999888777'] } } } }),
      { 'tools.elevated.allowFrom.telegram': [own] },
    ],
    [
      'elevated in a list of agents',
      telegram(closed, { agents: { list: [{ id: 'a', tools: { elevated: { allowFrom: { telegram: ['*'] } } } }] } }),
      { 'agents.list': [{ id: 'a', tools: { elevated: { allowFrom: { telegram: [] } } } }] },
      { version: '2026.6.11' },
    ],
    [
      'money without a person',
      telegram(closed, { plugins: { entries: { pay: { enabled: true } } } }),
      { 'plugins.entries.pay.enabled': false },
      { tools: { pay: { movesMoney: true, use: null } } },
    ],
  ])('%s', (_name, found, wanted, more = {}) => {
    const fix = fixOf(found, {}, more)
    const expected = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
    expect(fix.made).toEqual(expected)
    expect([fix.broken, fix.left, fix.notes]).toEqual([[], [], []])
  })

  test('one rule alone leaves the others', () => {
    const found = telegram({ allowFrom: ['*'], dmPolicy: 'allowlist' })
    expect(fixOf(found, { ruleId: 'no-config-by-chat' }).made).toEqual({ 'channels.telegram.configWrites': false })
    expect(fixOf(found, { ruleId: 'no-wildcard' }).made).toEqual({ 'channels.telegram.allowFrom': [own] })
    expect(fixOf(found).broken).toEqual([])
  })

  test('one account alone leaves the others', () => {
    const found = { channels: { telegram: { ...closed, allowFrom: ['*'] }, imessage: { ...closed, allowFrom: ['*'] } } }
    const fix = fixOf(found, { door: { channel: 'telegram', account: 'default' } })
    expect(fix.made).toEqual({ 'channels.telegram.allowFrom': [own] })
    expect(fix.doors.map(({ channel }) => channel)).toEqual(['telegram'])
  })
})

describe('who may be let in', () => {
  const open = telegram({ ...closed, allowFrom: ['*'] })

  test('is nobody where the client has no handle, and it says so', () => {
    const fix = fixOf(open, {}, { client: { ...client, handles: [] } })
    expect(fix.made).toMatchObject({ 'channels.telegram.allowFrom': [] })
    expect(fix.broken).toEqual([])
    expect(fix.doors[0]?.direct).toBe('nobody')
    expect(fix.notes.join()).toMatch(/Bright Roofing has no handle for Telegram.*shut to everybody/)
  })

  test('is nobody where the machine belongs to no client', () => {
    const fix = fixOf(open, {}, { client: null })
    expect(fix.doors[0]?.direct).toBe('nobody')
    expect(fix.notes).toHaveLength(1)
  })

  test('is the client also where the account is off: it may then be turned on', () => {
    const fix = fixOf(telegram({ enabled: false, allowFrom: ['*'], dmPolicy: 'open' }))
    const found = { ...fix.after.settings } as Record<string, unknown>
    const turnedOn = applyOperations(found, [{ path: ['channels', 'telegram', 'enabled'], set: true }])
    expect(fix.made).not.toHaveProperty(['channels.telegram.enabled'])
    expect(fixOf(turnedOn).made).toEqual({})
  })

  test('stays everyone at a public account: what settings can, they do, the rest is said', () => {
    const shop = { ...closed, dmPolicy: 'open', allowFrom: ['*'] }
    const fix = fixOf(telegram(shop), {}, { kinds: { 'telegram/default': 'public' } })
    expect(fix.made).toMatchObject({ 'session.dmScope': 'per-account-channel-peer' })
    expect(fix.doors[0]?.direct).toBe('everyone')
    expect(fix.left).toEqual([{ ruleId: 'public-safeguards', words: expect.stringContaining('a fallback sentence') }])
  })
})

test('what no setting mends is left, with what does', () => {
  const fix = fixOf(telegram(closed, { gateway: { auth: { token: '#0123456789ab' } } }))
  expect(fix.made).toEqual({})
  expect(fix.left).toEqual([{ ruleId: 'no-plain-secrets', words: expect.stringContaining('environment variable') }])
})
