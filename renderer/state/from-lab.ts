import { create } from 'zustand'
import type { BoxId } from '../../shared/contract/index.ts'
import { showOver } from './frame.ts'

/** A patch being made of what was changed by hand on a machine; `boxId` null: the operator chooses which. Null: none is. */
export const useFromLab = create<{ over: { boxId: BoxId | null } | null }>(() => ({ over: null }))

/** Shows the snapshots of a machine, with the way from two of them to a patch. */
export function openFromLab(boxId: BoxId | null = null): void {
  showOver(null)
  useFromLab.setState({ over: { boxId } })
}

export const closeFromLab = (): void => useFromLab.setState({ over: null })
