import type { AgentId, Fact, Finding, PatchCheck } from '../../shared/contract/index.ts'
import { factNames } from '../../shared/contract/index.ts'
import { asksMachine, type Checked } from './checks.ts'
import type { BeforeIt } from './run-rows.ts'

type SeenFact = Pick<Fact, 'key' | 'instance' | 'verdict' | 'text' | 'agentId' | 'takenAtMs'>
type Alarm = Pick<Finding, 'cause' | 'agentId' | 'severity' | 'sentence'>

/** An agent and its machine as they were just looked at. */
export interface Sight {
  readonly facts: readonly SeenFact[]
  readonly alarms: readonly Alarm[]
}

export interface Verdict {
  readonly state: 'pass' | 'fail' | 'inconclusive'
  /** Each thing that was seen. */
  readonly seen: string[]
  /** What of it keeps the run from going on. */
  readonly against: string[]
}

/** Broken locks weigh like an alarm, however loud they are. */
const locks: ReadonlySet<Finding['cause']> = new Set(['rule-broken', 'answers-everyone', 'answers-strangers'])
const watched: ReadonlySet<Fact['key']> = new Set([
  'agent.ready',
  'config.valid',
  'config.applied',
  'channel.connected',
  'channel.suppressed',
])

const keyOf = ({ key, instance }: SeenFact): string => [key, instance].filter(Boolean).join(' ')
const nameOf = ({ key, instance }: SeenFact): string => [factNames[key][1], instance].filter(Boolean).join(' ')
const alarmKey = ({ cause, agentId }: Alarm): string => [cause, agentId ?? ''].join(' ').trim()

function ofAgent(agentId: AgentId, { facts, alarms }: Sight) {
  return {
    facts: facts.filter((fact) => fact.agentId === agentId && watched.has(fact.key)),
    alarms: alarms.filter(
      (alarm) =>
        (alarm.agentId === null || alarm.agentId === agentId) && (alarm.severity === 'red' || locks.has(alarm.cause)),
    ),
  }
}

/** What is the matter with an agent before it is changed. Pure. */
export function beforeIt(agentId: AgentId, sight: Sight): BeforeIt {
  const { facts, alarms } = ofAgent(agentId, sight)
  return {
    alarms: alarms.map(alarmKey),
    facts: Object.fromEntries(facts.map((fact) => [keyOf(fact), fact.verdict])),
  }
}

export interface Looked {
  readonly sinceMs: number
  readonly checks: readonly PatchCheck[]
  /** What those of the checks showed that ask the machine. */
  readonly checked: readonly Checked[]
  readonly why: string
}

/**
 * Whether a changed agent is as well as before. What was not read after the change, and what nobody looks for, is neither
 * well nor ill. Pure.
 *
 * @param sight null: its machine did not answer, `why`.
 */
export function judgeLook(
  agentId: AgentId,
  before: BeforeIt,
  sight: Sight | null,
  { sinceMs, checks, checked, why }: Looked,
): Verdict {
  if (sight === null) {
    const against = [`It could not be looked at: ${why}`]
    return { state: 'inconclusive', seen: against, against }
  }
  const { facts, alarms } = ofAgent(agentId, sight)
  const seen: string[] = []
  const wrong: string[] = []
  const unsure: string[] = []
  for (const fact of facts) {
    const was = before.facts[keyOf(fact)] ?? 'unknown'
    const isFresh = fact.takenAtMs >= sinceMs
    const words = `${nameOf(fact)}: ${fact.text.replace(/\.$/, '')}${isFresh ? '' : ', read before that look'}.`
    seen.push(words)
    const isIll = fact.verdict === 'bad' || fact.verdict === 'warn'
    const isReady = fact.key === 'agent.ready'
    const isNews = was === 'ok' || (was === 'unknown' && isReady)
    const isOpen = fact.verdict === 'unknown' || !isFresh
    if (isIll && isFresh && isNews) wrong.push(words)
    else if ((isOpen && (isReady || was === 'ok')) || (isIll && (isReady || was === 'unknown'))) unsure.push(words)
  }
  if (!facts.some(({ key }) => key === 'agent.ready')) unsure.push('Whether it is ready was not read.')
  const read = new Set(facts.map(keyOf))
  for (const [key, was] of Object.entries(before.facts)) {
    if (was !== 'ok' || read.has(key) || key === 'agent.ready') continue
    const [name, ...instance] = key.split(' ')
    const words = [factNames[name as Fact['key']]?.[1] ?? name, ...instance].join(' ')
    unsure.push(`${words}: well before, and not read any more.`)
  }
  const news = alarms.filter((alarm) => !before.alarms.includes(alarmKey(alarm)))
  for (const { sentence } of news) wrong.push(`New since the change: it ${sentence}.`)
  seen.push(news.length === 0 ? 'No new alarm.' : `New alarms: ${news.length}.`)
  for (const { state, words } of checked) {
    seen.push(words)
    if (state === 'fail') wrong.push(words)
    if (state === 'cant-tell') unsure.push(words)
  }
  if (checked.length < checks.filter(asksMachine).length) unsure.push('Not every check of the patch was made.')
  if (wrong.length > 0) return { state: 'fail', seen, against: wrong }
  return { state: unsure.length > 0 ? 'inconclusive' : 'pass', seen, against: unsure }
}
