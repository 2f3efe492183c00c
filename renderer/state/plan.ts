import { create } from 'zustand'
import type { AgentId } from '../../shared/contract/index.ts'
import { go } from './navigation.ts'

interface PlanState {
  /** As typed after `/`. */
  filter: string
  filterOpen: boolean
  /** The agent that keys act on; null: the first. */
  chosen: AgentId | null
  /** Where there is no room beside the list. */
  paneOpen: boolean
}

/** What only the window knows of the plan; it survives leaving the page, and other pages choose a machine by it. */
export const usePlanState = create<PlanState>(() => ({ filter: '', filterOpen: false, chosen: null, paneOpen: false }))

/** To the plan, with what this agent would become. */
export function showPlanOf(agentId: AgentId): void {
  usePlanState.setState({ chosen: agentId, paneOpen: true, filter: '', filterOpen: false })
  go({ page: 'plan' })
}

export const clearPlanFilter = (): void => usePlanState.setState({ filter: '', filterOpen: false })
