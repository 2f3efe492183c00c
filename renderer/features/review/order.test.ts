import { describe, expect, it } from 'vitest'
import type { ReviewClient, ReviewItem, ReviewPage } from '../../../shared/contract/index.ts'
import {
  bySection,
  headline,
  inTwo,
  metaOf,
  moreOf,
  nextUnseen,
  ofSeveral,
  putOffBy,
  putOffLine,
  rowsOf,
  stepped,
  waitingWords,
} from './order.ts'

const at = (iso: string) => new Date(iso).getTime()
const now = at('2026-11-20T12:00')
const thursday = at('2026-11-26T08:00')

const item = (key: string, seen = false, section: ReviewItem['section'] = 'needs-you', finding: object = {}) =>
  ({
    key,
    seen,
    section,
    pause: null,
    others: [],
    finding: { subject: key, sentence: 'fails', snoozed: null, snoozeEndedAtMs: null, detail: '', ...finding },
  }) as unknown as ReviewItem

const snoozed = item('Peak Realty', false, 'later', { snoozed: { untilMs: thursday, reason: 'Known, can wait' } })
const paused = { section: 'later', name: 'Nolan Property', pause: { untilMs: thursday } } as ReviewClient

const page = (more: Partial<ReviewPage>): ReviewPage =>
  ({
    machines: 12,
    answered: 12,
    expected: 12,
    expectedAnswered: 12,
    noNetworkSinceMs: null,
    notSeen: [],
    lastSweep: {},
    items: [],
    clients: [],
    nothingToDo: [],
    allQuiet: false,
    ...more,
  }) as unknown as ReviewPage

describe('moving', () => {
  it('stays within the list and enters it at either end', () => {
    expect(stepped(['a', 'b', 'c'], 'c', 1)).toBe('c')
    expect(stepped(['a', 'b', 'c'], 'a', -1)).toBe('a')
    expect(stepped(['a', 'b', 'c'], null, 1)).toBe('a')
    expect(stepped(['a', 'b', 'c'], 'gone', -1)).toBe('c')
    expect(stepped([], null, 1)).toBeNull()
  })

  it('goes on to the next row nobody has seen, around the end, never to one that was put off', () => {
    expect(nextUnseen([item('a'), item('b'), item('c', true)], 'b')).toBe('a')
    expect(nextUnseen([item('a', true), item('b'), item('c', true)], 'b')).toBe('b')
    expect(nextUnseen([item('a', true), item('b'), snoozed], 'b')).toBe('b')
  })

  it('keeps sections in the order of the page, clients in theirs, and leaves empty ones out', () => {
    const clients = [{ section: 'building', clientId: 'x' }] as ReviewClient[]
    const sections = bySection(rowsOf({ items: [snoozed, item('b')], clients }))
    expect(sections.map(({ section, rows }) => [section, rows.map(({ key }) => key)])).toEqual([
      ['needs-you', ['b']],
      ['building', ['client:x']],
      ['later', ['Peak Realty']],
    ])
  })
})

describe('headline', () => {
  it.each([
    [page({ lastSweep: null }), 'Nothing was read yet. R sweeps all 12 machines.'],
    [page({ allQuiet: true }), 'All quiet. 12 of 12 machines answered; the oldest fact is 4 min old.'],
    [
      page({ allQuiet: true, items: [snoozed], clients: [paused], expected: 11, expectedAnswered: 11 }),
      'All quiet. 11 of 11 expected machines answered; the oldest fact is 4 min old.',
    ],
    [page({ items: [item('a', true), item('b', true)] }), 'Review done. 2 left for later.'],
    [page({ items: [item('a', true), snoozed] }), 'Review done. 1 still open, 1 put off.'],
    [
      page({ notSeen: ['nolan-pc'], expectedAnswered: 11 }),
      'No trouble is known, but 1 of 12 machines was not seen: nolan-pc.',
    ],
    [page({ items: [item('a')] }), null],
    [
      page({ items: [item('a')], noNetworkSinceMs: now }),
      'No machine answers. That points to this computer’s own network or VPN, so no alarms were raised.',
    ],
  ])('says what the rows do not (%#)', (shown, sentence) => {
    expect(headline(shown, '4 min')).toBe(sentence)
  })
})

