import { create } from 'zustand'

/** What lies over the page. One at a time: nothing modal opens over something modal. */
export type Over = 'palette' | 'keys' | null

const useFrame = create<{ over: Over }>(() => ({ over: null }))

export const useOver = (): Over => useFrame((state) => state.over)
export const showOver = (over: Over): void => useFrame.setState({ over })
