import { create } from 'zustand'

export interface Said {
  sentence: string
  /** `warning`: something could not be done. `plain`: something is well again. */
  look: 'warning' | 'plain'
}

/** The one sentence under the header; it stays until the next one or Esc. */
const useSaid = create<{ said: Said | null }>(() => ({ said: null }))

export const offerSentence = (sentence: string | null, look: Said['look'] = 'warning'): void =>
  useSaid.setState({ said: sentence === null ? null : { sentence, look } })
/** Takes a sentence away, unless another one was said meanwhile. */
export const withdrawSentence = (sentence: string): void =>
  useSaid.setState(({ said }) => (said?.sentence === sentence ? { said: null } : {}))
export const useSentence = (): Said | null => useSaid((state) => state.said)
