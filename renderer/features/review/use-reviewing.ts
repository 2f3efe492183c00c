import type { ClientSpanId, Finding, ReviewItem } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useReviewState } from '../../state/review.ts'
import { offerSentence } from '../../state/said.ts'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { keepUndo, offerUndo } from '../../ui/toast.tsx'
import { nextUnseen, subjectOf } from './order.ts'

const again = () => queryClient.invalidateQueries({ queryKey: orpc.pages.review.key() })

async function tried(act: () => Promise<void>): Promise<void> {
  try {
    await act()
    await again()
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** What a person does to rows of the review, each with its way back; the choice goes on to the next row that asks. */
export function useReviewing(items: readonly ReviewItem[]) {
  const goOn = (item: ReviewItem) => {
    const next = nextUnseen(items, item.key)
    useReviewState.setState({ chosen: next })
    takeFocusAlong('listbox', 'data-item', next)
  }
  const unmark = (item: ReviewItem) =>
    tried(async () => {
      await client.review.mark({ keys: [item.key], seen: false })
      useReviewState.setState({ chosen: item.key })
    })
  return {
    mark: (item: ReviewItem) =>
      tried(async () => {
        const seen = !item.seen
        const { reviewEnded } = await client.review.mark({ keys: [item.key], seen })
        if (!seen) return
        if (reviewEnded) offerUndo('The review has ended.', () => void unmark(item))
        else keepUndo(`${subjectOf(item)} was marked seen.`, () => void unmark(item))
        goOn(item)
      }),
    end: () =>
      tried(async () => {
        await client.review.end()
      }),
    snooze: (item: ReviewItem, untilMs: number, reason: string) =>
      tried(async () => {
        const { sentence, undoId } = await client.review.snooze({ keys: [item.key], untilMs, reason })
        // Putting off looks at a row, too: taking it back makes it one that nobody has seen.
        offerUndoOf(sentence, [undoId], () => void unmark(item))
        goOn(item)
      }),
    wake: (item: ReviewItem) =>
      tried(async () => {
        const { sentence, undoId } = await client.review.wake({ keys: [item.key] })
        offerUndoOf(sentence, [undoId])
      }),
    /** Closes the flag of the machine that is due first. */
    flagDone: ({ boxId }: Pick<Finding, 'boxId'>) =>
      tried(async () => {
        const [first] = await client.flags.open({ boxId })
        if (!first) return
        const { sentence, undoId } = await client.flags.done({ flagId: first.flagId })
        offerUndoOf(sentence, [undoId])
      }),
    endSpan: (spanId: ClientSpanId) =>
      tried(async () => {
        const { sentence, undoId } = await client.inventory.endClientSpan({ spanId })
        offerUndoOf(sentence, [undoId])
      }),
  }
}
