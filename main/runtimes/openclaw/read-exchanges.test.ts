import { describe, expect, it } from 'vitest'
import { exchangesIn } from './read-exchanges.ts'
import type { Turn } from './turns.ts'

const turn = (kind: Turn['kind'], atMs: number, more: Partial<Turn> = {}): Turn => ({
  session: 's1',
  atMs,
  kind,
  sender: kind === 'in' ? '111' : '',
  error: '',
  sent: false,
  channel: 'telegram',
  account: 'default',
  ...more,
})
const states = (turns: Turn[]) => exchangesIn(turns, [], []).map(({ state }) => state)

describe('what came in and what became of it', () => {
  it.each<[string, Turn[], string[]]>([
    ['a reply', [turn('in', 1), turn('out', 2)], ['answered']],
    ['no reply', [turn('in', 1)], ['open']],
    ['one reply to two quick messages', [turn('in', 1), turn('in', 2), turn('out', 3)], ['answered', 'answered']],
    ['a reply in another conversation', [turn('in', 1), turn('out', 2, { session: 's2' })], ['open']],
    ['a run that failed', [turn('in', 1), turn('failure', 2)], ['failed']],
    ['a failure, then another model', [turn('in', 1), turn('failure', 2), turn('out', 3)], ['answered']],
    [
      'an error text that was sent',
      [turn('in', 1), turn('failure', 2, { sent: true }), turn('in', 3), turn('out', 4)],
      ['error-sent', 'answered'],
    ],
    ['a chosen silence', [turn('in', 1), turn('silent', 2)], ['silent']],
    ['a heartbeat and what is said to it', [turn('inner', 1), turn('out', 2)], []],
    ['a heartbeat in between', [turn('in', 1), turn('inner', 2), turn('out', 3)], ['open']],
    ['a copy of an answer', [turn('in', 1), turn('delivered', 2)], ['open']],
  ])('%s', (_what, turns, expected) => expect(states(turns)).toEqual(expected))

  it('names the operator’s own messages', () =>
    expect(exchangesIn([turn('in', 1), turn('in', 2, { sender: '222' })], [], ['tg:222'])).toMatchObject([
      { isTest: false },
      { isTest: true },
    ]))

  it('sees what is stuck before the agent', () => {
    const arrival = { atMs: 5, sender: '111', error: '' }
    const arrivals = (['waiting', 'taken', 'done', 'given-up'] as const).map((status) => ({ ...arrival, status }))
    expect(exchangesIn([], arrivals, []).map(({ state }) => state)).toEqual(['open', 'failed'])
  })
})
