import { existsSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { endLeftLine, isLeftAt, moveCheckout, moveCheckoutBack } from '../../../runtimes/change.ts'
import type { WentBack } from '../../../runtimes/change-answer.ts'
import { writeNewFile } from '../../../runtimes/runtimes.ts'
import type { ChangePlan } from './marker.ts'

/** `began`, `ended` of moving it; `returning`: of moving it back; `left`: that could not be done; `git`: who moves it. */
const markOf = (folder: string, at: number, what: 'began' | 'ended' | 'returning' | 'left' | 'git'): string =>
  path.join(folder, `folder-${at}-${what}`)

/** @throws Error where one cannot be moved; those before it were. */
export async function moveFolders(folder: string, { folders }: Pick<ChangePlan, 'folders'>): Promise<void> {
  for (const [at, move] of folders.entries()) {
    writeNewFile(markOf(folder, at, 'began'), Buffer.alloc(0), 0o600)
    await moveCheckout(move, noteGit(folder, at))
    rmSync(markOf(folder, at, 'git'), { force: true })
    writeNewFile(markOf(folder, at, 'ended'), Buffer.alloc(0), 0o600)
  }
}

/** Where nothing can be written, a program that is killed leaves a git that nobody ends before its time. */
const noteGit = (folder: string, at: number) => (pid: number) => {
  const file = markOf(folder, at, 'git')
  try {
    rmSync(file, { force: true })
    writeNewFile(file, Buffer.from(String(pid)), 0o600)
  } catch {}
}

/** Folders that could not be brought back and are as they were then. */
export const foldersLeft = (folder: string, { folders }: Pick<ChangePlan, 'folders'>): string[] =>
  folders.flatMap((move, at) => {
    const leftMs = statSync(markOf(folder, at, 'left'), { throwIfNoEntry: false })?.mtimeMs
    return leftMs !== undefined && isLeftAt(move, leftMs) ? [move.name] : []
  })

/** Moves them back, the last first. May be done again after it was killed at any point. @returns in the order of the plan. */
export async function moveFoldersBack(folder: string, { folders }: Pick<ChangePlan, 'folders'>): Promise<WentBack[]> {
  const went: WentBack[] = []
  for (const [at, move] of [...folders.entries()].reverse()) went.unshift(await moveOneBack(folder, at, move))
  return went
}

async function moveOneBack(folder: string, at: number, move: ChangePlan['folders'][number]): Promise<WentBack> {
  if (!existsSync(markOf(folder, at, 'began'))) return 'never-left'
  const isAgain = existsSync(markOf(folder, at, 'returning'))
  try {
    if (!isAgain) writeNewFile(markOf(folder, at, 'returning'), Buffer.alloc(0), 0o600)
  } catch {
    // Where nothing can be written any more it is tried all the same.
  }
  const isCutOff = isAgain || !existsSync(markOf(folder, at, 'ended'))
  endLeftLine(markOf(folder, at, 'git'))
  if (await moveCheckoutBack(move, isCutOff, noteGit(folder, at))) return 'back'
  try {
    rmSync(markOf(folder, at, 'left'), { force: true })
    writeNewFile(markOf(folder, at, 'left'), Buffer.alloc(0), 0o600)
  } catch {
    // It is told by the change as a whole.
  }
  return 'left-alone'
}
