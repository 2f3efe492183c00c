import { create } from 'zustand'

/** The one sentence about an action that could not be done; it stays until the next action or Esc. */
const useSaid = create<{ sentence: string | null }>(() => ({ sentence: null }))

export const offerSentence = (sentence: string | null): void => useSaid.setState({ sentence })
export const useSentence = (): string | null => useSaid((state) => state.sentence)
export const hasSentence = (): boolean => useSaid.getState().sentence !== null
