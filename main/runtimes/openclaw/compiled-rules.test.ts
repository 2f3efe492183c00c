import { describe, expect, it } from 'vitest'
import type { Client, ClientId } from '../../../shared/contract/index.ts'
import { Sections } from '../../../shared/sections.ts'
import { declaredBy, judgeRules } from '../../rules/rules.ts'
import { applyOperations, smallestOperations } from '../operations.ts'
import { compileSections } from './compile.ts'
import { findDoors } from './doors.ts'
import type { Settings } from './settings.ts'

const client: Client = {
  clientId: 'c' as ClientId,
  createdAtMs: 0,
  name: 'Bright Roofing',
  niche: '',
  region: 'US-CA',
  timeZone: 'America/Los_Angeles',
  hours: [],
  hoursAssumed: true,
  statedHolidays: [],
  contacts: [],
  humanFallback: '+13105550142',
  goLiveOn: '',
  handles: [
    { kind: 'phone', value: '+13105550142', label: '', trust: 'typed' },
    { kind: 'telegram', value: '111222333', label: '', trust: 'typed' },
  ],
  amberDays: null,
  redDays: null,
}
const safeguards = { sessionPerSender: true, toolsDenied: true, groupsOff: true, mostPerHour: 60, firstApprovals: 100 }
const overlays = {
  'the client’s own': { kind: 'clients-own' },
  'a team’s': {
    kind: 'team',
    people: [
      { name: 'Ana', handle: '444555666' },
      { name: 'Ben', handle: '777888999' },
    ],
  },
  public: { kind: 'public', safeguards },
} as const

/** The same numbers every time (Park and Miller's minimal standard). */
function dice(seed: number) {
  let state = seed
  return <T>(...choices: readonly T[]): T => {
    state = (state * 48_271) % 2_147_483_647
    return choices[state % choices.length] as T
  }
}

/** What a machine may hold: every way to open a channel, with overrides of accounts and of single agents. */
function anyConfig(seed: number, version: string): Settings {
  const one = dice(seed * 7919 + 1)
  const some = (made: Settings): Settings =>
    Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined))
  const people = () => one<unknown>(undefined, [], ['*'], ['111222333', '*'], ['tg:*'], ['999'], [['*']])
  const door = (): Settings =>
    some({
      enabled: one(undefined, undefined, true),
      dmPolicy: one(undefined, 'pairing', 'allowlist', 'open', 'disabled'),
      allowFrom: people(),
      groupPolicy: one(undefined, 'open', 'allowlist', 'disabled'),
      groupAllowFrom: people(),
      groups: one<unknown>(
        undefined,
        { '*': { requireMention: true } },
        { '-100': { groupPolicy: 'open', allowFrom: ['*'] } },
      ),
      configWrites: one(undefined, true, false),
      direct: one<unknown>(undefined, { '999': { dmPolicy: 'open', allowFrom: ['*'] } }),
      botToken: one(undefined, '#0123456789ab'),
    })
  const agent = {
    tools: some({
      exec: one<unknown>(undefined, { mode: 'full' }, { security: 'full' }),
      alsoAllow: one<unknown>(undefined, ['exec']),
    }),
  }
  const agents = version === '2026.9.6' ? { entries: { main: agent } } : { list: [{ id: 'main', ...agent }] }
  return some({
    channels: { telegram: { ...door(), ...one<object>({}, { accounts: { default: door() } }) } },
    session: one<unknown>(undefined, { dmScope: 'main' }),
    tools: one<unknown>(
      undefined,
      { deny: ['browser'] },
      { exec: { mode: 'full' } },
      { elevated: { enabled: true, allowFrom: { telegram: ['*'] } } },
    ),
    agents,
  })
}

/** Locks that the settings of a channel decide. */
const locks = [
  'own-people',
  'no-wildcard',
  'no-references',
  'no-pairing',
  'no-groups',
  'no-config-by-chat',
  'no-reopening',
  'public-safeguards',
]

describe.each(['2026.9.6', '2026.6.11'])('whatever a machine of %s holds', (version) => {
  it.each(Object.entries(overlays))('an account that is %s keeps every lock once it is sent', (kind, channel) => {
    const sections = Sections.parse({
      channels: { 'telegram/default': channel },
      tools: { elevated: 'off' },
      escalation: { fallbackSentence: 'I need help with that.' },
    })
    for (let seed = 1; seed <= 150; seed++) {
      const found = anyConfig(seed, version)
      const { operations } = compileSections({
        sections,
        raw: {},
        client,
        version,
        platform: 'darwin',
        found,
        schema: null,
      })
      const settings = applyOperations(found, smallestOperations(found, operations))
      const doors = findDoors(settings, version, { entries: [], unread: '' })
      const { declared, kinds } = declaredBy(sections)
      const verdicts = judgeRules({ settings, doors, version, kinds, client, declared, duties: null })
      const broken = verdicts.filter(({ ruleId, state }) => locks.includes(ruleId) && state === 'broken')
      expect(
        broken.map(({ ruleId, breaches }) => [ruleId, breaches]),
        `seed ${seed} of ${kind}: ${JSON.stringify(found)}`,
      ).toEqual([])
      expect(doors[0]?.direct, `seed ${seed}`).toBe(kind === 'public' ? 'everyone' : 'listed')
    }
  })
})
