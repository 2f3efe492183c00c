import { doorInstance } from '../../shared/channels.ts'
import type { AgentId, BoxId, RuleProblem } from '../../shared/contract/index.ts'
import type { Sections } from '../../shared/sections.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { declaredBy, permit, type RuleSubject } from '../rules/rules.ts'
import type { VersionedSide } from './carry-out.ts'

interface Reads {
  readonly inventory: Pick<Inventory, 'box' | 'client' | 'channels'>
  /** What the layers of an agent declare; null: nothing. Absent: there are none. */
  readonly sectionsOf?: ((agentId: AgentId) => Sections | null) | undefined
}

/** What would be sent to one agent, as its machine itself says it would come out. */
export interface Sides {
  readonly boxId: BoxId
  readonly agentId: AgentId
  readonly before: VersionedSide
  readonly after: VersionedSide
}

/** Locks that a change would newly break or make worse, a sentence each; empty: it may be made. */
export const locksAgainst = (reads: Reads, sides: Sides): string[] => sentencesOf(problemsAgainst(reads, sides))

export const sentencesOf = (problems: readonly RuleProblem[]): string[] =>
  problems.slice(0, 5).map(({ place, sentence }) => (place === '' ? sentence : `${place}: ${sentence}`))

/** The same as the rules say it. */
export function problemsAgainst({ inventory, sectionsOf }: Reads, sides: Sides): readonly RuleProblem[] {
  const { boxId, agentId } = sides
  const box = inventory.box(boxId)
  const { declared, kinds: declaredKinds } = declaredBy(sectionsOf?.(agentId) ?? {})
  const own = inventory.channels({ boxId }).filter((channel) => channel.agentId === agentId)
  const kinds = {
    ...Object.fromEntries(own.map((channel) => [doorInstance(channel), channel.kind])),
    ...declaredKinds,
  }
  const subject = ({ redacted, doors, version }: VersionedSide): RuleSubject => ({
    settings: JSON.parse(redacted),
    doors,
    version,
    kinds,
    client: box.clientId === null ? null : inventory.client(box.clientId),
    declared,
    duties: null,
  })
  try {
    const outcome = { name: box.name, before: subject(sides.before), after: subject(sides.after) }
    permit({ way: 'apply', layers: [], wholes: [], outcomes: [outcome] })
    return []
  } catch (error) {
    if (error instanceof SyntaxError) {
      const sentence = 'The machine told its config in a form that cannot be read.'
      return [{ ruleId: 'no-references', place: '', sentence }]
    }
    if (!(error instanceof FaultError) || error.fault.code !== 'rule-broken') throw error
    return error.fault.problems as RuleProblem[]
  }
}
