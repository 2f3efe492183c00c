import { untrusted } from '../../shared/untrusted.ts'

/** What a box said, with every text in it safe to store, none longer than it was. Names of fields stay as they are. */
export function cleaned<T>(value: T): T {
  if (typeof value === 'string') return untrusted(value, value.length) as T
  if (Array.isArray(value)) return value.map(cleaned) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleaned(inner)])) as T
}
