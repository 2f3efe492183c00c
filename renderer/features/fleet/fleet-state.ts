import { create } from 'zustand'
import type { BoxId, FleetRow } from '../../../shared/contract/index.ts'
import { compareRows, looked, type Marks, noMarks } from './changes.ts'
import { type ColumnId, type Grouping, groupings, type Sort } from './order.ts'

interface FleetState {
  /** As typed after `/`. */
  filter: string
  filterOpen: boolean
  sort: Sort | null
  grouping: Grouping | null
  chosen: BoxId | null
  /** The column the keyboard is in; null until ← or → was pressed. */
  column: ColumnId | null
  selected: ReadonlySet<BoxId>
  paneOpen: boolean
  marks: Marks
}

/** What only the window knows of the table; it survives leaving the page. */
export const useFleetState = create<FleetState>(() => ({
  filter: '',
  filterOpen: false,
  sort: null,
  grouping: null,
  chosen: null,
  column: null,
  selected: new Set(),
  paneOpen: false,
  marks: noMarks,
}))

const set = useFleetState.setState

export const seeRows = (rows: readonly FleetRow[]): void => set(({ marks }) => ({ marks: compareRows(marks, rows) }))

/** Makes a row the present one; the one left behind has been looked at. */
export function choose(boxId: BoxId): void {
  set(({ chosen, marks }) => ({ chosen: boxId, marks: chosen && chosen !== boxId ? looked(marks, chosen) : marks }))
}

export const toggleSelected = (boxId: BoxId): void =>
  set(({ selected }) => {
    const next = new Set(selected)
    if (!next.delete(boxId)) next.add(boxId)
    return { selected: next }
  })

export const select = (boxIds: readonly BoxId[]): void =>
  set(({ selected }) => ({ selected: new Set([...selected, ...boxIds]) }))
export const clearSelection = (): void => set({ selected: new Set() })
export const clearFilter = (): void => set({ filter: '', filterOpen: false })

export const nextGrouping = (): void =>
  set(({ grouping }) => ({ grouping: groupings[(grouping === null ? -1 : groupings.indexOf(grouping)) + 1] ?? null }))
