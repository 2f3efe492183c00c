import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { dropPackages } from '../../../runtimes/change.ts'
import { writeNewFile } from '../../../runtimes/runtimes.ts'

/** What was begun to be downloaded, so that nothing of it stays when who asked for it dies. */
interface DownloadNote {
  /** Everything that it brings lies in here. */
  readonly folder: string
  /** Of npm, which leads a group of its own. */
  readonly pid: number | null
}

const noteOf = (folder: string): string => path.join(folder, 'download.json')

export const noteDownload = (folder: string, note: DownloadNote): void =>
  writeNewFile(noteOf(folder), Buffer.from(JSON.stringify(note)), 0o600)

/** Ends what still downloads for a change, and removes what it brought. */
export function dropDownload(folder: string): void {
  let note: DownloadNote
  try {
    note = JSON.parse(readFileSync(noteOf(folder), 'utf8')) as DownloadNote
  } catch {
    return
  }
  if (path.basename(note.folder) !== `.wheelhouse-${path.basename(folder)}`) return
  endProcess(note)
  dropPackages(note)
}

/** Numbers of processes come round again: it is only ended if it is at this folder. */
function endProcess({ pid, folder }: DownloadNote): void {
  if (pid === null) return
  try {
    const command = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8', timeout: 5000 })
    if (command.includes(folder)) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended.
  }
}
