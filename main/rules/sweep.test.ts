import { describe, expect, test } from 'vitest'
import type { AgentId, ChannelId, ChannelKind } from '../../shared/contract/index.ts'
import { answer, factsLab, sweepAll } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import {
  got,
  notRead,
  sampleActivity,
  sampleAgent,
  sampleConfig,
  sampleDoor,
  sampleInstall,
} from '../testing/observed-sample.ts'

const own = '+13105550101'
const hourMs = 3_600_000
const good = { logging: { audit: { messages: 'direct' } } }

/** Two boxes of two clients that read as they are told. */
function lab() {
  const clock = fakeClock()
  const shown: unknown[] = []
  const kinds = new Map<AgentId, Record<string, ChannelKind>>()
  const state = {
    settings: good as object,
    redacted: null as string | null,
    door: sampleDoor(),
    strangers: [] as { mark: string; atMs: number; times: number }[],
    version: '2026.9.6',
    light: false,
    backupAgoMs: hourMs,
    mostPerHour: {} as Record<string, number>,
    busiest: [] as { channel: string; account: string; fromMs: number; out: number }[],
  }
  const here = factsLab(
    async (name) =>
      answer(clock, {
        agents: [
          sampleAgent(clock.nowMs(), {
            install: got(sampleInstall({ version: name === 'box-1' ? state.version : '2026.9.6' })),
            config: got(
              sampleConfig(clock.nowMs(), {
                redacted: name !== 'box-1' ? JSON.stringify(good) : (state.redacted ?? JSON.stringify(state.settings)),
              }),
            ),
            doors: got([name === 'box-1' ? state.door : sampleDoor({ listed: ['+13105550155'] })]),
            pairing: { entries: [], unread: '' },
            lastBackup: got({ atMs: clock.nowMs() - state.backupAgoMs, ok: true }),
            activity: got(sampleActivity(clock.nowMs(), { busiest: state.busiest })),
            ...(state.light ? { ownLog: notRead('Looked at in a full sweep only.') } : {}),
            strangers: got({
              people: (name === 'box-1' ? state.strangers : []).map(({ mark, atMs, times }) => ({
                mark,
                ending: '777',
                channel: 'imessage',
                account: 'default',
                how: 'answered' as const,
                times,
                firstAtMs: atMs,
                lastAtMs: atMs,
              })),
              cannotTell: '',
            }),
          }),
        ],
      }),
    {
      clock,
      boxes: 2,
      declaredOf: (agentId) => ({
        declared: { people: {}, missing: {}, tools: {}, mostPerHour: state.mostPerHour },
        kinds: kinds.get(agentId) ?? {},
      }),
      people: async (_boxId, request) => {
        shown.push(request)
        return [
          {
            mark: '#0123456789ab',
            ending: '777',
            channel: 'imessage',
            account: 'default',
            how: 'answered' as const,
            times: 3,
            firstAtMs: 1,
            lastAtMs: 2,
            handle: '+15550777',
          },
        ]
      },
    },
  )
  const handle = (value: string) => ({ kind: 'phone' as const, value, label: 'Dana', trust: 'typed' as const })
  const [first, second] = here.boxes
  for (const [box, name, value] of [
    [first, 'Bright Roofing', own],
    [second, 'Peak Realty', '+13105550155'],
  ] as const) {
    const { client } = here.inventory.addClient({ name, humanFallback: '+13105550199', handles: [handle(value)] })
    here.inventory.editBox({ boxId: box!.boxId, fields: { clientId: client.clientId } })
  }
  return Object.assign(here, {
    state,
    shown,
    kinds,
    passes: (ms: number) => clock.advance(ms),
    async later(change: Partial<typeof state> = {}) {
      Object.assign(state, change)
      clock.advance(hourMs)
      await sweepAll(here.facts)
    },
    open: () =>
      here.findings
        .open()
        .filter(({ boxName }) => boxName === 'box-1')
        .map(({ cause, severity }) => `${cause} ${severity}`),
    agentId: (): AgentId => here.inventory.agents(here.idOf('box-1'))[0]!.agentId,
  })
}

