import type { Db } from '../store/store.ts'

export interface PinRow {
  readonly box_id: string
  readonly algorithm: string
  readonly host_key: string
  readonly accepted_at_ms: number
  readonly source: string
}

export interface ChangeRow {
  readonly box_id: string
  readonly algorithm: string
  readonly host_key: string
  readonly seen_at_ms: number
}

export function trustRows(db: Db) {
  const pin = db.prepare<[string], PinRow>('select * from trust_pin where box_id = ?')
  const insertPin = db.prepare<PinRow>(
    'insert into trust_pin (box_id, algorithm, host_key, accepted_at_ms, source) values (:box_id, :algorithm, :host_key, :accepted_at_ms, :source)',
  )
  const deletePin = db.prepare<[string]>('delete from trust_pin where box_id = ?')
  const change = db.prepare<[string], ChangeRow>('select * from trust_change where box_id = ?')
  const saveChange = db.prepare<ChangeRow>(
    `insert into trust_change (box_id, algorithm, host_key, seen_at_ms) values (:box_id, :algorithm, :host_key, :seen_at_ms)
     on conflict (box_id) do update set algorithm = excluded.algorithm, host_key = excluded.host_key, seen_at_ms = excluded.seen_at_ms`,
  )
  const deleteChange = db.prepare<[string]>('delete from trust_change where box_id = ?')
  return {
    pin: (boxId: string) => pin.get(boxId),
    insertPin: (row: PinRow) => insertPin.run(row),
    change: (boxId: string) => change.get(boxId),
    saveChange: (row: ChangeRow) => saveChange.run(row),
    forget(boxId: string) {
      deleteChange.run(boxId)
      deletePin.run(boxId)
    },
  }
}
