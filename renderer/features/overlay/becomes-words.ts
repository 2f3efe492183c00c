import type { AgentPlan, DiffLine, Plan } from '../../../shared/contract/index.ts'

const machines = (count: number): string => (count === 1 ? '1 machine' : `${count} machines`)

/** "1 machine changes, 11 do not": what a layer makes of its agents, in one line. Pure. */
export function becomesLine(agents: readonly Pick<AgentPlan, 'state'>[]): string {
  if (agents.length === 0) return 'No agent of this layer was seen yet.'
  const count = (state: AgentPlan['state']) => agents.filter((agent) => agent.state === state).length
  const [changes, same, refused, unread] = [count('changes'), count('same'), count('refused'), count('unread')]
  const untouched =
    changes > 0
      ? `${same} ${same === 1 ? 'does' : 'do'} not`
      : `${machines(same)} ${same === 1 ? 'stays as it is' : 'stay as they are'}`
  const said = [
    changes > 0 ? `${machines(changes)} ${changes === 1 ? 'changes' : 'change'}` : '',
    same > 0 ? untouched : '',
    refused > 0 ? `${refused} refused` : '',
    unread > 0 ? `${unread} not read` : '',
  ]
  return said.filter(Boolean).join(', ')
}

/** Agents with the same changes by name, at most three of them. */
export function namesLine(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}

/** The changes of a group as lines of a difference. */
export const linesOf = (changes: Plan['groups'][number]['changes']): DiffLine[] =>
  changes.map(({ path, before, after }) => ({ path, before, after }))

/** What cannot be given to agents, each sentence once with those it is about. */
export function cannotLines(agents: readonly AgentPlan[]): { words: string; names: string[] }[] {
  const said = agents.flatMap(({ name, cannot }) => cannot.map(({ words }) => ({ words, name })))
  return [...Map.groupBy(said, ({ words }) => words)].map(([words, all]) => ({
    words,
    names: [...new Set(all.map(({ name }) => name))],
  }))
}
