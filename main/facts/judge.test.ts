import { expect, test } from 'vitest'
import {
  type BoxId,
  type Client,
  type ClientId,
  FactKey,
  type FolderId,
  factNames,
  type TrackedFolder,
} from '../../shared/contract/index.ts'
import type { ObservedActivity, ObservedAgent, ObservedMachine } from '../runtimes/observed.ts'
import { knowsNothing } from '../testing/no-git.ts'
import {
  got,
  notRead,
  sampleActivity,
  sampleAgent,
  sampleConfig,
  sampleDoor,
  sampleGit,
  sampleInstall,
  sampleMachine,
  sampleObserved,
  samplePeople,
} from '../testing/observed-sample.ts'
import { judgeMachine, judgeOneAgent } from './judge.ts'
import { judgeFolder } from './judge-folders.ts'
import type { Context } from './judged.ts'
import type { Lab } from './lab.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const day = 86_400_000
const hour = 3_600_000

type Pending = Extract<ObservedMachine['pendingRestart'], { read: true }>['value']
type Update = Extract<ObservedAgent['update'], { read: true }>['value']

const client: Client = {
  clientId: 'c1' as ClientId,
  createdAtMs: 0,
  name: 'Bright Roofing',
  niche: 'roofing',
  region: 'US-CA',
  timeZone: 'America/Los_Angeles',
  hours: [],
  hoursAssumed: false,
  statedHolidays: [],
  contacts: [],
  humanFallback: '',
  goLiveOn: '2026-01-01',
  handles: [
    { kind: 'phone', value: '+13105550101', label: 'Dana', trust: 'proved' },
    { kind: 'phone', value: '+13105550102', label: 'Kevin', trust: 'typed' },
    { kind: 'telegram', value: '111', label: 'Dana', trust: 'typed' },
  ],
  amberDays: null,
  redDays: null,
}

const known = [
  { version: '2026.9.4', publishedAtMs: nowMs - 30 * day },
  { version: '2026.9.5', publishedAtMs: nowMs - 12 * day },
  { version: '2026.9.6', publishedAtMs: nowMs - 2 * day },
  { version: '2026.9.7-beta.1', publishedAtMs: nowMs - day },
]
const context: Context = {
  ...knowsNothing,
  nowMs,
  client,
  newest: { version: '2026.9.6', publishedAtMs: nowMs - 2 * day, source: 'the npm registry, asked just now' },
  versions: { known, complete: true },
  amberDays: 7,
  redDays: 14,
  longestUnwatchedMs: 0,
  tookMs: 812,
  user: 'dana',
}

const lab: Lab = {
  boxId: 'lab' as BoxId,
  boxName: 'lab-mini',
  version: '2026.9.6',
  commit: 'f00dfeed'.repeat(5),
  committedAtMs: nowMs - day,
  needsNode: '>=24.16.0 <25 || >=26.1.0',
}
const folder: TrackedFolder = {
  folderId: 'f1' as FolderId,
  boxId: 'b1' as BoxId,
  agentId: null,
  name: 'skills',
  path: '~/skills',
  remote: '',
  branch: '',
}

const agentFact = (key: FactKey, change: Partial<ObservedAgent>, given: Partial<Context> = {}) => {
  const found = judgeOneAgent(sampleAgent(nowMs, change), { ...context, ...given }).filter((fact) => fact.key === key)
  expect(found, `${key} is judged once`).toHaveLength(1)
  return [found[0]?.verdict, found[0]?.text]
}
const machineFact = (key: FactKey, change: Parameters<typeof sampleMachine>[1]) => {
  const found = judgeMachine(sampleObserved(nowMs, { machine: sampleMachine(nowMs, change) }), context).find(
    (fact) => fact.key === key,
  )
  return [found?.verdict, found?.text]
}

