import type { Breach, RuleId, RuleVerdict } from '../../shared/contract/index.ts'
import { counted } from '../base/words.ts'
import { ruleOf } from './catalogue.ts'

/** What a judge found of one rule: what breaks it, and the places it could not judge. */
export interface Looked {
  readonly breaches: readonly Breach[]
  readonly unknown: readonly string[]
}

export const nothing: Looked = { breaches: [], unknown: [] }

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]

const most = 200

/** Pure: breaches go before what is unknown, and what is unknown before what holds. */
export function verdictOf(ruleId: RuleId, looked: Looked): RuleVerdict {
  const { breaches } = looked
  const unknown = unique(looked.unknown).slice(0, most)
  const rule = ruleOf(ruleId)
  const seen = new Map(breaches.map((breach) => [`${breach.place} ${breach.what}`, breach]))
  const kept = [...seen.values()].slice(0, most)
  if (kept.length > 0) {
    const where = unique(kept.map(({ place }) => place))
    const told = where.slice(0, 3).join(', ')
    const more = where.length > 3 ? ` and ${counted(where.length - 3, 'other place', 'other places')}` : ''
    return { ruleId, state: 'broken', where, breaches: kept, unknown, words: `Broken at ${told}${more}. ${rule.fix}` }
  }
  const words = `Nobody can tell: ${unknown.slice(0, 3).join(', ')}.`
  if (unknown.length > 0) return { ruleId, state: 'unknown', where: unknown, breaches: [], unknown, words }
  return { ruleId, state: 'holds', where: [], breaches: [], unknown, words: 'It holds.' }
}
