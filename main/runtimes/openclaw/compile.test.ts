import { describe, expect, it } from 'vitest'
import type { Handle } from '../../../shared/contract/index.ts'
import { Sections } from '../../../shared/sections.ts'
import { applyOperations, dottedPath, type Json } from '../operations.ts'
import { type Compiled, type CompileRequest, compileSections } from './compile.ts'
import { findDoors } from './doors.ts'
import { indexSchema } from './index-schema.ts'
import type { Settings } from './settings.ts'

const handle = (kind: Handle['kind'], value: string): Handle => ({ kind, value, label: '', trust: 'typed' })
const dana = {
  name: 'Bright Roofing',
  timeZone: 'America/Los_Angeles',
  humanFallback: '',
  handles: [handle('phone', '+13105550142'), handle('email', 'dana@bright.example'), handle('telegram', '111222333')],
}
const newer = '2026.9.6'
const older = '2026.6.11'
const eras = [newer, older]

const compile = (sections: Sections, more: Partial<CompileRequest> = {}): Compiled =>
  compileSections({
    sections: Sections.parse(sections),
    raw: {},
    client: dana,
    version: newer,
    platform: 'darwin',
    found: {},
    schema: null,
    ...more,
  })

/** What is sent, by dotted path; undefined stands for a removal. */
const sent = ({ operations }: Compiled): Record<string, Json | undefined> =>
  Object.fromEntries(operations.map((each) => [dottedPath(each.path), 'set' in each ? each.set : undefined]))

const doorsAfter = (compiled: Compiled, version: string, found: Settings = {}) =>
  findDoors(applyOperations(found, compiled.operations), version, { entries: [], unread: '' })

describe('a channel of the client’s own', () => {
  const cases: [string, string, string[]][] = [
    ['imessage/default', 'channels.imessage', ['+13105550142', 'dana@bright.example']],
    ['telegram/default', 'channels.telegram', ['111222333']],
    ['whatsapp/default', 'channels.whatsapp', ['+13105550142']],
    ['signal/default', 'channels.signal', ['+13105550142']],
  ]
  for (const version of eras)
    it.each(cases)(`%s answers the client alone in ${version}`, (key, place, handles) => {
      const compiled = compile({ channels: { [key]: { kind: 'clients-own' } } }, { version })
      expect(compiled.cannot).toEqual([])
      expect(sent(compiled)).toEqual({
        [`${place}.dmPolicy`]: 'allowlist',
        [`${place}.allowFrom`]: handles,
        [`${place}.groupPolicy`]: 'disabled',
        [`${place}.groupAllowFrom`]: [],
        [`${place}.configWrites`]: false,
      })
      expect(doorsAfter(compiled, version)).toMatchObject([
        { direct: 'listed', listed: handles, groups: 'nobody', chatMayChangeConfig: false },
      ])
    })

  it('closes an account that reopens it, in its own place', () => {
    const found = {
      channels: {
        imessage: {
          dmPolicy: 'open',
          allowFrom: ['*'],
          accounts: { second: { dmPolicy: 'open', allowFrom: ['*'], groupPolicy: 'open' } },
        },
      },
    }
    const compiled = compile({ channels: { 'imessage/default': { enabled: true } } }, { found })
    expect(compiled.cannot).toEqual([])
    const doors = doorsAfter(compiled, newer, found)
    expect(doors.map(({ account }) => account).sort()).toEqual(['default', 'second'])
    for (const door of doors)
      expect(door).toMatchObject({
        direct: 'listed',
        listed: ['+13105550142', 'dana@bright.example'],
        groups: 'nobody',
        chatMayChangeConfig: false,
      })
  })

  it('takes away what single people have of their own', () => {
    const found = {
      channels: {
        telegram: {
          direct: { '999': { dmPolicy: 'open', allowFrom: ['*'], systemPrompt: 'x' }, '5': { dmPolicy: 'disabled' } },
        },
      },
    }
    const compiled = compile({ channels: { 'telegram/default': { kind: 'clients-own' } } }, { found })
    expect(applyOperations(found, compiled.operations)).toMatchObject({
      channels: { telegram: { direct: { '999': { systemPrompt: 'x' }, '5': { dmPolicy: 'disabled' } } } },
    })
    expect(sent(compiled)).toHaveProperty(['channels.telegram.direct.999.dmPolicy'], undefined)
  })

  it.each([
    ['no client', { client: null }, 'telegram/default', 'This machine has no client'],
    ['no handle there', {}, 'discord/default', 'Bright Roofing has no handle for Discord'],
    ['an account nobody set up', {}, 'telegram/second', 'There is no Telegram (second) on this machine yet.'],
    ['a channel nobody knows', {}, 'nostr/default', 'Who may talk on nostr is set by hand'],
  ] as const)('opens nothing for %s', (_name, more, key, words) => {
    const compiled = compile({ channels: { [key]: { kind: 'clients-own' } } }, more)
    expect(compiled.operations).toEqual([])
    expect(compiled.cannot).toMatchObject([{ words: expect.stringContaining(words) }])
  })

  it('is the only kind that iMessage can have', () => {
    const compiled = compile({ channels: { 'imessage/default': { kind: 'public' } } })
    expect(compiled.operations).toEqual([])
    expect(compiled.cannot).toMatchObject([{ path: 'sections.channels.imessage/default.kind', because: 'conflict' }])
  })

  it('names what it comes from', () => {
    const compiled = compile({ channels: { 'imessage/default': { enabled: true } } })
    expect(new Set(compiled.operations.map(({ from }) => from))).toEqual(
      new Set(['sections.channels.imessage/default.enabled', 'sections.channels.imessage/default.kind']),
    )
  })
})

