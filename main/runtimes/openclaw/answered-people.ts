import type { ObservedStranger } from '../observed.ts'
import { plainHandle } from './exchanges.ts'
import type { Turn } from './turns.ts'

/** Somebody got something from the agent: an answer, an error text in its place, a pairing code. */
export interface Heard {
  readonly atMs: number
  /** As the channel names them; empty: the store does not say. */
  readonly person: string
  /** Empty: the store does not say. */
  readonly channel: string
  readonly account: string
  readonly how: ObservedStranger['how']
}

/** Who may be answered: handles, and the accounts at which whoever writes may be. */
export interface MayBeAnswered {
  readonly handles: readonly string[]
  /** `telegram/default`. */
  readonly open: readonly string[]
}

/**
 * Whom the agent answered, from its turns: whoever wrote before an answer in the same conversation. An error text counts,
 * because it was sent. A message without a sender counts for nobody.
 */
export function answersIn(turns: readonly Turn[]): { heard: Heard[]; nameless: number } {
  const waiting = new Map<string, Turn[]>()
  const heard: Heard[] = []
  // Answers of a conversation whose reader is not named, until a copy of the answer names the chat.
  const unnamed = new Map<string, number>()
  for (const turn of [...turns].sort((a, b) => a.atMs - b.atMs)) {
    const before = waiting.get(turn.session) ?? []
    if (turn.kind === 'in') waiting.set(turn.session, [...before, turn].slice(-50))
    else if (turn.kind === 'delivered') {
      heard.push({
        atMs: turn.atMs,
        person: turn.sender,
        channel: turn.channel,
        account: turn.account,
        how: 'answered',
      })
      const count = unnamed.get(turn.session) ?? 0
      if (count > 0) unnamed.set(turn.session, count - 1)
    } else if (turn.kind === 'inner' || turn.kind === 'silent') waiting.delete(turn.session)
    else {
      for (const { sender, channel, account } of before)
        if (sender !== '') heard.push({ atMs: turn.atMs, person: sender, channel, account, how: 'answered' })
      if (before.some(({ sender }) => sender === '')) unnamed.set(turn.session, (unnamed.get(turn.session) ?? 0) + 1)
      waiting.delete(turn.session)
    }
  }
  return { heard, nameless: [...unnamed.values()].reduce((sum, count) => sum + count, 0) }
}

/** One person who heard from the agent and may not. */
export interface StrangerHeard extends Omit<ObservedStranger, 'mark' | 'ending'> {
  readonly handle: string
}

/** People who heard from the agent minus people who may, most recent first. Pure. */
export function strangersIn(heard: readonly Heard[], may: MayBeAnswered): StrangerHeard[] {
  const allowed = new Set(may.handles.map(plainHandle))
  const open = new Set(may.open)
  const found = new Map<string, StrangerHeard>()
  for (const { atMs, person, channel, account, how } of heard) {
    const plain = plainHandle(person)
    if (plain === '' || allowed.has(plain)) continue
    if (channel !== '' && open.has(`${channel}/${account || 'default'}`)) continue
    const key = `${plain} ${channel} ${account} ${how}`
    const known = found.get(key)
    found.set(key, {
      handle: known?.handle ?? person,
      channel,
      account,
      how,
      times: (known?.times ?? 0) + 1,
      firstAtMs: Math.min(known?.firstAtMs ?? atMs, atMs),
      lastAtMs: Math.max(known?.lastAtMs ?? atMs, atMs),
    })
  }
  return [...found.values()].sort((a, b) => b.lastAtMs - a.lastAtMs)
}
