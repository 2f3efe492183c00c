import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import { makeFolder } from '../base/make-folder.ts'
import { listBackups, makeBackup, quickCheck } from './backups.ts'
import { damaged, isEmptied, putBack, setAside, storeFile, waitingForRecovery } from './damage.ts'
import { asFault, asOpeningFault, isDamage } from './faults.ts'
import { takeLock } from './lock.ts'
import { migrate, refuseNewer, schemaVersion } from './migrate.ts'
import { migrations as knownMigrations } from './migrations/migrations.ts'
import { createTogether } from './together.ts'

export { headFile } from './damage.ts'
export { createSettings, defaultSettings, type SettingsStore } from './settings.ts'

export type Db = Database.Database

/** The console's own database: SQLite, WAL, STRICT tables, foreign keys, synchronous FULL, one file per data folder. */
export interface Store {
  readonly db: Db
  readonly dataDir: string
  readonly writable: boolean
  /** Set when this store was just put in the place of a damaged one: the backup's time, or null for an empty start. */
  readonly recovered: { readonly backupAtMs: number | null } | null
  /** Runs `work` in one immediate transaction. @throws FaultError `disk-full`, `read-only`; nothing of `work` remains then. */
  write<T>(work: () => T): T
  /**
   * As `write`, in one transaction with whatever else was asked for in the same turn: the disk is waited for once, not once
   * a machine. What throws is undone alone. Settles once it is on the disk, so the caller goes on after the row stands.
   */
  writeTogether(work: () => void): Promise<void>
  /** Calls `act` once after the running transaction is committed; forgets it when the transaction is not. Only inside `write`. */
  afterCommit(act: () => void): void
  /** A verified copy beside the database; called once a day by the engine. @throws FaultError `disk-full`. */
  backup(): Promise<{ path: string; atMs: number }>
  lastBackupAtMs(): number | null
  close(): void
}

export interface StoreOptions {
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Log
  /** False: opens read-only, takes no lock (the command line's reads). */
  readonly writable: boolean
  /** Who another console is told holds the lock. Default `desktop`. */
  readonly host?: 'desktop' | 'cli'
  /** The schema to bring the file to; tests alone give another than the shipped one. */
  readonly migrations?: readonly string[]
}

/**
 * Opens, locks and migrates. A read-only store of a folder that has none yet is an empty one in memory, and one of an
 * older version is migrated in memory: reading changes nothing on disk.
 * @throws FaultError `store-newer`, `store-damaged` (the file was set aside, by a writer), `locked-by-other`, `disk-full`, `data-folder-unusable`.
 */
export function openStore(options: StoreOptions): Store {
  try {
    return options.writable ? openWritable(options) : openReadOnly(options)
  } catch (error) {
    throw asOpeningFault(error, options.dataDir)
  }
}

/**
 * After `store-damaged`: goes on from the newest good backup, or from nothing. The damaged file stays where it was set aside.
 * @throws FaultError `not-found` (no good backup), `invalid-input` (the store is not damaged), and all of {@link openStore}.
 */
export function recoverStore(options: StoreOptions, from: 'backup' | 'empty'): Store {
  try {
    const unlock = lockFolder(options)
    let backupAtMs: number | null
    try {
      if (waitingForRecovery(options.dataDir) === null) {
        throw new FaultError({
          code: 'invalid-input',
          field: 'store',
          detail: 'It is not damaged, so there is nothing to recover.',
        })
      }
      backupAtMs = putBack(options.dataDir, from)
      return openLocked(options, unlock, { backupAtMs })
    } catch (error) {
      unlock()
      throw error
    }
  } catch (error) {
    throw asFault(error, options.dataDir)
  }
}

function lockFolder({ dataDir, clock, host = 'desktop' }: StoreOptions): () => void {
  makeFolder(dataDir)
  return takeLock(dataDir, { pid: process.pid, host, sinceMs: clock.nowMs() })
}

function openWritable(options: StoreOptions): Store {
  const unlock = lockFolder(options)
  try {
    const aside = waitingForRecovery(options.dataDir)
    if (aside !== null) throw damaged(options.dataDir, aside)
    return openLocked(options, unlock, null)
  } catch (error) {
    unlock()
    throw error
  }
}

