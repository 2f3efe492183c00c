import { create } from 'zustand'
import type { BoxId, TerminalId } from '../../shared/contract/index.ts'

interface TerminalChoice {
  /** The terminal that is looked at; null: the newest of the machine. */
  chosen: TerminalId | null
  /** The machine that one is being opened on: a dialog of the system asks, then it connects. */
  opening: BoxId | null
  /** Why the last one could not be opened. */
  problem: { boxId: BoxId; sentence: string } | null
}

/** What only the window knows of terminals; it survives leaving the page. */
export const useTerminalChoice = create<TerminalChoice>(() => ({ chosen: null, opening: null, problem: null }))