test('a healthy machine has every fact of the contract, each of them ok', () => {
  const git = sampleGit(nowMs, { behind: 0 })
  const install = got(sampleInstall({ kind: 'git', git: got(git), builtCommit: git.commit }))
  const used = { because: '', workedAtMs: nowMs, failedAtMs: null, failure: '', failuresSince: 0, cannotTell: '' }
  const kinds = ['email', 'calendar', 'crm', 'other'] as const
  const integrations = got(kinds.map((kind) => ({ kind, name: kind, ...used })))
  const agent = sampleAgent(nowMs, { install, integrations })
  const around = { ...context, lab: { ...lab, commit: git.commit } }
  const judged = [
    ...judgeMachine(sampleObserved(nowMs), around),
    ...judgeOneAgent(agent, around),
    ...judgeFolder({ folder, git: got({ ...git, newFiles: 0 }) }, around),
  ]
  expect(new Set(judged.map((fact) => fact.key))).toEqual(new Set(Object.keys(factNames)))
  expect(judged.filter((fact) => fact.verdict !== 'ok')).toEqual([])
})

test('what could not be read is unknown, with the reason, and never ok', () => {
  const why = 'permission denied'
  const bad = notRead(why)
  const agent = sampleAgent(nowMs, {
    install: bad,
    config: bad,
    doors: bad,
    service: bad,
    ready: bad,
    runningVersion: bad,
    applied: bad,
    channels: bad,
    boots: bad,
    configWrites: bad,
    activity: bad,
    ownLog: bad,
    update: bad,
    permissions: bad,
    lastBackup: bad,
    patchedFiles: bad,
    unit: bad,
    ownFiles: bad,
  })
  const machine = sampleMachine(nowMs, {
    bootedAtMs: bad,
    session: bad,
    disk: bad,
    encryption: bad,
    sleep: bad,
    pendingRestart: bad,
  })
  const people = samplePeople(nowMs, {
    users: bad,
    authorizedKeys: [{ file: '/Users/dana/.ssh/authorized_keys', user: 'dana', keys: bad }],
    loginKeys: bad,
    remoteTools: bad,
  })
  const judged = [
    ...judgeOneAgent(agent, context).filter(({ key }) => key !== 'version.newest'),
    ...judgeMachine(sampleObserved(nowMs, { machine, people, agents: [agent], changes: bad }), context).filter(
      ({ key }) => !/^reach|os$|node$|clock$/.test(key),
    ),
  ]
  expect(judged.length).toBeGreaterThan(20)
  for (const fact of judged)
    expect([fact.key, fact.verdict, fact.text]).toEqual([fact.key, 'unknown', `not read: ${why}`])
})

test.each([
  [{ freeBytes: 200e9, totalBytes: 494e9 }, 'ok', '200 of 494 GB free'],
  [{ freeBytes: 40e9, totalBytes: 494e9 }, 'warn', '40 of 494 GB free'],
  [{ freeBytes: 4.9e9, totalBytes: 32e9 }, 'warn', '4.9 of 32 GB free'],
  [{ freeBytes: 0.6e9, totalBytes: 494e9 }, 'bad', '0.6 of 494 GB free'],
])('disk %o is %s', (disk, verdict, text) => {
  expect(machineFact('system.disk', { disk: got(disk) })).toEqual([verdict, text])
})

test.each([
  [0, 'ok', 'right'],
  [-40_000, 'ok', 'right'],
  [4 * 60_000, 'ok', '4 min ahead'],
  [-12 * 60_000, 'warn', '12 min behind'],
  [2 * hour, 'bad', '2 h ahead'],
  [-(2 * hour + 20 * 60_000), 'bad', '2 h 20 min behind'],
])('a clock %d ms off is %s', (skewMs, verdict, text) => {
  expect(machineFact('system.clock', { nowMs: nowMs + skewMs })).toEqual([verdict, text])
})

