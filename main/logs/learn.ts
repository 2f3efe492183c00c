import type { AgentId, BoxId, PatternId } from '../../shared/contract/index.ts'
import { newId } from '../base/ids.ts'
import type { Db } from '../store/store.ts'
import { createMiner, type Miner } from './mine.ts'
import { patternWriteRows } from './pattern-rows.ts'
import type { StoredLine } from './stored-line.ts'

const dayMs = 24 * 3_600_000
const quarterMs = 15 * 60_000
/** Agents whose kinds are held ready; those of another are read again when it writes. */
const mostAgents = 50

/** The day of a moment by the clock on the wall of this computer, in days since 1970. */
export const dayOf = (atMs: number): number => Math.floor((atMs - new Date(atMs).getTimezoneOffset() * 60_000) / dayMs)

/** Keeps the kinds of lines of every agent, within the transaction that stores the lines. */
export interface Learner {
  learn(boxId: BoxId, agentId: AgentId | null, lines: readonly StoredLine[]): void
  /** What was last seen before then is forgotten. */
  purge(beforeMs: number): void
  /** The transaction was undone: what was learnt in it is in no table. */
  reset(): void
}

interface Seen {
  text: string
  subsystem: string | null
  firstAtMs: number
  lastAtMs: number
  lastSeq: number
  /** Lines by level, by day. */
  readonly days: Map<number, Map<number, number>>
}

export function createLearner(db: Db): Learner {
  const rows = patternWriteRows(db)
  const miners = new Map<string, Miner>()

  const minerOf = (boxId: BoxId, agentId: AgentId | ''): Miner => {
    const key = `${boxId} ${agentId}`
    const miner =
      miners.get(key) ??
      createMiner({
        newId: newId<PatternId>,
        known: rows.ofAgent(boxId, agentId).map(({ patternId, text }) => ({ id: patternId, text })),
      })
    miners.delete(key)
    miners.set(key, miner)
    const [oldest] = miners.keys()
    if (miners.size > mostAgents && oldest !== undefined) miners.delete(oldest)
    return miner
  }

  return {
    learn(boxId, agentId, lines) {
      if (lines.length === 0) return
      const of = agentId ?? ''
      const miner = minerOf(boxId, of)
      const seen = new Map<PatternId, Seen>()
      // A clock is put forward or back between two quarters of an hour.
      let quarter = Number.NaN
      let day = 0
      for (const { line, level, subsystem, atMs, seq } of lines) {
        const tab = line.indexOf('\t')
        const { template } = miner.learn(tab < 0 ? line : line.slice(0, tab))
        const id = template.id as PatternId
        let now = seen.get(id)
        if (!now) {
          now = newlySeen(subsystem, atMs)
          seen.set(id, now)
        }
        now.text = template.text
        now.firstAtMs = Math.min(now.firstAtMs, atMs)
        now.lastAtMs = Math.max(now.lastAtMs, atMs)
        now.lastSeq = Math.max(now.lastSeq, seq)
        if (Math.floor(atMs / quarterMs) !== quarter) {
          quarter = Math.floor(atMs / quarterMs)
          day = dayOf(atMs)
        }
        let levels = now.days.get(day)
        if (!levels) {
          levels = new Map()
          now.days.set(day, levels)
        }
        levels.set(level, (levels.get(level) ?? 0) + 1)
      }
      for (const [patternId, { days, ...pattern }] of seen) {
        rows.put({ patternId, boxId, agentId: of, ...pattern })
        for (const [day, levels] of days)
          for (const [level, count] of levels) rows.putCount({ patternId, day, level, lines: count })
      }
    },
    purge(beforeMs) {
      rows.forgetBefore(beforeMs, dayOf(beforeMs))
      miners.clear()
    },
    reset: () => miners.clear(),
  }
}

const newlySeen = (subsystem: string | null, atMs: number): Seen => ({
  text: '',
  subsystem,
  firstAtMs: atMs,
  lastAtMs: atMs,
  lastSeq: 0,
  days: new Map(),
})
