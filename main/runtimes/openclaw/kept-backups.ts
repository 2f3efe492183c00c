import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { KeptBackup } from '../backup-answer.ts'
import { readPlainFile } from '../reading.ts'

/** Where our backups of one agent lie on its box: archives, each with a receipt, and folders of those being made. */
export const backupFolder = (home: string, stateDir: string): string =>
  path.join(home, '.wheelhouse', 'backups', createHash('sha256').update(stateDir).digest('hex').slice(0, 16))

/** A receipt is written last: an archive without one, or of another size, is no backup. */
export const receiptOf = (archive: string): string => `${archive}.json`

/** A clock that was set back by more than this had run ahead: what it made then is older than all else. */
const aheadMs = 24 * 3_600_000

/** Runs on a box. Backups of ours that stand, newest first. */
export function keptBackups(folder: string): Pick<KeptBackup, 'archive' | 'madeAtMs'>[] {
  const untilMs = Date.now() + aheadMs
  const isAhead = ({ madeAtMs }: Pick<KeptBackup, 'madeAtMs'>) => madeAtMs > untilMs
  let names: string[]
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.tar.gz.json'))
  } catch {
    return []
  }
  return names
    .flatMap((name) => {
      try {
        const receipt = path.join(folder, name)
        const kept = JSON.parse(readPlainFile(receipt, 20_000).bytes.toString()) as Partial<KeptBackup> | null
        const archive = receipt.slice(0, -'.json'.length)
        const found = lstatSync(archive)
        const stands = found.isFile() && found.size === kept?.sizeBytes && Number.isSafeInteger(kept.madeAtMs)
        return stands ? [{ archive, madeAtMs: Number(kept.madeAtMs) }] : []
      } catch {
        return []
      }
    })
    .sort((a, b) => Number(isAhead(a)) - Number(isAhead(b)) || b.madeAtMs - a.madeAtMs)
}

/** Runs on a box. Lets the oldest go, receipt first, so that none of them counts half removed. */
export function dropOldBackups(folder: string, keep: number): void {
  for (const { archive } of keptBackups(folder).slice(keep)) {
    rmSync(receiptOf(archive), { force: true })
    rmSync(archive, { force: true })
  }
}
