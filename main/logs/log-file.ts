import { chmodSync, existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { isDamage } from '../store/faults.ts'
import { migrate, refuseNewer, schemaVersion } from '../store/migrate.ts'
import type { Db } from '../store/store.ts'
import { migrations } from './migrations/migrations.ts'

const sideFiles = ['', '-wal', '-shm', '-journal'] as const

export const logFile = (dataDir: string): string => path.join(dataDir, 'logs.db')

export interface OpenedForWriting {
  readonly db: Db
  /** Where a damaged file was moved; null: it was whole. */
  readonly setAside: string | null
}

/**
 * Opens and migrates. Logs are a copy of what the boxes wrote: a damaged file is set aside, and an empty one goes on.
 * @throws FaultError `store-newer`; what SQLite says.
 */
export function openForWriting(dataDir: string, nowMs: number): OpenedForWriting {
  try {
    return { db: open(dataDir), setAside: null }
  } catch (error) {
    if (!isDamage(error)) throw error
    const setAside = putAside(dataDir, nowMs)
    return { db: open(dataDir), setAside }
  }
}

function open(dataDir: string): Db {
  const file = logFile(dataDir)
  const db = new Database(file)
  try {
    refuseNewer(db, migrations.length)
    if (schemaVersion(db) === 0) {
      chmodSync(file, 0o600)
      // Only a file without pages takes another page size, and none does in WAL mode.
      db.pragma('page_size = 8192')
    }
    db.pragma('journal_mode = wal')
    // A power cut may take the newest lines, with the cursors that say they are here: they are read again.
    db.pragma('synchronous = normal')
    db.pragma('cache_size = -16000')
    migrate(db, migrations)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Moves a damaged file out of the way, so that what may still be saved by hand is. */
export function putAside(dataDir: string, nowMs: number): string {
  const file = logFile(dataDir)
  const target = `${file}.damaged-${new Date(nowMs).toISOString().replace(/[-:.]/g, '')}`
  for (const end of sideFiles) if (existsSync(file + end)) renameSync(file + end, target + end)
  return target
}

/** Null: no line was ever stored here. @throws FaultError `store-newer`; what SQLite says. */
export function openForReading(dataDir: string): Db | null {
  if (!existsSync(logFile(dataDir))) return null
  const db = new Database(logFile(dataDir), { readonly: true, fileMustExist: true })
  try {
    refuseNewer(db, migrations.length)
    if (schemaVersion(db) < migrations.length) {
      db.close()
      return null
    }
    db.pragma('cache_size = -8000')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
