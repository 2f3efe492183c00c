import { afterEach, describe, expect, it } from 'vitest'
import type { Fact, Finding } from '../../shared/contract/index.ts'
import type { BehaviourHistory } from '../facts/facts.ts'
import { rolloutLab } from '../testing/rollout-lab.ts'
import { type AgentDays, type StreakInput, streakOf } from './streak.ts'

/** Friday 20 November 2026, 12:00 UTC. */
const nowMs = Date.UTC(2026, 10, 20, 12)
const dayMs = 86_400_000

const input = (change: Partial<StreakInput> = {}): StreakInput => ({
  histories: [],
  agents: [],
  findings: [],
  watchedSinceMs: null,
  ...change,
})
/** Messages in and replies, yesterday first. */
const days = (...counts: readonly (readonly [number, number])[]): AgentDays => ({
  readAtMs: nowMs,
  days: counts.map(([inbound, replies], back) => ({
    day: new Date(nowMs - (back + 1) * dayMs).toISOString().slice(0, 10),
    inbound,
    replies,
    replyMs: null,
  })),
})
const answered = (...agents: AgentDays[]) => streakOf(input({ agents })).answered

describe('days in a row on which they were answered', () => {
  it.each<[string, AgentDays[], ReturnType<typeof answered>]>([
    ['no agent', [], null],
    ['never read', [{ days: [], readAtMs: null }], null],
    ['read, and nothing was ever exchanged', [{ days: [], readAtMs: nowMs }], null],
    ['every day that is known', [days([3, 3], [1, 1], [2, 2])], { days: 3, atLeast: true }],
    [
      'a day without a message neither counts nor breaks it',
      [days([3, 3], [0, 0], [2, 2])],
      { days: 2, atLeast: true },
    ],
    ['a day without an answer breaks it', [days([3, 3], [2, 0], [2, 2])], { days: 1, atLeast: false }],
    ['yesterday was not answered', [days([2, 0], [2, 2])], { days: 0, atLeast: false }],
    ['one of two agents did not answer', [days([3, 3], [2, 2]), days([1, 1], [1, 0])], { days: 1, atLeast: false }],
    ['one of two was never read', [days([3, 3]), { days: [], readAtMs: null }], null],
  ])('%s', (_, agents, expected) => {
    expect(answered(...agents)).toEqual(expected)
  })

  it('ends with the last whole day that was read: what nobody read since is not said to be answered', () => {
    const { days: rows } = days([2, 0], [2, 2], [2, 2])
    expect(answered({ days: rows, readAtMs: nowMs - dayMs })).toEqual({ days: 2, atLeast: true })
  })
})

describe('without trouble', () => {
  const finding = (state: Finding['state'], closedDaysAgo: number | null) => ({
    state,
    sentence: 'answers with errors',
    open: closedDaysAgo === null,
    closedAtMs: closedDaysAgo === null ? null : nowMs - closedDaysAgo * dayMs,
  })
  it.each<[string, StreakInput['findings'], Partial<ReturnType<typeof streakOf>>]>([
    ['none that is kept', [], { calm: { sinceMs: 5, atLeast: true }, trouble: '' }],
    [
      'the newest end counts',
      [finding('Failing', 12), finding('Offline', 30)],
      { calm: { sinceMs: nowMs - 12 * dayMs, atLeast: false } },
    ],
    ['to be behind is no harm', [finding('Behind', null)], { calm: { sinceMs: 5, atLeast: true } }],
    [
      'one that lasts',
      [finding('Failing', 12), finding('Silent', null)],
      { calm: null, trouble: 'answers with errors' },
    ],
  ])('%s', (_, findings, expected) => {
    expect(streakOf(input({ findings, watchedSinceMs: 5 }))).toMatchObject(expected)
  })
  it('is not known of a machine that was never read', () => {
    expect(streakOf(input())).toEqual({ unchanged: null, answered: null, calm: null, trouble: '' })
  })
})

it('counts from the last time version, commit or config read differently', () => {
  const span = (text: string, daysAgo: number) =>
    ({
      text,
      verdict: 'ok' as Fact['verdict'],
      fromMs: nowMs - daysAgo * dayMs,
      toMs: nowMs,
      source: '',
      raw: '',
    }) as const
  const histories: BehaviourHistory[] = [
    { key: 'config.hash', boxName: 'x', writtenAtMs: null, spans: [span('b', 63), span('a', 90)] },
  ]
  expect(streakOf(input({ histories })).unchanged).toEqual({ sinceMs: nowMs - 63 * dayMs, atLeast: false })
})

describe('from the store', () => {
  let at: ReturnType<typeof rolloutLab>
  afterEach(() => at.temp[Symbol.dispose]())

  it('a client’s streak is what sweeps kept of its agent and its troubles', async () => {
    at = rolloutLab()
    const { canary, rest } = at.boxes
    const ahead = Array.from({ length: 38 }, (_, place) => ({
      day: `2099-01-${String(place % 28).padStart(2, '0')}`,
      inbound: 1,
      replies: 0,
      replyMs: null,
    }))
    at.talked(canary, { days: [...ahead, ...days([3, 3], [2, 2]).days] })
    expect(at.activity.days(canary.agentId, 20)).toHaveLength(2)
    at.trouble(canary, 'Failing')
    at.clock.advance(dayMs)
    at.trouble(canary, null)
    at.trouble(rest, 'Failing')
    const content = { name: 'warmer', why: { text: 'x', link: '' }, author: '', class: 'behavioural' as const }
    const parts = [
      {
        kind: 'overlay' as const,
        layer: { kind: 'fleet' as const, key: '' },
        set: { 'raw.openclaw.messages.prefix': 'Hi' },
        reset: [],
      },
    ]
    const { patch } = await at.patches.save({
      patchId: null,
      baseRevision: 0,
      content: { ...content, parts, needs: [], verify: [], capability: null },
      files: [],
      because: 'x',
    })
    const { guard } = await at.rollouts.preview({ patchId: patch.patchId })
    const of = (name: string) => guard?.clients.find(({ clientName }) => clientName === `Client of ${name}`)?.streak
    expect(of('c-canary')).toMatchObject({
      answered: { days: 2, atLeast: true },
      calm: { sinceMs: at.clock.nowMs(), atLeast: false },
      trouble: '',
    })
    expect(of('a-rest')).toMatchObject({ answered: null, calm: null, trouble: 'answers with errors' })
    expect(of('z-old')).toMatchObject({ answered: null, calm: { atLeast: true }, trouble: '' })
  })
})
