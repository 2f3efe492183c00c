import { expect, it, test } from 'vitest'
import type { BoxId, Client, ClientId, ClientSpan, Finding, FindingId } from '../../shared/contract/index.ts'
import { reviewClients, reviewRows, type SectionsInput } from './sections.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const day = 86_400_000

const finding = (box: string, more: Partial<Finding> = {}): Finding => ({
  findingId: `${box}-${more.cause ?? 'behind'}` as FindingId,
  cause: 'behind',
  severity: 'attention',
  state: 'Behind',
  boxId: box as BoxId,
  boxName: box,
  agentId: null,
  clientId: `of-${box}` as ClientId,
  subject: box,
  sentence: `is behind on ${box}`,
  detail: '',
  sinceMs: nowMs,
  noticedAtMs: nowMs,
  lastSeenAtMs: nowMs,
  evidence: [],
  nextStep: '',
  workflows: [],
  open: true,
  closedAtMs: null,
  recovery: null,
  snoozed: null,
  snoozeEndedAtMs: null,
  ...more,
})

const client = (box: string, more: Partial<Client> = {}): Client =>
  ({ clientId: `of-${box}` as ClientId, name: box, timeZone: 'UTC', goLiveOn: '2026-01-01', ...more }) as Client

const span = (box: string, kind: ClientSpan['kind'], untilMs: number) =>
  [`of-${box}` as ClientId, { kind, untilMs, reason: 'away' } as ClientSpan] as const

const input = (more: Partial<SectionsInput>): SectionsInput => ({
  nowMs,
  clients: [],
  boxes: [],
  findings: [],
  marked: new Set(),
  pauses: new Map(),
  holds: new Map(),
  ...more,
})

const told = (given: SectionsInput) => reviewRows(given).map((row) => `${row.section} ${row.key}`)

it.each([
  ['2026-11-25', 'building'],
  ['2026-11-20', 'go-live'],
  ['2026-11-07', 'go-live'],
  ['2026-11-06', 'needs-you'],
  ['', 'needs-you'],
])('a client that goes live on %s stands in %s', (goLiveOn, section) => {
  expect(told(input({ findings: [finding('a')], clients: [client('a', { goLiveOn })] }))).toEqual([`${section} a`])
})

test('what was put off stands apart from what is new on the same machine, and is told by its end', () => {
  const snoozed = { untilMs: nowMs + 2 * day, reason: 'known' }
  const findings = [
    finding('a', { snoozed }),
    finding('a', { cause: 'silent' }),
    finding('b', { snoozed: { ...snoozed, untilMs: nowMs + day } }),
  ]
  expect(told(input({ findings }))).toEqual(['needs-you a', 'later later:b', 'later later:a'])
})

test('a paused client waits, but not with who answers strangers', () => {
  const findings = [finding('a', { state: 'Unsafe', cause: 'answers-everyone' }), finding('a', { state: 'Silent' })]
  const pauses = new Map([span('a', 'pause', nowMs + day)])
  const rows = reviewRows(input({ findings, pauses }))
  expect(rows.map(({ section, finding: { state }, pause }) => [section, state, pause?.reason ?? null])).toEqual([
    ['needs-you', 'Unsafe', null],
    ['later', 'Silent', 'away'],
  ])
})

test('a client paused while its trouble is snoozed is told as paused, and is back when both have ended', () => {
  const snoozed = { untilMs: nowMs + 3 * day, reason: 'known' }
  const findings = [
    finding('a', { snoozed }),
    finding('b', { snoozed: { ...snoozed, untilMs: nowMs + 2 * day } }),
    finding('c', { snoozed, state: 'Unsafe', cause: 'answers-everyone' }),
  ]
  const pauses = new Map([span('a', 'pause', nowMs + day), span('c', 'pause', nowMs + day)])
  expect(reviewRows(input({ findings, pauses })).map(({ key, pause }) => [key, pause?.reason ?? null])).toEqual([
    ['later:b', null],
    ['later:a', 'away'],
    ['later:c', null],
  ])
})

test('the same trouble of several machines is one row, also put off together', () => {
  const same = { sentence: 'cannot reach the update server' }
  const snoozed = { untilMs: nowMs + day, reason: 'known' }
  expect(told(input({ findings: [finding('a', same), finding('b', same)] }))).toEqual([
    'needs-you needs-you:behind:cannot reach the update server',
  ])
  expect(told(input({ findings: [finding('a', { ...same, snoozed }), finding('b', same)] }))).toEqual([
    'needs-you b',
    'later later:a',
  ])
  const both = [finding('a', { ...same, snoozed }), finding('b', { ...same, snoozed })]
  expect(told(input({ findings: both }))).toEqual([`later later:behind:cannot reach the update server:${nowMs + day}`])
})

test('a hold is told with its row', () => {
  const holds = new Map([span('a', 'hold', nowMs + day)])
  expect(reviewRows(input({ findings: [finding('a')], holds }))[0]?.hold?.untilMs).toBe(nowMs + day)
})

it.each([
  [{ goLiveOn: '2026-11-26' }, 1, false, ['building goes live in 6 days, 1 machine']],
  [{ goLiveOn: '2026-11-21' }, 0, false, ['building goes live tomorrow, no machine yet']],
  [{ goLiveOn: '' }, 0, false, ['building has no go-live day yet, no machine yet']],
  [{ goLiveOn: '' }, 1, false, []],
  [{ goLiveOn: '2026-11-19' }, 2, false, ['go-live went live yesterday, day 2 of 14 · 2 machines']],
  [{ goLiveOn: '2026-01-01' }, 1, false, []],
  [{ goLiveOn: '2026-01-01' }, 1, true, ['later is paused, away']],
] as const)('a client without a trouble: %j', (more, boxes, paused, expected) => {
  const given = input({
    clients: [client('a', more)],
    boxes: Array.from({ length: boxes }, (_, at) => ({ boxId: `a${at}` as BoxId, clientId: 'of-a' as ClientId })),
    pauses: new Map(paused ? [span('a', 'pause', nowMs + day)] : []),
  })
  expect(reviewClients(given, []).map((line) => `${line.section} ${line.sentence}, ${line.detail}`)).toEqual(expected)
})
