import { create } from 'zustand'
import type { BackupRunId } from '../../shared/contract/index.ts'
import { showOver } from './frame.ts'

interface BackingUp {
  /** The run begun here last; it goes on while its dialog is closed. */
  runId: BackupRunId | null
  /** Its dialog lies over the page. */
  open: boolean
}

export const useBackingUp = create<BackingUp>(() => ({ runId: null, open: false }))

export function showBackup(runId: BackupRunId): void {
  showOver(null)
  useBackingUp.setState({ runId, open: true })
}

export const closeBackup = (): void => useBackingUp.setState({ open: false })
