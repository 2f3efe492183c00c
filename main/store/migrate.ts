import { createHash } from 'node:crypto'
import { FaultError } from '../base/fault-error.ts'
import type { Db } from './store.ts'

/** Version of the file's schema: how many migrations it has. 0 for a new file. */
export const schemaVersion = (db: Db): number => db.pragma('user_version', { simple: true }) as number

/** @throws FaultError `store-newer` when the file has migrations this program does not know. */
export function refuseNewer(db: Db, known: number): void {
  const found = schemaVersion(db)
  if (found > known) throw new FaultError({ code: 'store-newer', found, known })
}

/**
 * Brings the schema up to `migrations`. Each step and its version number are one transaction:
 * a step that fails leaves the steps before it in place, and schema and version as they were.
 */
export function migrate(db: Db, migrations: readonly string[]): void {
  refuseNewer(db, migrations.length)
  for (let version = schemaVersion(db); version < migrations.length; version += 1) {
    db.transaction(() => {
      db.exec(migrations[version] ?? '')
      db.pragma(`user_version = ${version + 1}`)
    }).immediate()
  }
}

/** Numbers (from 1) of the released migrations whose text is no longer what was released, or which are gone. */
export function changedSinceRelease(migrations: readonly string[], released: readonly string[]): number[] {
  const hashOf = (sql: string | undefined) => (sql === undefined ? '' : createHash('sha256').update(sql).digest('hex'))
  return released.flatMap((hash, index) => (hashOf(migrations[index]) === hash ? [] : [index + 1]))
}
