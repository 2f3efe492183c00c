import { expect, test } from 'vitest'
import type { AgentId } from '../../shared/contract/index.ts'
import { dateWords } from '../base/words.ts'
import type { ObservedIntegration } from '../runtimes/observed.ts'
import { got, notRead, sampleAgent } from '../testing/observed-sample.ts'
import { assessIntegrations } from './assess-integrations.ts'
import { evidenceOf } from './assess-rules.ts'
import { judgeIntegrations } from './judge-integrations.ts'
import { type Context, dayMs } from './judged.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const context = { nowMs } as Context
const at = (daysAgo: number) => nowMs - daysAgo * dayMs
const said = (daysAgo: number) => dateWords(at(daysAgo))

const one = (change: Partial<ObservedIntegration>): ObservedIntegration => ({
  kind: 'calendar',
  name: 'gog',
  because: 'its uses',
  workedAtMs: null,
  failedAtMs: null,
  failure: '',
  failuresSince: 0,
  cannotTell: '',
  ...change,
})
const agentWith = (...integrations: ObservedIntegration[]) => sampleAgent(nowMs, { integrations: got(integrations) })

test.each<[string, Partial<ObservedIntegration>, string, string]>([
  ['it worked lately', { workedAtMs: at(1) }, 'ok', `worked ${said(1)}`],
  ['it worked long ago', { workedAtMs: at(20) }, 'unknown', `worked ${said(20)}`],
  [
    'it failed before it worked',
    { workedAtMs: at(1), failedAtMs: at(2), failure: 'it failed' },
    'ok',
    `worked ${said(1)}`,
  ],
  [
    'it failed once since',
    { workedAtMs: at(2), failedAtMs: at(1), failuresSince: 1, failure: 'it took too long' },
    'warn',
    `failed 1 time, last ${said(1)}: it took too long; worked ${said(2)}`,
  ],
  [
    'it fails',
    { failedAtMs: at(1), failuresSince: 3, failure: 'its login was refused' },
    'bad',
    `failed 3 times, last ${said(1)}: its login was refused; never seen working`,
  ],
  [
    'nobody can tell',
    { cannotTell: 'no use of it is on record in 40 days' },
    'unknown',
    'set up; no use of it is on record in 40 days',
  ],
])('%s', (_what, change, verdict, text) => {
  const [fact] = judgeIntegrations(agentWith(one(change)), context)
  expect(fact).toMatchObject({ key: 'integration.calendar', instance: 'gog', verdict, text })
})

test('a reading that failed is unknown, and none at all is no fact', () => {
  const unreadable = sampleAgent(nowMs, { integrations: notRead('The config on disk cannot be parsed.') })
  expect(judgeIntegrations(unreadable, context)).toMatchObject([{ key: 'integration.other', verdict: 'unknown' }])
  expect(judgeIntegrations(agentWith(), context)).toEqual([])
})

const evidence = evidenceOf([], 'a1' as AgentId, nowMs)
const assess = (...integrations: ObservedIntegration[]) =>
  assessIntegrations(agentWith(...integrations), evidence, context)

test('what fails is one finding, and one failure is none', () => {
  const calendar = one({ workedAtMs: at(2), failedAtMs: at(1), failuresSince: 4, failure: 'its login was refused' })
  const email = one({ kind: 'email', name: 'gmail', failedAtMs: at(1), failuresSince: 2, failure: 'it took too long' })
  expect(assess(calendar, email)).toMatchObject([
    {
      cause: 'integration-failing',
      trouble: {
        severity: 'attention',
        state: 'Failing',
        sentence: expect.stringMatching(/^cannot use its calendar \(gog\) and e-mail \(gmail\): nothing worked since /),
        detail: 'its login was refused',
        sinceMs: at(2),
      },
    },
  ])
  expect(assess(email)[0]?.trouble?.sentence).toBe('cannot use its e-mail (gmail): nothing was ever seen working')
  expect(assess(one({ failedAtMs: at(1), failuresSince: 1 }))[0]?.trouble).toBeNull()
  const unreadable = sampleAgent(nowMs, { integrations: notRead('x') })
  expect(assessIntegrations(unreadable, evidence, context)).toEqual([])
})
