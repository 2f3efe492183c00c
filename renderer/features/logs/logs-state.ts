import { create } from 'zustand'
import type { BoxId, LogPosition } from '../../../shared/contract/index.ts'
import type { Row } from './line-window.ts'
import { withTerm } from './read-filter.ts'
import type { Kept } from './reader-state.ts'

/** All lines of one machine round a line that a filter had found, and the way back to what the filter found. */
export interface Around {
  position: LogPosition
  back: Kept
  /** What the filter had found, to be marked in the scrollbar and stepped through. */
  hits: readonly Row[]
}

interface LogsState {
  /** Machines whose lines are shown; null: all. */
  boxIds: readonly BoxId[] | null
  /** As typed after `/`. */
  typed: string
  filterOpen: boolean
  paneOpen: boolean
  around: Around | null
  over: 'machines' | 'moment' | 'export' | 'keep' | 'note' | null
  /** Where the page stood when it was left, by its address. */
  left: { address: string; kept: Kept } | null
}

/** What only the window knows of the logs; it survives leaving the page. */
export const useLogsState = create<LogsState>(() => ({
  boxIds: null,
  typed: '',
  filterOpen: false,
  paneOpen: false,
  around: null,
  over: null,
  left: null,
}))

const set = useLogsState.setState

export const show = (over: LogsState['over']): void => set({ over })
export const clearFilter = (): void => set({ typed: '', filterOpen: false, around: null })

/** From what a list of levels chooses. */
export const levelChoices = [
  ['All levels', null],
  ['Info and worse', 'info'],
  ['Warn and worse', 'warn'],
  ['Error and worse', 'error'],
] as const
type Level = (typeof levelChoices)[number][1]

export const setLevel = (level: Level): void =>
  set(({ typed }) => ({ around: null, typed: withTerm(typed, 'level', level ?? '') }))

export function nextLevel(): void {
  const { typed } = useLogsState.getState()
  const at = levelChoices.findIndex(([, level]) => level !== null && typed.includes(`level:${level}`))
  setLevel(levelChoices[(Math.max(0, at) + 1) % levelChoices.length]?.[1] ?? null)
}

/** Arrives from elsewhere at one machine: nothing may hide the line that is looked for. */
export const arriveAt = (boxId: BoxId): void =>
  set({ boxIds: [boxId], typed: '', filterOpen: false, paneOpen: false, around: null, over: null })