test.each([
  [-hour, 'ok'],
  [-8 * 24 * hour, 'warn'],
  [hour, 'ok'],
  [30 * 24 * hour, 'unknown'],
])('a backup dated %d ms from now is %s', (fromNowMs, verdict) => {
  const agent = sampleAgent(nowMs, { lastBackup: got({ atMs: nowMs + fromNowMs, ok: true }) })
  expect(judgeOneAgent(agent, context).find(({ key }) => key === 'backup.last')?.verdict).toBe(verdict)
})

test('nobody logged in matters on macOS and Windows only', () => {
  const session = got({ present: false, user: '' })
  expect(machineFact('system.session', { session })).toEqual(['warn', 'nobody is logged in'])
  expect(machineFact('system.session', { session, platform: 'win32' })).toEqual(['warn', 'nobody is logged in'])
  expect(machineFact('system.session', { session, platform: 'linux' })).toEqual(['ok', 'nobody is logged in'])
})

test('nobody logged in is no matter where no login starts the agent', () => {
  const session = got({ present: false, user: '' })
  const service = got({ kind: 'foreground' as const, running: true, pid: 7, startedAtMs: null, port: null, detail: '' })
  const observed = sampleObserved(nowMs, {
    machine: sampleMachine(nowMs, { session }),
    agents: [sampleAgent(nowMs, { service })],
  })
  expect(judgeMachine(observed, context).find(({ key }) => key === 'system.session')?.verdict).toBe('ok')
})

test.each<[string, Partial<Pending>, string, string]>([
  ['darwin', {}, 'ok', 'no update waits'],
  ['darwin', { pending: true, byItself: false, detail: 'macOS 26.2 waits' }, 'ok', 'macOS 26.2 waits'],
  [
    'darwin',
    { pending: true, byItself: true, detail: 'macOS 26.2 waits' },
    'warn',
    'macOS 26.2 waits, and it restarts by itself',
  ],
  ['linux', { pending: true, byItself: false, detail: 'linux-image asked for it' }, 'warn', 'linux-image asked for it'],
])('a restart that waits on %s: %o', (platform, change, verdict, text) => {
  const pendingRestart = got({ pending: false, byItself: false, sinceMs: null, detail: 'no update waits', ...change })
  expect(machineFact('system.restart', { platform, pendingRestart })).toEqual([verdict, text])
})

const run = { status: 'succeeded', phase: 'finished', startedAtMs: nowMs - hour, updatedAtMs: nowMs - hour, reason: '' }

test.each<[Partial<Update>, string, RegExp]>([
  [{}, 'ok', /^none yet$/],
  [{ run }, 'ok', /^succeeded on /],
  [{ run: { ...run, status: 'running', phase: 'staging', updatedAtMs: nowMs - 60_000 } }, 'ok', /^runs now: staging$/],
  [{ run: { ...run, status: 'running', phase: 'staging' } }, 'bad', /^stopped while staging, no sign since /],
  [{ run: { ...run, status: 'failed', reason: 'node too old' } }, 'warn', /^failed on .*: node too old$/],
  [{ run: { ...run, status: 'rolled-back' } }, 'warn', /^put itself back on /],
  [{ leftSinceMs: nowMs - hour }, 'bad', /^left a half-made install behind on /],
  [{ leftSinceMs: nowMs - 60_000 }, 'ok', /^none yet$/],
  [{ keepsRuns: false }, 'unknown', /writes its updates down nowhere/],
  [{ keepsRuns: false, leftSinceMs: nowMs - hour }, 'bad', /half-made/],
])('an update %o', (change, verdict, text) => {
  const [found, words] = agentFact('version.update', {
    update: got({ keepsRuns: true, run: null, leftSinceMs: null, ...change }),
  })
  expect(found).toBe(verdict)
  expect(words).toMatch(text)
})

