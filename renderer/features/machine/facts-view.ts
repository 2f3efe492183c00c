import { type Fact, FactGroup, type FactKey, factNames } from '../../../shared/contract/index.ts'

export const groupNames: Record<FactGroup, string> = {
  reach: 'Reach',
  versions: 'Versions and own code',
  agent: 'Agent',
  channels: 'Channels',
  access: 'Who it answers',
  changes: 'Changes and keys',
  backups: 'Backups',
  system: 'System',
}

/** What a folded group says of itself: these facts, in this order, as far as they are there. */
const summaries: Record<FactGroup, readonly FactKey[]> = {
  reach: ['reach.answers', 'reach.login'],
  versions: ['version.running', 'version.disk', 'version.gap'],
  agent: ['agent.service', 'agent.ready', 'config.valid'],
  channels: ['channel.connected', 'activity.reply'],
  access: ['access.answers'],
  changes: ['config.changed', 'config.hash'],
  backups: ['backup.last'],
  system: ['system.os', 'system.node', 'system.disk'],
}

export const groupOf = (fact: Fact): FactGroup => factNames[fact.key][0]

/** Tells facts of one machine apart: agent, key and instance. */
export const factId = (fact: Fact): string => `${fact.agentId ?? ''} ${fact.key} ${fact.instance}`

/** Name of a fact as its row shows it, with the account it is about. */
export const factName = (fact: Fact): string =>
  fact.instance ? `${factNames[fact.key][1]}, ${fact.instance}` : factNames[fact.key][1]

/** What a person has to look at: wrong, or nearly. Unknown is neither wrong nor fine and stays in its group. */
export const notRight = (facts: readonly Fact[]): Fact[] =>
  facts
    .filter((fact) => fact.verdict === 'bad' || fact.verdict === 'warn')
    .toSorted((a, b) => Number(b.verdict === 'bad') - Number(a.verdict === 'bad'))

export interface FactSection {
  group: FactGroup
  facts: Fact[]
  /** Facts of the group that could not be read or are old. A group with such facts never sums up as fine. */
  unknown: number
  /** Of the oldest of them. */
  takenAtMs: number
  summary: string
}

/** The groups of the page in their order, without the facts that stand under "Not right"; empty groups are left out. */
export function sections(facts: readonly Fact[]): FactSection[] {
  return FactGroup.options.flatMap((group) => {
    const own = facts.filter((fact) => groupOf(fact) === group && fact.verdict !== 'bad' && fact.verdict !== 'warn')
    if (own.length === 0) return []
    return [
      {
        group,
        facts: own,
        unknown: own.filter((fact) => fact.verdict === 'unknown').length,
        takenAtMs: Math.min(...own.map((fact) => fact.takenAtMs)),
        summary: summaryOf(group, own),
      },
    ]
  })
}

/** An old value keeps showing; one that was never read has nothing to show. */
const isTold = (fact: Fact): boolean => fact.text !== '' && (fact.verdict !== 'unknown' || fact.stale)

function summaryOf(group: FactGroup, facts: readonly Fact[]): string {
  const told = summaries[group].flatMap((key) => facts.filter((fact) => fact.key === key && isTold(fact)))
  const words = [
    ...new Set(
      told.map((fact) =>
        fact.instance ? `${fact.instance.split('/')[0]}${group === 'access' ? ':' : ''} ${fact.text}` : fact.text,
      ),
    ),
  ]
  if (words.length > 0) return words.slice(0, 3).join(' · ')
  const known = facts.filter(isTold)
  return known.length === 0 ? 'not seen' : known.length === 1 ? '1 fact' : `${known.length} facts`
}
