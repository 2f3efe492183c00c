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

/** Why a folder or a file in it cannot be used, by what the system said. */
const unusable: Readonly<Record<string, string>> = {
  EACCES: 'you may not read or write it',
  EPERM: 'you may not write it',
  EROFS: 'its disk can only be read',
  ENOENT: 'it is not there and cannot be made',
  ENOTDIR: 'it is no folder',
  EEXIST: 'it is no folder',
  SQLITE_CANTOPEN: 'its files cannot be opened',
  SQLITE_CANTOPEN_ISDIR: 'there is a folder in the place of a file',
  SQLITE_PERM: 'you may not read or write its files',
}

/** The same for what happens on opening: there the folder itself may be the trouble. */
export function asOpeningFault(error: unknown, dir: string): unknown {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  const known = asFault(error, dir)
  if (error instanceof FaultError || (known instanceof FaultError && known.fault.code !== 'read-only')) return known
  const why =
    unusable[code] ??
    (code.startsWith('SQLITE_READONLY')
      ? 'its files can only be read'
      : code.startsWith('SQLITE_IOERR')
        ? 'its files cannot be read or written'
        : null)
  return why === null ? error : new FaultError({ code: 'data-folder-unusable', path: dir, why }, error)
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

export const isFromStore = (error: unknown): boolean => error instanceof Database.SqliteError

/** Is this what SQLite says of a file that is no database or is torn? */
export const isDamage = (error: unknown): boolean =>
  error instanceof Database.SqliteError && (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'))
