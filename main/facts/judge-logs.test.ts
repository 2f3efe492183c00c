import { describe, expect, test } from 'vitest'
import type { AgentId } from '../../shared/contract/index.ts'
import { knowsNothing } from '../testing/no-git.ts'
import { got, sampleAgent } from '../testing/observed-sample.ts'
import { assessLogs } from './assess-logs.ts'
import { evidenceOf } from './assess-rules.ts'
import { judgeLogs } from './judge-logs.ts'
import { type Context, dayMs } from './judged.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const context: Context = {
  ...knowsNothing,
  nowMs,
  client: null,
  newest: null,
  versions: { known: [], complete: false },
  amberDays: 7,
  redDays: 14,
  longestUnwatchedMs: 0,
  tookMs: 100,
  user: 'dana',
}

describe('how far its own log reaches', () => {
  const ownLog = (daily: boolean, full: boolean, days: number) => ({
    ownLog: got({ daily, full, oldestAtMs: nowMs - days * dayMs, files: 6 }),
  })
  test.each([
    ['a file a day, and somebody looks every day', ownLog(true, false, 1), 0.9, 'ok', 'the last 24 h, a file a day'],
    ['a file a day, and a weekend nobody looked', ownLog(true, false, 1), 2.6, 'warn', 'the last 24 h, a file a day'],
    ['one file that was never dropped', ownLog(false, false, 1), 2.6, 'ok', /^everything since /],
    ['rotations that reach over the weekend', ownLog(false, true, 4), 2.6, 'ok', 'the last 4 days'],
    ['rotations that do not', ownLog(false, true, 2), 2.6, 'warn', 'the last 2 days'],
  ])('%s', (_, change, unwatchedDays, verdict, text) => {
    const found = judgeLogs(sampleAgent(nowMs, change), { ...context, longestUnwatchedMs: unwatchedDays * dayMs })
    expect(found.verdict).toBe(verdict)
    expect(found.text).toEqual(typeof text === 'string' ? text : expect.stringMatching(text))
  })
  test('one that is too short is a finding with both spans', () => {
    const agent = sampleAgent(nowMs, ownLog(true, false, 1))
    const around = { ...context, longestUnwatchedMs: 2.6 * dayMs }
    const evidence = evidenceOf([judgeLogs(agent, around)], 'a1' as AgentId, nowMs)
    expect(assessLogs(agent, evidence, around)[0]).toMatchObject({
      cause: 'log-short',
      trouble: {
        severity: 'attention',
        sentence: 'keeps its own log for 24 h, and nobody watched for 2 days in one go',
        nextStep: expect.stringContaining('logging.file'),
      },
    })
  })
})
