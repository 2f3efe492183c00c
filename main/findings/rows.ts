import type { AgentId, BoxId, Cause, Finding, FindingId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'
import type { Trouble } from './reconcile.ts'

interface Row {
  finding_id: string
  cause: string
  box_id: string
  agent_id: string
  severity: string
  state: string
  sentence: string
  detail: string
  next_step: string
  evidence_json: string
  since_ms: number
  noticed_at_ms: number
  last_seen_at_ms: number
  closed_at_ms: number | null
  recovery: string | null
}

/** A finding as it stands in the store: ids only, names are put in on reading. */
export type StoredFinding = Omit<Finding, 'boxName' | 'clientId' | 'subject' | 'workflows'>

const fromRow = (row: Row): StoredFinding => ({
  findingId: row.finding_id as FindingId,
  cause: row.cause as Cause,
  severity: row.severity as Finding['severity'],
  state: row.state as Finding['state'],
  boxId: row.box_id as BoxId,
  agentId: (row.agent_id || null) as AgentId | null,
  sentence: row.sentence,
  detail: row.detail,
  sinceMs: row.since_ms,
  noticedAtMs: row.noticed_at_ms,
  lastSeenAtMs: row.last_seen_at_ms,
  evidence: JSON.parse(row.evidence_json) as Finding['evidence'],
  nextStep: row.next_step,
  open: row.closed_at_ms === null,
  closedAtMs: row.closed_at_ms,
  recovery: row.recovery,
})

const words = (trouble: Trouble) => ({
  severity: trouble.severity,
  state: trouble.state,
  sentence: trouble.sentence,
  detail: trouble.detail,
  next_step: trouble.nextStep,
  evidence_json: JSON.stringify(trouble.evidence),
})

export function createRows(db: Db) {
  const open = db.prepare<[], Row>('select * from finding where closed_at_ms is null')
  const openOfBox = db.prepare<[string], Row>('select * from finding where box_id = ? and closed_at_ms is null')
  const ofBox = db.prepare<[string, number], Row>(
    'select * from finding where box_id = ? order by noticed_at_ms desc, finding_id limit ?',
  )
  const one = db.prepare<[string], Row>('select * from finding where finding_id = ?')
  const insert = db.prepare(
    `insert into finding (finding_id, cause, box_id, agent_id, severity, state, sentence, detail, next_step,
       evidence_json, since_ms, noticed_at_ms, last_seen_at_ms)
     values (@finding_id, @cause, @box_id, @agent_id, @severity, @state, @sentence, @detail, @next_step,
       @evidence_json, @since_ms, @at_ms, @at_ms)`,
  )
  const refresh = db.prepare(
    `update finding set severity = @severity, state = @state, sentence = @sentence, detail = @detail,
       next_step = @next_step, evidence_json = @evidence_json, since_ms = coalesce(@since_ms, since_ms),
       last_seen_at_ms = @at_ms
     where finding_id = @finding_id`,
  )
  const close = db.prepare(
    'update finding set closed_at_ms = @at_ms, recovery = @recovery where finding_id = @finding_id and closed_at_ms is null',
  )
  return {
    open: (): StoredFinding[] => open.all().map(fromRow),
    openOfBox: (boxId: BoxId): StoredFinding[] => openOfBox.all(boxId).map(fromRow),
    ofBox: (boxId: BoxId, limit: number): StoredFinding[] => ofBox.all(boxId, limit).map(fromRow),
    one(findingId: FindingId): StoredFinding | null {
      const row = one.get(findingId)
      return row ? fromRow(row) : null
    },
    insert: (
      findingId: FindingId,
      subject: { cause: Cause; boxId: BoxId; agentId: AgentId | null },
      trouble: Trouble,
      atMs: number,
    ): void => {
      insert.run({
        ...words(trouble),
        finding_id: findingId,
        cause: subject.cause,
        box_id: subject.boxId,
        agent_id: subject.agentId ?? '',
        since_ms: trouble.sinceMs ?? atMs,
        at_ms: atMs,
      })
    },
    refresh: (findingId: FindingId, trouble: Trouble, atMs: number): void => {
      refresh.run({ ...words(trouble), finding_id: findingId, since_ms: trouble.sinceMs, at_ms: atMs })
    },
    close: (findingId: FindingId, recovery: string, atMs: number): boolean =>
      close.run({ finding_id: findingId, recovery, at_ms: atMs }).changes === 1,
  }
}