function openLocked(options: StoreOptions, unlock: () => void, recovered: Store['recovered']): Store {
  const { dataDir, clock, log, migrations = knownMigrations } = options
  let db: Db | undefined
  try {
    if (isEmptied(dataDir)) throw emptied()
    db = new Database(storeFile(dataDir))
    refuseNewer(db, migrations.length)
    const isNew = schemaVersion(db) === 0
    // SQLite gives its side files the mode of the database.
    if (isNew) chmodSync(storeFile(dataDir), 0o600)
    const complaint = isNew ? 'ok' : quickCheck(db)
    if (complaint !== 'ok') throw new Database.SqliteError(complaint, 'SQLITE_CORRUPT')
    db.pragma('journal_mode = wal')
    db.pragma('synchronous = full')
    db.pragma('foreign_keys = on')
    migrate(db, migrations)
    return createStore(db, options, unlock, recovered)
  } catch (error) {
    db?.close()
    if (!isDamage(error)) throw error
    const aside = setAside(dataDir, clock.nowMs())
    log.warn('store.set-aside', { aside, why: error instanceof Error ? error.message : '' })
    throw damaged(dataDir, aside, error)
  }
}

const emptied = () => new Database.SqliteError('the file was emptied', 'SQLITE_CORRUPT')

function openReadOnly(options: StoreOptions): Store {
  const { dataDir, migrations = knownMigrations } = options
  const file = storeFile(dataDir)
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) {
    const aside = existsSync(dataDir) ? waitingForRecovery(dataDir) : null
    if (aside !== null) throw damaged(dataDir, aside)
    if (isEmptied(dataDir)) throw damaged(dataDir, null, emptied())
    return createStore(inMemory(new Database(':memory:'), migrations), options, () => {}, null)
  }
  let db: Db | undefined
  try {
    db = openForReading(file)
    refuseNewer(db, migrations.length)
    const complaint = quickCheck(db)
    if (complaint !== 'ok') throw new Database.SqliteError(complaint, 'SQLITE_CORRUPT')
    if (schemaVersion(db) === migrations.length) return createStore(db, options, () => {}, null)
    const bytes = db.serialize()
    db.close()
    return createStore(inMemory(openBytes(bytes), migrations), options, () => {}, null)
  } catch (error) {
    db?.close()
    throw isDamage(error) ? damaged(dataDir, null, error) : error
  }
}

/**
 * A reader in WAL mode needs a side file. Where none can be made (a read-only folder, a full disk) the file is read into
 * memory, which is all of it unless a console was killed with its last changes still beside the file.
 */
function openForReading(file: string): Db {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    schemaVersion(db)
    return db
  } catch (error) {
    db.close()
    const besides = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
    if (isDamage(error) || besides > 0) throw error
    return openBytes(readFileSync(file))
  }
}

/** Bytes 18 and 19 say WAL or not (file format §1.3.3); a database in memory cannot be in WAL mode. */
function openBytes(bytes: Buffer): Db {
  const db = new Database(bytes.fill(1, 18, 20))
  db.pragma('query_only = on')
  return db
}

function inMemory(db: Db, migrations: readonly string[]): Db {
  db.pragma('query_only = off')
  migrate(db, migrations)
  db.pragma('query_only = on')
  return db
}

function createStore(db: Db, options: StoreOptions, unlock: () => void, recovered: Store['recovered']): Store {
  const { dataDir, clock, log, writable } = options
  const later = new Set<() => void>()
  const commit = <T>(work: () => T): T => {
    try {
      const answer = db.transaction(work).immediate()
      for (const act of [...later]) act()
      return answer
    } catch (error) {
      throw asFault(error, dataDir)
    } finally {
      later.clear()
    }
  }
  const write = <T>(work: () => T): T => {
    if (!writable) throw new FaultError({ code: 'read-only', detail: 'it was opened for reading only' })
    return db.inTransaction ? db.transaction(work)() : commit(work)
  }
  return {
    db,
    dataDir,
    writable,
    recovered,
    write,
    writeTogether: createTogether(write),
    afterCommit: (act) => {
      if (!db.inTransaction) throw new Error('afterCommit is for inside of write')
      later.add(act)
    },
    backup: async () => {
      try {
        return await makeBackup(db, dataDir, clock.nowMs())
      } catch (error) {
        log.error('store.backup-failed', error)
        throw asFault(error, dataDir)
      }
    },
    lastBackupAtMs: () => listBackups(dataDir)[0]?.atMs ?? null,
    close: () => {
      db.close()
      unlock()
    },
  }
}
