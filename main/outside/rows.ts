import type { AgentId, BoxId, ChangeId, OutsideChange } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'
import type { NewChange } from './judge.ts'
import type { PartName, PartValues } from './parts.ts'

interface Row {
  change_id: string
  box_id: string
  agent_id: string
  part: string
  sentence: string
  weight: string
  diff_json: string
  more_lines: number
  at_ms: number
  not_before_ms: number
  seen_at_ms: number
  who: string
  who_by: string
  evidence_json: string
  decided: string | null
  decided_at_ms: number | null
}

const fromRow = (row: Row): OutsideChange => ({
  changeId: row.change_id as ChangeId,
  boxId: row.box_id as BoxId,
  agentId: (row.agent_id || null) as AgentId | null,
  part: row.part as OutsideChange['part'],
  sentence: row.sentence,
  weight: row.weight as OutsideChange['weight'],
  diff: JSON.parse(row.diff_json) as OutsideChange['diff'],
  moreLines: row.more_lines,
  atMs: row.at_ms,
  notBeforeMs: row.not_before_ms,
  seenAtMs: row.seen_at_ms,
  who: row.who,
  whoBy: row.who_by as OutsideChange['whoBy'],
  evidence: JSON.parse(row.evidence_json) as OutsideChange['evidence'],
  decided: row.decided as OutsideChange['decided'],
  decidedAtMs: row.decided_at_ms,
})

interface Baseline {
  readonly hash: string
  readonly takenAtMs: number
}

/** Tells parts of one box apart. */
export const partKey = (agentId: AgentId | null, part: PartName): string => `${agentId ?? ''} ${part}`

export function createRows(db: Db) {
  const baselines = db.prepare<[string], { agentId: string; part: PartName } & Baseline>(
    'select agent_id as agentId, part, hash, taken_at_ms as takenAtMs from outside_baseline where box_id = ?',
  )
  const value = db.prepare<[string, string, string], { json: string }>(
    'select value_json as json from outside_value where box_id = ? and agent_id = ? and part = ?',
  )
  const putBaseline = db.prepare(
    `insert into outside_baseline (box_id, agent_id, part, hash, taken_at_ms) values (@boxId, @agentId, @part, @hash, @atMs)
     on conflict do update set hash = excluded.hash, taken_at_ms = excluded.taken_at_ms`,
  )
  const putValue = db.prepare(
    `insert into outside_value (box_id, agent_id, part, value_json) values (@boxId, @agentId, @part, @json)
     on conflict do update set value_json = excluded.value_json`,
  )
  const touch = db.prepare(
    `update outside_baseline set taken_at_ms = @atMs
     where box_id = @boxId and agent_id || ' ' || part in (select value from json_each(@keys))`,
  )
  const insert = db.prepare(
    `insert into outside_change (change_id, box_id, agent_id, part, sentence, weight, diff_json, more_lines, at_ms,
       not_before_ms, seen_at_ms, who, who_by, evidence_json)
     values (@changeId, @boxId, @agentId, @part, @sentence, @weight, @diff, @moreLines, @atMs, @notBeforeMs, @seenAtMs,
       @who, @whoBy, @evidence)`,
  )
  const ofBox = db.prepare<[string, number], Row>(
    'select * from outside_change where box_id = ? order by at_ms desc, change_id limit ?',
  )
  const open = db.prepare<[string], Row>(
    `select * from outside_change where box_id = ? and decided is null and weight <> 'listed' order by at_ms, change_id`,
  )
  const between = db.prepare<[string, number, number], Row>(
    'select * from outside_change where box_id = ? and at_ms between ? and ? order by at_ms desc, change_id limit 500',
  )
  const those = db.prepare<[string], Row>(
    'select * from outside_change where change_id in (select value from json_each(?)) order by at_ms, change_id',
  )
  const decide = db.prepare('update outside_change set decided = ?, decided_at_ms = ? where change_id = ?')
  return {
    baselines: (boxId: BoxId): Map<string, Baseline> =>
      new Map(baselines.all(boxId).map((row) => [partKey(row.agentId as AgentId, row.part), row])),
    value(boxId: BoxId, agentId: AgentId | null, part: PartName): PartValues[PartName] | null {
      const row = value.get(boxId, agentId ?? '', part)
      return row ? (JSON.parse(row.json) as PartValues[PartName]) : null
    },
    put(
      boxId: BoxId,
      { agentId, part, hash }: { agentId: AgentId | null; part: PartName; hash: string },
      found: PartValues[PartName],
      atMs: number,
    ): void {
      const key = { boxId, agentId: agentId ?? '', part }
      putBaseline.run({ ...key, hash, atMs })
      putValue.run({ ...key, json: JSON.stringify(found) })
    },
    /** These parts read as before. */
    touch: (boxId: BoxId, keys: readonly string[], atMs: number): void => {
      touch.run({ boxId, atMs, keys: JSON.stringify(keys) })
    },
    insert: (changeId: ChangeId, boxId: BoxId, { agentId, diff, evidence, ...change }: NewChange): void => {
      insert.run({
        ...change,
        changeId,
        boxId,
        agentId: agentId ?? '',
        diff: JSON.stringify(diff),
        evidence: JSON.stringify(evidence),
      })
    },
    ofBox: (boxId: BoxId, limit: number): OutsideChange[] => ofBox.all(boxId, limit).map(fromRow),
    /** Undecided ones that somebody has to decide about, oldest first. */
    open: (boxId: BoxId): OutsideChange[] => open.all(boxId).map(fromRow),
    between: (boxId: BoxId, fromMs: number, toMs: number): OutsideChange[] =>
      between.all(boxId, fromMs, toMs).map(fromRow),
    those: (changeIds: readonly ChangeId[]): OutsideChange[] => those.all(JSON.stringify(changeIds)).map(fromRow),
    decide: (changeId: ChangeId, as: OutsideChange['decided'], atMs: number | null): void => {
      decide.run(as, atMs, changeId)
    },
  }
}
