import { type Fact, type FactKey, factNames } from '../../shared/contract/index.ts'
import type { StateWordText } from './state.tsx'

const keyOrder = new Map(Object.keys(factNames).map((key, at) => [key, at]))

/** Facts in the order of their list, then by what they are about. */
export const inOrder = (a: Fact, b: Fact): number =>
  (keyOrder.get(a.key) ?? 0) - (keyOrder.get(b.key) ?? 0) || a.instance.localeCompare(b.instance)

/** One gap is one line: how many, then how many days. */
const daysOf: Partial<Record<FactKey, FactKey>> = { 'version.gap': 'version.days', 'version.lab': 'version.lab-days' }

const isWrong = ({ verdict }: Fact): boolean => verdict === 'bad' || verdict === 'warn'

const beside = (fact: Fact, key: FactKey | undefined, facts: readonly Fact[]): Fact | undefined =>
  facts.find((other) => other.key === key && other.agentId === fact.agentId)

/** Told by another line: days by their count, the newest known by the lab machine where both say the same. */
function isTold(fact: Fact, wrong: readonly Fact[]): boolean {
  if (Object.entries(daysOf).some(([count, days]) => days === fact.key && beside(fact, count as FactKey, wrong)))
    return true
  const lab = fact.key === 'version.gap' ? beside(fact, 'version.lab', wrong) : undefined
  return lab !== undefined && lab.value !== null && lab.value === fact.value
}

/** What a person has to look at, worst first, each thing once. Unknown is neither wrong nor fine and is left out. */
export function notRight(facts: readonly Fact[]): Fact[] {
  const wrong = facts.filter(isWrong)
  return wrong
    .filter((fact) => !isTold(fact, wrong))
    .toSorted((a, b) => Number(b.verdict === 'bad') - Number(a.verdict === 'bad') || inOrder(a, b))
}

/** The value of a line under "Not right": a gap with its days, "366 commits and 23 days behind lab-mini". */
export function wrongText(fact: Fact, facts: readonly Fact[]): string {
  const days = beside(fact, daysOf[fact.key], facts)
  if (!days || typeof days.value !== 'number' || days.value === 0) return fact.text
  const [count, ...rest] = fact.text.split(' behind ')
  return [`${count} and ${days.text}`, ...rest].join(' behind ')
}

/** The shape of a fact that is not right: to be behind is a triangle, however far (ui.md §5). */
export const markOf = (fact: Fact): StateWordText =>
  fact.verdict === 'unknown'
    ? 'Not seen'
    : fact.verdict === 'bad' && factNames[fact.key][0] !== 'versions'
      ? 'Failing'
      : 'Behind'
