import type { Breach, RuleVerdict } from '../../shared/contract/index.ts'
import { isLock } from './catalogue.ts'
import { verdictOf } from './verdict.ts'

const moreThan = /^(\d+) more people$/

/** Does what was open before already hold what is open after, so that nothing got wider? */
function covers(before: Breach, after: Breach): boolean {
  if (before.place !== after.place) return false
  if (before.what === after.what) return true
  if (before.what === 'everyone') return /^(person |no handle |pairing$|reopened$|\d+ more people$)/.test(after.what)
  if (before.what === 'all groups') return after.what === 'groups'
  const [, many] = moreThan.exec(before.what) ?? []
  const [, fewer] = moreThan.exec(after.what) ?? []
  return many !== undefined && fewer !== undefined && Number(fewer) <= Number(many)
}

/**
 * The locks a change breaks that held before, or breaks further: with the breaches that are new. What lies open already
 * may stay open, and a change that only narrows always passes. What nobody can judge after it, and could before, is
 * refused like a breach, and beside one. Pure.
 */
export function refusals(before: readonly RuleVerdict[], after: readonly RuleVerdict[]): RuleVerdict[] {
  const open = before.flatMap(({ breaches }) => breaches)
  return after.flatMap((verdict) => {
    if (!isLock(verdict.ruleId)) return []
    const was = before.find(({ ruleId }) => ruleId === verdict.ruleId)
    const worse = verdict.breaches.filter((breach) => !open.some((known) => covers(known, breach)))
    const known = new Set([...(was?.where ?? []), ...(was?.unknown ?? [])])
    // What nobody judged yet of tools is listed; it holds up nothing.
    const unclear = verdict.ruleId === 'money-asks' ? [] : verdict.unknown.filter((place) => !known.has(place))
    return worse.length + unclear.length === 0 ? [] : [verdictOf(verdict.ruleId, { breaches: worse, unknown: unclear })]
  })
}