describe('a channel of a team', () => {
  const people = [
    { name: 'Ana', handle: '111222333' },
    { name: 'Ben', handle: 'tg:444555666' },
  ]
  it('answers those that are named, each in a conversation of their own', () => {
    const compiled = compile({ channels: { 'telegram/default': { kind: 'team', people } } })
    expect(compiled.cannot).toEqual([])
    expect(sent(compiled)).toMatchObject({
      'channels.telegram.allowFrom': ['111222333', '444555666'],
      'session.dmScope': 'per-channel-peer',
    })
  })

  it.each(['*', 'tg:*', '\uff0a', ' * ', '@ana', '-100123456', `$\{ANA}`, 'accessGroup:all', '+13105550142'])(
    'never lets in %j',
    (text) => {
      const compiled = compile({
        channels: { 'telegram/default': { kind: 'team', people: [{ name: 'x', handle: text }] } },
      })
      expect(compiled.operations).toEqual([])
      expect(compiled.cannot.length).toBeGreaterThan(0)
    },
  )
})

const publicDoor = {
  enabled: true,
  kind: 'public' as const,
  safeguards: { sessionPerSender: true, toolsDenied: true, groupsOff: true, mostPerHour: 60, firstApprovals: 100 },
}
const escalation = { humanNumber: '+13105550142', fallbackSentence: 'I need help with that.' }

