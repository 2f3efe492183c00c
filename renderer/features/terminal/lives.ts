import { create } from 'zustand'
import type { TerminalId, TerminalSession } from '../../../shared/contract/index.ts'
import type { LiveTerminal } from './live-terminal.ts'

/** One terminal of the window: what the engine knows of it, and what only the window does. */
export interface Tab {
  readonly session: TerminalSession
  readonly live: LiveTerminal
  /** What the machine calls it, as it came. */
  readonly title: string
  /** Several lines that wait for a word. */
  readonly pasting: string | null
  /** The engine that held it ended, and it with it. */
  readonly orphaned: boolean
}

/** The window's terminals, oldest first. They live on while another page is shown. */
export const useTabs = create<{ tabs: readonly Tab[] }>(() => ({ tabs: [] }))

export const changeTab = (terminalId: TerminalId, change: Partial<Tab>): void =>
  useTabs.setState(({ tabs }) => ({
    tabs: tabs.map((tab) => (tab.session.terminalId === terminalId ? { ...tab, ...change } : tab)),
  }))

export function dropTab(terminalId: TerminalId): void {
  useTabs
    .getState()
    .tabs.find((tab) => tab.session.terminalId === terminalId)
    ?.live.dispose()
  useTabs.setState(({ tabs }) => ({ tabs: tabs.filter((tab) => tab.session.terminalId !== terminalId) }))
}
