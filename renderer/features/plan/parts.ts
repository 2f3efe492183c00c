import type { AgentId, AgentPlan, BoxId, Plan, PlanGroup } from '../../../shared/contract/index.ts'

/** Agents that stand together in the list: why, and what they share. */
export interface Part {
  readonly kind: 'bomb' | 'refused' | 'changes' | 'unknown' | 'same'
  readonly plans: readonly AgentPlan[]
  /** Of `changes` alone. */
  readonly group: PlanGroup | null
}

/** Machines that did not answer when they were last asked. */
export type Away = ReadonlySet<BoxId>

/** It held what is declared when it was read; whether it still does is not known, and unknown is never fine. */
export const isUnsure = (plan: AgentPlan, away: Away): boolean => plan.old || away.has(plan.boxId)

const kindOf = (plan: AgentPlan, away: Away): Part['kind'] => {
  if (plan.timeBomb) return 'bomb'
  if (plan.state === 'refused' || plan.state === 'changes') return plan.state
  return plan.state === 'unread' || isUnsure(plan, away) ? 'unknown' : 'same'
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const byName = (a: AgentPlan, b: AgentPlan): number =>
  words.compare(a.clientName ?? a.name, b.clientName ?? b.name) || words.compare(a.name, b.name)

/**
 * The list of the plan from the top: what will not start again, what is refused, then what changes, the largest group
 * first, then what is not known, then what holds. Pure.
 */
export function partsOf(plan: Plan, away: Away): Part[] {
  const own = (kind: Part['kind']): Part[] => {
    const plans = plan.agents.filter((each) => kindOf(each, away) === kind).toSorted(byName)
    return plans.length === 0 ? [] : [{ kind, plans, group: null }]
  }
  const byId = new Map<AgentId, AgentPlan>(plan.agents.map((each) => [each.agentId, each]))
  const changes = plan.groups.map(
    (group): Part => ({
      kind: 'changes',
      plans: group.agentIds.flatMap((agentId) => byId.get(agentId) ?? []).toSorted(byName),
      group,
    }),
  )
  return [...own('bomb'), ...own('refused'), ...changes, ...own('unknown'), ...own('same')]
}

/** Those parts with only the agents that a filter leaves. */
export const onlyOf = (parts: readonly Part[], passes: (plan: AgentPlan) => boolean): Part[] =>
  parts.flatMap((part) => {
    const plans = part.plans.filter(passes)
    return plans.length === 0 ? [] : [{ ...part, plans }]
  })
