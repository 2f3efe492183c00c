import type { ClientStreak, Finding } from '../../shared/contract/index.ts'
import type { ActivityDay } from '../activity/activity.ts'
import { type BehaviourHistory, unchangedSince } from '../facts/facts.ts'

export interface AgentDays {
  /** Any order. */
  readonly days: readonly ActivityDay[]
  /** When they were last read; null: never. */
  readonly readAtMs: number | null
}

export interface StreakInput {
  readonly histories: readonly BehaviourHistory[]
  readonly agents: readonly AgentDays[]
  /** Of their machines, open and closed, as far back as is kept. */
  readonly findings: readonly Pick<Finding, 'state' | 'sentence' | 'open' | 'closedAtMs'>[]
  /** Since when all of their machines are looked at; null: one was never read. */
  readonly watchedSinceMs: number | null
}

const dayMs = 86_400_000
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

/** What a client feels; to be behind or changed is no harm in itself. */
const harms = new Set<Finding['state']>(['Unsafe', 'Silent', 'Failing', 'Offline'])

/** Days on which they wrote and each agent that was written to replied; a day without a message neither counts nor breaks it. */
function answeredOf(agents: readonly AgentDays[]): ClientStreak['answered'] {
  const reads = agents.flatMap(({ readAtMs }) => readAtMs ?? [])
  const rows = agents.flatMap(({ days }) => days)
  if (agents.length === 0 || reads.length < agents.length || rows.length === 0) return null
  const byDay = Map.groupBy(rows, ({ day }) => day)
  const first = rows.reduce((oldest, { day }) => (day < oldest ? day : oldest), rows[0]?.day ?? '')
  let days = 0
  for (let atMs = Math.min(...reads) - dayMs; dayOf(atMs) >= first; atMs -= dayMs) {
    const own = (byDay.get(dayOf(atMs)) ?? []).filter(({ inbound }) => inbound > 0)
    if (own.some(({ replies }) => replies === 0)) return { days, atLeast: false }
    if (own.length > 0) days += 1
  }
  return { days, atLeast: true }
}

function calmOf({ findings, watchedSinceMs }: StreakInput): Pick<ClientStreak, 'calm' | 'trouble'> {
  const own = findings.filter(({ state }) => harms.has(state))
  const now = own.find(({ open }) => open)
  if (now) return { calm: null, trouble: now.sentence }
  const ends = own.flatMap(({ closedAtMs }) => closedAtMs ?? [])
  if (ends.length > 0) return { calm: { sinceMs: Math.max(...ends), atLeast: false }, trouble: '' }
  return { calm: watchedSinceMs === null ? null : { sinceMs: watchedSinceMs, atLeast: true }, trouble: '' }
}

/** What a client has had without a break, and would risk. Pure. */
export const streakOf = (input: StreakInput): ClientStreak => ({
  unchanged: unchangedSince(input.histories),
  answered: answeredOf(input.agents),
  ...calmOf(input),
})
