import { isSettings, type Settings } from '../runtimes/runtimes.ts'
import { isFilledIn } from './spelling.ts'

/** A value of a config that has a say in who is answered. */
export interface AccessValue {
  readonly path: readonly string[]
  /**
   * `people`: a list of handles. `policy`: a word or a switch. `whole`: something stands where a channel or an account
   * should. `unseen`: there is more than is looked at, from here on.
   */
  readonly kind: 'people' | 'policy' | 'whole' | 'unseen'
  readonly value: unknown
}

const peopleNames = /^(allowFrom|groupAllowFrom|allowedSenders|allowedUsers|users|members|ownerAllowFrom)$/i
const policyNames = /^(enabled|disabled|dmPolicy|groupPolicy|policy|configWrites|dmScope)$/i

/** Parts of the settings in which people are let in. */
function isAccess(path: readonly string[]): boolean {
  const [first, second, third] = path
  if (first === 'channels' || first === 'accessGroups') return true
  if (first === 'session') return second === 'dmScope'
  if (first === 'commands') return second === 'allowFrom' || second === 'ownerAllowFrom'
  if (first === 'tools') return second === 'elevated'
  if (first === 'agents') return path.includes('elevated')
  // Mail, and whatever else is a plugin and no channel, keeps its list of senders here.
  return first === 'plugins' && second === 'entries' && third !== undefined
}

/** Where a channel, an account or all of them stand, and nothing that stands for them may. */
function isWhole(path: readonly string[]): boolean {
  const [first, , third] = path
  if (first === 'accessGroups') return path.length <= 2
  return first === 'channels' && (path.length <= 2 || (third === 'accounts' && path.length <= 4))
}

const standsForIt = (value: unknown): boolean =>
  typeof value === 'string' || (isSettings(value) && typeof value.source === 'string' && typeof value.id === 'string')

/** Deeper, and more, than any config. */
export const deepest = 40
const most = 20_000

/** Every value that decides who is answered, wherever it stands: channels, their accounts, groups, tools for owners. */
export function accessValues(settings: Settings): AccessValue[] {
  const found: AccessValue[] = []
  let isOver = false
  const add = (path: readonly string[], kind: AccessValue['kind'], value: unknown): void => {
    if (isOver) return
    isOver = found.length >= most
    found.push(isOver ? { path, kind: 'unseen', value: null } : { path, kind, value })
  }
  const walk = (at: unknown, path: readonly string[]): void => {
    if (isOver) return
    const name = path.at(-1) ?? ''
    const decides = isAccess(path)
    if (path.length > deepest) {
      if (decides) add(path.slice(0, -1), 'unseen', null)
      return
    }
    if (decides && peopleNames.test(name)) {
      add(path, 'people', at)
      return
    }
    if (isWhole(path) && standsForIt(at)) add(path, 'whole', at)
    if (decides && policyNames.test(name)) add(path, 'policy', at)
    const inner = isSettings(at) ? Object.entries(at) : Array.isArray(at) ? [...at.entries()] : []
    for (const [key, value] of inner) walk(value, [...path, String(key)])
  }
  walk(settings, [])
  return found
}

/** Does anything in these settings decide who is answered? A switch of a channel or of a plugin alone does not. Pure. */
export const decidesWhoIsAnswered = (settings: Settings): boolean =>
  accessValues(settings).some(({ kind, path }) => kind !== 'policy' || !/^(en|dis)abled$/i.test(path.at(-1) ?? ''))

/** Every text in a value, however deep it is nested: lists in lists, objects that stand for lists. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isSettings(value) ? Object.values(value).flatMap(textsIn) : []
}

/** What part of a value is filled in later: a variable, a secret, an included file; null: none. */
export function referenceIn(value: unknown): string | null {
  if (typeof value === 'string') return isFilledIn(value) ? value : null
  if (Array.isArray(value)) return firstOf(value)
  if (!isSettings(value)) return null
  if (Object.hasOwn(value, '$include')) return '$include'
  if (typeof value.source === 'string' && typeof value.id === 'string') return `a secret of ${value.source}`
  return firstOf(Object.values(value))
}

function firstOf(values: readonly unknown[]): string | null {
  for (const value of values) {
    const found = referenceIn(value)
    if (found !== null) return found
  }
  return null
}