describe('a sweep', () => {
  test('raises one finding for all locks that are broken, and closes it', async () => {
    using here = lab()
    await here.later()
    expect(here.open()).toEqual([])
    await here.later({
      settings: { ...good, gateway: { bind: 'lan', auth: { mode: 'none' } } },
      door: sampleDoor({ chatMayChangeConfig: true }),
    })
    expect(here.open().filter((text) => text.startsWith('rule'))).toEqual(['rule-broken red'])
    expect(here.findings.open().find(({ cause }) => cause === 'rule-broken')).toMatchObject({
      sentence: 'breaks 2 fixed rules: no settings by chat and gateway closed',
    })
    await here.later({ settings: good, door: sampleDoor() })
    expect(here.open().filter((text) => text.startsWith('rule'))).toEqual([])
  })

  test('does not say twice who is answered', async () => {
    using here = lab()
    await here.later({
      settings: { ...good, channels: { imessage: { dmPolicy: 'allowlist', allowFrom: ['*'] } } },
      door: sampleDoor({ direct: 'everyone', listed: [], listedTotal: 0 }),
    })
    const open = here.open().filter((text) => !text.startsWith('changed'))
    expect(open).toEqual(['answers-everyone red'])
    expect(
      here.rules
        .check()[0]
        ?.verdicts.filter(({ state }) => state === 'broken')
        .map(({ ruleId }) => ruleId),
    ).toEqual(expect.arrayContaining(['own-people', 'no-wildcard']))
  })

  test('cannot tell what stands in a config that was too large to be sent', async () => {
    using here = lab()
    await here.later({ redacted: '' })
    const verdicts = here.rules.check(here.idOf('box-1'))[0]?.verdicts ?? []
    const ofSettings = ['no-wildcard', 'no-references', 'closed-gateway', 'no-plain-secrets', 'owners-tools']
    expect(verdicts.filter(({ ruleId }) => ofSettings.includes(ruleId)).map(({ state }) => state)).toEqual(
      ofSettings.map(() => 'unknown'),
    )
  })

  test('keeps what a light look does not read', async () => {
    using here = lab()
    await here.later()
    const kept = () =>
      here.rules.check(here.idOf('box-1'))[0]?.verdicts.find(({ ruleId }) => ruleId === 'log-kept')?.state
    const before = kept()
    expect(before).not.toBe('unknown')
    here.state.light = true
    await here.later()
    expect(kept()).toBe(before)
  })

  test.each<[number, string]>([
    [hourMs, 'holds'],
    [-hourMs, 'holds'],
    [27 * hourMs, 'broken'],
    [-48 * hourMs, 'unknown'],
  ])('a backup of %d ms ago: %s', async (backupAgoMs, state) => {
    using here = lab()
    await here.later({ backupAgoMs })
    const [agent] = here.rules.check(here.idOf('box-1'))
    expect(agent?.verdicts.find(({ ruleId }) => ruleId === 'backup-fresh')?.state).toBe(state)
  })

  test('raises duties, version floors and a handle at two clients', async () => {
    using here = lab()
    here.rules.setFloor({ version: '2026.9.6', reason: 'Groups are answered before it', link: '' })
    await here.later({
      settings: {},
      version: '2026.9.5',
      door: sampleDoor({ listed: [own, '+13105550155'], listedTotal: 2 }),
    })
    await here.later()
    const open = here.open()
    expect(open).toEqual(
      expect.arrayContaining(['duty-missed attention', 'below-floor attention', 'shared-handle attention']),
    )
    here.rules.removeFloor('2026.9.6')
    expect(here.open()).not.toContain('below-floor attention')
  })

  test('finds who was answered and may not be, until the operator looked after them', async () => {
    using here = lab()
    await here.later()
    await here.later({ strangers: [{ mark: '#0123456789ab', atMs: here.clock.nowMs(), times: 3 }] })
    expect(here.open()).toContain('strangers-answered red')
    const [finding] = here.findings.open().filter(({ cause }) => cause === 'strangers-answered')
    expect(finding?.sentence).toBe('answered 1 person who is not on its list')
    expect(finding?.evidence[0]).toMatchObject({ name: 'iMessage …777' })
    expect(here.rules.access().rows[0]).toMatchObject({
      boxName: 'box-1',
      state: 'Unsafe',
      strangers: 1,
      lastDays: '1 stranger answered',
    })

    here.rules.lookedAfter({ agentId: here.agentId(), reason: 'Called Sam' })
    expect(here.open()).not.toContain('strangers-answered red')
    await here.later()
    expect(here.open()).not.toContain('strangers-answered red')
    await here.later({ strangers: [{ mark: '#0123456789ab', atMs: here.clock.nowMs(), times: 4 }] })
    expect(here.open()).toContain('strangers-answered red')
  })

  test('more answers in an hour than a public account may send is a finding until a day was quiet', async () => {
    using here = lab()
    const busiest = (out: number, channel = 'telegram', account = 'default') => [
      { channel, account, fromMs: here.clock.nowMs(), out },
    ]
    const guarded = { 'telegram/default': 40 }
    await here.later({ mostPerHour: guarded, busiest: [...busiest(40), ...busiest(90, 'imessage')] })
    expect(here.open()).not.toContain('too-many-answers attention')
    await here.later({ busiest: busiest(41) })
    await here.later()
    expect(here.open()).toContain('too-many-answers attention')
    expect(here.findings.open().find(({ cause }) => cause === 'too-many-answers')).toMatchObject({
      sentence: 'sent 41 answers in an hour on Telegram, and at most 40 may go out',
    })
    await here.later({ busiest: [] })
    await here.later()
    expect(here.open()).not.toContain('too-many-answers attention')
    // What names no account is the only guarded one's.
    await here.later({ busiest: busiest(50, '', '') })
    await here.later()
    expect(here.open()).toContain('too-many-answers attention')
    await here.later({ mostPerHour: { ...guarded, 'telegram/second': 45 } })
    await here.later()
    expect(here.open()).not.toContain('too-many-answers attention')
  })

  test('shows people from the machine, keeps none, and says so in the diary first', async () => {
    using here = lab()
    await here.later()
    const people = await here.rules.showPeople({ agentId: here.agentId(), reason: 'to call them' })
    expect(people).toMatchObject([{ handle: '+15550777', times: 3 }])
    expect(here.shown).toMatchObject([{ allowed: { handles: expect.arrayContaining([own]), open: [] } }])
    const [entry] = here.ledger.entries({ limit: 1 })
    expect(entry).toMatchObject({ kind: 'rules.people-shown' })
    expect(entry?.sentence).toContain('to call them')
    const tables = here.store.db
      .prepare<[], { name: string }>("select name from sqlite_master where type = 'table'")
      .all()
    for (const { name } of tables)
      expect(JSON.stringify(here.store.db.prepare(`select * from "${name}"`).all()), name).not.toContain('5550777')
  })
})

