import { BackupAnswer, BackupProgress, type BackupRequest } from '../runtimes/backup-answer.ts'
import type { RunningProgram } from './program.ts'
import { understood } from './understood.ts'

interface Wait {
  readonly deadlineMs: number
  readonly signal?: AbortSignal
}

/** The program that backs up one agent of a box. It ends with its connection, and what is half made with it. */
export interface RunningBackup {
  /** @throws FaultError any answer fault, as both of these. */
  make(request: BackupRequest, wait: Wait): Promise<BackupAnswer>
  progress(wait: Wait): Promise<BackupProgress>
  close(): void
}

/** @param release lets go of the connection it runs on. */
export function runBackup(program: RunningProgram, release: () => void, boxName: string): RunningBackup {
  return {
    make: async (request, wait) => understood(BackupAnswer, await program.ask('make', request, wait), boxName),
    progress: async (wait) => understood(BackupProgress, await program.ask('progress', null, wait), boxName),
    close() {
      program.close()
      release()
    },
  }
}
