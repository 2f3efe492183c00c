import { expect, it } from 'vitest'
import type { Client, Fact, LedgerEntry } from '../../shared/contract/index.ts'
import type { BehaviourHistory } from '../facts/facts.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { buildClient, type ClientInput, shownDays } from './client.ts'

/** Friday 20 November 2026, 16:00 UTC. */
const nowMs = Date.UTC(2026, 10, 20, 16)
const day = 86_400_000

const input = (change: Partial<ClientInput> = {}): ClientInput => ({
  nowMs,
  client: { timeZone: 'America/Los_Angeles' } as Client,
  building: false,
  pause: null,
  opening: { open: true, untilMs: null },
  spans: [],
  boxes: [],
  findings: [],
  attempts: new Map(),
  staleBeforeMs: 0,
  facts: [],
  histories: [],
  activity: [],
  workflows: [],
  holidays: [],
  notes: [],
  diary: [],
  ...change,
})

const span = (text: string, daysAgo: number, verdict: Fact['verdict'] = 'ok') =>
  ({ text, verdict, fromMs: nowMs - daysAgo * day, toMs: nowMs, source: '', raw: '' }) as const
const history = (key: BehaviourHistory['key'], ...spans: BehaviourHistory['spans']): BehaviourHistory => ({
  key,
  boxName: 'bright-mini',
  writtenAtMs: null,
  spans,
})

it.each<[string, BehaviourHistory[], ReturnType<typeof buildClient>['unchanged']]>([
  ['nothing was read', [], null],
  ['it never read differently', [history('config.hash', span('ab', 40))], { sinceMs: nowMs - 40 * day, atLeast: true }],
  [
    'the newest change of any of them counts',
    [
      history('config.hash', span('cd', 63), span('ab', 90)),
      history('version.disk', span('2026.9.6', 70), span('2026.8.2', 90)),
    ],
    { sinceMs: nowMs - 63 * day, atLeast: false },
  ],
  [
    'a reading that failed in between is no change',
    [history('config.hash', span('ab', 2), span('not read', 3, 'unknown'), span('ab', 90))],
    { sinceMs: nowMs - 90 * day, atLeast: true },
  ],
  [
    'a machine that is known for less time than the last change',
    [history('config.hash', span('ab', 5)), history('version.disk', span('b', 5), span('a', 9))],
    { sinceMs: nowMs - 5 * day, atLeast: false },
  ],
])('counts the days without a change: %s', (_what, histories, unchanged) => {
  expect(buildClient(input({ histories })).unchanged).toEqual(unchanged)
})

it('names changes of the days shown, oldest first', () => {
  const histories = [
    history('config.hash', span('cd', 3), span('ab', 50)),
    history('version.disk', span('2026.9.6', 12), span('2026.8.2', 45), span('2026.6.11', 90)),
  ]
  expect(buildClient(input({ histories })).changes).toEqual([
    { atMs: nowMs - 12 * day, kind: 'version', boxName: 'bright-mini', text: '2026.8.2 → 2026.9.6' },
    { atMs: nowMs - 3 * day, kind: 'config', boxName: 'bright-mini', text: 'config changed' },
  ])
})

it('dates the newest change by the file, where the file was written between two looks', () => {
  const spans = [span('cd', 1), { ...span('ab', 9), toMs: nowMs - 4 * day }]
  const changed = (writtenAtMs: number) =>
    buildClient(input({ histories: [{ ...history('config.hash', ...spans), writtenAtMs }] })).unchanged?.sinceMs
  expect(changed(nowMs - 2 * day)).toBe(nowMs - 2 * day)
  expect(changed(nowMs - 5 * day)).toBe(nowMs - day)
  expect(changed(nowMs)).toBe(nowMs - day)
})

const told = (key: Fact['key'], value: Fact['value']): Fact => ({ key, value }) as Fact

it('adds the agents up by day, and knows nothing before the first day read', () => {
  const activity = [
    [
      { day: '2026-11-20', inbound: 3, replies: 2 },
      { day: '2026-11-18', inbound: 1, replies: 1 },
    ],
    [{ day: '2026-11-20', inbound: 2, replies: 2 }],
  ]
  const facts = [told('activity.unanswered', 1), told('activity.unanswered', 0), told('activity.failures', 2)]
  const page = buildClient(input({ activity, facts })).activity
  expect(page).toMatchObject({ inbound: 6, answered: 5, waiting: 1, failures: 2, knownFromDay: '2026-11-18' })
  expect(page.days).toHaveLength(shownDays)
  expect(page.days.slice(-4)).toEqual([
    { day: '2026-11-17', inbound: null, replies: null },
    { day: '2026-11-18', inbound: 1, replies: 1 },
    { day: '2026-11-19', inbound: 0, replies: 0 },
    { day: '2026-11-20', inbound: 5, replies: 4 },
  ])
})

it('does not make nothing of what an agent could not tell', () => {
  const facts = [told('activity.unanswered', 1), told('activity.unanswered', null)]
  const activity = [[{ day: '2026-09-01', inbound: 9, replies: 9 }]]
  expect(buildClient(input({ facts, activity })).activity).toMatchObject({
    inbound: 0,
    answered: null,
    waiting: null,
    failures: null,
    knownFromDay: null,
  })
  expect(buildClient(input()).activity).toMatchObject({ inbound: null, answered: null })
})

it('looks ahead to the days they are closed, from their today on', () => {
  const holiday = (date: string, open = false) => ({ date, name: date, source: 'assumed' as const, open })
  const holidays = ['2026-11-19', '2026-11-20', '2026-11-26'].map((date) => holiday(date))
  const page = buildClient(input({ holidays: [...holidays, holiday('2026-12-08', true), holiday('2026-12-25')] }))
  expect(page.holidays.map(({ date }) => date)).toEqual(['2026-11-20', '2026-11-26', '2026-12-25'])
})

it('tells the diary of the client and its machines once each, newest first', () => {
  const entry = (seq: number) => ({ seq }) as LedgerEntry
  const page = buildClient(input({ diary: [entry(2), entry(7), entry(2), entry(5)] }))
  expect(page.diary.map(({ seq }) => seq)).toEqual([7, 5, 2])
})

it('shows a machine that was never asked as not seen', () => {
  const box = { boxId: 'b1', name: 'bright-mini' } as unknown as StoredBox
  expect(buildClient(input({ boxes: [box] })).machines).toEqual([
    { boxId: 'b1', boxName: 'bright-mini', state: 'Not seen', sentence: '', seenAtMs: null },
  ])
})
