import type { AgentPlan, Plan, PlanGroup } from '../../shared/contract/index.ts'
import { counted } from '../base/words.ts'

const lineOf = ({ path, before, after }: PlanGroup['changes'][number]): string => JSON.stringify([path, before, after])

/** Agents with the very same changes together, the largest group first; the others by what they have besides it. Pure. */
export function foldPlans(plans: readonly AgentPlan[]): PlanGroup[] {
  const changing = plans.filter(({ state }) => state === 'changes')
  const groups = [...Map.groupBy(changing, ({ changes }) => changes.map(lineOf).join('\n')).values()].toSorted(
    (a, b) => b.length - a.length,
  )
  const largest = groups[0]?.[0]?.changes ?? []
  return groups.map((group) => {
    const changes = (group[0]?.changes ?? []).map(({ path, kind, before, after, declared }) => ({
      path,
      kind,
      before,
      after,
      declared,
    }))
    const paths = new Set(changes.map(({ path }) => path))
    const common = new Set(largest.map(lineOf))
    return {
      agentIds: group.map(({ agentId }) => agentId),
      changes,
      besides: changes.filter((change) => !common.has(lineOf(change))).map(({ path }) => path),
      lacks: largest.map(({ path }) => path).filter((path) => !paths.has(path)),
    }
  })
}

/** It held what is declared when it was read, and nobody knows whether it still does. */
const isOldSame = ({ state, old }: AgentPlan): boolean => state === 'same' && old

/** "9 agents the same 3 changes, 2 differ, 1 nothing to do." */
function planSentence(plans: readonly AgentPlan[], groups: readonly PlanGroup[]): string {
  if (plans.length === 0) return 'No agent has been seen yet.'
  const count = (state: AgentPlan['state']) => plans.filter((plan) => plan.state === state && !isOldSame(plan)).length
  const old = plans.filter(isOldSame).length
  const [largest, ...others] = groups
  const differ = others.reduce((sum, { agentIds }) => sum + agentIds.length, 0)
  const said = [
    ...(largest
      ? [
          `${counted(largest.agentIds.length, 'agent')}${largest.agentIds.length > 1 ? ' the same' : ''} ${counted(largest.changes.length, 'change')}`,
        ]
      : []),
    ...(differ > 0 ? [`${differ} ${differ === 1 ? 'differs' : 'differ'}`] : []),
    ...(count('same') > 0 ? [`${count('same')} nothing to do`] : []),
    ...(count('refused') > 0 ? [`${count('refused')} refused`] : []),
    ...(count('unread') > 0 ? [`${count('unread')} not read`] : []),
    ...(old > 0 ? [`${old} not read lately`] : []),
  ]
  return `${said.join(', ')}.`
}

export function planOf(plans: readonly AgentPlan[]): Plan {
  const groups = foldPlans(plans)
  return { agents: [...plans], groups, sentence: planSentence(plans, groups) }
}