describe('a public channel', () => {
  it.each(eras)('is opened together with what makes it safe in %s', (version) => {
    const compiled = compile({ channels: { 'telegram/default': publicDoor }, escalation }, { version })
    expect(sent(compiled)).toMatchObject({
      'channels.telegram.dmPolicy': 'open',
      'channels.telegram.allowFrom': ['*'],
      'channels.telegram.groupPolicy': 'disabled',
      'channels.telegram.groupAllowFrom': [],
      'channels.telegram.configWrites': false,
      'session.dmScope': 'per-account-channel-peer',
      'tools.deny': expect.arrayContaining(['group:runtime', 'group:fs', 'group:sessions', 'group:memory']),
      'tools.elevated.enabled': false,
      'tools.message.crossContext.allowAcrossProviders': false,
      'commands.allowFrom': { '*': [], telegram: ['111222333'] },
      'commands.ownerAllowFrom': ['telegram:111222333'],
    })
    expect(doorsAfter(compiled, version)).toMatchObject([{ direct: 'everyone', groups: 'nobody' }])
    expect(compiled.cannot.map(({ path }) => path)).toEqual([
      'sections.channels.telegram/default.safeguards.mostPerHour',
      'sections.channels.telegram/default.safeguards.firstApprovals',
      'sections.escalation.humanNumber',
      'sections.escalation.fallbackSentence',
    ])
  })

  it.each(['sessionPerSender', 'toolsDenied', 'groupsOff', 'mostPerHour', 'firstApprovals'] as const)(
    'stays shut without %s',
    (name) => {
      const { [name]: _left, ...safeguards } = publicDoor.safeguards
      const compiled = compile({ channels: { 'telegram/default': { kind: 'public', safeguards } }, escalation })
      expect(compiled.operations).toEqual([])
      expect(compiled.cannot[0]?.words).toMatch(/^Telegram stays shut: it lacks /)
    },
  )

  it.each(['humanNumber', 'fallbackSentence'] as const)('stays shut without %s', (name) => {
    const { [name]: _left, ...rest } = escalation
    const compiled = compile({ channels: { 'telegram/default': { ...publicDoor, enabled: false } }, escalation: rest })
    expect(Object.keys(sent(compiled))).toEqual(['channels.telegram.enabled'])
  })

  it('has its human number from the inventory too', () => {
    const sections = {
      channels: { 'telegram/default': publicDoor },
      escalation: { fallbackSentence: 'I need help with that.' },
    }
    const compiled = compile(sections, { client: { ...dana, humanFallback: '+13105550199' } })
    expect(sent(compiled)).toMatchObject({ 'channels.telegram.dmPolicy': 'open' })
  })

  it('opens its own account alone', () => {
    const found = { channels: { telegram: { botToken: 'x', accounts: { front: { botToken: 'y' } } } } }
    const sections = {
      channels: { 'telegram/front': publicDoor, 'telegram/default': { kind: 'clients-own' as const } },
      escalation,
    }
    const doors = doorsAfter(compile(sections, { found }), newer, found)
    expect(Object.fromEntries(doors.map(({ account, direct }) => [account, direct]))).toEqual({
      default: 'listed',
      front: 'everyone',
    })
  })

  it('is not opened where one safeguard cannot be set', () => {
    const found = { tools: { message: null } }
    const compiled = compile({ channels: { 'telegram/default': publicDoor }, escalation }, { found })
    expect(doorsAfter(compiled, newer, found)).toMatchObject([{ direct: 'pairing-code' }])
    expect(Object.values(sent(compiled))).not.toContainEqual(['*'])
  })

  it('is not opened by a version that does not know one of them', () => {
    const type = (inner: Settings) => ({ type: 'object', additionalProperties: false, properties: inner })
    const schema = indexSchema(
      type({ channels: { type: 'object' }, tools: { type: 'object' }, commands: { type: 'object' } }),
      newer,
    )
    const compiled = compile({ channels: { 'telegram/default': publicDoor }, escalation }, { schema })
    expect(Object.keys(sent(compiled))).toEqual(['channels.telegram.enabled'])
    expect(compiled.cannot.map(({ words }) => words)).toContain('OpenClaw 2026.9.6: session is not a setting of it.')
  })
})