it('names what waits by its end', () => {
  const other = (name: string, untilMs: number) =>
    item(name, false, 'later', { snoozed: { untilMs, reason: 'Known, can wait' } })
  const items = [snoozed, other('Elm Realty', at('2026-11-21T08:00')), other('Fox', thursday)]
  expect(waitingWords(page({ allQuiet: true, items, clients: [paused] }), now)).toBe(
    'Snoozed: Peak Realty, Fox until Thursday; Elm Realty until tomorrow. Paused: Nolan Property until Thursday.',
  )
  expect(waitingWords(page({ items }), now)).toBeNull()
})

it('tells a row that is snoozed and paused as paused, once, until both have ended', () => {
  const pause = { untilMs: at('2026-11-23T00:00'), reason: 'Moves its office' } as ReviewItem['pause']
  const both: ReviewItem = { ...snoozed, pause }
  expect(putOffBy(both)).toEqual({ word: 'Paused', reason: 'Moves its office', untilMs: thursday })
  expect(metaOf(both, now)).toBe('Moves its office')
  expect(waitingWords(page({ allQuiet: true, items: [both] }), now)).toBe('Paused: Peak Realty until Thursday.')
  expect(putOffBy({ ...both, section: 'needs-you' })).toBeNull()
})

it.each([
  ['answers everyone who writes on iMessage', ['answers everyone who writes on iMessage', '']],
  [
    'changed without you: 2 settings and 1 new login key, Friday 11:20, as “kevin”',
    ['changed without you', '2 settings and 1 new login key, Friday 11:20, as “kevin”'],
  ],
  [
    'restarted on Saturday at 03:10 and nobody has logged in since, so its agent never started',
    ['restarted on Saturday at 03:10', 'nobody has logged in since, so its agent never started'],
  ],
  [
    'has nobody logged in at its screen for days, so its agent does not run',
    ['has nobody logged in at its screen for days', 'its agent does not run'],
  ],
  [
    'is behind, nobody knows how far: it last looked for updates 23 days ago',
    ['is behind', 'nobody knows how far: it last looked for updates 23 days ago'],
  ],
])('a long sentence is parted for its row: %s', (sentence, parts) => expect(inTwo(sentence)).toEqual(parts))

it('says how much else is the matter, whatever stands before it', () => {
  const other = { boxId: 'b' } as ReviewItem['finding']
  const more = { ...item('a', false, 'needs-you', { boxId: 'b', detail: 'x' }), others: [other, other] }
  expect([metaOf({ ...more, finding: { ...more.finding, sentence: 'fails' } }, now), moreOf(more)]).toEqual(['x', 2])
})

it('says how much waits, and until when', () => {
  expect(putOffLine({ items: [snoozed], clients: [] }, now)).toBe('1 snoozed until Thursday')
  expect(putOffLine({ items: [snoozed, snoozed], clients: [paused] }, now)).toBe(
    '2 snoozed, the first until Thursday · 1 paused until Thursday',
  )
})

it.each([
  [item('a', false, 'needs-you', { detail: '23 days' }), '23 days'],
  [
    item('a', false, 'needs-you', { detail: '23 days', snoozeEndedAtMs: now - 3_600_000 }),
    'snoozed until today · 23 days',
  ],
  [item('a', false, 'needs-you', { snoozeEndedAtMs: now - 20 * 3_600_000 }), 'snoozed until yesterday'],
  [item('a', false, 'needs-you', { detail: 'x', snoozeEndedAtMs: now - 90 * 3_600_000 }), 'x'],
  [snoozed, 'Known, can wait'],
])('the second line %#', (given, words) => expect(metaOf(given, now)).toBe(words))

it.each([
  ['does not answer', 'do not answer'],
  ['is 4 releases behind', 'are 4 releases behind'],
  ['answers everyone who writes', 'answer everyone who writes'],
  ['passes its limit', 'pass its limit'],
  ['goes to sleep when idle', 'go to sleep when idle'],
  ['carries local patches: 2', 'carry local patches: 2'],
  ['changed without you', 'changed without you'],
])('says of several machines what was said of one: %s', (one, several) => expect(ofSeveral(one)).toBe(several))