describe('an account that may answer everybody', () => {
  const open = (here: ReturnType<typeof lab>) => here.rules.mayBeAnswered(here.idOf('box-1'))?.open
  const telegram = { channel: 'telegram', account: 'default' }

  test('is one that the layers leave public, whatever the inventory says', () => {
    using here = lab()
    const boxId = here.idOf('box-1')
    const agentId = here.inventory.seenAgent(boxId, { profile: 'default', stateDir: '/s' })
    here.inventory.seenChannels(boxId, [{ agentId, doors: [telegram] }])
    expect(open(here)).toEqual([])
    here.kinds.set(agentId, { 'telegram/default': 'public' })
    expect(open(here)).toEqual(['telegram/default'])
    const [{ channelId } = { channelId: '' as ChannelId }] = here.inventory.channels({ boxId })
    here.inventory.setChannelKind({ channelId, kind: 'public' })
    here.kinds.set(agentId, { 'telegram/default': 'clients-own' })
    expect(open(here)).toEqual([])
  })

  test('is public at every agent of the machine that has it', () => {
    using here = lab()
    const boxId = here.idOf('box-1')
    const [one, other] = ['one', 'other'].map((profile) =>
      here.inventory.seenAgent(boxId, { profile, stateDir: `/${profile}` }),
    )
    here.inventory.seenChannels(boxId, [{ agentId: one!, doors: [telegram] }])
    here.kinds.set(one!, { 'telegram/default': 'public' })
    expect(open(here)).toEqual(['telegram/default'])
    here.inventory.seenChannels(boxId, [{ agentId: other!, doors: [telegram] }])
    expect(open(here)).toEqual([])
    here.kinds.set(other!, { 'telegram/default': 'public' })
    expect(open(here)).toEqual(['telegram/default'])
  })
})

describe('the access page', () => {
  test('shows every door, worst first, with its people and the rules that apply', async () => {
    using here = lab()
    await here.later({ door: sampleDoor({ listed: [own, '+15550777'], listedTotal: 2 }) })
    const page = here.rules.access()
    expect(page.rows.map(({ boxName, state, answers }) => [boxName, state, answers])).toEqual([
      ['box-1', 'Unsafe', "2 people, 1 not Bright Roofing's"],
      ['box-2', 'OK', 'Dana only'],
    ])
    expect(page).toMatchObject({ doors: 2, open: 1, notSeen: 0, neverRead: [] })
    const door = here.rules.door({ agentId: here.agentId(), channel: 'imessage', account: 'default' })
    expect(door.people).toMatchObject([
      { handle: own, name: 'Dana', trust: 'typed', stranger: false },
      { handle: '+15550777', name: '', trust: null, stranger: true },
    ])
    expect(door.rules[0]).toMatchObject({ rule: { ruleId: 'own-people' }, verdict: { state: 'broken' } })
    here.passes(90 * hourMs)
    expect(here.rules.access().rows.every(({ state }) => state === 'Not seen')).toBe(true)
  })
})
