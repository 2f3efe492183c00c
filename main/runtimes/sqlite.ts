import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { Unreadable } from './reading.ts'
import { remembered } from './remember.ts'

export type Row = Record<string, unknown>

/** A database of someone else's, open for reading. Statements are short; the whole is closed after use. */
export interface ReadDatabase {
  readonly userVersion: number
  all(sql: string, ...values: SQLInputValue[]): Row[]
  hasTable(name: string): boolean
  hasColumn(table: string, column: string): boolean
}

const lockedSentence = 'The database is locked by another program.'
/** Databases found locked, and until when nobody waits for them again: one probe asks a database several things. */
const lately = new Map<string, number>()

/** Open until the end of this turn of the event loop: one probe asks a database several things at once. */
const open = new Map<string, DatabaseSync>()

/**
 * Runs on a box. Opens a database so that nothing is written beside it, for its owner or root only: a plain read-only
 * open creates `-wal` and `-shm` files that can lock the runtime out when they belong to someone else.
 *
 * @throws Unreadable with a sentence.
 */
export function withDatabase<T>(file: string, use: (database: ReadDatabase) => T): T {
  const busy = lately.get(file)
  if (busy !== undefined && performance.now() < busy) throw new Unreadable(lockedSentence)
  try {
    return use(reader(opened(file)))
  } catch (error) {
    close(file)
    if (error instanceof Unreadable) throw error
    const reason = sentence(error)
    if (reason === lockedSentence) lately.set(file, performance.now() + 5000)
    throw new Unreadable(reason)
  }
}

/**
 * Runs on a box. As {@link withDatabase}, but only asks a database that was written to since the last time. Windows
 * does not date a file that a program keeps open: there it is asked each time.
 *
 * @param key names the question and all that its answer depends on besides the database.
 */
export function fromDatabase<T>(key: string, file: string, use: (database: ReadDatabase) => T): T {
  if (process.platform === 'win32') return withDatabase(file, use)
  const { value, missing } = remembered(`${key} ${file}`, (watch) => {
    for (const end of ['', '-wal', '-journal']) watch(file + end)
    return withDatabase(file, (database) => settled(() => use(database)))
  })
  if (missing !== null) throw missing
  return value as T
}

/** What a question found to be missing in a database, such as a table, is as lasting as an answer; a lock is not. */
function settled<T>(ask: () => T): { value: T | null; missing: Unreadable | null } {
  try {
    return { value: ask(), missing: null }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { value: null, missing: error }
  }
}

function opened(file: string): DatabaseSync {
  const found = open.get(file)
  if (found !== undefined) return found
  const Database = sqliteModule()
  if (!existsSync(file)) throw new Unreadable('There is no such database.')
  const { uid } = statSync(file)
  const own = process.getuid?.()
  if (own !== undefined && own !== 0 && own !== uid)
    throw new Unreadable('The database belongs to another user; reading it as this login could lock its owner out.')
  const database = new Database(harmlessly(file), { readOnly: true, timeout: 1000 })
  open.set(file, database)
  setImmediate(() => close(file))
  return database
}

function close(file: string): void {
  open.get(file)?.close()
  open.delete(file)
}

function reader(database: DatabaseSync): ReadDatabase {
  const all = (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).all(...values) as Row[]
  const [version] = all('pragma user_version')
  return {
    userVersion: Number(version?.user_version ?? 0),
    all,
    hasTable: (name) => all("select 1 from sqlite_master where type = 'table' and name = ?", name).length > 0,
    hasColumn: (table, column) => all('select 1 from pragma_table_info(?) where name = ?', table, column).length > 0,
  }
}

function sqliteModule(): typeof DatabaseSync {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const takesUrls = major > 23 || (major === 23 && minor >= 10) || (major === 22 && minor >= 15)
  const found = takesUrls && process.getBuiltinModule?.('node:sqlite')
  if (!found) throw new Unreadable(`Node ${process.version} cannot read SQLite without a trace; 22.15 or newer can.`)
  return found.DatabaseSync
}

function hasLog(file: string): boolean {
  try {
    return statSync(`${file}-wal`).size > 0
  } catch {
    return false
  }
}

/**
 * How to open it without leaving a trace. With a write-ahead log: `readonly_shm`, which reads the log without touching
 * its index file. In that mode but with no log: `immutable`, because anything else would create both files. In any
 * other mode a read-only open creates nothing and respects locks.
 */
function harmlessly(file: string): URL {
  const url = pathToFileURL(file)
  if (hasLog(file)) url.searchParams.set('readonly_shm', '1')
  else if (usesLog(file)) url.searchParams.set('immutable', '1')
  return url
}

/** Byte 18 of the file: 2 means that it is written through a write-ahead log (SQLite file format §1.3). */
function usesLog(file: string): boolean {
  const handle = openSync(file, 'r')
  try {
    const byte = Buffer.alloc(1)
    readSync(handle, byte, 0, 1, 18)
    return byte[0] === 2
  } finally {
    closeSync(handle)
  }
}

/** SQLite's own words, made a sentence. */
function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  if (/locked|busy/i.test(text)) return lockedSentence
  if (/malformed|not a database|corrupt/i.test(text)) return 'The database is damaged.'
  if (/unable to open/i.test(text))
    return 'The database could not be opened, or its write-ahead log has lost its index.'
  return `SQLite: ${text}`
}
