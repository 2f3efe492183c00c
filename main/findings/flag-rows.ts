import type { BoxId, Flag, FlagId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

/** What the operator flagged, in the console's own store. */
export function flagRows(db: Db) {
  const columns = `flag_id as flagId, box_id as boxId, words, line, line_at_ms as lineAtMs,
    flagged_at_ms as flaggedAtMs, due_ms as dueMs`
  const open = db.prepare<[string], Flag>(
    `select ${columns} from flag where box_id = ? and done_at_ms is null order by due_ms, flagged_at_ms, flag_id`,
  )
  const one = db.prepare<[string], Flag>(`select ${columns} from flag where flag_id = ? and done_at_ms is null`)
  const add = db.prepare<[Flag]>(
    `insert into flag (flag_id, box_id, words, line, line_at_ms, flagged_at_ms, due_ms)
     values (:flagId, :boxId, :words, :line, :lineAtMs, :flaggedAtMs, :dueMs)`,
  )
  const remove = db.prepare<[string]>('delete from flag where flag_id = ?')
  const setDone = db.prepare<[number | null, string]>('update flag set done_at_ms = ? where flag_id = ?')
  return {
    open: (boxId: BoxId): Flag[] => open.all(boxId),
    /** Null: there is none, or it is done. */
    one: (flagId: FlagId): Flag | null => one.get(flagId) ?? null,
    add: (flag: Flag): void => {
      add.run(flag)
    },
    remove: (flagId: FlagId): void => {
      remove.run(flagId)
    },
    setDone: (flagId: FlagId, atMs: number | null): void => {
      setDone.run(atMs, flagId)
    },
  }
}
