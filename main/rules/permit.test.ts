import { describe, expect, it, test } from 'vitest'
import type { ChannelKind } from '../../shared/contract/index.ts'
import { client, closed, nothingAsked, own, refusedBy, subject, written } from '../testing/rules-lab.ts'
import { type Asked, catalogue, covers, declaredBy, judgeRules, permit, problemsOf, type RuleSubject } from './rules.ts'

const states = (of: RuleSubject) =>
  Object.fromEntries(judgeRules(of).flatMap(({ ruleId, state }) => (state === 'broken' ? [[ruleId, state]] : [])))

test('there are at most 25 rules, and each says what it is for', () => {
  expect(catalogue.length).toBeLessThanOrEqual(25)
  for (const rule of catalogue)
    for (const words of [rule.name, rule.sentence, rule.incident, rule.fix, rule.proof]) expect(words).not.toBe('')
})

describe('locks', () => {
  const withTool = { tools: { deny: ['group:runtime', 'group:fs'] }, session: { dmScope: 'per-channel-peer' } }
  it.each<[string, object, object, readonly string[]]>([
    ['the client alone', { imessage: closed }, {}, []],
    ['a stranger', { imessage: { ...closed, allowFrom: [own, '+15550777'] } }, {}, ['own-people']],
    ['a star', { imessage: { ...closed, allowFrom: ['*'] } }, {}, ['no-wildcard', 'own-people', 'owners-tools']],
    ['no policy', { imessage: { allowFrom: [own] } }, {}, ['no-pairing', 'no-groups', 'no-config-by-chat']],
    ['groups', { imessage: { ...closed, groupPolicy: 'allowlist' } }, {}, ['no-groups']],
    ['a name with @', { telegram: { ...closed, allowFrom: ['@dana'] } }, {}, ['own-people']],
    [
      'an account that reopens',
      { imessage: { ...closed, accounts: { desk: { allowFrom: ['*'] } } } },
      {},
      ['no-wildcard', 'own-people', 'no-reopening', 'owners-tools'],
    ],
    ['a star that is off', { imessage: { ...closed, enabled: false, allowFrom: ['*'] } }, {}, ['no-wildcard']],
    [
      'the gateway open',
      { imessage: closed },
      { gateway: { bind: 'lan', auth: { mode: 'none' } } },
      ['closed-gateway'],
    ],
    ['a login', { imessage: closed }, { gateway: { bind: 'lan', auth: { token: `\${TOKEN}` } } }, []],
    ['a secret', { imessage: closed }, { gateway: { auth: { token: '#0123456789ab' } } }, ['no-plain-secrets']],
    [
      'elevated for all',
      { imessage: closed },
      { tools: { elevated: { allowFrom: { imessage: ['*'] } } } },
      ['no-wildcard', 'owners-tools'],
    ],
    [
      'elevated for a stranger',
      { imessage: closed },
      { tools: { elevated: { allowFrom: { imessage: ['+15550777'] } } } },
      ['owners-tools'],
    ],
    ['a reference', { imessage: { ...closed, allowFrom: [`\${OWNER}`] } }, {}, ['no-references']],
    ['a tool denied', { imessage: closed }, withTool, []],
  ])('%s', (_name, channels, settings, broken) => {
    const found = states(subject(channels, { settings }))
    for (const duty of ['message-audit']) delete found[duty]
    expect(Object.keys(found).sort()).toEqual([...broken].sort())
  })

  it('leaves unknown what nobody wrote down', () => {
    const verdicts = judgeRules(subject({ imessage: closed }, { client: null }))
    expect(verdicts.find(({ ruleId }) => ruleId === 'own-people')?.state).toBe('unknown')
    const [first] = judgeRules(subject({}, { doors: null, settings: {} }))
    expect(first?.state).toBe('unknown')
  })

  it('wants a person for a tool that moves money, and lists what nobody judged', () => {
    const settings = { skills: { entries: { invoices: { enabled: true }, weather: { enabled: true } } } }
    const judged = (movesMoney: boolean) => ({
      people: {},
      missing: {},
      tools: { invoices: { movesMoney, use: null } },
    })
    const money = (declared: RuleSubject['declared'], more: object = {}) =>
      judgeRules(subject({}, { settings: { ...settings, ...more }, declared })).find(
        ({ ruleId }) => ruleId === 'money-asks',
      )
    expect(money(null)).toMatchObject({ state: 'unknown', where: ['invoices', 'weather'] })
    expect(money(judged(true))).toMatchObject({ state: 'broken', where: ['invoices'] })
    expect(money(judged(true), { tools: { exec: { mode: 'ask' } } })).toMatchObject({
      state: 'unknown',
      where: ['weather'],
    })
    expect(money(judged(false))).toMatchObject({ state: 'unknown', where: ['weather'] })
  })
})

