import { create } from 'zustand'
import type { AgentId, ApplyJob, ApplyStep } from '../../shared/contract/index.ts'

/** A change that was asked for in this window, as far as it was followed. */
export interface ApplyRun {
  /** Null: a dialog of the system asks whether to do it, or it was refused. */
  readonly job: ApplyJob | null
  /** When each step was told, in order. */
  readonly steps: readonly { readonly step: ApplyStep; readonly atMs: number }[]
  /** Why it was not begun, or why nothing is heard of it any more. */
  readonly error: unknown
}

/** It goes on whether anybody looks or not. */
export const useApplying = create<{ runs: Readonly<Record<AgentId, ApplyRun>> }>(() => ({ runs: {} }))

export const setRun = (agentId: AgentId, change: (before: ApplyRun | undefined) => ApplyRun): void =>
  useApplying.setState(({ runs }) => ({ runs: { ...runs, [agentId]: change(runs[agentId]) } }))

/** Puts away what was shown to its end. */
export const forgetRun = (agentId: AgentId): void =>
  useApplying.setState(({ runs }) => {
    const { [agentId]: _, ...others } = runs
    return { runs: others }
  })
