import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import type { Finding } from '../../shared/contract/index.ts'
import { newestQuiet, planNotices } from './notices.ts'

const at = (iso: string) => DateTime.fromISO(iso).toMillis()
const night = { from: '22:00', to: '07:00' }
const never = { from: '00:00', to: '00:00' }

test.each([
  ['2026-11-20T12:00', night, '2026-11-19T22:00', '2026-11-20T07:00'],
  ['2026-11-20T22:00', night, '2026-11-20T22:00', '2026-11-21T07:00'],
  ['2026-11-21T03:00', night, '2026-11-20T22:00', '2026-11-21T07:00'],
  ['2026-11-21T13:30', { from: '12:00', to: '13:00' }, '2026-11-21T12:00', '2026-11-21T13:00'],
])('the newest quiet hours at %s', (now, hours, from, to) => {
  expect(newestQuiet(at(now), hours)).toEqual({ fromMs: at(from), toMs: at(to) })
})

test('the same time twice is never quiet', () => {
  expect(newestQuiet(at('2026-11-20T12:00'), never)).toBeNull()
})

function finding(name: string, noticed: string, closed: string | null = null): Finding {
  return {
    findingId: name as Finding['findingId'],
    cause: 'offline',
    severity: 'red',
    state: 'Offline',
    boxId: name as Finding['boxId'],
    boxName: name,
    agentId: null,
    clientId: null,
    subject: name,
    sentence: 'has not answered since Friday 22:14',
    detail: '',
    sinceMs: at(noticed),
    noticedAtMs: at(noticed),
    lastSeenAtMs: at(noticed),
    evidence: [],
    nextStep: 'Ask someone there.',
    workflows: [],
    open: closed === null,
    closedAtMs: closed === null ? null : at(closed),
    recovery: closed === null ? null : 'It answers again.',
    snoozed: null,
    snoozeEndedAtMs: null,
  }
}
const ids = (notices: ReturnType<typeof planNotices>) => notices.map(({ opened, closed }) => [...opened, ...closed])

test('one notice a finding, and one for its recovery', () => {
  const untold = {
    opened: [finding('elm', '2026-11-20T11:59')],
    closed: [finding('oak', '2026-11-20T09:00', '2026-11-20T11:59')],
  }
  expect(planNotices(untold, at('2026-11-20T12:00'), night)).toEqual([
    {
      title: 'elm',
      body: 'elm has not answered since Friday 22:14. Ask someone there.',
      findingId: 'elm',
      opened: ['elm'],
      closed: [],
    },
    {
      title: 'oak: over',
      body: 'oak: It answers again. It was noticed today 09:00.',
      findingId: 'oak',
      opened: [],
      closed: ['oak'],
    },
  ])
})

test('nothing in quiet hours; what they held back is one notice after them, beside what is new', () => {
  const untold = {
    opened: ['a', 'b', 'c', 'd'].map((name) => finding(name, '2026-11-21T03:00')),
    closed: [finding('oak', '2026-11-20T21:00', '2026-11-21T05:00')],
  }
  expect(planNotices(untold, at('2026-11-21T06:59'), night)).toEqual([])
  const [sum, ...more] = planNotices(
    { ...untold, opened: [...untold.opened, finding('new', '2026-11-21T07:01')] },
    at('2026-11-21T07:01'),
    night,
  )
  expect(sum).toMatchObject({
    title: '4 troubles began in the quiet hours, 1 ended',
    findingId: null,
    opened: ['a', 'b', 'c', 'd'],
    closed: ['oak'],
  })
  expect(sum?.body.split('\n')).toEqual([
    ...['a', 'b', 'c'].map((name) => `${name} has not answered since Friday 22:14. Ask someone there.`),
    'And 2 more.',
  ])
  expect(ids(more)).toEqual([['new']])
})

test('one that was held back is told as itself; a flood is one notice', () => {
  const one = { opened: [finding('elm', '2026-11-21T03:00')], closed: [] }
  expect(planNotices(one, at('2026-11-21T07:00'), night)).toMatchObject([{ findingId: 'elm' }])
  const flood = { opened: ['a', 'b', 'c', 'd'].map((name) => finding(name, '2026-11-20T11:59')), closed: [] }
  expect(planNotices(flood, at('2026-11-20T12:00'), night)).toMatchObject([
    { title: '4 troubles began at once', opened: ['a', 'b', 'c', 'd'] },
  ])
  const three = { ...flood, opened: flood.opened.slice(1) }
  expect(ids(planNotices(three, at('2026-11-20T12:00'), night))).toEqual([['b'], ['c'], ['d']])
})