test.each<[string, number | null, Parameters<typeof sampleActivity>[1], string, RegExp]>([
  ['messages prove it', null, {}, 'ok', /given, messages come in/],
  ['nothing proves it', null, { lastInboundAtMs: nowMs - 9 * day }, 'unknown', /not proved/],
  [
    'refused, and no reply since',
    nowMs - hour,
    { lastReplyAtMs: nowMs - 2 * day },
    'bad',
    /Full Disk Access refused, last on/,
  ],
  ['refused, and a reply since', nowMs - 3 * day, { lastInboundAtMs: nowMs - 8 * day }, 'ok', /given again/],
])('leave of the system: %s', (_, refusedAtMs, activity, verdict, text) => {
  const permissions = got([
    { channel: 'imessage', account: 'default', refusedAtMs, what: 'Full Disk Access', detail: '' },
  ])
  const [found, words] = agentFact('channel.permission', {
    permissions,
    activity: got(sampleActivity(nowMs, activity)),
  })
  expect(found).toBe(verdict)
  expect(words).toMatch(text)
})

test('with a second way in a message proves nothing about the guarded one', () => {
  const doors = got([sampleDoor(), sampleDoor({ channel: 'telegram' })])
  expect(agentFact('channel.permission', { doors })[0]).toBe('unknown')
})

test.each<[Parameters<typeof sampleActivity>[1], string, RegExp]>([
  [{}, 'ok', /^takes its requests$/],
  [{ lastReplyAtMs: nowMs - 9 * day }, 'unknown', /^not proved/],
  [{ failures: 1, lastFailureAtMs: nowMs, lastFailure: '401 invalid api key' }, 'bad', /^refuses its key: 401/],
  [{ failures: 1, lastFailureAtMs: nowMs, lastFailure: 'insufficient credits' }, 'bad', /no credit or quota/],
  [{ failures: 1, lastFailureAtMs: nowMs, lastFailure: 'fetch failed' }, 'bad', /^is not reached/],
  [{ failures: 1, lastFailureAtMs: nowMs, lastFailure: 'boom' }, 'unknown', /^fails: boom$/],
])('the model with %o', (activity, verdict, text) => {
  const [found, words] = agentFact('agent.model', { activity: got(sampleActivity(nowMs, activity)) })
  expect(found).toBe(verdict)
  expect(words).toMatch(text)
})

test.each<[ObservedActivity['queue'], string, string]>([
  [{ waiting: 0, waitingSinceMs: null, givenUp: 0, givenUpAtMs: null }, 'ok', 'nothing'],
  [{ waiting: 2, waitingSinceMs: null, givenUp: 0, givenUpAtMs: null }, 'bad', '2 messages'],
  [{ waiting: 0, waitingSinceMs: null, givenUp: 1, givenUpAtMs: nowMs }, 'warn', '1 message given up'],
  [null, 'unknown', 'not read: this version keeps no queue'],
])('a queue %o', (queue, verdict, text) => {
  expect(agentFact('channel.queue', { activity: got(sampleActivity(nowMs, { queue })) })).toEqual([verdict, text])
})

test('a Node older than the agent asks for is named with what it asks for', () => {
  expect(machineFact('system.node', { nodeVersion: 'v22.19.0' })).toEqual([
    'warn',
    '22.19.0; the agent here asks for 24.16 or newer below 25, or 26.1 or newer',
  ])
})

test.each<[string, Partial<Context>, string, string, string, string]>([
  ['2026.9.6', {}, 'ok', 'none', 'ok', '0 days'],
  ['2026.9.5', {}, 'warn', '1 release', 'warn', '10 days'],
  ['2026.9.4', {}, 'bad', '2 releases', 'bad', '28 days'],
  ['2026.9.5', { amberDays: 11, redDays: 20 }, 'ok', '1 release', 'ok', '10 days'],
  ['2026.6.11', {}, 'warn', '3 releases', 'unknown', 'not known: no date for one of the versions'],
  [
    '2026.9.4',
    { versions: { known: known.map(({ version }) => ({ version, publishedAtMs: null })), complete: false } },
    'warn',
    'at least 2 releases',
    'unknown',
    'not known: no date for one of the versions',
  ],
])('a package at %s under %o', (version, given, gapVerdict, gap, daysVerdict, days) => {
  const install = got(sampleInstall({ version }))
  expect(agentFact('version.gap', { install }, given)).toEqual([gapVerdict, gap])
  expect(agentFact('version.days', { install }, given)).toEqual([daysVerdict, days])
})

