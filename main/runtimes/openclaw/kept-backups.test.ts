import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../../testing/temp-store.ts'
import { dropOldBackups, keptBackups, receiptOf } from './kept-backups.ts'

const dayMs = 24 * 3_600_000

/** Backups as they lie there, by days from now. */
function folderOf(...inDays: readonly number[]) {
  const folder = tempDir()
  const archives = inDays.map((days, at) => {
    const archive = path.join(folder, `${at}-openclaw-backup.tar.gz`)
    writeFileSync(archive, 'whole')
    writeFileSync(receiptOf(archive), JSON.stringify({ sizeBytes: 5, madeAtMs: Date.now() + days * dayMs }))
    return archive
  })
  return { folder, archives }
}

test('the oldest go', () => {
  const { folder, archives } = folderOf(-3, -1, -2, 0)
  dropOldBackups(folder, 3)
  expect(archives.map(existsSync)).toEqual([false, true, true, true])
  expect(keptBackups(folder).map(({ archive }) => archives.indexOf(archive))).toEqual([3, 1, 2])
})

test('those of a clock that ran ahead are the oldest, so that a new one is not dropped and counts as the newest', () => {
  const { folder, archives } = folderOf(900, 901, 902, 0)
  dropOldBackups(folder, 3)
  expect(archives.map(existsSync)).toEqual([false, true, true, true])
  expect(keptBackups(folder)[0]?.archive).toBe(archives[3])
})
