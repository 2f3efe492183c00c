import type { RuleId } from '../../shared/contract/index.ts'
import { samePerson } from '../facts/facts.ts'
import { type Json, type Operation, pathOfDotted } from '../runtimes/operations.ts'
import { holdsFingerprint, isSettings, type Settings, textAt } from '../runtimes/runtimes.ts'
import type { Target } from './fix.ts'
import { toolsOf } from './judge-tools.ts'
import { isFilledIn, wildcardIn } from './spelling.ts'

/** What else breaks a rule, outside of what one account says for itself: lists, rooms, the gateway, tools. Pure. */
export function settingFixes(settings: Settings, targets: readonly Target[], own: readonly string[]): Operation[] {
  return targets.flatMap((target) => {
    if (target.ruleId === 'closed-gateway') return closeGateway(settings, target)
    if (target.ruleId === 'money-asks') return switchOff(settings, target)
    return ofLists.has(target.ruleId) ? narrow(settings, target, own) : []
  })
}

const ofLists: ReadonlySet<RuleId> = new Set(['no-wildcard', 'no-references', 'owners-tools'])

function closeGateway(settings: Settings, { place, what }: Target): Operation[] {
  if (what === 'login switched off') return [{ path: place.split('.'), set: false }]
  const tailscale = textAt(settings, 'gateway', 'tailscale', 'mode')
  return [
    { path: ['gateway', 'bind'], set: 'loopback' },
    ...(tailscale === '' || tailscale === 'off'
      ? []
      : [{ path: ['gateway', 'tailscale', 'mode'], set: 'off' } satisfies Operation]),
  ]
}

/** The runtime cannot ask before a single tool. */
const switchOff = (settings: Settings, { place }: Target): Operation[] =>
  toolsOf(settings)
    .filter(({ name }) => name === place)
    .map(({ path }) => ({ path: [...path, 'enabled'], set: false }))

/** Takes what may not be in it out of a list of people, and a room that stands for all of them out of its rooms. */
function narrow(settings: Settings, { ruleId, place, what }: Target, own: readonly string[]): Operation[] {
  const path = pathOfDotted(place)
  if (path === null) return []
  const keep = (text: string): boolean =>
    ruleId === 'owners-tools'
      ? wildcardIn(text) === null && own.some((handle) => samePerson(handle, text))
      : wildcardIn(text) === null && !isFilledIn(text)
  const room = /^wildcard (.*)$/s.exec(what)?.[1] ?? ''
  return rewritten(settings, path, (value) => {
    if (isSettings(value) && Object.hasOwn(value, room)) {
      const { [room]: _all, ...rooms } = value
      return rooms as Json
    }
    return people(value, keep)
  })
}

/** The same lists without those who do not stay; what is no list, such as one text, becomes an empty one. */
function people(value: unknown, keep: (text: string) => boolean): Json {
  if (isSettings(value) && typeof value.source !== 'string')
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, people(each, keep)]))
  if (!Array.isArray(value)) return []
  return value.filter((each) => (typeof each === 'string' || typeof each === 'number') && keep(String(each)))
}

/** A list is only ever written as a whole, and never one that holds what is not known here. */
function rewritten(settings: Settings, path: readonly string[], change: (value: unknown) => Json): Operation[] {
  let at: unknown = settings
  for (const [depth, name] of path.entries()) {
    if (Array.isArray(at)) {
      const list = inside(at, path.slice(depth), change)
      return holdsFingerprint(list) ? [] : [{ path: path.slice(0, depth), set: list as Json }]
    }
    if (!isSettings(at) || !Object.hasOwn(at, name)) return []
    at = at[name]
  }
  const value = change(at)
  return holdsFingerprint(value) ? [] : [{ path: [...path], set: value }]
}

function inside(at: unknown, path: readonly string[], change: (value: unknown) => Json): unknown {
  const [name, ...rest] = path
  if (name === undefined) return change(at)
  if (Array.isArray(at)) return at.map((each, place) => (String(place) === name ? inside(each, rest, change) : each))
  return isSettings(at) && Object.hasOwn(at, name) ? { ...at, [name]: inside(at[name], rest, change) } : at
}
