import type { AgentId, BoxId, PatternId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

export interface PatternRow {
  readonly patternId: PatternId
  readonly boxId: BoxId
  readonly agentId: AgentId | ''
  readonly text: string
  readonly subsystem: string | null
  readonly firstAtMs: number
  readonly lastAtMs: number
  readonly lastSeq: number
}

interface CountRow {
  readonly patternId: PatternId
  readonly day: number
  readonly level: number
  readonly lines: number
}

/** What the writing thread does to the kinds of lines. */
export function patternWriteRows(db: Db) {
  const columns = `pattern_id as patternId, box_id as boxId, agent_id as agentId, text, subsystem,
    first_at_ms as firstAtMs, last_at_ms as lastAtMs, last_seq as lastSeq`
  const ofAgent = db.prepare<[string, string], PatternRow>(
    `select ${columns} from pattern where box_id = ? and agent_id = ? order by first_at_ms, pattern_id`,
  )
  const put = db.prepare<[PatternRow]>(
    `insert into pattern (pattern_id, box_id, agent_id, text, subsystem, first_at_ms, last_at_ms, last_seq)
     values (:patternId, :boxId, :agentId, :text, :subsystem, :firstAtMs, :lastAtMs, :lastSeq)
     on conflict do update set text = excluded.text,
       first_at_ms = min(first_at_ms, excluded.first_at_ms), last_at_ms = max(last_at_ms, excluded.last_at_ms),
       last_seq = max(last_seq, excluded.last_seq)`,
  )
  const putCount = db.prepare<[CountRow]>(
    `insert into pattern_count (pattern_id, day, level, lines) values (:patternId, :day, :level, :lines)
     on conflict do update set lines = lines + excluded.lines`,
  )
  const forgetDays = db.prepare<[number]>('delete from pattern_count where day < ?')
  const forget = db.prepare<[number]>('delete from pattern where last_at_ms < ?')
  return {
    ofAgent: (boxId: BoxId, agentId: AgentId | ''): PatternRow[] => ofAgent.all(boxId, agentId),
    put: (row: PatternRow): void => {
      put.run(row)
    },
    putCount: (row: CountRow): void => {
      putCount.run(row)
    },
    /** What was last seen before then, and the counts of the days before it. */
    forgetBefore: (atMs: number, day: number): void => {
      forgetDays.run(day)
      forget.run(atMs)
    },
  }
}

export interface PatternReach {
  readonly boxIds: readonly BoxId[]
  /** First day that is counted, in days since 1970. */
  readonly fromDay: number
  /** Kinds, each with all its machines. */
  readonly most: number
}

export interface CountedPattern extends PatternRow {
  /** Of the days asked for. */
  readonly lines: number
  /** JSON of `[day, level, lines]`. */
  readonly counts: string
  /** When the oldest line that is known of its agent was written. */
  readonly agentFirstAtMs: number
}

/** What reading threads ask of the kinds of lines. */
export function patternReadRows(db: Db) {
  const reached = 'box_id in (select value from json_each(:boxIds)) and day >= :fromDay'
  const counted = db.prepare<[{ boxIds: string; fromDay: number; most: number }], CountedPattern>(
    `with
       oldest as (select box_id, agent_id, min(first_at_ms) as at from pattern group by box_id, agent_id),
       kind as (
         select text, max(level >= 4) as loud, max(first_at_ms) as newest
         from pattern join pattern_count using (pattern_id)
         where ${reached} group by text order by loud desc, newest desc, text limit :most
       )
     select pattern.pattern_id as patternId, pattern.box_id as boxId, pattern.agent_id as agentId, text, subsystem,
       first_at_ms as firstAtMs, last_at_ms as lastAtMs, last_seq as lastSeq, oldest.at as agentFirstAtMs,
       sum(lines) as lines, json_group_array(json_array(day, level, lines)) as counts
     from kind join pattern using (text) join pattern_count using (pattern_id) join oldest using (box_id, agent_id)
     where ${reached}
     group by pattern.pattern_id order by loud desc, newest desc, text, first_at_ms desc, pattern.pattern_id`,
  )
  const total = db.prepare<[{ boxIds: string; fromDay: number }], number>(
    `select count(distinct text) from pattern join pattern_count using (pattern_id) where ${reached}`,
  )
  return {
    counted: ({ boxIds, fromDay, most }: PatternReach): CountedPattern[] =>
      counted.all({ boxIds: JSON.stringify(boxIds), fromDay, most }),
    total: ({ boxIds, fromDay }: PatternReach): number =>
      total.pluck().get({ boxIds: JSON.stringify(boxIds), fromDay }) ?? 0,
  }
}