describe('the eras', () => {
  it('switch the plugin of a channel on where it is none of the package’s own', () => {
    const sections = { channels: { 'imessage/default': { enabled: true } } }
    expect(sent(compile(sections))).toHaveProperty(['plugins.entries.imessage.enabled'], true)
    expect(sent(compile(sections, { version: older }))).not.toHaveProperty(['plugins.entries.imessage.enabled'])
    const found = { plugins: { allow: ['telegram'] } }
    expect(sent(compile(sections, { found }))).toHaveProperty(['plugins.allow'], ['telegram', 'imessage'])
  })

  const sections = {
    model: { primary: 'fake/m2', fallbacks: ['fake/m3'] },
    heartbeat: { everyMinutes: 30 },
    tools: { commands: 'off' as const },
  }
  it('lay single agents open to what is declared, as a map', () => {
    const found = {
      agents: {
        defaults: { model: 'fake/m1' },
        entries: {
          main: { model: 'fake/other', name: 'Main', tools: { exec: { security: 'full', host: 'gateway' } } },
        },
      },
    }
    const compiled = compile(sections, { found })
    expect(compiled.cannot).toEqual([])
    expect(applyOperations(found, compiled.operations)).toEqual({
      agents: {
        defaults: { model: { primary: 'fake/m2', fallbacks: ['fake/m3'] }, heartbeat: { every: '30m' } },
        entries: { main: { name: 'Main', tools: { exec: { host: 'gateway' } } } },
      },
      tools: { exec: { mode: 'deny' } },
    })
  })

  it('and as a list, which is written whole', () => {
    const list = [{ id: 'main', model: 'fake/other', heartbeat: { every: '5m', target: 'last' } }, { id: 'two' }]
    const found = { agents: { defaults: { model: { primary: 'fake/m1' } }, list } }
    const compiled = compile(sections, { found, version: older })
    expect(applyOperations(found, compiled.operations)).toMatchObject({
      agents: {
        defaults: { model: { primary: 'fake/m2', fallbacks: ['fake/m3'] } },
        list: [{ id: 'main', heartbeat: { target: 'last' } }, { id: 'two' }],
      },
    })
    expect(compiled.operations.filter(({ path }) => path.join('.') === 'agents.list')).toHaveLength(1)
  })

  it('never write a fingerprint where a secret stands', () => {
    const found = { agents: { list: [{ id: 'main', model: 'fake/other', params: { key: '#0123456789ab' } }] } }
    const compiled = compile({ model: { primary: 'fake/m2' } }, { found, version: older })
    expect(Object.keys(sent(compiled))).toEqual(['agents.defaults.model'])
    expect(compiled.cannot).toMatchObject([{ because: 'secret' }])
  })

  it('say what the older one does not write down', () => {
    const logging = { level: 'info' as const, audit: true, messageAudit: 'direct' as const }
    expect(sent(compile({ logging }))).toEqual({
      'logging.level': 'info',
      'logging.audit.enabled': true,
      'logging.audit.messages': 'direct',
    })
    const compiled = compile({ logging }, { version: older })
    expect(sent(compiled)).toEqual({ 'logging.level': 'info' })
    expect(compiled.cannot.map(({ path, because }) => [path, because])).toEqual([
      ['sections.logging.audit', 'version'],
      ['sections.logging.messageAudit', 'version'],
    ])
  })

  it('let the heartbeat write to the client, and never to whoever wrote last on a public channel', () => {
    const heartbeat = { mayWrite: true }
    const asked = (version: string, more: object = {}) => compile({ heartbeat, escalation, ...more }, { version })
    expect(sent(asked(newer))['agents.defaults.heartbeat.target']).toBe('owner')
    expect(sent(asked(older))['agents.defaults.heartbeat.target']).toBe('last')
    const open = asked(older, { channels: { 'telegram/default': publicDoor } })
    expect(sent(open)).not.toHaveProperty(['agents.defaults.heartbeat.target'])
    expect(open.cannot.map(({ path }) => path)).toContain('sections.heartbeat.mayWrite')
  })
})

describe('tools', () => {
  it('that move money or need a person are off, which is said', () => {
    const judged = {
      send_payment: { movesMoney: true, use: 'free' as const },
      refund: { movesMoney: true },
      book: { use: 'ask' as const },
      browser: { use: 'free' as const },
      canvas: { use: 'off' as const },
    }
    const found = { tools: { deny: ['browser', 'cron'] } }
    const compiled = compile({ tools: { files: 'off', judged } }, { found })
    expect(sent(compiled)).toEqual({ 'tools.deny': ['cron', 'group:fs', 'send_payment', 'refund', 'book', 'canvas'] })
    expect(compiled.cannot.map(({ path }) => path)).toEqual([
      'sections.tools.judged.send_payment',
      'sections.tools.judged.refund',
      'sections.tools.judged.book',
    ])
    expect(compiled.cannot[0]?.words).toContain('it moves money')
  })

  it('that are skills, servers or plugins are switched where they stand', () => {
    const found = {
      skills: { entries: { invoices: {}, mail: {} } },
      mcp: { servers: { bank: { command: 'bank' } } },
      plugins: { entries: { pay: { enabled: true } } },
    }
    const money = { movesMoney: true }
    const judged = { invoices: money, bank: money, pay: money, mail: { use: 'off' as const } }
    const flags = { invoices: { on: true } }
    const compiled = compile({ tools: { judged }, flags }, { found })
    expect(sent(compiled)).toEqual({
      'skills.entries.invoices.enabled': false,
      'mcp.servers.bank.enabled': false,
      'plugins.entries.pay.enabled': false,
      'skills.entries.mail.enabled': false,
    })
    expect(compiled.cannot.map(({ path }) => path)).toContain('sections.flags.invoices.on')
    // A skill works by commands: where each of those asks, it may stay.
    const asking = compile({ tools: { judged: { invoices: money }, commands: 'ask' }, flags }, { found })
    expect(asking.cannot).toEqual([])
    expect(sent(asking)).toEqual({ 'tools.exec.mode': 'ask', 'skills.entries.invoices.enabled': true })
  })

  it('with more rights are the client’s own handles’, and off on an agent whom strangers reach', () => {
    const channels = { 'telegram/default': { kind: 'clients-own' as const }, 'imessage/default': {} }
    expect(sent(compile({ channels, tools: { elevated: 'owners' } }))).toMatchObject({
      'tools.elevated.enabled': true,
      'tools.elevated.allowFrom': { telegram: ['111222333'], imessage: ['+13105550142', 'dana@bright.example'] },
    })
    const open = compile({ channels: { 'telegram/default': publicDoor }, escalation, tools: { elevated: 'owners' } })
    expect(sent(open)['tools.elevated.enabled']).toBe(false)
  })
})

