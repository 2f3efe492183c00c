import { describe, expect, test } from 'vitest'
import type { SeenExchange } from '../runtimes/exchanges-answer.ts'
import { judgeExchanges, since } from './judge-exchanges.ts'

const changedAtMs = Date.UTC(2026, 10, 20, 12)
const minuteMs = 60_000
const at = (minutes: number) => changedAtMs + minutes * minuteMs
const message = (state: SeenExchange['state'], minutes: number, more: Partial<SeenExchange> = {}): SeenExchange => ({
  atMs: at(minutes),
  state,
  endedAtMs: state === 'open' ? null : at(minutes) + 12_000,
  isTest: false,
  ...more,
})

describe('messages since a change, of which one is to be answered within ten minutes', () => {
  const judge = (exchanges: SeenExchange[], nowMinutes: number, unread = 0) =>
    judgeExchanges(10, { read: true, exchanges, unread }, { nowMs: at(nowMinutes), untilMs: at(10) })

  test.each<[string, SeenExchange[], number, string | undefined]>([
    ['one that was answered', [message('answered', 1)], 2, 'pass'],
    ['one that came after the time and was answered', [message('answered', 30)], 31, 'pass'],
    ['nobody wrote, and the time is not over', [], 9, undefined],
    ['nobody wrote', [], 10, 'cant-tell'],
    ['one that waits', [message('open', 1)], 9, undefined],
    ['one that waits and came just before the end', [message('open', 9)], 11, undefined],
    ['one that waited too long', [message('open', 9)], 14, 'fail'],
    ['one that waits when the time is over', [message('open', 1)], 10, 'fail'],
    ['one that failed just now: another model may answer', [message('failed', 1)], 2, undefined],
    ['one that failed', [message('failed', 1)], 3, 'fail'],
    ['one that got an error text', [message('error-sent', 1)], 2, 'fail'],
    ['one that got an error text, and another waits', [message('error-sent', 1), message('open', 2)], 3, undefined],
    ['one that failed, and another one waits', [message('failed', 1), message('open', 2)], 5, undefined],
    ['one that failed, and another was answered since', [message('failed', 1), message('answered', 2)], 3, 'pass'],
    ['one that was answered, and another failed since', [message('answered', 1), message('failed', 2)], 4, 'fail'],
    ['one that was answered, and another waits', [message('answered', 1), message('open', 2)], 3, 'pass'],
    ['one the agent chose not to answer, in time', [message('silent', 1)], 5, undefined],
    ['one the agent chose not to answer', [message('silent', 1)], 10, 'cant-tell'],
  ])('%s', (_what, exchanges, nowMinutes, state) => expect(judge(exchanges, nowMinutes)?.state).toBe(state))

  test('words tell when and how long, and whose it was', () => {
    expect(judge([message('answered', 1)], 2)?.words).toMatch(/^A message at \d\d:\d\d was answered after 12 s\.$/)
    expect(judge([message('answered', 1, { isTest: true })], 2)?.words).toMatch(/^A test message of yours at /)
    expect(judge([message('failed', 1), message('answered', 2)], 3)?.words).toMatch(/12 s; 1 message failed before\.$/)
    expect(judge([], 10)?.words).toBe('Nobody wrote within 10 minutes.')
    expect(judge([], 10, 2)?.words).toContain('2 entries of that time could not be read')
  })

  test('what could not be read is waited for, and then nobody can tell', () => {
    const unread = { read: false, why: 'A lock.' } as const
    expect(judgeExchanges(10, unread, { nowMs: at(9), untilMs: at(10) })).toBeNull()
    expect(judgeExchanges(10, unread, { nowMs: at(10), untilMs: at(10) })).toEqual({
      state: 'cant-tell',
      words: 'Whether a message was answered could not be read: A lock.',
    })
  })
})

describe('the clock of a machine', () => {
  const asked = { fromMs: at(5), toMs: at(5) + 2000 }
  const seen = (nowMs: number, atMs: number) => {
    const exchange = { atMs, state: 'answered' as const, endedAtMs: atMs + 5000, isTest: false }
    const answer = { read: true as const, source: '', value: { nowMs, exchanges: [exchange], unread: 0 } }
    const found = since(answer, changedAtMs, asked)
    return found.read
      ? found.exchanges.map(({ atMs: one, endedAtMs }) => [one - changedAtMs, (endedAtMs ?? 0) - one])
      : []
  }

  test.each<[string, number, number, number[][]]>([
    ['that is the same', at(5) + 1000, changedAtMs, [[0, 5000]]],
    ['that is the same, before the change', at(5) + 1000, changedAtMs - 1, []],
    ['an hour ahead', at(65), at(61), [[minuteMs, 5000]]],
    ['an hour ahead, before the change', at(65), at(59), []],
    ['an hour behind', at(-55), at(-59), [[minuteMs, 5000]]],
    ['an hour behind, before the change', at(-55), at(-61), []],
  ])('%s', (_what, nowMs, atMs, found) => expect(seen(nowMs, atMs)).toEqual(found))
})
