import type { AgentId, BoxId, Fact, Fault, SweepId, SweepOutcome, SweepSummary } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'
import type { Judged } from './judged.ts'

interface FactRow {
  box_id: string
  agent_id: string
  key: string
  instance: string
  verdict: string
  words: string
  value_json: string
  since_ms: number
  taken_at_ms: number
  source: string
  raw: string
}

/** A fact as stored; `stale` is derived on reading. */
export interface StoredFact extends Omit<Fact, 'stale'> {
  readonly sinceMs: number
}

const factFrom = (row: FactRow): StoredFact => ({
  boxId: row.box_id as BoxId,
  agentId: (row.agent_id || null) as AgentId | null,
  key: row.key as Fact['key'],
  instance: row.instance,
  verdict: row.verdict as Fact['verdict'],
  text: row.words,
  value: JSON.parse(row.value_json) as Fact['value'],
  takenAtMs: row.taken_at_ms,
  sinceMs: row.since_ms,
  evidence: { source: row.source, raw: row.raw },
})

export interface HistoryRow {
  readonly verdict: string
  readonly text: string
  readonly fromMs: number
  readonly toMs: number
  readonly source: string
  readonly raw: string
}

export interface ChangeRow extends HistoryRow {
  readonly agentId: string
  readonly key: string
  readonly instance: string
}

export interface AttemptRow {
  readonly boxId: BoxId
  readonly atMs: number
  readonly outcome: SweepOutcome
  readonly fault: Fault | null
  readonly sweptAtMs: number | null
}

interface AttemptRaw {
  box_id: string
  at_ms: number
  outcome: string
  fault_json: string | null
  swept_at_ms: number | null
}

const attemptFrom = (row: AttemptRaw): AttemptRow => ({
  boxId: row.box_id as BoxId,
  atMs: row.at_ms,
  outcome: row.outcome as SweepOutcome,
  fault: row.fault_json === null ? null : (JSON.parse(row.fault_json) as Fault),
  sweptAtMs: row.swept_at_ms,
})