describe('a public account', () => {
  const kinds: Record<string, ChannelKind> = { 'telegram/default': 'public' }
  const sections = {
    channels: {
      'telegram/default': {
        enabled: true,
        kind: 'public' as const,
        safeguards: {
          sessionPerSender: true,
          toolsDenied: true,
          groupsOff: true,
          mostPerHour: 60,
          firstApprovals: 100,
        },
      },
    },
    escalation: { humanNumber: '+15550199', fallbackSentence: 'I need help with that.' },
  }
  const open = { telegram: { ...closed, dmPolicy: 'open', allowFrom: ['*'] } }
  const safe = { session: { dmScope: 'per-account-channel-peer' }, tools: { deny: ['group:runtime', 'group:fs'] } }
  const { declared } = declaredBy(sections)
  const bot = (settings: object, more: Pick<Partial<RuleSubject>, 'declared'> = {}) =>
    subject(open, { settings, kinds, declared, ...more })

  it('breaks nothing with all its safeguards', () => {
    expect(states(bot(safe))).not.toHaveProperty('public-safeguards')
    expect(states(bot(safe))).not.toHaveProperty('no-wildcard')
    expect(states(bot(safe))).not.toHaveProperty('owners-tools')
  })

  it.each([
    ['sessions', { tools: safe.tools }],
    ['tools', { session: safe.session }],
    ['files', { ...safe, tools: { deny: ['group:runtime'] } }],
  ])('does without %s of its settings', (_name, settings) => {
    expect(states(bot(settings))).toHaveProperty('public-safeguards')
  })

  it('lacks everything where no layer speaks of it', () => {
    expect(states(bot(safe, { declared: null }))).toHaveProperty('public-safeguards')
  })

  it.each(['sessionPerSender', 'toolsDenied', 'groupsOff', 'mostPerHour', 'firstApprovals'] as const)(
    'cannot be saved without %s',
    (name) => {
      const without = structuredClone(sections) as typeof sections & {
        channels: Record<string, { safeguards: object }>
      }
      delete (without.channels['telegram/default'].safeguards as Record<string, unknown>)[name]
      expect(refusedBy({ wholes: [written(without)] })).toContain('public-safeguards')
    },
  )

  it.each(['humanNumber', 'fallbackSentence'] as const)('cannot be saved without %s', (name) => {
    const without = structuredClone(sections)
    delete (without.escalation as Record<string, unknown>)[name]
    const anyone = { ...client, humanFallback: '' }
    expect(refusedBy({ wholes: [{ ...written(without), client: anyone }] })).toContain('public-safeguards')
    expect(refusedBy({ wholes: [written(sections)] })).toEqual([])
  })

  it('may not be opened by a star anywhere else', () => {
    const typed = { telegram: { ...closed, dmPolicy: 'allowlist', allowFrom: ['*'] } }
    expect(states(subject(typed, { settings: safe, kinds, declared }))).toHaveProperty('no-wildcard')
  })
})

const layer = (sections: object, raw: Record<string, unknown> = {}) => ({ layers: [written(sections, raw)] })
const list = (value: unknown) => layer({}, { 'channels.imessage.allowFrom': value })
const team = (handle: string) =>
  layer({ channels: { 'telegram/desk': { kind: 'team', people: [{ name: 'Sam', handle }] } } })

