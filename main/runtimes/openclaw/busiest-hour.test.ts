import { expect, test } from 'vitest'
import { busiestHours } from './busiest-hour.ts'
import type { Turn } from './turns.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const minuteMs = 60_000
const turn = (kind: Turn['kind'], agoMinutes: number, more: Partial<Turn> = {}): Turn => ({
  session: 's1',
  atMs: nowMs - agoMinutes * minuteMs,
  kind,
  sender: '111',
  error: '',
  sent: false,
  channel: 'telegram',
  account: 'default',
  ...more,
})
const at = (agoMinutes: number) => nowMs - agoMinutes * minuteMs

test('is the hour in which most went out, wherever it begins', () => {
  const turns = [turn('in', 300), ...[290, 289, 131, 100, 71, 70, 5].map((ago) => turn('out', ago))]
  expect(busiestHours(turns, nowMs)).toEqual([{ channel: 'telegram', account: 'default', fromMs: at(100), out: 3 }])
  // Sixty minutes apart is the next hour.
  expect(busiestHours([turn('in', 90), turn('out', 80), turn('out', 20)], nowMs)).toMatchObject([{ out: 1 }])
})

test('each account has its own; an answer without a channel is of the message before it', () => {
  const turns = [
    turn('in', 50),
    turn('out', 49, { channel: '', account: '' }),
    turn('out', 48),
    turn('in', 40, { session: 's2', account: 'second' }),
    turn('out', 39, { session: 's2', account: 'second' }),
  ]
  expect(busiestHours(turns, nowMs).map(({ account, out }) => [account, out])).toEqual([
    ['default', 2],
    ['second', 1],
  ])
})

test('an error text that was sent counts; heartbeats, runs that failed unseen and older days do not', () => {
  const turns = [
    turn('in', 2000),
    turn('out', 1999),
    turn('in', 90),
    turn('failure', 89),
    turn('failure', 88, { sent: true }),
    turn('inner', 60, { session: 'h' }),
    turn('out', 59, { session: 'h' }),
    turn('silent', 50),
  ]
  expect(busiestHours(turns, nowMs)).toEqual([{ channel: 'telegram', account: 'default', fromMs: at(88), out: 1 }])
  expect(busiestHours([], nowMs)).toEqual([])
})
