import type Database from 'better-sqlite3'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'

export type Db = Database.Database

/** The console's own database: SQLite, WAL, STRICT tables, foreign keys, synchronous FULL, one file per data folder. */
export interface Store {
  readonly db: Db
  /** Runs `work` in one immediate transaction. @throws FaultError `disk-full`, `read-only`; nothing of `work` remains then. */
  write<T>(work: () => T): T
  /** A verified copy beside the database; called once a day by the engine. */
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
}

/**
 * Opens, locks and migrates.
 * @throws FaultError `store-newer`, `store-damaged` (the file was set aside), `locked-by-other`, `disk-full`.
 */
export declare function openStore(options: StoreOptions): Store
