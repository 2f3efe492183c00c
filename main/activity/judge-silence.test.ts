import { expect, test } from 'vitest'
import type { AgentId, Cause, Client } from '../../shared/contract/index.ts'
import { foldExplained } from '../findings/explains.ts'
import type { ObservedActivity } from '../runtimes/observed.ts'
import { sampleActivity } from '../testing/observed-sample.ts'
import { judgeActivity } from './judge-silence.ts'
import type { SilenceContext } from './traffic.ts'

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
  paused: false,
  up: null,
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
  expect(found?.trouble?.sentence).toMatch(/^has been silent since 19 Nov 2026 \d\d:59$/)
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

const raised = (activity: Partial<ObservedActivity>, context: Partial<SilenceContext> = {}): Cause[] =>
  foldExplained(judgeActivity(agentId, sampleActivity(nowMs, activity), { ...base, ...context }), [])
    .filter(({ trouble }) => trouble !== null)
    .map(({ cause }) => cause)

const errors: Partial<ObservedActivity> = {
  failures: 3,
  lastFailureAtMs: nowMs - hour,
  lastFailure: 'tool crashed',
  lastReplyAtMs: thursday.fromMs - 9 * hour,
  unanswered: 3,
  unansweredSinceMs: nowMs - 8 * hour,
}

test('errors sent for answers are one red finding, not three', () => {
  expect(troubleOf('failing', errors)?.trouble).toMatchObject({
    severity: 'red',
    state: 'Failing',
    detail: 'tool crashed',
    nextStep: 'Read its log at the last failure.',
  })
  expect(raised(errors)).toEqual(['failing'])
  expect(raised(errors, { up: true })).toEqual(['failing'])
  expect(troubleOf('failing', { ...errors, lastReplyAtMs: nowMs })?.trouble).toBeNull()
})

test.each<[string, RegExp, RegExp]>([
  ['401 invalid api key', /the key is not accepted$/, /^Renew its key/],
  ['HTTP 403: permission denied for model', /the key is not accepted$/, /^Renew its key/],
  ['The client was sent: authentication failed.', /the key is not accepted$/, /^Renew its key/],
  ['402 Payment Required', /no credit or quota is left$/, /^Top up/],
  ['401 insufficient credits: add more to your account', /no credit or quota is left$/, /^Top up/],
  ['429 You exceeded your current quota', /no credit or quota is left$/, /^Top up/],
  ['Your credit balance is too low to access the API', /no credit or quota is left$/, /^Top up/],
])('%s is the model refusing, and the only finding', (lastFailure, sentence, nextStep) => {
  expect(raised({ ...errors, lastFailure }, { up: true })).toEqual(['model-refused'])
  const { trouble } = troubleOf('model-refused', { ...errors, lastFailure }) ?? {}
  expect(trouble).toMatchObject({ severity: 'red', state: 'Failing', detail: lastFailure })
  expect(trouble?.sentence).toMatch(sentence)
  expect(trouble?.nextStep).toMatch(nextStep)
})

test.each([
  '429 rate limit reached',
  'The run ended with an error.',
  'getaddrinfo ENOTFOUND api.example',
  '529 overloaded',
])('%s is no refusal', (lastFailure) => expect(raised({ ...errors, lastFailure })).toEqual(['failing']))

test('a good reply after the refusal ends it', () => {
  const again = {
    ...errors,
    lastFailure: '401 invalid api key',
    lastReplyAtMs: nowMs,
    unanswered: 0,
    unansweredSinceMs: null,
  }
  expect(troubleOf('model-refused', again)).toMatchObject({ trouble: null })
})

const left: Partial<ObservedActivity> = {
  lastInboundAtMs: nowMs - hour,
  lastReplyAtMs: nowMs - 9 * hour,
  unanswered: 3,
  unansweredSinceMs: nowMs - 3 * hour,
}
const queue = { waiting: 0, waitingSinceMs: null, givenUp: 0, givenUpAtMs: null }

test.each<[string, Partial<ObservedActivity>, boolean | null, Cause[]]>([
  ['several messages and no answer from an agent that is ready', left, true, ['wedged']],
  ['the same, and nobody knows whether it is up', left, null, ['unanswered']],
  ['the same from an agent that is not up', left, false, ['unanswered']],
  ['one message alone may be an odd one', { ...left, unanswered: 1 }, true, ['unanswered']],
  ['a reply after the first of them', { ...left, lastReplyAtMs: nowMs - 2 * hour }, true, ['unanswered']],
  ['they wait for ten minutes only', { ...left, unansweredSinceMs: nowMs - 10 * 60_000 }, true, []],
  ['a queue that stands still', { queue: { ...queue, waiting: 1, waitingSinceMs: nowMs - hour } }, true, ['wedged']],
  ['a message that was given up is not a queue that stands still', { queue: { ...queue, givenUp: 1 } }, true, []],
])('wedged: %s', (_, activity, up, causes) => {
  expect(raised(activity, { up })).toEqual(causes)
})

test('a wedged agent is told with how many and since when', () => {
  const { trouble } = troubleOf('wedged', left, { up: true }) ?? {}
  expect(trouble?.sentence).toMatch(
    /^says it is ready and answers nothing: 3 messages came in since 20 Nov 2026 \d\d:00$/,
  )
  expect(trouble).toMatchObject({ severity: 'red', sinceMs: nowMs - 3 * hour })
})
