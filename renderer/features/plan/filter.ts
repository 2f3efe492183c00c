import type { AgentPlan } from '../../../shared/contract/index.ts'
import { rowFilter } from '../../ui/row-filter.ts'

const stateWords: Record<AgentPlan['state'], string> = {
  unread: 'unknown',
  refused: 'blocked',
  changes: 'changes',
  same: 'same',
}

/** What the plan is filtered by. */
export const { readFilter, passes } = rowFilter<AgentPlan>({
  texts: {
    client: ({ clientName }) => clientName ?? '',
    machine: ({ name }) => name,
    is: ({ state, timeBomb }) => (timeBomb ? 'broken' : stateWords[state]),
    version: ({ version }) => version,
    setting: ({ changes }) => changes.map(({ path }) => path).join('\n'),
    layer: ({ changes }) => changes.map(({ fromLabel }) => fromLabel).join('\n'),
    who: ({ changes }) => changes.map(({ changedBy }) => changedBy?.who ?? '').join('\n'),
  },
  numbers: { changes: ({ state, changes }) => (state === 'unread' ? null : changes.length) },
  also: ({ why, cannot }) => [why, ...cannot.map(({ words }) => words)],
})
