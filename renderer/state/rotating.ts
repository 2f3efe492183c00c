import { create } from 'zustand'
import type { KeyRunId } from '../../shared/contract/index.ts'
import { showOver } from './frame.ts'

interface Rotating {
  open: boolean
  /** The run that is shown; null: which key comes is still to be said. */
  runId: KeyRunId | null
}

export const useRotating = create<Rotating>(() => ({ open: false, runId: null }))

/** Opens the change of the SSH key: the run that is under way or did not end well, else a new one. */
export function askToRotate(runId: KeyRunId | null): void {
  showOver(null)
  useRotating.setState({ open: true, runId })
}

export const closeRotating = (): void => useRotating.setState({ open: false })
