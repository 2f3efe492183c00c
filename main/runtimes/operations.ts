import * as z from 'zod'
import { namesOfDotted } from '../../shared/value-path.ts'
import { isSettings, type Settings, valueAt } from './openclaw/settings.ts'

export { dottedPath } from '../../shared/value-path.ts'

/** A value as JSON knows it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export const Json = z.json() as z.ZodType<Json>

/** Names of a path from the outermost in; never the place in a list, which is always replaced as a whole. */
export const SettingPath = z.array(z.string().min(1).max(200)).min(1).max(32)

/** One change of a config: what stands at a path afterwards, or that nothing does. `set` may be null, where null is a value. */
export const Operation = z.union([
  z.strictObject({ path: SettingPath, set: Json }),
  z.strictObject({ path: SettingPath, remove: z.literal(true) }),
])
export type Operation = z.infer<typeof Operation>

/** An operation cannot be done on these settings. Its message is a sentence for the operator. */
export class ImpossibleOperation extends Error {
  readonly path: readonly string[]
  constructor(path: readonly string[], sentence: string) {
    super(sentence)
    this.path = path
  }
}

const neverNames = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * The settings after the operations, in their order. What was given stays as it is; parts that nothing touches are shared.
 * Removing what is not there changes nothing.
 *
 * @throws ImpossibleOperation for a name that no config can hold, and for a path through something that is no object.
 */
export function applyOperations(settings: Settings, operations: readonly Operation[]): Settings {
  return operations.reduce((at, operation) => {
    const forbidden = operation.path.find((name) => neverNames.has(name))
    if (forbidden !== undefined)
      throw new ImpossibleOperation(operation.path, `${JSON.stringify(forbidden)} cannot be the name of a setting.`)
    return changed(at, operation, 0)
  }, settings)
}

function changed(at: Settings, operation: Operation, depth: number): Settings {
  const { path } = operation
  const name = path[depth] as string
  const before = Object.hasOwn(at, name) ? at[name] : undefined
  if (depth === path.length - 1) {
    if ('set' in operation) return { ...at, [name]: operation.set }
    if (before === undefined && !Object.hasOwn(at, name)) return at
    const { [name]: _removed, ...rest } = at
    return rest
  }
  if (before !== undefined && !isSettings(before)) {
    const kind = Array.isArray(before) ? 'a list' : before === null ? 'null' : `a ${typeof before}`
    throw new ImpossibleOperation(
      path,
      `${path.slice(0, depth + 1).join('.')} is ${kind}, so nothing can stand inside it.`,
    )
  }
  if (before === undefined && !('set' in operation)) return at
  const inside = changed(before ?? {}, operation, depth + 1)
  return inside === before ? at : { ...at, [name]: inside }
}

/**
 * The operations that are still needed: those whose outcome already holds are left out.
 *
 * @throws ImpossibleOperation as {@link applyOperations}.
 */
export function smallestOperations<T extends Operation>(found: Settings, wanted: readonly T[]): T[] {
  let at = found
  return wanted.filter((operation) => {
    const after = applyOperations(at, [operation])
    const isNeeded = !isEqual(valueAt(at, ...operation.path), valueAt(after, ...operation.path))
    if (isNeeded) at = after
    return isNeeded
  })
}

/** Equal as JSON: the order of names says nothing, the order of a list does. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (Array.isArray(left) || Array.isArray(right))
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((entry, place) => isEqual(entry, right[place]))
    )
  if (!isSettings(left) || !isSettings(right)) return false
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isEqual(left[name], right[name]))
  )
}

/** The names of a dotted path; null when it is no path: an empty name, or a lone backslash. */
export function pathOfDotted(text: string): string[] | null {
  const path = namesOfDotted(text)
  return SettingPath.safeParse(path).success ? path : null
}
