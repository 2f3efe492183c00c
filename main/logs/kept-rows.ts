import * as z from 'zod'
import { type BoxId, type KeepId, type KeptLines, LogRecord } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

interface KeptRow {
  readonly keepId: KeepId
  readonly boxId: BoxId
  readonly reason: string
  readonly keptAtMs: number
  readonly records: string
}

const Records = z.array(LogRecord)

/** Lines that were kept, in the console's own store: backed up, and out of reach of the purge. */
export function keptRows(db: Db) {
  const insert = db.prepare<[KeptRow]>(
    'insert into kept_log (keep_id, box_id, reason, kept_at_ms, records_json) values (:keepId, :boxId, :reason, :keptAtMs, :records)',
  )
  const select = `select keep_id as keepId, box_id as boxId, reason, kept_at_ms as keptAtMs, records_json as records from kept_log`
  const all = db.prepare<[{ boxId: string | null }], KeptRow>(
    `${select} where :boxId is null or box_id = :boxId order by kept_at_ms desc, keep_id`,
  )
  const one = db.prepare<[string], KeptRow>(`${select} where keep_id = ?`)
  const remove = db.prepare<[string]>('delete from kept_log where keep_id = ?')
  const count = db
    .prepare<[number], number>(
      'select coalesce(sum(json_array_length(records_json)), 0) from kept_log where kept_at_ms <= ?',
    )
    .pluck()
  const toKept = ({ records, ...row }: KeptRow): KeptLines => ({ ...row, records: Records.parse(JSON.parse(records)) })
  return {
    insert: ({ records, ...kept }: KeptLines): void => {
      insert.run({ ...kept, records: JSON.stringify(records) })
    },
    all: (boxId: BoxId | null): KeptLines[] => all.all({ boxId }).map(toKept),
    one: (keepId: KeepId): KeptLines | null => {
      const row = one.get(keepId)
      return row ? toKept(row) : null
    },
    remove: (keepId: KeepId): void => {
      remove.run(keepId)
    },
    /** Lines that are kept now. */
    lines: (nowMs: number): number => count.get(nowMs) ?? 0,
  }
}
