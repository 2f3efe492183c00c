import { type Fact, FactGroup, type FactKey, factNames } from '../../../shared/contract/index.ts'
import { inOrder, notRight } from '../../ui/not-right.ts'

export const groupNames: Record<FactGroup, string> = {
  reach: 'Reach',
  versions: 'Versions and own code',
  agent: 'Agent',
  channels: 'Channels',
  access: 'Who it answers',
  integrations: 'Integrations',
  changes: 'Changes and keys',
  backups: 'Backups',
  system: 'System',
}

/** What a folded group says of itself: these facts, in this order, as far as they are there. */
const summaries: Record<FactGroup, readonly FactKey[]> = {
  reach: ['reach.answers', 'reach.login'],
  versions: ['version.running', 'version.disk', 'version.lab', 'code.behind', 'version.gap'],
  agent: ['agent.service', 'agent.ready', 'config.valid'],
  channels: ['channel.connected', 'activity.reply'],
  access: ['access.answers'],
  integrations: ['integration.email', 'integration.calendar', 'integration.crm', 'integration.other'],
  changes: ['keys.authorized', 'users.list', 'remote.tools'],
  backups: ['backup.last'],
  system: ['system.os', 'system.node', 'system.disk'],
}

/** Words before a value that means little alone. */
const led: Partial<Record<FactKey, string>> = {
  'version.gap': 'behind',
  'version.lab': '',
  'code.behind': 'own code behind',
  'config.valid': 'config',
  'activity.reply': 'last good reply',
  'system.node': 'Node',
}

/** What works is named; when it last did stands in its own line. */
const workedWords = ({ instance, text, verdict }: Fact): string =>
  verdict === 'ok' ? `${instance} works` : `${instance} ${text}`

/** Facts that say more in their line than a summary needs. */
const counted: Partial<Record<FactKey, (fact: Fact) => string>> = {
  'reach.answers': ({ text, value }) => (value === true ? 'reached' : text),
  'version.lab': ({ text, value }) => (value === 0 ? text.replace(/^none, it has/, 'has') : text),
  'version.gap': ({ text, value }) => (value === 0 ? 'nothing newer is known' : `behind ${text}`),
  'integration.email': workedWords,
  'integration.calendar': workedWords,
  'integration.crm': workedWords,
  'integration.other': workedWords,
  'keys.authorized': ({ text }) => `${text.split(':', 1)[0]} may log in`,
  'users.list': ({ text }) => text.split(':', 1)[0] ?? text,
  'remote.tools': ({ text, value }) => (value === 0 ? 'no remote access' : text),
}

export const groupOf = (fact: Fact): FactGroup => factNames[fact.key][0]

/** Tells facts of one machine apart: agent, key and instance. */
export const factId = (fact: Fact): string => `${fact.agentId ?? ''} ${fact.key} ${fact.instance}`

/** Name of a fact as its row shows it, with the account it is about. */
export const factName = (fact: Fact): string =>
  fact.instance ? `${factNames[fact.key][1]}, ${fact.instance}` : factNames[fact.key][1]

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
  const wrong = new Set(notRight(facts))
  return FactGroup.options.flatMap((group) => {
    const own = facts.filter((fact) => groupOf(fact) === group && !wrong.has(fact)).toSorted(inOrder)
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

/** An old value keeps showing; one that was never read has nothing to show, and one that is not right says so itself. */
const isTold = (fact: Fact): boolean =>
  fact.text !== '' && (fact.verdict === 'ok' || (fact.verdict === 'unknown' && fact.stale))

/** The channel is named before the value, unless the value names it itself. */
function toldWords(group: FactGroup, fact: Fact): string {
  const told = counted[fact.key]
  if (told) return told(fact)
  const [channel = ''] = fact.instance.split('/')
  const lead = led[fact.key] ?? (fact.text.toLowerCase().startsWith(channel) ? '' : channel)
  return lead === '' ? fact.text : `${lead}${group === 'access' ? ':' : ''} ${fact.text}`
}

function summaryOf(group: FactGroup, facts: readonly Fact[]): string {
  const all = summaries[group].flatMap((key) => facts.filter((fact) => fact.key === key && isTold(fact)))
  // The lab machine is what the others are measured by: beside it the newest known adds nothing.
  const told = all.filter(({ key }) => key !== 'version.gap' || !all.some((other) => other.key === 'version.lab'))
  const words = [...new Set(told.map((fact) => toldWords(group, fact)))]
  if (words.length > 0) return words.slice(0, 3).join(' · ')
  const known = facts.filter(isTold)
  const [why, ...others] = new Set(facts.map(({ text }) => text))
  if (known.length === 0 && why?.startsWith('not read: ') && others.length === 0) return why
  return known.length === 0 ? 'not seen' : known.length === 1 ? '1 fact' : `${known.length} facts`
}
