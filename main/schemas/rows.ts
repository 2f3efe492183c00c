import { deflateSync, inflateSync } from 'node:zlib'
import type { BoxId, KnownSchema } from '../../shared/contract/index.ts'
import { SchemaIndex } from '../runtimes/setting-schema.ts'
import type { Db } from '../store/store.ts'

interface Row {
  readonly version: string
  readonly box_id: string
  readonly taken_at_ms: number
  readonly settings: number
}

const runtime = 'openclaw'
/** A row that somebody edited must not fill the memory. */
const mostBytes = 32_000_000

export function schemaRows(db: Db) {
  const all = db.prepare<[string], Row>(
    'select version, box_id, taken_at_ms, settings from runtime_schema where runtime = ? order by version',
  )
  const one = db.prepare<[string, string], { index_zip: Buffer }>(
    'select index_zip from runtime_schema where runtime = ? and version = ?',
  )
  const put = db.prepare<[Record<string, unknown>]>(
    `insert into runtime_schema (runtime, version, box_id, taken_at_ms, settings, index_zip)
     values (:runtime, :version, :boxId, :takenAtMs, :settings, :zip)
     on conflict do update set box_id = excluded.box_id, taken_at_ms = excluded.taken_at_ms,
       settings = excluded.settings, index_zip = excluded.index_zip`,
  )
  return {
    all: (): KnownSchema[] =>
      all.all(runtime).map((row) => ({
        version: row.version,
        boxId: row.box_id as BoxId,
        takenAtMs: row.taken_at_ms,
        settings: row.settings,
      })),
    /** Null: not known, or the row cannot be read. */
    index(version: string): SchemaIndex | null {
      const row = one.get(runtime, version)
      if (row === undefined) return null
      try {
        const text = inflateSync(row.index_zip, { maxOutputLength: mostBytes }).toString('utf8')
        return SchemaIndex.parse(JSON.parse(text))
      } catch {
        return null
      }
    },
    put(known: KnownSchema, index: SchemaIndex): void {
      put.run({ runtime, ...known, zip: deflateSync(JSON.stringify(index)) })
    },
  }
}
