import { create } from 'zustand'
import type { BoxId } from '../../shared/contract/index.ts'
import type { ColumnSort } from '../ui/column-sort.ts'
import { go } from './navigation.ts'

export type AccessColumn = 'state' | 'client' | 'channel' | 'answers' | 'kind' | 'days' | 'read'

/** Turned: Z first; the oldest first; the most strangers first. */
export type AccessSort = ColumnSort<AccessColumn>

interface AccessState {
  /** As typed after `/`. */
  filter: string
  filterOpen: boolean
  /** Null: worst first. */
  sort: AccessSort | null
  /** Of `doorKey`; null: the worst, of {@link ofBox} where that is set. */
  chosen: string | null
  ofBox: BoxId | null
  /** The column the keyboard is in; null until ← or → was pressed. */
  column: AccessColumn | null
  paneOpen: boolean
}

/** What only the window knows of the access page; it survives leaving the page, and other pages choose a door by it. */
export const useAccessState = create<AccessState>(() => ({
  filter: '',
  filterOpen: false,
  sort: null,
  chosen: null,
  ofBox: null,
  column: null,
  paneOpen: false,
}))

/** To the access page, with who and why of this machine's worst door. */
export function showDoorsOf(boxId: BoxId): void {
  useAccessState.setState({ chosen: null, ofBox: boxId, paneOpen: true, filter: '', filterOpen: false })
  go({ page: 'access' })
}

export const clearAccessFilter = (): void => useAccessState.setState({ filter: '', filterOpen: false })
