import { useEffect } from 'react'
import type { Command } from '../../shared/bridge.ts'
import { startSweep } from '../api/sweeping.ts'
import { onCommand } from '../platform/platform.ts'
import { showOver } from '../state/frame.ts'
import { go } from '../state/navigation.ts'
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
  'add-machine': () => go({ page: 'add' }),
  import: () => go({ page: 'import' }),
}

/** What the native menu and the tray ask of the window. */
export const useCommands = (): void => useEffect(() => onCommand((command) => meaning[command]()), [])
