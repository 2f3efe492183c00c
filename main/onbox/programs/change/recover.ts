import { statSync } from 'node:fs'
import type { ObservedChange } from '../../../runtimes/change-answer.ts'
import { folders, forgetChange, isOver, observeChanges, observeReadable, stateOf } from './marker.ts'

/** A change is armed within minutes after it was staged. */
const abandonedMs = 10 * 60_000

/** Staged so long ago that no console is at it any more. */
const isAbandoned = (folder: string): boolean => Date.now() - statSync(folder).mtimeMs > abandonedMs

/**
 * Before anything else: what should have gone back goes back, what was never armed is removed, and of what is final the
 * copies are, where a program was killed before it had done so. One that cannot be taken back stays overdue, and keeps no
 * other from it.
 */
export async function recover(
  goBack: (folder: string) => Promise<unknown>,
  finish: (folder: string) => Promise<unknown>,
): Promise<ObservedChange[]> {
  for (const folder of folders()) {
    try {
      if (observeReadable(folder)?.overdue) await goBack(folder)
      else if (isOver(folder)) {
        if (isAbandoned(folder)) forgetChange(folder)
      } else if (stateOf(folder) === 'committed') await finish(folder)
    } catch {}
  }
  return observeChanges()
}