describe('what no setting carries', () => {
  it.each([
    [{ model: { primary: 'fake/m1', mostPerDay: 5 } }, 'sections.model.mostPerDay', 'runtime'],
    [{ flags: { bookings: { on: true, firstApprovals: 100 } } }, 'sections.flags.bookings.firstApprovals', 'runtime'],
    [{ updates: { version: older } }, 'sections.updates.version', 'version'],
    [{ logging: { file: 'C:\\logs\\agent.log' } }, 'sections.logging.file', 'conflict'],
  ] as const)('%j', (sections, path, because) => {
    expect(compile(sections as Sections).cannot).toMatchObject([{ path, because }])
  })

  it('is not named where it already holds', () => {
    expect(compile({ updates: { version: newer } })).toEqual({ operations: [], cannot: [] })
  })
})

describe('raw paths', () => {
  const raw = (paths: Record<string, Json>, more: Partial<CompileRequest> = {}, sections: Sections = {}) =>
    compile(sections, { raw: paths, ...more })

  it('lay objects into what is there and take null away', () => {
    const found = { gateway: { port: 1, tailscale: { mode: 'off' } }, cron: { enabled: true } }
    const compiled = raw(
      { gateway: { bind: 'loopback', tailscale: null }, 'cron.enabled': null, 'a\\.b': [1] },
      { found },
    )
    expect(applyOperations(found, compiled.operations)).toEqual({
      gateway: { port: 1, bind: 'loopback' },
      cron: {},
      'a.b': [1],
    })
    expect(compiled.operations[0]?.from).toBe('raw.openclaw.gateway')
  })

  it('do not count against a section', () => {
    const sections: Sections = { channels: { 'telegram/default': { kind: 'clients-own' } } }
    const compiled = raw(
      {
        'channels.telegram.allowFrom': ['*'],
        channels: { telegram: { dmPolicy: 'open' } },
        'channels.telegram.name': 'x',
      },
      {},
      sections,
    )
    expect(sent(compiled)).toMatchObject({
      'channels.telegram.allowFrom': ['111222333'],
      'channels.telegram.dmPolicy': 'allowlist',
      'channels.telegram.name': 'x',
    })
    expect(compiled.cannot.map(({ because }) => because)).toEqual(['conflict', 'conflict'])
  })

  it.each([
    ['__proto__.polluted', 'cannot be the name of a setting'],
    ['plain.inside', 'plain is a string'],
    ['a..b', 'is no path of a setting'],
  ])('%s is refused', (path, words) => {
    const compiled = raw({ [path]: true }, { found: { plain: 'x' } })
    expect(compiled.operations).toEqual([])
    expect(compiled.cannot[0]?.words).toContain(words)
  })
})

it('answers the same for what it has already brought about', () => {
  const sections = Sections.parse({
    channels: { 'telegram/default': publicDoor, 'imessage/default': { enabled: true } },
    escalation,
    model: { primary: 'fake/m1', fallbacks: ['fake/m2'] },
    tools: { commands: 'ask', files: 'workspace', judged: { canvas: { use: 'off' } } },
    retention: { conversationDays: 90, automationDays: 30 },
    flags: { bookings: { on: true } },
  })
  const once = compile(sections)
  const after = applyOperations({}, once.operations)
  expect(applyOperations(after, compile(sections, { found: after }).operations)).toEqual(after)
})
