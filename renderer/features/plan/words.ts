import type { AgentPlan, Plan, PlanChange, PlanGroup } from '../../../shared/contract/index.ts'
import { shellWord } from '../../../shared/shell.ts'
import { type Away, type Part, partsOf } from './parts.ts'

/** A machine with several agents counts each. */
const nounOf = (plans: readonly AgentPlan[]): string =>
  new Set(plans.map(({ boxId }) => boxId)).size === plans.length ? 'machine' : 'agent'

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

export const changesCounted = (count: number): string => counted(count, 'change')

/** The whole plan in a sentence; only what is known and read lately is said to hold what is declared. */
export function leadOf(plan: Plan, away: Away, declared: number, neverRead = 0): string {
  if (plan.agents.length === 0) return 'No agent has been seen yet. What it should become stands here once it was read.'
  if (declared === 0) return 'Nothing is declared yet, so there is nothing to change.'
  const noun = nounOf(plan.agents)
  const parts = partsOf(plan, away)
  const count = (kind: Part['kind']) =>
    parts.filter((part) => part.kind === kind).reduce((sum, { plans }) => sum + plans.length, 0)
  const [largest, ...others] = parts.filter(({ kind }) => kind === 'changes')
  const same = count('same')
  const unknown = count('unknown') + neverRead
  if (same === plan.agents.length && neverRead === 0) {
    const hold = same === 1 ? 'holds' : 'hold'
    return `Nothing to change: ${counted(same, noun)} ${hold} what is declared.`
  }
  const many = largest?.plans.length ?? 0
  const differ = others.reduce((sum, { plans }) => sum + plans.length, 0)
  const said = [
    ...(largest
      ? [
          `${counted(many, noun)} ${many === 1 ? 'needs' : 'need the same'} ${changesCounted(largest.group?.changes.length ?? 0)}`,
        ]
      : ['Nothing can be changed now']),
    ...(differ > 0 ? [`${differ} ${differ === 1 ? 'differs' : 'differ'}`] : []),
    ...(count('refused') > 0 ? [`${count('refused')} ${count('refused') === 1 ? 'is' : 'are'} blocked`] : []),
    ...(count('bomb') > 0 ? [`${count('bomb')} will not start again`] : []),
    ...(unknown > 0 ? [`of ${unknown} nobody knows`] : []),
    ...(same > 0 ? [`${same} ${same === 1 ? 'holds' : 'hold'} what is declared`] : []),
  ]
  return `${said.join(', ')}.`
}

/** "7 machines, the same 3 changes". */
export function groupHeading({ plans, group }: Part): string {
  const changes = changesCounted(group?.changes.length ?? 0)
  return `${counted(plans.length, nounOf(plans))}, ${plans.length > 1 ? 'the same ' : ''}${changes}`
}

/** How a group differs from the largest: "also gateway.bind; not logging.level". Empty for that one. */
export function differsIn({ besides, lacks }: Pick<PlanGroup, 'besides' | 'lacks'>): string {
  return [
    ...(besides.length > 0 ? [`also ${besides.join(', ')}`] : []),
    ...(lacks.length > 0 ? [`not ${lacks.join(', ')}`] : []),
  ].join('; ')
}

/** Where a value comes from: the layer, and what of it. */
export function sourceOf({ fromLabel, declared }: Pick<PlanChange, 'fromLabel' | 'declared'>): string {
  const what = declared.replace(/^sections\./, '').replace(/^raw\.[a-z]+\./, '')
  return fromLabel === '' ? `several layers · ${what}` : `${fromLabel} · ${what}`
}

/** Why a machine's plan is not simply carried out, beside its name in the list. */
export function rowWords(plan: AgentPlan, { kind, group }: Part, away: Away): string {
  if (kind === 'bomb') return 'its config is broken; it will not start again'
  if (kind === 'refused') return plan.why
  const unsure = away.has(plan.boxId) ? 'did not answer last time' : plan.old ? 'not read lately' : ''
  if (kind === 'unknown') return plan.state === 'unread' ? plan.why : `held what is declared; ${unsure}`
  return [group === null ? '' : differsIn(group), cannotWords(plan), unsure].filter(Boolean).join(' · ')
}

const cannotWords = ({ cannot }: AgentPlan): string =>
  cannot.length === 0
    ? ''
    : cannot.length === 1
      ? '1 thing it cannot be given'
      : `${cannot.length} things it cannot be given`

/** The command that does or shows the same. */
export const commandOf = (plan: AgentPlan): string =>
  plan.hash === ''
    ? `npm run --silent cli -- plan --box ${shellWord(plan.boxName)}`
    : `npm run --silent cli -- apply --box ${shellWord(plan.boxName)} --plan ${plan.hash}`

/** The first signs of a hash, in groups of four: enough to compare by eye. */
export const shortHash = (hash: string): string => `${hash.slice(0, 4)} ${hash.slice(4, 8)}`

/** The section of the overlay form that decides a declared path. */
export const sectionOf = (declared: string): string => {
  const [area = '', section = ''] = declared.split('.')
  return area === 'sections' ? section : 'all'
}
