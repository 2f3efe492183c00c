import { existsSync } from 'node:fs'
import path from 'node:path'
import { moveCheckout, moveCheckoutBack } from '../../../runtimes/change.ts'
import type { WentBack } from '../../../runtimes/change-answer.ts'
import { writeNewFile } from '../../../runtimes/runtimes.ts'
import type { ChangePlan } from './marker.ts'

/** `began`, `ended` of moving it; `returning`: of moving it back. */
const markOf = (folder: string, at: number, what: 'began' | 'ended' | 'returning'): string =>
  path.join(folder, `folder-${at}-${what}`)

/** @throws Error where one cannot be moved; those before it were. */
export async function moveFolders(folder: string, { folders }: Pick<ChangePlan, 'folders'>): Promise<void> {
  for (const [at, move] of folders.entries()) {
    writeNewFile(markOf(folder, at, 'began'), Buffer.alloc(0), 0o600)
    await moveCheckout(move)
    writeNewFile(markOf(folder, at, 'ended'), Buffer.alloc(0), 0o600)
  }
}

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
  return (await moveCheckoutBack(move, isCutOff)) ? 'back' : 'left-alone'
}
