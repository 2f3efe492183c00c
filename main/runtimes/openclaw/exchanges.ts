import type { ObservedActivity } from '../observed.ts'
import type { Turn } from './turns.ts'

const dayMs = 86_400_000
/** A message this young may still be on its way to an answer. */
const patienceMs = 5 * 60_000

/** A message that reached the box and, maybe, nobody: from the queue of newer versions. */
export interface Arrival {
  readonly atMs: number
  /** Empty when the queue names a chat instead of a person. */
  readonly sender: string
  /** `taken`: it is with the agent, whose transcript tells the rest. `given-up`: no further try is made. */
  readonly status: 'waiting' | 'taken' | 'done' | 'given-up'
  readonly error: string
}

/** One handle in the form in which two spellings of it are equal: no channel prefix, no separators, lower case. */
export const plainHandle = (handle: string): string =>
  handle
    .trim()
    .toLowerCase()
    .replace(/^(telegram|tg|imessage|whatsapp|signal|sms|mailto|tel|user|chat):/, '')
    .replace(/@s\.whatsapp\.net$/, '')
    .replace(/[\s().-]/g, '')
    .replace(/^\+(?=\d+$)/, '')

/**
 * What the turns and arrivals say about real exchanges. The operator's own handles are never activity.
 * A message counts as unanswered until a good reply follows it in its session; an error text is a failure, not a reply.
 */
export function summarize(
  turns: readonly Turn[],
  arrivals: readonly Arrival[],
  options: { nowMs: number; testHandles: readonly string[] },
): Omit<ObservedActivity, 'source' | 'droppedStrangers' | 'blindSpots' | 'queue'> {
  const tests = new Set(options.testHandles.map(plainHandle).filter((handle) => handle !== ''))
  const isTest = (sender: string) => sender !== '' && tests.has(plainHandle(sender))
  const days = new Map<number, { inbound: number; replies: number; waits: number[] }>()
  const count = (atMs: number, what: 'inbound' | 'replies') => {
    const day = Math.floor(atMs / dayMs)
    const entry = days.get(day) ?? { inbound: 0, replies: 0, waits: [] }
    entry[what] += 1
    days.set(day, entry)
    return entry
  }
  const open = new Map<string, number[]>()
  const talking = new Map<string, 'person' | 'other'>()
  /** Conversations whose last message failed for a cause the runtime wrote down. */
  const explained = new Set<string>()
  let [lastInbound, lastReply, lastFailureAt, failures, lastFailure]: [
    number | null,
    number | null,
    number | null,
    number,
    string,
  ] = [null, null, null, 0, '']
  const inboundAt = (atMs: number) => {
    lastInbound = Math.max(lastInbound ?? 0, atMs)
  }

  for (const turn of [...turns].sort((a, b) => a.atMs - b.atMs)) {
    const waiting = open.get(turn.session) ?? []
    const withPerson = talking.get(turn.session) === 'person'
    if (turn.kind === 'in') {
      const isReal = !isTest(turn.sender)
      talking.set(turn.session, isReal ? 'person' : 'other')
      if (!isReal) continue
      explained.delete(turn.session)
      inboundAt(turn.atMs)
      count(turn.atMs, 'inbound')
      open.set(turn.session, [...waiting, turn.atMs])
    } else if (turn.kind === 'inner') {
      talking.set(turn.session, 'other')
    } else if (withPerson && turn.kind === 'failure') {
      lastFailureAt = turn.atMs
      if (turn.sent && explained.has(turn.session)) continue
      if (!turn.sent) explained.add(turn.session)
      failures += 1
      lastFailure = turn.error
    } else if (withPerson) {
      open.set(turn.session, [])
      if (turn.kind !== 'out') continue
      lastReply = turn.atMs
      const { waits } = count(turn.atMs, 'replies')
      const [first] = waiting
      if (first !== undefined) waits.push(turn.atMs - first)
    }
  }
  const stuck = arrivals.filter(
    ({ status, sender }) => (status === 'waiting' || status === 'given-up') && !isTest(sender),
  )
  for (const { atMs } of stuck) {
    inboundAt(atMs)
    count(atMs, 'inbound')
  }
  const unanswered = [...[...open.values()].flat(), ...stuck.map(({ atMs }) => atMs)].filter(
    (atMs) => options.nowMs - atMs > patienceMs,
  )
  return {
    lastInboundAtMs: lastInbound,
    lastReplyAtMs: lastReply,
    unanswered: unanswered.length,
    unansweredSinceMs: unanswered.length === 0 ? null : Math.min(...unanswered),
    failures,
    lastFailureAtMs: lastFailureAt,
    lastFailure,
    days: [...days]
      .sort(([a], [b]) => b - a)
      .slice(0, 40)
      .map(([day, { waits, ...counts }]) => ({
        day: new Date(day * dayMs).toISOString().slice(0, 10),
        ...counts,
        replyMs: middle(waits.map(Math.round)),
      })),
  }
}

/** The middle one; of an even number the lower of the two. Null: there is none. */
function middle(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

/** People who wrote within 30 days and whom no door lets in; null when a door answers everyone or cannot be judged. */
export function countStrangers(
  arrivals: readonly Arrival[],
  listed: readonly string[],
  options: { nowMs: number; testHandles: readonly string[] },
): number {
  const known = new Set([...listed, ...options.testHandles].map(plainHandle))
  const strangers = arrivals
    .filter(({ atMs, sender }) => sender !== '' && options.nowMs - atMs <= 30 * dayMs)
    .map(({ sender }) => plainHandle(sender))
  return new Set(strangers.filter((sender) => !known.has(sender))).size
}

/** A message that was taken this long ago and is not finished hangs. */
const takenTooLongMs = 30 * 60_000

/** What stands in the queue of messages that came in, apart from the operator's own. */
export function queueOf(
  arrivals: readonly Arrival[],
  options: { nowMs: number; testHandles: readonly string[] },
): NonNullable<ObservedActivity['queue']> {
  const tests = new Set(options.testHandles.map(plainHandle))
  const real = arrivals.filter(({ sender }) => sender === '' || !tests.has(plainHandle(sender)))
  const waiting = real.filter(
    ({ status, atMs }) =>
      (status === 'waiting' && options.nowMs - atMs > patienceMs) ||
      (status === 'taken' && options.nowMs - atMs > takenTooLongMs),
  )
  const givenUp = real.filter(({ status }) => status === 'given-up')
  const times = (found: readonly Arrival[]) => found.map(({ atMs }) => atMs)
  return {
    waiting: waiting.length,
    waitingSinceMs: waiting.length === 0 ? null : Math.min(...times(waiting)),
    givenUp: givenUp.length,
    givenUpAtMs: givenUp.length === 0 ? null : Math.max(...times(givenUp)),
  }
}
