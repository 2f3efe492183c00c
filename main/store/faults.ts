import { statfsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { FaultError } from '../base/fault-error.ts'

const smallestUsefulBytes = 128 * 1024

function diskIsFull(dir: string): boolean {
  try {
    const disk = statfsSync(dir)
    return disk.bavail * disk.bsize < smallestUsefulBytes
  } catch {
    return false
  }
}

/** Turns what SQLite or the file system said into the fault an operator can act on; anything else comes back unchanged. */
export function asFault(error: unknown, dir: string): unknown {
  if (error instanceof FaultError) return error
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string') return error
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return new FaultError({ code: 'disk-full', path: dir }, error)
  if ((code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN') && diskIsFull(dir)) {
    return new FaultError({ code: 'disk-full', path: dir }, error)
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return new FaultError({ code: 'read-only', detail: 'it was opened for reading only' }, error)
  }
  return error
}

/** Is this what SQLite says of a file that is no database or is torn? */
export const isDamage = (error: unknown): boolean =>
  error instanceof Database.SqliteError && (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'))