/** Facts, their history, attempts and the installs that version gaps are judged from. */
export function createFactRows(db: Db) {
  const ofKeys = db.prepare<[string], FactRow>('select * from fact where key in (select value from json_each(?))')
  const oldest = db.prepare<[], { boxId: BoxId; atMs: number }>(
    'select box_id as boxId, min(taken_at_ms) as atMs from fact group by box_id',
  )
  const ofBox = db.prepare<[string], FactRow>('select * from fact where box_id = ?')
  const ofSubject = db.prepare<[string, string], FactRow>('select * from fact where box_id = ? and agent_id = ?')
  const put = db.prepare(
    `insert into fact (box_id, agent_id, key, instance, verdict, words, value_json, since_ms, taken_at_ms, source, raw)
     values (@boxId, @agentId, @key, @instance, @verdict, @text, @value, @sinceMs, @takenAtMs, @source, @raw)
     on conflict do update set verdict = excluded.verdict, words = excluded.words, value_json = excluded.value_json,
       since_ms = excluded.since_ms, taken_at_ms = excluded.taken_at_ms, source = excluded.source, raw = excluded.raw`,
  )
  const shelve = db.prepare(
    `insert or replace into fact_history (box_id, agent_id, key, instance, from_ms, to_ms, verdict, words, source, raw)
     values (@boxId, @agentId, @key, @instance, @fromMs, @toMs, @verdict, @text, @source, @raw)`,
  )
  const drop = db.prepare('delete from fact where box_id = ? and agent_id = ? and key = ? and instance = ?')
  const history = db.prepare<[string, string, string, string], HistoryRow>(
    `select verdict, words as text, from_ms as fromMs, to_ms as toMs, source, raw from fact_history
     where box_id = ? and agent_id = ? and key = ? and instance = ? order by from_ms desc limit 500`,
  )
  const changes = db.prepare<[string, number], ChangeRow>(
    `select agent_id as agentId, key, instance, verdict, words as text, from_ms as fromMs, to_ms as toMs, source, raw
     from fact_history where box_id = ? order by to_ms desc limit ?`,
  )
  const attempt = db.prepare<[string], AttemptRaw>('select * from box_attempt where box_id = ?')
  const attempts = db.prepare<[], AttemptRaw>('select * from box_attempt')
  const tried = db.prepare(
    `insert into box_attempt (box_id, at_ms, outcome, fault_json, swept_at_ms) values (@boxId, @atMs, @outcome, @fault, @sweptAtMs)
     on conflict do update set at_ms = excluded.at_ms, outcome = excluded.outcome, fault_json = excluded.fault_json,
       swept_at_ms = coalesce(excluded.swept_at_ms, swept_at_ms)`,
  )
  const keepInstall = db.prepare(
    `insert into agent_install (box_id, agent_id, at_ms, observed_json) values (?, ?, ?, ?)
     on conflict do update set at_ms = excluded.at_ms, observed_json = excluded.observed_json`,
  )
  const installs = db.prepare<[], { boxId: BoxId; agentId: AgentId; atMs: number; json: string }>(
    'select box_id as boxId, agent_id as agentId, at_ms as atMs, observed_json as json from agent_install',
  )

  const write = (
    boxId: BoxId,
    agentId: AgentId | null,
    fact: Judged,
    takenAtMs: number,
    before: StoredFact | undefined,
  ) => {
    const same = before && before.verdict === fact.verdict && before.text === fact.text && before.value === fact.value
    const id = { boxId, agentId: agentId ?? '', key: fact.key, instance: fact.instance }
    if (before && !same) {
      shelve.run({
        ...id,
        fromMs: before.sinceMs,
        toMs: before.takenAtMs,
        verdict: before.verdict,
        text: before.text,
        ...before.evidence,
      })
    }
    const { verdict, text, source, raw } = fact
    put.run({
      ...id,
      verdict,
      text,
      value: JSON.stringify(fact.value),
      sinceMs: same ? before.sinceMs : takenAtMs,
      takenAtMs,
      source,
      raw,
    })
  }
  const keyOf = (fact: { key: string; instance: string }) => `${fact.key} ${fact.instance}`

  return {
    ofKeys: (keys: readonly string[]): StoredFact[] => ofKeys.all(JSON.stringify(keys)).map(factFrom),
    oldest: (): Map<BoxId, number> => new Map(oldest.all().map(({ boxId, atMs }) => [boxId, atMs])),
    ofBox: (boxId: BoxId): StoredFact[] => ofBox.all(boxId).map(factFrom),
    ofSubject: (boxId: BoxId, agentId: AgentId | null): StoredFact[] =>
      ofSubject.all(boxId, agentId ?? '').map(factFrom),
    /** Writes what was judged. With `whole`, facts of the subject that were not judged again are gone: shelved and removed. */
    put(boxId: BoxId, agentId: AgentId | null, judged: readonly Judged[], takenAtMs: number, whole: boolean): void {
      const before = new Map(ofSubject.all(boxId, agentId ?? '').map((row) => [keyOf(row), factFrom(row)]))
      for (const fact of judged) {
        write(boxId, agentId, fact, takenAtMs, before.get(keyOf(fact)))
        before.delete(keyOf(fact))
      }
      if (!whole) return
      for (const gone of before.values()) {
        const id = { boxId, agentId: agentId ?? '', key: gone.key, instance: gone.instance }
        shelve.run({
          ...id,
          fromMs: gone.sinceMs,
          toMs: gone.takenAtMs,
          verdict: gone.verdict,
          text: gone.text,
          ...gone.evidence,
        })
        drop.run(boxId, agentId ?? '', gone.key, gone.instance)
      }
    },
    history: (boxId: BoxId, agentId: AgentId | null, key: string, instance: string): HistoryRow[] =>
      history.all(boxId, agentId ?? '', key, instance),
    changesOf: (boxId: BoxId, limit: number): ChangeRow[] => changes.all(boxId, limit),
    attempt(boxId: BoxId): AttemptRow | null {
      const row = attempt.get(boxId)
      return row ? attemptFrom(row) : null
    },
    attempts: (): AttemptRow[] => attempts.all().map(attemptFrom),
    tried: (row: AttemptRow): void => {
      tried.run({ ...row, fault: row.fault === null ? null : JSON.stringify(row.fault) })
    },
    keepInstall: (boxId: BoxId, agentId: AgentId, atMs: number, observed: unknown): void => {
      keepInstall.run(boxId, agentId, atMs, JSON.stringify(observed))
    },
    installs: (): { boxId: BoxId; agentId: AgentId; atMs: number; observed: unknown }[] =>
      installs.all().map(({ json, ...row }) => ({ ...row, observed: JSON.parse(json) as unknown })),
  }
}
export type FactRows = ReturnType<typeof createFactRows>

interface SweepRow {
  sweepId: SweepId
  startedAtMs: number
  endedAtMs: number | null
  state: SweepSummary['state']
  reason: SweepSummary['reason']
  total: number
  done: number
  swept: number
}

export interface SweepBoxRow {
  readonly boxId: BoxId
  readonly boxName: string
  readonly state: 'waiting' | 'working' | 'done'
  readonly outcome: SweepOutcome | null
  readonly fault: string | null
  readonly tookMs: number | null
}

const summary = `select s.sweep_id as sweepId, s.started_at_ms as startedAtMs, s.ended_at_ms as endedAtMs, s.state, s.reason, s.total,
    count(b.box_id) filter (where b.state = 'done') as done, count(b.box_id) filter (where b.outcome = 'swept') as swept
  from sweep s left join sweep_box b using (sweep_id)`

