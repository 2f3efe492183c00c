import type { ObservedActivity } from '../observed.ts'
import { clip } from '../reading.ts'
import type { Turn } from './turns.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const mostDoors = 50

type Busiest = NonNullable<ObservedActivity['busiest']>

/**
 * The hour of the last day in which most went out to people, for each channel account: answers and the error texts sent
 * in their place. Where an answer does not name its channel, it is that of the message before it. Pure.
 */
export function busiestHours(turns: readonly Turn[], nowMs: number): Busiest {
  const asked = new Map<string, Turn>()
  const sent = new Map<string, { channel: string; account: string; times: number[] }>()
  for (const turn of [...turns].sort((a, b) => a.atMs - b.atMs)) {
    if (turn.kind === 'in') asked.set(turn.session, turn)
    else if (turn.kind === 'inner') asked.delete(turn.session)
    const before = asked.get(turn.session)
    const isSent = turn.kind === 'out' || (turn.kind === 'failure' && turn.sent)
    if (!isSent || before === undefined || nowMs - turn.atMs > dayMs || turn.atMs > nowMs) continue
    const { channel, account } = turn.channel === '' ? before : turn
    const key = `${channel}/${account}`
    const known = sent.get(key) ?? { channel, account, times: [] }
    known.times.push(turn.atMs)
    sent.set(key, known)
  }
  return [...sent.values()].slice(0, mostDoors).map(({ channel, account, times }) => ({
    channel: clip(channel, 60),
    account: clip(account, 100),
    ...busiestOf(times),
  }))
}

/** @param times in order, at least one. */
function busiestOf(times: readonly number[]): { fromMs: number; out: number } {
  let best = { fromMs: times[0] ?? 0, out: 0 }
  let first = 0
  for (const [place, atMs] of times.entries()) {
    while (atMs - (times[first] ?? atMs) >= hourMs) first += 1
    const out = place - first + 1
    if (out > best.out) best = { fromMs: times[first] ?? atMs, out }
  }
  return best
}
