import { create } from 'zustand'

interface DriftState {
  /** As typed after `/`. */
  filter: string
  filterOpen: boolean
  /** Key of the row that keys act on; null: the first. */
  chosen: string | null
  /** Where there is no room beside the list. */
  paneOpen: boolean
}

/** What only the window knows of the drift; it survives leaving the page. */
export const useDriftState = create<DriftState>(() => ({
  filter: '',
  filterOpen: false,
  chosen: null,
  paneOpen: false,
}))

export const clearDriftFilter = (): void => useDriftState.setState({ filter: '', filterOpen: false })
