import type { AgentId, BoxId, Fact, FactKey, Fault, SweepOutcome } from '../../shared/contract/index.ts'
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

/** A fact that reads differently than before: what it read, when last, what it reads since, when first. */
export interface Turn {
  readonly boxId: BoxId
  readonly key: FactKey
  readonly before: string
  readonly lastMs: number
  readonly after: string
  readonly foundMs: number
  /** The value it has now; null for a turn that is itself history. */
  readonly value: Fact['value']
}

type TurnRaw = Omit<Turn, 'value'> & { valueJson: string | null }
const turnFrom = ({ valueJson, ...row }: TurnRaw): Turn => ({
  ...row,
  value: valueJson === null ? null : (JSON.parse(valueJson) as Fact['value']),
})

export interface AttemptRow {
  readonly boxId: BoxId
  readonly atMs: number
  readonly outcome: SweepOutcome
  readonly fault: Fault | null
  /** When it last answered; null: never. */
  readonly sweptAtMs: number | null
  /** When it was last read whole: a light sweep reads a part and leaves the rest as old as it is. Null: never. */
  readonly readAtMs: number | null
}

interface AttemptRaw {
  box_id: string
  at_ms: number
  outcome: string
  fault_json: string | null
  swept_at_ms: number | null
  read_at_ms: number | null
}

const attemptFrom = (row: AttemptRaw): AttemptRow => ({
  boxId: row.box_id as BoxId,
  atMs: row.at_ms,
  outcome: row.outcome as SweepOutcome,
  fault: row.fault_json === null ? null : (JSON.parse(row.fault_json) as Fault),
  sweptAtMs: row.swept_at_ms,
  readAtMs: row.read_at_ms,
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
  const turnsOf = db.prepare<[{ boxId: string; keys: string; fromMs: number; toMs: number }], TurnRaw>(
    `with reading as (
       select key, instance, words, from_ms, to_ms, null as value_json from fact_history
       where box_id = @boxId and agent_id = '' and verdict <> 'unknown' and key in (select value from json_each(@keys))
       union all
       select key, instance, words, since_ms, taken_at_ms, value_json from fact
       where box_id = @boxId and agent_id = '' and verdict <> 'unknown' and key in (select value from json_each(@keys))),
     turn as (
       select key, words as after, from_ms as foundMs, value_json as valueJson,
         lag(words) over own as before, lag(to_ms) over own as lastMs
       from reading window own as (partition by key, instance order by from_ms))
     select @boxId as boxId, * from turn where before <> after and foundMs >= @fromMs and lastMs <= @toMs`,
  )
  const turnsSince = db.prepare<[{ keys: string; fromMs: number }], TurnRaw>(
    `select now.box_id as boxId, now.key, now.words as after, now.since_ms as foundMs, now.value_json as valueJson,
       old.words as before, old.to_ms as lastMs
     from fact now join fact_history old using (box_id, agent_id, key, instance)
     where now.agent_id = '' and now.key in (select value from json_each(@keys)) and now.since_ms >= @fromMs and now.verdict <> 'unknown'
       and old.words <> now.words and old.from_ms = (
         select max(from_ms) from fact_history each where each.box_id = now.box_id and each.agent_id = now.agent_id
           and each.key = now.key and each.instance = now.instance and each.verdict <> 'unknown')`,
  )
  const allAttempts = `select *, (select taken_at_ms from fact
       where fact.box_id = box_attempt.box_id and agent_id = '' and key = 'system.os' and instance = '') as read_at_ms
     from box_attempt`
  const attempt = db.prepare<[string], AttemptRaw>(`${allAttempts} where box_id = ?`)
  const attempts = db.prepare<[], AttemptRaw>(allAttempts)
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
    /**
     * Writes what was judged. Facts of the subject that were not judged again are gone, shelved and removed: all of them
     * with `whole`, those of its keys where it is a set.
     */
    put(
      boxId: BoxId,
      agentId: AgentId | null,
      judged: readonly Judged[],
      takenAtMs: number,
      whole: boolean | ReadonlySet<FactKey>,
    ): void {
      const before = new Map(ofSubject.all(boxId, agentId ?? '').map((row) => [keyOf(row), factFrom(row)]))
      for (const fact of judged) {
        write(boxId, agentId, fact, takenAtMs, before.get(keyOf(fact)))
        before.delete(keyOf(fact))
      }
      if (whole === false) return
      for (const gone of before.values()) {
        if (whole !== true && !whole.has(gone.key)) continue
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
    /** Turns of these facts of a machine that were found at or after `fromMs` and may have happened by `toMs`. */
    turnsOf: (boxId: BoxId, keys: readonly FactKey[], fromMs: number, toMs: number): Turn[] =>
      turnsOf.all({ boxId, keys: JSON.stringify(keys), fromMs, toMs }).map(turnFrom),
    /** The newest turn of each of these facts of all machines, found at or after `fromMs`. */
    turnsSince: (keys: readonly FactKey[], fromMs: number): Turn[] =>
      turnsSince.all({ keys: JSON.stringify(keys), fromMs }).map(turnFrom),
    attempt(boxId: BoxId): AttemptRow | null {
      const row = attempt.get(boxId)
      return row ? attemptFrom(row) : null
    },
    attempts: (): AttemptRow[] => attempts.all().map(attemptFrom),
    tried: (row: Omit<AttemptRow, 'readAtMs'>): void => {
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