/** Every obvious way around the rules (issue 5, item 6). */
describe('there is no way around', () => {
  it.each<[string, Partial<Asked>]>([
    ['a star as raw setting', list(['*'])],
    ['a star with spaces', list([' * '])],
    ['a star behind a prefix', list(['imessage:*'])],
    ['a star among handles', list([own, '*'])],
    ['nested lists', list([[['*']]])],
    ['plain text for a list', list('*')],
    ['an object for a list', list({ 0: '*' })],
    ['a full-width star', list(['\uff0a'])],
    ['a small star', list(['\ufe61'])],
    ['an operator star', list(['\u2217'])],
    ['a low star', list(['\u204e'])],
    ['an Arabic star', list(['\u066d'])],
    ['a heavy star', list(['\u2731'])],
    ['a star with a hidden space', list(['\u200b*'])],
    ['a star with a joiner', list(['*\u2060'])],
    ['a star with a variation', list(['*\ufe0f'])],
    ['a star in quotes', list(['"*"'])],
    ['a pattern', list(['+1555*'])],
    ['a word for everyone', list(['everyone'])],
    ['an environment variable', list([`\${OWNER}`])],
    ['a part of one', list([`+1555\${REST}`])],
    ['a secret of the box', list([{ source: 'env', provider: 'default', id: 'OWNER' }])],
    ['a secret for the whole list', list({ source: 'file', provider: 'default', id: '/x' })],
    ['an included file at the top', layer({}, { $include: './open.json5' })],
    ['an included file in a channel', layer({}, { 'channels.imessage': { $include: ['./open.json5'] } })],
    ['an included file in a list', layer({}, { 'channels.imessage.allowFrom': { $include: './x.json5' } })],
    ['all channels at once', layer({}, { channels: { imessage: { allowFrom: ['*'] } } })],
    ['an account override', layer({}, { 'channels.imessage.accounts.desk.allowFrom': ['*'] })],
    ['an account that opens', layer({}, { 'channels.imessage.accounts.desk.dmPolicy': 'open' })],
    ['an account with a dot', layer({}, { 'channels.imessage.accounts.desk\\.eu.allowFrom': ['*'] })],
    ['an account with a backslash', layer({}, { 'channels.imessage.accounts.desk\\\\.allowFrom': ['*'] })],
    ['a backslash that stands alone', layer({}, { 'channels.imessage.accounts.desk\\eu.allowFrom': [own] })],
    ['the older spelling', layer({}, { 'channels.slack.dm': { policy: 'open', allowFrom: ['*'] } })],
    ['a policy left out', layer({}, { 'channels.imessage.dmPolicy': null })],
    ['pairing', layer({}, { 'channels.imessage.dmPolicy': 'pairing' })],
    ['groups', layer({}, { 'channels.imessage.groupPolicy': 'open' })],
    ['groups left to the default', layer({}, { 'channels.imessage.groupPolicy': null })],
    ['one open group', layer({}, { 'channels.telegram.groups': { '-100': { groupPolicy: 'open' } } })],
    ['a list of a group', layer({}, { 'channels.telegram.groups': { '-100': { allowFrom: ['*'] } } })],
    ['the default of all channels', layer({}, { 'channels.defaults.groupPolicy': 'open' })],
    ['an access group', layer({}, { 'accessGroups.staff.members': { imessage: ['*'] } })],
    ['settings by chat', layer({}, { 'channels.imessage.configWrites': true })],
    ['elevated for everyone', layer({}, { 'tools.elevated.allowFrom.imessage': ['*'] })],
    ['senders of mail', layer({}, { 'plugins.entries.imap.config.allowedSenders': ['*'] })],
    ['a prototype', layer({}, { '__proto__.channels.imessage.allowFrom': ['*'] })],
    ['a gateway without a login', layer({}, { 'gateway.auth.mode': 'none' })],
    [
      'a secret in plain text',
      layer({}, { 'channels.telegram.botToken': '123456789:AAHfakefakefakefakefakefakefakefakef' }),
    ],
    ['a star in a team', team('*')],
    ['a look-alike in a team', team('\uff0a')],
    ['a reference in a team', team(`\${SAM}`)],
    ['no handle in a team', team('@sam')],
    ['iMessage as public', layer({ channels: { 'imessage/default': { kind: 'public' } } })],
    ['iMessage as a team', layer({ channels: { 'imessage/default': { kind: 'team' } } })],
    [
      'people on the client’s own',
      layer({
        channels: { 'telegram/default': { kind: 'clients-own', people: [{ name: 'Sam', handle: '5550177' }] } },
      }),
    ],
    ['a section nobody knows', layer({ channels: { 'telegram/default': { allowFrom: ['*'] } } })],
    ['money without a person', layer({ tools: { judged: { invoices: { movesMoney: true, use: 'free' } } } })],
    [
      'a star of the client’s own',
      { layers: [{ ...written({}), client: { ...client, handles: [{ ...client.handles[0], value: '*' } as never] } }] },
    ],
    [
      'what a box would become',
      {
        outcomes: [
          {
            name: 'bright-mini',
            before: subject({ imessage: closed }),
            after: subject({ imessage: { ...closed, allowFrom: ['*'] } }),
          },
        ],
      },
    ],
    [
      'a box nobody saw',
      {
        outcomes: [
          {
            name: 'bright-mini',
            before: null,
            after: subject({ imessage: { ...closed, allowFrom: [own, '+15550777'] } }),
          },
        ],
      },
    ],
  ])('%s', (_name, asked) => {
    for (const way of ['save', 'import', 'restore', 'apply'] as const)
      expect(refusedBy({ way, ...asked }), way).not.toEqual([])
  })

  it('looks at every part that is written down, and leaves what it looks at as it was', () => {
    const raw = {
      channels: { telegram: { accounts: { first: { allowFrom: ['*'] } } } },
      'channels.telegram': { accounts: { second: { dmPolicy: 'allowlist' } } },
      gateway: { port: 18_789 },
      'gateway.auth.mode': 'token',
    }
    const as = structuredClone(raw)
    expect(refusedBy(layer({}, raw))).toContain('no-wildcard')
    expect(raw).toEqual(as)
  })

  it('is as little by being too much to look at', () => {
    const many = Array.from({ length: 120 }, (_, at) => [`a${at}`, { allowFrom: [] }])
    const before = subject({ telegram: closed })
    const hidden = subject({ telegram: { ...closed, accounts: Object.fromEntries(many) } })
    expect(refusedBy({ outcomes: [{ name: 'bright-mini', before, after: hidden }] })).toContain('own-people')

    const deep = (depth: number): object => (depth === 0 ? { allowFrom: ['*'] } : { guilds: deep(depth - 1) })
    expect(refusedBy(layer({}, { 'channels.discord': deep(60) }))).toContain('no-references')
    const wide = Object.fromEntries(Array.from({ length: 20_001 }, (_, at) => [`a${at}`, { allowFrom: [] }]))
    const after = subject({ telegram: closed }, { settings: { accessGroups: wide } })
    expect(refusedBy({ outcomes: [{ name: 'bright-mini', before, after }] })).toEqual(
      expect.arrayContaining(['no-wildcard', 'no-references']),
    )
  })

  it('neither has the word of a variable', () => {
    for (const name of ['WHEELHOUSE_RULES', 'WHEELHOUSE_FORCE', 'WHEELHOUSE_NO_RULES']) process.env[name] = 'off'
    expect(refusedBy(list(['*']))).not.toEqual([])
    for (const name of ['WHEELHOUSE_RULES', 'WHEELHOUSE_FORCE', 'WHEELHOUSE_NO_RULES']) delete process.env[name]
  })

  it('lets ordinary layers through', () => {
    const sections = { channels: { 'imessage/default': { enabled: true, kind: 'clients-own' as const } } }
    const raw = {
      'logging.audit.messages': 'direct',
      'channels.imessage.dmPolicy': 'allowlist',
      'gateway.auth.token': `\${TOKEN}`,
    }
    expect(problemsOf({ ...nothingAsked, layers: [written(sections, raw)], wholes: [written(sections, raw)] })).toEqual(
      [],
    )
  })
})

describe('a permit', () => {
  it('is for one way and one content', () => {
    const content = { sections: { updates: { automatic: false } }, raw: {} }
    const given = permit({ way: 'save', ...nothingAsked, layers: [{ name: 'fleet', client: null, ...content }] })
    expect(covers(given, 'save', content)).toBe(true)
    expect(covers(given, 'apply', content)).toBe(false)
    expect(covers(given, 'save', { ...content, raw: { 'channels.imessage.allowFrom': ['*'] } })).toBe(false)
    expect(covers({} as typeof given, 'save', content)).toBe(false)
  })
})
