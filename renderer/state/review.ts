import { create } from 'zustand'

interface ReviewState {
  /** Key of the chosen row; it survives leaving the page. */
  chosen: string | null
  /** Whether the pane lies over the list; matters only where there is no room beside it. */
  paneOpen: boolean
  /** Set when marking the last row ended the review, until a row is marked unseen again. */
  ended: boolean
}

export const useReviewState = create<ReviewState>(() => ({ chosen: null, paneOpen: false, ended: false }))