test.each<[Parameters<typeof sampleGit>[1], string, string, string]>([
  [{}, 'bad', '366 commits', '23 days'],
  [{ fetchedAtMs: nowMs - 23 * day }, 'bad', 'at least 366 commits, last looked 23 days ago', '23 days'],
  [{ behind: 366, committedAtMs: nowMs, upstreamCommittedAtMs: nowMs }, 'warn', '366 commits', '0 days'],
  [{ behind: 3, committedAtMs: nowMs - 2 * day, upstreamCommittedAtMs: nowMs }, 'ok', '3 commits', '2 days'],
  [{ behind: 0, committedAtMs: nowMs, upstreamCommittedAtMs: nowMs }, 'ok', 'none', '0 days'],
  [
    { behind: 0, fetchedAtMs: nowMs - 23 * day, committedAtMs: nowMs, upstreamCommittedAtMs: nowMs },
    'unknown',
    'none known, last looked 23 days ago',
    '0 days',
  ],
  [
    { behind: null, committedAtMs: null, upstreamCommittedAtMs: null },
    'unknown',
    'not known, last looked 1 h ago',
    'not known: no date for one of the versions',
  ],
])('a git install %o', (change, verdict, gap, days) => {
  const install = got(sampleInstall({ kind: 'git', git: got(sampleGit(nowMs, change)) }))
  expect(agentFact('version.gap', { install })).toEqual([verdict, gap])
  expect(agentFact('version.days', { install })[1]).toBe(days)
})

test('pulled and not built, updated and not restarted', () => {
  const git = got(sampleGit(nowMs))
  expect(
    agentFact('version.built', { install: got(sampleInstall({ kind: 'git', git, builtCommit: 'eb377ac5' })) }),
  ).toEqual(['warn', 'eb377ac5, not the e2785589 that was pulled'])
  expect(agentFact('version.running', { runningVersion: got('2026.9.5') })).toEqual([
    'warn',
    '2026.9.5, a restart behind 2026.9.6',
  ])
})

test.each<[Parameters<typeof sampleConfig>[1], boolean, string, string]>([
  [{}, true, 'ok', 'valid'],
  [{ schemaValid: null }, true, 'unknown', 'can be read; its own version did not check it'],
  [
    { parses: false, problem: 'invalid end of input at 24:57' },
    true,
    'bad',
    'broken under a running gateway: the next start fails: invalid end of input at 24:57',
  ],
  [{ parses: false, problem: 'invalid end of input at 24:57' }, false, 'bad', 'broken: invalid end of input at 24:57'],
  [
    { schemaValid: false, schemaProblem: 'channels.telegram: unknown key' },
    false,
    'bad',
    'refused by its own version: channels.telegram: unknown key',
  ],
])('a config %o, gateway running %s', (change, running, verdict, text) => {
  const service = got({ kind: 'launchd' as const, running, pid: null, startedAtMs: null, port: null, detail: '' })
  expect(agentFact('config.valid', { config: got(sampleConfig(nowMs, change)), service })).toEqual([verdict, text])
})

test('suppressed channels are bad although the gateway says ready', () => {
  const ready = got({ ready: true, failing: [], suppressed: ['imessage'], uptimeMs: 1000 })
  expect(agentFact('agent.ready', { ready })).toEqual(['bad', 'up, but imessage is suppressed'])
  expect(agentFact('channel.suppressed', { ready })).toEqual(['bad', 'iMessage'])
})

test.each([
  ['foreground', true, 'ok', 'foreground'],
  ['none', false, 'bad', 'none'],
  ['launchd', false, 'bad', 'launchd, not running'],
] as const)('service %s, running %s', (kind, running, verdict, text) => {
  expect(
    agentFact('agent.service', {
      service: got({ kind, running, pid: null, startedAtMs: null, port: null, detail: '' }),
    }),
  ).toEqual([verdict, text])
})

