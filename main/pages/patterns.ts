import type { AgentId, BoxId, PatternPage } from '../../shared/contract/index.ts'
import type { Facts } from '../facts/facts.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { isNewSince, type Logs } from '../logs/logs.ts'

export interface PatternParts {
  readonly logs: Pick<Logs, 'patterns'>
  readonly facts: Pick<Facts, 'history'>
  readonly inventory: Pick<Inventory, 'boxes' | 'box'>
}

/** When the agent's version changed last, as far as it was seen to; null: it never was. */
function updatedAt(facts: Pick<Facts, 'history'>, boxId: BoxId, agentId: AgentId): number | null {
  const [newest, before] = facts.history({ boxId, agentId, key: 'version.disk', instance: '' })
  return newest && before ? newest.fromMs : null
}

/** Kinds of log lines, with what came since the update of their agent. @throws FaultError `not-found` for a box that is not there. */
export async function buildPatterns(
  { logs, facts, inventory }: PatternParts,
  asked: { boxIds?: readonly BoxId[] | undefined; days: number; limit: number },
): Promise<PatternPage> {
  const boxIds = asked.boxIds?.map((boxId) => inventory.box(boxId).boxId) ?? inventory.boxes().map(({ boxId }) => boxId)
  const { patterns, total } = await logs.patterns.list({ ...asked, boxIds })
  const updates = new Map<string, number | null>()
  const updateOf = (boxId: BoxId, agentId: AgentId | null): number | null => {
    if (agentId === null) return null
    const known = updates.get(agentId)
    if (known !== undefined) return known
    const at = updatedAt(facts, boxId, agentId)
    updates.set(agentId, at)
    return at
  }
  return {
    days: asked.days,
    total,
    patterns: patterns.map(({ agentFirstAtMs, ...pattern }) => {
      const update = updateOf(pattern.boxId, pattern.agentId)
      return { ...pattern, newSinceUpdate: update !== null && isNewSince(pattern.firstAtMs, update, agentFirstAtMs) }
    }),
  }
}
