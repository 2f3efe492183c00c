import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import type { Db } from './store.ts'

export interface Backup {
  readonly path: string
  readonly atMs: number
}

const kept = 14
const fileName = /^wheelhouse-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.db$/

/** A moment as it stands in file names on every system: `20261120T120045123Z`. */
export const stamp = (atMs: number): string => new Date(atMs).toISOString().replace(/[-:.]/g, '')

/** Backups of a data folder, newest first, by the time in their names. None of them has been looked into. */
export function listBackups(dataDir: string): Backup[] {
  const dir = path.join(dataDir, 'backups')
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .flatMap((name) => {
      const found = fileName.exec(name)
      if (!found) return []
      const [, year, month, day, hour, minute, second, milli] = found.map(Number)
      const atMs = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, milli)
      return [{ path: path.join(dir, name), atMs }]
    })
    .sort((a, b) => b.atMs - a.atMs)
}

/** Opens the copy, reads every page of it and says whether SQLite finds it whole. */
export function isWhole(file: string): boolean {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true })
    try {
      return quickCheck(db) === 'ok' && (db.pragma('user_version', { simple: true }) as number) > 0
    } finally {
      db.close()
    }
  } catch {
    return false
  }
}

/** `ok`, or SQLite's first complaint. */
export const quickCheck = (db: Db): string => db.pragma('quick_check(1)', { simple: true }) as string

export const newestGoodBackup = (dataDir: string): Backup | null =>
  listBackups(dataDir).find((backup) => isWhole(backup.path)) ?? null

/**
 * Copies the open database into `backups/`, verifies the copy and only then gives it its name; keeps the newest 14.
 * @throws what SQLite says; Error when the copy is not whole. No half-made copy keeps a backup's name.
 */
export async function makeBackup(db: Db, dataDir: string, atMs: number): Promise<Backup> {
  const dir = path.join(dataDir, 'backups')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const target = path.join(dir, `wheelhouse-${stamp(atMs)}.db`)
  const unnamed = `${target}.part`
  rmSync(unnamed, { force: true })
  try {
    await db.backup(unnamed)
    const copy = new Database(unnamed)
    // A copy in WAL mode would leave files beside itself whenever it is looked into.
    copy.pragma('journal_mode = delete')
    copy.close()
    if (!isWhole(unnamed)) throw new Error('the copy of the store is not whole')
    renameSync(unnamed, target)
  } finally {
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(unnamed + end, { force: true })
  }
  for (const old of listBackups(dataDir).slice(kept)) rmSync(old.path, { force: true })
  return { path: target, atMs }
}
