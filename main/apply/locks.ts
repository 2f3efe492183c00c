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

/** What the rules have to know of an agent beside what its machine says: all of it is kept here. */
export interface LockContext {
  readonly boxName: string
  readonly client: RuleSubject['client']
  readonly kinds: RuleSubject['kinds']
  readonly declared: RuleSubject['declared']
}

/** A change as its machine itself says it would come out. */
export interface Sides {
  readonly before: VersionedSide
  readonly after: VersionedSide
}

/** One agent and what would become of it. */
interface AgentSides extends Sides {
  readonly boxId: BoxId
  readonly agentId: AgentId
}

export function lockContextOf({ inventory, sectionsOf }: Reads, boxId: BoxId, agentId: AgentId): LockContext {
  const box = inventory.box(boxId)
  const { declared, kinds } = declaredBy(sectionsOf?.(agentId) ?? {})
  const own = inventory.channels({ boxId }).filter((channel) => channel.agentId === agentId)
  return {
    boxName: box.name,
    client: box.clientId === null ? null : inventory.client(box.clientId),
    kinds: { ...Object.fromEntries(own.map((channel) => [doorInstance(channel), channel.kind])), ...kinds },
    declared,
  }
}

/** Locks that a change would newly break or make worse, a sentence each; empty: it may be made. */
export const locksAgainst = (reads: Reads, sides: AgentSides): string[] => sentencesOf(problemsAgainst(reads, sides))

export const sentencesOf = (problems: readonly RuleProblem[]): string[] =>
  problems.slice(0, 5).map(({ place, sentence }) => (place === '' ? sentence : `${place}: ${sentence}`))

/** The same as the rules say it. */
export const problemsAgainst = (reads: Reads, sides: AgentSides): readonly RuleProblem[] =>
  problemsBetween(lockContextOf(reads, sides.boxId, sides.agentId), sides)

/** The same where all that has to be known is at hand. Pure. */
export function problemsBetween(context: LockContext, { before, after }: Sides): readonly RuleProblem[] {
  const { boxName, client, kinds, declared } = context
  const subject = ({ redacted, doors, version }: VersionedSide): RuleSubject => ({
    settings: JSON.parse(redacted),
    doors,
    version,
    kinds,
    client,
    declared,
    duties: null,
  })
  try {
    const outcome = { name: boxName, before: subject(before), after: subject(after) }
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
