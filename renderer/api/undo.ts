import type { UndoId } from '../../shared/contract/index.ts'
import { offerSentence } from '../state/said.ts'
import { offerUndo } from '../ui/toast.tsx'
import { client } from './client.ts'
import { sentenceOf } from './sentence.ts'

/** Takes inventory changes back, newest first; what goes wrong is said in the strip. */
export async function undoChanges(undoIds: readonly UndoId[]): Promise<void> {
  try {
    for (const undoId of undoIds.toReversed()) await client.inventory.undo({ undoId })
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Offers to take back what an inventory change did. `after` runs when it was taken back, to leave a page that lost its subject. */
export function offerUndoOf(sentence: string, undoIds: readonly UndoId[], after?: () => void): void {
  offerUndo(sentence, () => void undoChanges(undoIds).then(after))
}