/** Sweeps and how each box of them ended. */
export function createSweepRows(db: Db) {
  const insert = db.prepare(
    `insert into sweep (sweep_id, started_at_ms, state, reason, total) values (@sweepId, @startedAtMs, 'running', @reason, @total)`,
  )
  const insertBox = db.prepare(
    `insert into sweep_box (sweep_id, box_id, box_name, place, state) values (?, ?, ?, ?, 'waiting')`,
  )
  const done = db.prepare(
    `update sweep_box set state = 'done', outcome = @outcome, fault_json = @fault, took_ms = @tookMs
     where sweep_id = @sweepId and box_id = @boxId`,
  )
  const letGo = db.prepare(
    `update sweep_box set state = 'done', outcome = 'cancelled' where sweep_id = ? and state <> 'done'`,
  )
  const end = db.prepare('update sweep set state = ?, ended_at_ms = ? where sweep_id = ?')
  const interrupt = db.prepare(
    `update sweep set state = 'interrupted', ended_at_ms = coalesce(
       (select max(at_ms) from box_attempt join sweep_box using (box_id)
        where sweep_box.sweep_id = sweep.sweep_id and sweep_box.state = 'done' and at_ms >= sweep.started_at_ms),
       started_at_ms)
     where state = 'running'`,
  )
  const one = db.prepare<[string], SweepRow>(`${summary} where s.sweep_id = ? group by s.sweep_id`)
  const newest = db.prepare<[number], SweepRow>(`${summary} group by s.sweep_id order by s.rowid desc limit ?`)
  const boxes = db.prepare<[string], SweepBoxRow>(
    `select box_id as boxId, box_name as boxName, state, outcome, fault_json as fault, took_ms as tookMs
     from sweep_box where sweep_id = ? order by place`,
  )
  const failed = db.prepare<[string, number], { atMs: number; outcome: SweepOutcome; fault: string | null }>(
    `select s.started_at_ms as atMs, b.outcome, b.fault_json as fault from sweep_box b join sweep s using (sweep_id)
     where b.box_id = ? and b.outcome in ('unreachable', 'refused', 'failed') order by s.rowid desc limit ?`,
  )
  return {
    insert(
      sweep: { sweepId: SweepId; startedAtMs: number; reason: string },
      targets: readonly { boxId: BoxId; name: string }[],
    ): void {
      insert.run({ ...sweep, total: targets.length })
      for (const [place, { boxId, name }] of targets.entries()) insertBox.run(sweep.sweepId, boxId, name, place)
    },
    done: (
      sweepId: SweepId,
      boxId: BoxId,
      end: { outcome: SweepOutcome; fault: Fault | null; tookMs: number | null },
    ): void => {
      done.run({
        sweepId,
        boxId,
        outcome: end.outcome,
        fault: end.fault && JSON.stringify(end.fault),
        tookMs: end.tookMs,
      })
    },
    end(sweepId: SweepId, state: SweepSummary['state'], atMs: number): void {
      letGo.run(sweepId)
      end.run(state, atMs, sweepId)
    },
    /** Sweeps found running at start were interrupted; they are not taken up again. Their end is the last row they wrote. */
    interruptRunning: (): number => interrupt.run().changes,
    one: (sweepId: SweepId): SweepRow | null => one.get(sweepId) ?? null,
    newest: (limit: number): SweepRow[] => newest.all(limit),
    boxes: (sweepId: SweepId): SweepBoxRow[] => boxes.all(sweepId),
    failedOf: (boxId: BoxId, limit: number) => failed.all(boxId, limit),
  }
}
export type SweepRows = ReturnType<typeof createSweepRows>

/** Versions of the runtime and when the registry was asked. */
export function createVersionRows(db: Db) {
  const all = db.prepare<[], { version: string; publishedAtMs: number | null; fromRegistry: number }>(
    'select version, published_at_ms as publishedAtMs, from_registry as fromRegistry from known_version',
  )
  const put = db.prepare(
    `insert into known_version (version, published_at_ms, from_registry, first_seen_ms) values (@version, @publishedAtMs, @fromRegistry, @atMs)
     on conflict do update set published_at_ms = coalesce(excluded.published_at_ms, published_at_ms),
       from_registry = max(from_registry, excluded.from_registry)`,
  )
  const asked = db.prepare<[], { askedAtMs: number; newest: string | null }>(
    'select asked_at_ms as askedAtMs, newest from registry_answer',
  )
  const ask = db.prepare(
    `insert into registry_answer (one, asked_at_ms, newest) values (1, @atMs, @newest)
     on conflict do update set asked_at_ms = excluded.asked_at_ms, newest = coalesce(excluded.newest, newest)`,
  )
  return {
    all: () => all.all(),
    put: (version: string, publishedAtMs: number | null, fromRegistry: boolean, atMs: number): void => {
      put.run({ version, publishedAtMs, fromRegistry: Number(fromRegistry), atMs })
    },
    asked: () => asked.get() ?? null,
    ask: (atMs: number, newest: string | null): void => {
      ask.run({ atMs, newest })
    },
  }
}
export type VersionRows = ReturnType<typeof createVersionRows>
