import type { AgentId, BoxId, Cause, Finding, FindingId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'
import type { Coming, Doubt, Trouble } from './reconcile.ts'

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
  times: number
  comes_since_ms: number | null
  calm_since_ms: number | null
  snooze_severity: string | null
  snooze_from_ms: number | null
  snooze_until_ms: number | null
  snooze_reason: string | null
}

/** What the operator put off, and how bad it was then. */
export interface StoredSnooze {
  readonly severity: Finding['severity']
  readonly fromMs: number
  readonly untilMs: number
  readonly reason: string
}

/** A finding as it stands in the store: ids only, names are put in on reading. */
export type StoredFinding = Omit<
  Finding,
  'boxName' | 'clientId' | 'subject' | 'workflows' | 'snoozed' | 'snoozeEndedAtMs'
> &
  Coming & {
    snooze: StoredSnooze | null
    /** Since when its trouble was not seen any more; null: it lasts. */
    calmSinceMs: number | null
  }

const snoozeFrom = (row: Row): StoredSnooze | null =>
  row.snooze_until_ms === null
    ? null
    : {
        severity: row.snooze_severity as StoredSnooze['severity'],
        fromMs: row.snooze_from_ms ?? 0,
        untilMs: row.snooze_until_ms,
        reason: row.snooze_reason ?? '',
      }

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
  times: row.times,
  comesSinceMs: row.comes_since_ms,
  calmSinceMs: row.calm_since_ms,
  snooze: snoozeFrom(row),
})

const words = (trouble: Trouble) => ({
  severity: trouble.severity,
  state: trouble.state,
  sentence: trouble.sentence,
  detail: trouble.detail,
  next_step: trouble.nextStep,
  evidence_json: JSON.stringify(trouble.evidence),
})

const found = `select finding.*, snooze.severity as snooze_severity, from_ms as snooze_from_ms,
    until_ms as snooze_until_ms, reason as snooze_reason
  from finding left join snooze using (finding_id)`

export function createRows(db: Db) {
  const open = db.prepare<[], Row>(`${found} where closed_at_ms is null`)
  const openOfBox = db.prepare<[string], Row>(`${found} where box_id = ? and closed_at_ms is null`)
  const ofBox = db.prepare<[string, number], Row>(
    `${found} where box_id = ? order by noticed_at_ms desc, finding_id limit ?`,
  )
  const one = db.prepare<[string], Row>(`${found} where finding_id = ?`)
  const putSnooze = db.prepare(
    `insert into snooze (finding_id, severity, from_ms, until_ms, reason)
     values (@findingId, @severity, @fromMs, @untilMs, @reason)
     on conflict do update set severity = excluded.severity, from_ms = excluded.from_ms, until_ms = excluded.until_ms,
       reason = excluded.reason`,
  )
  const dropSnooze = db.prepare('delete from snooze where finding_id = ?')
  const cameAndWent = db.prepare<[number, number], Row>(
    `${found} where noticed_at_ms >= ? and closed_at_ms <= ?
       and finding_id not in (select finding_id from review_finding where seen_at_ms is not null) order by closed_at_ms desc, finding_id limit 500`,
  )
  const insert = db.prepare(
    `insert into finding (finding_id, cause, box_id, agent_id, severity, state, sentence, detail, next_step,
       evidence_json, since_ms, noticed_at_ms, last_seen_at_ms, times, comes_since_ms)
     values (@finding_id, @cause, @box_id, @agent_id, @severity, @state, @sentence, @detail, @next_step,
       @evidence_json, @since_ms, @at_ms, @at_ms, @times, @comes_since_ms)`,
  )
  const refresh = db.prepare(
    `update finding set severity = @severity, state = @state, sentence = @sentence, detail = @detail,
       next_step = @next_step, evidence_json = @evidence_json, since_ms = coalesce(@since_ms, since_ms),
       last_seen_at_ms = @at_ms, times = @times, comes_since_ms = @comes_since_ms, calm_since_ms = null
     where finding_id = @finding_id`,
  )
  const calm = db.prepare('update finding set calm_since_ms = ? where finding_id = ?')
  const past = db.prepare<[string, number], { cause: Cause; agentId: string; noticedAtMs: number }>(
    `select cause, agent_id as agentId, noticed_at_ms as noticedAtMs from finding
     where box_id = ? and noticed_at_ms >= ? and closed_at_ms is not null`,
  )
  const close = db.prepare(
    'update finding set closed_at_ms = @at_ms, recovery = @recovery where finding_id = @finding_id and closed_at_ms is null',
  )
  return {
    open: (): StoredFinding[] => open.all().map(fromRow),
    openOfBox: (boxId: BoxId): StoredFinding[] => openOfBox.all(boxId).map(fromRow),
    ofBox: (boxId: BoxId, limit: number): StoredFinding[] => ofBox.all(boxId, limit).map(fromRow),
    cameAndWent: (fromMs: number, toMs: number): StoredFinding[] => cameAndWent.all(fromMs, toMs).map(fromRow),
    one(findingId: FindingId): StoredFinding | null {
      const row = one.get(findingId)
      return row ? fromRow(row) : null
    },
    insert: (
      findingId: FindingId,
      subject: { cause: Cause; boxId: BoxId; agentId: AgentId | null },
      trouble: Trouble,
      coming: Coming,
      atMs: number,
    ): void => {
      insert.run({
        ...words(trouble),
        times: coming.times,
        comes_since_ms: coming.comesSinceMs,
        finding_id: findingId,
        cause: subject.cause,
        box_id: subject.boxId,
        agent_id: subject.agentId ?? '',
        since_ms: trouble.sinceMs ?? atMs,
        at_ms: atMs,
      })
    },
    refresh: (findingId: FindingId, trouble: Trouble, coming: Coming, atMs: number): void => {
      refresh.run({
        ...words(trouble),
        finding_id: findingId,
        since_ms: trouble.sinceMs,
        times: coming.times,
        comes_since_ms: coming.comesSinceMs,
        at_ms: atMs,
      })
    },
    calm: (findingId: FindingId, sinceMs: number): void => {
      calm.run(sinceMs, findingId)
    },
    /** Of a box: findings opened since then that are closed. */
    past: (boxId: BoxId, sinceMs: number) =>
      past.all(boxId, sinceMs).map((row) => ({ ...row, agentId: (row.agentId || null) as AgentId | null })),
    snoozeOf(findingId: FindingId): StoredSnooze | null {
      const row = one.get(findingId)
      return row ? snoozeFrom(row) : null
    },
    putSnooze: (findingId: FindingId, snooze: StoredSnooze | null): void => {
      if (snooze) putSnooze.run({ ...snooze, findingId })
      else dropSnooze.run(findingId)
    },
    close: (findingId: FindingId, recovery: string, atMs: number): boolean =>
      close.run({ finding_id: findingId, recovery, at_ms: atMs }).changes === 1,
  }
}

