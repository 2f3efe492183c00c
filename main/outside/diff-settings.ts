import type { DiffLine } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'

/** What stands for a secret in a redacted config (runtimes/openclaw/redact.ts). */
const secret = /^#[0-9a-f]{12}$/
const pathChars = 300
const valueChars = 400
/** Lists that fit into this many characters are shown whole. */
const shortList = 200
type Settings = Record<string, unknown>
const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isSecret = (value: unknown): boolean => typeof value === 'string' && secret.test(value)

const wordsOf = (value: unknown): string =>
  isSecret(value)
    ? 'a secret'
    : untrusted(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), valueChars)

/** A fingerprint says nothing to a person, also where it stands within a list. */
const shown = (value: unknown): string | null =>
  value === undefined
    ? null
    : wordsOf(Array.isArray(value) ? value.map((entry) => (isSecret(entry) ? 'a secret' : entry)) : value)

const isShortList = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((entry) => typeof entry !== 'object' || entry === null) &&
  (JSON.stringify(value)?.length ?? 0) <= shortList

const pathOf = (at: string, name: string): string => {
  const plain = /^[A-Za-z_][\w-]*$/.test(name) ? name : `"${name}"`
  return at === '' ? plain : `${at}.${plain}`
}

/** The place of a setting as a line of a difference names it. */
export const settingPath = (names: readonly string[]): string => untrusted(names.reduce(pathOf, ''), pathChars)

/**
 * What differs between two redacted configs, a line for each setting: paths that are gone, new or read differently.
 * Literal: a list in another order is a change. A secret that changed shows as one, and nothing of it. Pure.
 */
export function diffSettings(before: unknown, after: unknown): DiffLine[] {
  const lines: DiffLine[] = []
  const add = (path: string, one: unknown, other: unknown) => {
    const both = isSecret(one) && isSecret(other)
    lines.push({ path: untrusted(path, pathChars), before: shown(one), after: both ? 'another secret' : shown(other) })
  }
  const walk = (path: string, one: unknown, other: unknown): void => {
    if (Object.is(one, other)) return
    if (isSettings(one) && isSettings(other)) {
      for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
        walk(pathOf(path, name), own(one, name), own(other, name))
      return
    }
    if (JSON.stringify(one) === JSON.stringify(other)) return
    if (Array.isArray(one) && Array.isArray(other) && !(isShortList(one) && isShortList(other))) {
      for (let place = 0; place < Math.max(one.length, other.length); place++)
        walk(`${path}[${place}]`, one[place], other[place])
      return
    }
    if (isSettings(one ?? other) && (one === undefined || other === undefined)) {
      const inner = Object.keys((one ?? other) as Settings)
      if (inner.length > 0) {
        for (const name of inner) walk(pathOf(path, name), own(one ?? {}, name), own(other ?? {}, name))
        return
      }
    }
    add(path, one, other)
  }
  walk('', before, after)
  return lines.sort((a, b) => a.path.localeCompare(b.path, 'en'))
}

const own = (value: unknown, name: string): unknown =>
  isSettings(value) && Object.hasOwn(value, name) ? value[name] : undefined