test.each<[Parameters<typeof sampleDoor>[0], string, string]>([
  [{}, 'ok', 'iMessage: Dana only'],
  [{ listed: ['+1 (310) 555-0101'] }, 'ok', 'iMessage: Dana only'],
  [{ listed: ['tel:+13105550101', '+13105550102'], listedTotal: 2 }, 'ok', 'iMessage: 2 people'],
  [{ channel: 'telegram', listed: ['telegram:111'] }, 'ok', 'Telegram: Dana only'],
  [{ listed: ['+13105550101', '+13105550199'], listedTotal: 2 }, 'warn', "iMessage: 2 people, 1 not Bright Roofing's"],
  [{ listed: ['+13105550101'], listedTotal: 250 }, 'warn', "iMessage: 250 people, 249 not Bright Roofing's"],
  [{ direct: 'everyone' }, 'bad', 'iMessage: everyone who writes'],
  [{ groups: 'everyone' }, 'bad', 'iMessage: everyone in its groups'],
  [{ direct: 'pairing-code', listed: [], listedTotal: 0 }, 'warn', 'iMessage: strangers get a pairing code'],
  [{ direct: 'nobody', listed: [], listedTotal: 0 }, 'ok', 'iMessage: nobody'],
  [{ direct: 'unknown' }, 'unknown', 'iMessage: not known'],
  [{ enabled: false, direct: 'everyone' }, 'ok', 'iMessage: off'],
  [{ account: 'second' }, 'ok', 'iMessage (second): Dana only'],
])('a door %o', (change, verdict, text) => {
  expect(agentFact('access.answers', { doors: got([sampleDoor(change)]) })).toEqual([verdict, text])
})

test('without the handles of the client nobody can say whether a list is right', () => {
  expect(agentFact('access.answers', {}, { client: null })).toEqual(['unknown', 'iMessage: 1 person'])
})

test('an error text sent to the client is a failure, not a reply', () => {
  const failing = sampleActivity(nowMs, {
    failures: 3,
    lastFailureAtMs: nowMs,
    lastFailure: '401 invalid api key',
    lastReplyAtMs: nowMs - hour,
  })
  expect(agentFact('activity.failures', { activity: got(failing) })).toEqual(['bad', '3: 401 invalid api key'])
  const over = { ...failing, lastReplyAtMs: nowMs + 1 }
  expect(agentFact('activity.failures', { activity: got(over) })[0]).toBe('warn')
})

test('three unclean stops in a day are a loop', () => {
  const boots = (...ages: number[]) =>
    got([
      { startedAtMs: nowMs, endedAtMs: null, clean: null, reason: '' },
      ...ages.map((age) => ({ startedAtMs: nowMs - age, endedAtMs: null, clean: false, reason: 'SIGKILL' })),
    ])
  expect(agentFact('agent.crashes', { boots: boots() })).toEqual(['ok', 'none in 7 days'])
  expect(agentFact('agent.crashes', { boots: boots(hour, 2 * hour, 30 * hour) })).toEqual(['warn', '3 in 7 days'])
  expect(agentFact('agent.crashes', { boots: boots(hour, 2 * hour, 3 * hour) })).toEqual(['bad', '3 in 7 days'])
})

test('text of a box is made visible and cut wherever it lands', () => {
  const agent = sampleAgent(nowMs, { install: got(sampleInstall({ version: `2026\u202E.9.6${'x'.repeat(999)}` })) })
  for (const fact of judgeOneAgent(agent, context)) {
    expect(fact.text).not.toContain('\u202E')
    expect(fact.raw).not.toContain('\u202E')
    expect(fact.text.length).toBeLessThanOrEqual(300)
    expect(FactKey.safeParse(fact.key).success).toBe(true)
  }
})
