import type { UnwatchedSpan } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

type Why = UnwatchedSpan['why']

/** The pulse of the console and the spans nobody watched. At most one span is open. */
export function createWatchRows(db: Db) {
  const pulse = db.prepare<[], { atMs: number }>('select at_ms as atMs from watch_pulse')
  const beat = db.prepare(
    'insert into watch_pulse (one, at_ms) values (1, ?) on conflict do update set at_ms = excluded.at_ms',
  )
  const open = db.prepare<[], { fromMs: number; why: Why }>(
    'select from_ms as fromMs, why from unwatched where to_ms is null',
  )
  const since = db.prepare<[number], { fromMs: number; toMs: number | null; why: Why }>(
    `select from_ms as fromMs, to_ms as toMs, why from unwatched
     where to_ms is null or to_ms > ? order by from_ms`,
  )
  const begin = db.prepare('insert or replace into unwatched (from_ms, to_ms, why) values (?, null, ?)')
  const end = db.prepare('update unwatched set to_ms = ? where from_ms = ?')
  const drop = db.prepare('delete from unwatched where from_ms = ?')
  return {
    pulse: (): number | null => pulse.get()?.atMs ?? null,
    beat: (atMs: number): void => {
      beat.run(atMs)
    },
    open: () => open.get() ?? null,
    since: (sinceMs: number) => since.all(sinceMs),
    begin: (fromMs: number, why: Why): void => {
      begin.run(fromMs, why)
    },
    end: (fromMs: number, toMs: number): void => {
      end.run(toMs, fromMs)
    },
    drop: (fromMs: number): void => {
      drop.run(fromMs)
    },
  }
}
export type WatchRows = ReturnType<typeof createWatchRows>
