import { create } from 'zustand'

/** What lies over the review: one thing at a time. */
export type ReviewOver = 'snooze' | 'pause' | 'hold' | 'message' | null

interface ReviewState {
  /** Key of the chosen row; it survives leaving the page. */
  chosen: string | null
  /** Whether the pane lies over the list; matters only where there is no room beside it. */
  paneOpen: boolean
  /** The pane shows what happened since the last review instead of the chosen row. */
  sinceShown: boolean
  over: ReviewOver
}

export const useReviewState = create<ReviewState>(() => ({
  chosen: null,
  paneOpen: false,
  sinceShown: false,
  over: null,
}))
