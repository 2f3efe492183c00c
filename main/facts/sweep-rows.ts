import type { BoxId, Fault, SweepId, SweepOutcome, SweepSummary } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

interface SweepRow {
  sweepId: SweepId
  kind: SweepSummary['kind']
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

const summary = `select s.sweep_id as sweepId, s.kind, s.started_at_ms as startedAtMs, s.ended_at_ms as endedAtMs, s.state, s.reason, s.total,
    count(b.box_id) filter (where b.state = 'done') as done, count(b.box_id) filter (where b.outcome = 'swept') as swept
  from sweep s left join sweep_box b using (sweep_id)`

/** Sweeps and how each box of them ended. */
export function createSweepRows(db: Db) {
  const insert = db.prepare(
    `insert into sweep (sweep_id, kind, started_at_ms, state, reason, total)
     values (@sweepId, @kind, @startedAtMs, 'running', @reason, @total)`,
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
  const newest = db.prepare<[number], SweepRow>(
    `${summary} where s.kind = 'full' group by s.sweep_id order by s.rowid desc limit ?`,
  )
  const ended = db.prepare<[], SweepRow>(
    `${summary} where s.rowid = (select max(rowid) from sweep where kind = 'full' or state <> 'running') group by s.sweep_id`,
  )
  const lastOfAll = db.prepare<[number], { atMs: number | null }>(
    'select max(started_at_ms) as atMs from sweep where total >= ?',
  )
  const purgeLight = db.prepare(`delete from sweep where kind = 'light' and started_at_ms < ?`)
  const purgeLightBoxes = db.prepare(
    `delete from sweep_box where sweep_id in (select sweep_id from sweep where kind = 'light' and started_at_ms < ?)`,
  )
  const boxes = db.prepare<[string], SweepBoxRow>(
    `select box_id as boxId, box_name as boxName, state, outcome, fault_json as fault, took_ms as tookMs
     from sweep_box where sweep_id = ? order by place`,
  )
  const failed = db.prepare<[string, number], { atMs: number; outcome: SweepOutcome; fault: string | null }>(
    `select s.started_at_ms as atMs, b.outcome, b.fault_json as fault from sweep_box b join sweep s using (sweep_id)
     where b.box_id = ? and s.kind = 'full' and b.outcome in ('unreachable', 'refused', 'failed') order by s.rowid desc limit ?`,
  )
  return {
    insert(
      sweep: { sweepId: SweepId; kind: SweepSummary['kind']; startedAtMs: number; reason: string },
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
    /** Full ones, newest first. */
    newest: (limit: number): SweepRow[] => newest.all(limit),
    /** The newest of any kind, but for a light one that runs. */
    last: (): SweepRow | null => ended.get() ?? null,
    /** When a sweep of at least so many machines last began. */
    lastOfAllMs: (total: number): number | null => lastOfAll.get(total)?.atMs ?? null,
    /** Light sweeps are kept for `keepMs`, what each machine answered to them for a day. */
    purge(nowMs: number, keepMs: number): void {
      purgeLightBoxes.run(nowMs - 86_400_000)
      purgeLight.run(nowMs - keepMs)
    },
    boxes: (sweepId: SweepId): SweepBoxRow[] => boxes.all(sweepId),
    failedOf: (boxId: BoxId, limit: number) => failed.all(boxId, limit),
  }
}
export type SweepRows = ReturnType<typeof createSweepRows>
