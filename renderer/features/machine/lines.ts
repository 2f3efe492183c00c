import type { Fact, FactGroup } from '../../../shared/contract/index.ts'
import { notRight, wrongText } from '../../ui/not-right.ts'
import { type FactSection, factId, sections } from './facts-view.ts'

/** A line of the left column: a fact, or a group folded to one line. */
export type Line =
  | { id: string; kind: 'fact'; fact: Fact; text: string; under: 'not-right' | FactGroup }
  | { id: string; kind: 'group'; section: FactSection; open: boolean }

/** The lines of the page: what is not right, then the groups, each with its facts while it is open. */
export function linesOf(facts: readonly Fact[], open: ReadonlySet<FactGroup>): Line[] {
  const wrong = notRight(facts).map(
    (fact): Line => ({ id: factId(fact), kind: 'fact', fact, text: wrongText(fact, facts), under: 'not-right' }),
  )
  const rest = sections(facts).flatMap((section): Line[] => {
    const isOpen = open.has(section.group)
    const head: Line = { id: `group ${section.group}`, kind: 'group', section, open: isOpen }
    return isOpen
      ? [
          head,
          ...section.facts.map(
            (fact): Line => ({ id: factId(fact), kind: 'fact', fact, text: fact.text, under: section.group }),
          ),
        ]
      : [head]
  })
  return [...wrong, ...rest]
}

/** The line `steps` away, staying within the page. */
export function steppedLine(lines: readonly Line[], chosen: string | null, steps: number): string | null {
  const at = lines.findIndex((line) => line.id === chosen)
  if (at < 0) return lines[0]?.id ?? null
  return lines[Math.min(lines.length - 1, Math.max(0, at + steps))]?.id ?? null
}
