import { useEffect } from 'react'
import type { Command } from '../../shared/bridge.ts'
import { orpc, queryClient } from '../api/queries.ts'
import { sentenceOf } from '../api/sentence.ts'
import { startSweep } from '../api/sweeping.ts'
import { onCommand, onShowFinding } from '../platform/platform.ts'
import { showOver } from '../state/frame.ts'
import { go } from '../state/navigation.ts'
import { useReviewState } from '../state/review.ts'
import { offerSentence } from '../state/said.ts'
import { askToStop } from '../state/stopping.ts'
import { undoLast } from '../ui/toast.tsx'

/** In a text field the field's own undo is meant; `execCommand` is the one way to reach it from a menu. */
function inField(what: 'undo' | 'redo'): boolean {
  const focused = document.activeElement
  if (!(focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement)) return false
  return document.execCommand(what)
}

const meaning: Record<Command, () => void> = {
  'go-review': () => go({ page: 'review' }),
  'go-fleet': () => go({ page: 'fleet' }),
  'go-access': () => go({ page: 'access' }),
  'go-overlays': () => go({ page: 'overlays' }),
  'go-plan': () => go({ page: 'plan' }),
  'go-rollouts': () => go({ page: 'rollouts' }),
  'go-logs': () => go({ page: 'logs' }),
  'go-settings': () => go({ page: 'settings' }),
  palette: () => showOver('palette'),
  keys: () => showOver('keys'),
  'sweep-all': () => void startSweep(),
  undo: () => {
    if (!inField('undo')) undoLast()
  },
  redo: () => {
    inField('redo')
  },
  'stop-channel': () => askToStop(),
  'add-machine': () => go({ page: 'add' }),
  import: () => go({ page: 'import' }),
}

/** The review with the row of this finding chosen; without one, it is over and the review says what is. */
async function showFinding(findingId: string): Promise<void> {
  go({ page: 'review' })
  try {
    const { items } = await queryClient.fetchQuery({ ...orpc.pages.review.queryOptions(), staleTime: 0 })
    const item = items.find(({ finding, others }) => [finding, ...others].some((one) => one.findingId === findingId))
    if (item) useReviewState.setState({ chosen: item.key, paneOpen: true })
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** What the native menu, the tray and notifications ask of the window. */
export const useCommands = (): void =>
  useEffect(() => {
    const leave = [
      onCommand((command) => meaning[command]()),
      onShowFinding((findingId) => void showFinding(findingId)),
    ]
    return () => {
      for (const end of leave) end()
    }
  }, [])
