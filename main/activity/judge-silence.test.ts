import { expect, test } from 'vitest'
import type { AgentId, Cause, Client } from '../../shared/contract/index.ts'
import type { ObservedActivity } from '../runtimes/observed.ts'
import { sampleActivity } from '../testing/observed-sample.ts'
import { judgeActivity, type SilenceContext } from './judge-silence.ts'

const agentId = 'a1' as AgentId
const hour = 3_600_000
/** Friday noon; the newest full business day is Thursday, 9 to 17. */
const nowMs = Date.UTC(2026, 10, 20, 12)
const thursday = { fromMs: Date.UTC(2026, 10, 19, 9), toMs: Date.UTC(2026, 10, 19, 17), date: '2026-11-19' }
const base: SilenceContext = {
  nowMs,
  client: { name: 'Harbor Wealth' } as Client,
  businessDay: thursday,
  knownSinceMs: 0,
  building: false,
}

const troubleOf = (cause: Cause, activity: Partial<ObservedActivity>, context: Partial<SilenceContext> = {}) =>
  judgeActivity(agentId, sampleActivity(nowMs, activity), { ...base, ...context }).find(
    (assessment) => assessment.cause === cause,
  )

const quietSince = (atMs: number): Partial<ObservedActivity> => ({ lastInboundAtMs: atMs, lastReplyAtMs: atMs })

test('an exchange on the newest full business day, or after it, is no silence', () => {
  for (const atMs of [thursday.fromMs, thursday.toMs - 1, thursday.toMs + hour, nowMs])
    expect(troubleOf('silent', quietSince(atMs))?.trouble).toBeNull()
})

test('none on it is silence: attention, never red, says since when and that they did not write', () => {
  const found = troubleOf('silent', quietSince(thursday.fromMs - 1))
  expect(found?.trouble).toMatchObject({
    severity: 'attention',
    state: 'Silent',
    detail: 'they did not write',
    sinceMs: thursday.fromMs - 1,
  })
  expect(found?.trouble?.sentence).toMatch(/^has been silent since Thursday \d\d:59$/)
  expect(found?.trouble?.evidence.map((fact) => fact.name)).toContain('Business day without one')
  expect(troubleOf('silent', quietSince(nowMs - 90 * 24 * hour))?.trouble?.severity).toBe('attention')
})

test('messages without an answer are said: they tried', () => {
  const tried = {
    lastInboundAtMs: nowMs - hour,
    lastReplyAtMs: thursday.fromMs - 5 * hour,
    unanswered: 4,
    unansweredSinceMs: nowMs - 20 * hour,
  }
  expect(troubleOf('silent', tried)?.trouble).toMatchObject({
    severity: 'attention',
    detail: 'they tried: 4 messages came in and none was answered',
  })
  expect(troubleOf('unanswered', tried)?.trouble).toMatchObject({ severity: 'red', state: 'Failing' })
})

test.each<[string, Partial<SilenceContext>]>([
  ['a lab machine has no client to be silent', { client: null }],
  ['a client that is not live yet may be quiet', { building: true }],
  ['no business day has passed', { businessDay: null }],
])('%s', (_, context) => {
  expect(troubleOf('silent', quietSince(0), context)).toBeUndefined()
})

test('an agent that never had an exchange is silent only after a business day of being known', () => {
  const never = { lastInboundAtMs: null, lastReplyAtMs: null }
  expect(troubleOf('silent', never, { knownSinceMs: nowMs })).toBeUndefined()
  expect(troubleOf('silent', never)?.trouble?.sentence).toBe('has never had an exchange')
})

test('a message may wait half an hour before it counts as unanswered', () => {
  const waiting = (ageMs: number) => troubleOf('unanswered', { unanswered: 1, unansweredSinceMs: nowMs - ageMs })
  expect(waiting(10 * 60_000)).toBeUndefined()
  expect(waiting(hour)?.trouble).toMatchObject({
    severity: 'attention',
    detail: 'they tried: 1 message came in and was not answered',
  })
})

test('errors sent for answers are one red finding, not two', () => {
  const failing = {
    failures: 3,
    lastFailureAtMs: nowMs - hour,
    lastFailure: '401 invalid api key',
    lastReplyAtMs: nowMs - 9 * hour,
    unanswered: 3,
    unansweredSinceMs: nowMs - 8 * hour,
  }
  expect(troubleOf('failing', failing)?.trouble).toMatchObject({
    severity: 'red',
    state: 'Failing',
    detail: '401 invalid api key',
    nextStep: 'Renew its key for the model.',
  })
  expect(troubleOf('unanswered', failing)?.trouble).toBeNull()
  expect(troubleOf('failing', { ...failing, lastReplyAtMs: nowMs })?.trouble).toBeNull()
})
