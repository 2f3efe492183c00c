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
  changes: ['config.changed'],
  backups: ['backup.last'],
  system: ['system.os', 'system.node', 'system.disk'],
}

/** Words before a value that means little alone. */
const led: Partial<Record<FactKey, string>> = {
  'reach.answers': 'answers',
  'version.gap': 'behind',
  'config.valid': 'config',
  'config.changed': 'config changed',
  'activity.reply': 'last good reply',
  'system.node': 'Node',
}

const keyOrder = new Map(Object.keys(factNames).map((key, at) => [key, at]))
const inOrder = (a: Fact, b: Fact): number =>
  (keyOrder.get(a.key) ?? 0) - (keyOrder.get(b.key) ?? 0) || a.instance.localeCompare(b.instance)

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
    .toSorted((a, b) => Number(b.verdict === 'bad') - Number(a.verdict === 'bad') || inOrder(a, b))

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
    const own = facts
      .filter((fact) => groupOf(fact) === group && fact.verdict !== 'bad' && fact.verdict !== 'warn')
      .toSorted(inOrder)
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

/** The channel is named before the value, unless the value names it itself. */
function toldWords(group: FactGroup, fact: Fact): string {
  const [channel = ''] = fact.instance.split('/')
  const lead = led[fact.key] ?? (fact.text.toLowerCase().startsWith(channel) ? '' : channel)
  return lead === '' ? fact.text : `${lead}${group === 'access' ? ':' : ''} ${fact.text}`
}

function summaryOf(group: FactGroup, facts: readonly Fact[]): string {
  const told = summaries[group].flatMap((key) => facts.filter((fact) => fact.key === key && isTold(fact)))
  const words = [...new Set(told.map((fact) => toldWords(group, fact)))]
  if (words.length > 0) return words.slice(0, 3).join(' · ')
  const known = facts.filter(isTold)
  return known.length === 0 ? 'not seen' : known.length === 1 ? '1 fact' : `${known.length} facts`
}
