import { create } from 'zustand'
import type { AgentId, Finding, FixScope } from '../../shared/contract/index.ts'
import { showOver } from './frame.ts'

/** What is to be fixed, and how it is called in a title: "Lakeside Homes". */
export interface Fixing extends FixScope {
  readonly name: string
}

/** The fix that lies over the page; null: none. */
export const useFixing = create<{ fixing: Fixing | null }>(() => ({ fixing: null }))

/** Shows the smallest change that mends what is broken, with the key that makes it. */
export function askToFix(fixing: Fixing): void {
  showOver(null)
  useFixing.setState({ fixing })
}

export const closeFixing = (): void => useFixing.setState({ fixing: null })

const aboutLocks: ReadonlySet<Finding['cause']> = new Set(['answers-everyone', 'answers-strangers', 'rule-broken'])

/** Asks for the fix of the first of these that a broken lock raised; null: none was. */
export function fixOf(findings: readonly Finding[]): (() => void) | null {
  const found = findings.find(({ cause, agentId, open }) => open && agentId !== null && aboutLocks.has(cause))
  if (!found?.agentId) return null
  const agentId: AgentId = found.agentId
  return () => askToFix({ agentId, name: found.subject })
}
