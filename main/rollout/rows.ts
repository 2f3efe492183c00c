import type { AgentId, PatchId, PreflightChoice } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

export interface ChoiceRow extends Omit<PreflightChoice, 'exit'> {
  readonly patchId: PatchId
  readonly revision: number
  readonly agentId: AgentId
  readonly question: string
  /** Null: taken back. */
  readonly exit: PreflightChoice['exit'] | null
}

export interface SeenRow {
  readonly agentId: AgentId
  readonly need: string
  readonly version: string
  readonly state: 'ok' | 'missing' | 'cant-tell'
  readonly words: string
  readonly takenAtMs: number
}

export function createRows(db: Db) {
  const putSeen = db.prepare<[SeenRow]>(
    `insert into rollout_seen (agent_id, need, version, state, words, taken_at_ms)
     values (:agentId, :need, :version, :state, :words, :takenAtMs)
     on conflict do update set version = excluded.version, state = excluded.state, words = excluded.words,
       taken_at_ms = excluded.taken_at_ms`,
  )
  const seenAt = db.prepare<[string], SeenRow>(
    `select agent_id as agentId, need, version, state, words, taken_at_ms as takenAtMs from rollout_seen
     where agent_id = ?`,
  )
  const insert = db.prepare<[ChoiceRow]>(
    `insert into rollout_choice (patch_id, revision, agent_id, question, exit, because, at_ms, actor)
     values (:patchId, :revision, :agentId, :question, :exit, :because, :atMs, :by)`,
  )
  const ofRevision = db.prepare<[string, number], ChoiceRow>(
    `select patch_id as patchId, revision, agent_id as agentId, question, exit, because, at_ms as atMs, actor as by
     from rollout_choice where patch_id = ? and revision = ? order by choice_id`,
  )
  return {
    putSeen: (row: SeenRow): void => void putSeen.run(row),
    /** What its machine was asked for, by need. */
    seenAt: (agentId: AgentId): Map<string, SeenRow> => new Map(seenAt.all(agentId).map((row) => [row.need, row])),
    insert: (row: ChoiceRow): void => void insert.run(row),
    /** In the order in which they were made. */
    ofRevision: (patchId: PatchId, revision: number): ChoiceRow[] => ofRevision.all(patchId, revision),
  }
}