export type Teller = 'desktop' | 'command'

/** Whom findings were told to. */
export function createNoticeRows(db: Db) {
  const red = db.prepare<[Teller], Row>(
    `${found} where closed_at_ms is null and finding.severity = 'red'
       and finding_id not in (select finding_id from finding_notice where teller = ?)`,
  )
  const over = db.prepare<[Teller], Row>(
    `${found} where closed_at_ms is not null
       and finding_id in (select finding_id from finding_notice where teller = ? and closed_at_ms is null)`,
  )
  const opened = db.prepare(
    'insert or ignore into finding_notice (finding_id, teller, opened_at_ms) values (@findingId, @teller, @atMs)',
  )
  const closed = db.prepare(
    'update finding_notice set closed_at_ms = @atMs where finding_id = @findingId and teller = @teller',
  )
  return {
    red: (teller: Teller): StoredFinding[] => red.all(teller).map(fromRow),
    over: (teller: Teller): StoredFinding[] => over.all(teller).map(fromRow),
    opened: (findingId: FindingId, teller: Teller, atMs: number): void => {
      opened.run({ findingId, teller, atMs })
    },
    closed: (findingId: FindingId, teller: Teller, atMs: number): void => {
      closed.run({ findingId, teller, atMs })
    },
  }
}

interface DoubtRow {
  box_id: string
  cause: string
  agent_id: string
  first_ms: number
  last_ms: number
}

/** Troubles that were seen and are not believed yet. */
export function createDoubtRows(db: Db) {
  const ofBox = db.prepare<[string], DoubtRow>('select * from finding_doubt where box_id = ?')
  const oldest = db.prepare<[], { atMs: number | null }>('select min(last_ms) as atMs from finding_doubt')
  const put = db.prepare(
    `insert into finding_doubt (box_id, cause, agent_id, first_ms, last_ms) values (?, ?, ?, ?, ?)
     on conflict do update set first_ms = excluded.first_ms, last_ms = excluded.last_ms`,
  )
  const drop = db.prepare('delete from finding_doubt where box_id = ? and cause = ? and agent_id = ?')
  const dropAll = db.prepare('delete from finding_doubt where box_id = ?')
  return {
    ofBox: (boxId: BoxId): Doubt[] =>
      ofBox.all(boxId).map((row) => ({
        cause: row.cause as Cause,
        agentId: (row.agent_id || null) as AgentId | null,
        firstMs: row.first_ms,
        lastMs: row.last_ms,
      })),
    oldestMs: (): number | null => oldest.get()?.atMs ?? null,
    put: (boxId: BoxId, { cause, agentId, firstMs, lastMs }: Doubt): void => {
      put.run(boxId, cause, agentId ?? '', firstMs, lastMs)
    },
    drop: (boxId: BoxId, { cause, agentId }: Doubt): void => {
      drop.run(boxId, cause, agentId ?? '')
    },
    dropAll: (boxId: BoxId): void => {
      dropAll.run(boxId)
    },
  }
}
