import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { FaultError } from '../base/fault-error.ts'

export interface Holder {
  readonly pid: number
  readonly host: 'desktop' | 'cli'
  readonly sinceMs: number
}

/** Locks of this process. A database that nobody refers to is collected, and with it would go the lock. */
const held = new Set<Database.Database>()

const hostWords = { desktop: 'the Wheelhouse window', cli: 'the command line' } as const

function describeHolder(file: string): string {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Holder
    const since = new Date(holder.sinceMs).toISOString().replace('T', ' ').slice(0, 16)
    return `${hostWords[holder.host]} (process ${holder.pid}, since ${since} UTC)`
  } catch {
    return 'another Wheelhouse'
  }
}

/**
 * Takes the right to write in a data folder: an exclusive transaction on a database of its own, which the operating
 * system ends when the process ends, however it ends. Who holds it stands in a file beside it, for the sentence only.
 * The lock file must never be opened by other means in this process: closing any handle to it would drop POSIX locks.
 *
 * @returns the release.
 * @throws FaultError `locked-by-other` naming the holder.
 */
export function takeLock(dataDir: string, holder: Holder): () => void {
  const nameFile = path.join(dataDir, 'wheelhouse.lock.json')
  const lock = new Database(path.join(dataDir, 'wheelhouse.lock'), { timeout: 500 })
  try {
    lock.pragma('journal_mode = delete')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new FaultError({ code: 'locked-by-other', holder: describeHolder(nameFile) }, error)
    }
    throw error
  }
  held.add(lock)
  try {
    writeFileSync(nameFile, JSON.stringify(holder))
  } catch {
    // A full disk must not stop a console that may only want to read; the lock itself is held.
  }
  return () => {
    // A second release must not take away the name of the next holder.
    if (!held.delete(lock)) return
    rmSync(nameFile, { force: true })
    lock.close()
  }
}
