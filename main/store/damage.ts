import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { FaultError } from '../base/fault-error.ts'
import { listBackups, newestGoodBackup, stamp } from './backups.ts'

const fileName = 'wheelhouse.db'
const sideFiles = ['-wal', '-shm', '-journal'] as const

export const storeFile = (dataDir: string): string => path.join(dataDir, fileName)

/** Where the ledger keeps the end of its chain; there from the first entry on. */
export const headFile = (dataDir: string): string => path.join(dataDir, 'wheelhouse.head.json')

/** Is the file there with nothing in it, though something was kept in it once? A first start that was killed leaves one without these traces. */
export const isEmptied = (dataDir: string): boolean =>
  statSync(storeFile(dataDir), { throwIfNoEntry: false })?.size === 0 &&
  (existsSync(headFile(dataDir)) || listBackups(dataDir).length > 0)

/** Moves a damaged file and its side files out of the way, so that nothing writes to what may still be saved by hand. */
export function setAside(dataDir: string, atMs: number): string {
  const target = path.join(dataDir, `${fileName}.damaged-${stamp(atMs)}`)
  for (const end of sideFiles) {
    if (existsSync(storeFile(dataDir) + end)) renameSync(storeFile(dataDir) + end, target + end)
  }
  renameSync(storeFile(dataDir), target)
  return target
}

/** The newest file set aside whose place nobody has filled yet; null when there is a store or never was damage. */
export function waitingForRecovery(dataDir: string): string | null {
  if (existsSync(storeFile(dataDir)) || !existsSync(dataDir)) return null
  const names = readdirSync(dataDir).filter(
    (name) => name.startsWith(`${fileName}.damaged-`) && !/-(wal|shm|journal)$/.test(name),
  )
  const newest = names.sort().at(-1)
  return newest === undefined ? null : path.join(dataDir, newest)
}

/** @param aside where the file was moved; null when it was only read and stands where it was. */
export const damaged = (dataDir: string, aside: string | null, cause?: unknown): FaultError =>
  new FaultError(
    { code: 'store-damaged', setAside: aside, newestBackup: newestGoodBackup(dataDir)?.path ?? null },
    cause,
  )

/**
 * Puts the newest good backup, or nothing, where the damaged file was.
 * The copy gets its name last, so that a kill in between leaves the store as missing as it was.
 * @throws FaultError `not-found` when there is no good backup.
 */
export function putBack(dataDir: string, from: 'backup' | 'empty'): number | null {
  for (const end of sideFiles) rmSync(storeFile(dataDir) + end, { force: true })
  if (from === 'empty') return null
  const backup = newestGoodBackup(dataDir)
  if (!backup) throw new FaultError({ code: 'not-found', what: 'good backup of the store' })
  const part = `${storeFile(dataDir)}.part`
  copyFileSync(backup.path, part)
  renameSync(part, storeFile(dataDir))
  return backup.atMs
}
