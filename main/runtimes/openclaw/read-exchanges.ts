import type { ExchangesAnswer, ExchangesRequest, SeenExchange } from '../exchanges-answer.ts'
import { reading, Unreadable } from '../reading.ts'
import { type Arrival, plainHandle } from './exchanges.ts'
import { readSince } from './read-activity.ts'
import type { Turn } from './turns.ts'

const mostExchanges = 200

/**
 * Each message of a person and what became of it: a reply ends all that waited in its conversation. Where a failure is
 * followed by a reply, another model answered, unless the person was sent the error. What is said after a heartbeat is no reply. Pure.
 */
export function exchangesIn(
  turns: readonly Turn[],
  arrivals: readonly Arrival[],
  testHandles: readonly string[],
): SeenExchange[] {
  const tests = new Set(testHandles.map(plainHandle).filter((handle) => handle !== ''))
  const isTest = (sender: string) => sender !== '' && tests.has(plainHandle(sender))
  const found: SeenExchange[] = []
  const waiting = new Map<string, SeenExchange[]>()
  const talking = new Set<string>()
  for (const { kind, session, sender, atMs, sent } of turns.toSorted((a, b) => a.atMs - b.atMs)) {
    if (kind === 'in') {
      const exchange: SeenExchange = { atMs, state: 'open', endedAtMs: null, isTest: isTest(sender) }
      found.push(exchange)
      waiting.set(session, [...(waiting.get(session) ?? []), exchange])
      talking.add(session)
    } else if (kind === 'inner') talking.delete(session)
    else if (kind !== 'delivered' && talking.has(session)) {
      const state = kind === 'failure' ? (sent ? 'error-sent' : 'failed') : kind === 'out' ? 'answered' : 'silent'
      for (const exchange of waiting.get(session) ?? []) Object.assign(exchange, { state, endedAtMs: atMs })
      if (state !== 'failed') waiting.delete(session)
    }
  }
  for (const { status, sender, atMs } of arrivals) {
    if (status === 'waiting') found.push({ atMs, state: 'open', endedAtMs: null, isTest: isTest(sender) })
    if (status === 'given-up') found.push({ atMs, state: 'failed', endedAtMs: atMs, isTest: isTest(sender) })
  }
  return found.toSorted((a, b) => a.atMs - b.atMs)
}

/** Runs on a box. What came in at an agent lately, by the same rules as its activity; the operator's own messages too. */
export const readExchanges = ({ stateDir, withinMs, testHandles }: ExchangesRequest): Promise<ExchangesAnswer> =>
  reading(stateDir, () => {
    const nowMs = Date.now()
    const { turns, arrivals, whyNoQueue, unread } = readSince(stateDir, nowMs - withinMs)
    if (whyNoQueue !== '' && turns.length === 0) throw new Unreadable(`The message queue: ${whyNoQueue}`)
    return { nowMs, exchanges: exchangesIn(turns, arrivals, testHandles).slice(-mostExchanges), unread }
  })
