import type { Json } from '../../operations.ts'
import { fingerprintShape } from '../redact.ts'
import { isSettings, type Settings, settingsAt, valueAt } from '../settings.ts'
import { isSqliteEra } from '../versions.ts'
import type { Draft } from './draft.ts'

/**
 * A value for every agent of this runtime: it stands in one place, and what single agents have of their own at `own` goes,
 * because it would win. They are a map from 2026.8 on; before that a list, which is only ever written as a whole.
 *
 * @param own below an agent; the same as `path` below `agents.defaults`, or below the root for tools.
 */
export function setForAll(
  draft: Draft,
  path: readonly string[],
  own: readonly string[],
  value: Json,
  from: string,
): void {
  draft.set(path, value, from)
  removeOwn(draft, [own], from)
}

/** Takes away what single agents have of their own at these places. */
export function removeOwn(draft: Draft, places: readonly (readonly string[])[], from: string): void {
  if (isSqliteEra(draft.version)) {
    for (const id of Object.keys(settingsAt(draft.found, 'agents', 'entries')))
      for (const own of places) draft.remove(['agents', 'entries', id, ...own], from)
    return
  }
  const list = currentList(draft)
  if (list === null) return
  const after = list.map((agent) => places.reduce<unknown>((at, own) => without(at, own), agent))
  if (after.every((agent, place) => agent === list[place])) return
  if (holdsFingerprint(after))
    draft.cannot(
      from,
      'secret',
      'The list of agents holds a secret, so it can be written on the machine alone (agents.list).',
    )
  else draft.set(['agents', 'list'], after as Json, from)
}

/** As an earlier part of this draft leaves it. */
function currentList(draft: Draft): unknown[] | null {
  const drafted = draft.drafted.findLast(({ operation }) => operation.path.join('.') === 'agents.list')?.operation
  const list = drafted !== undefined && 'set' in drafted ? drafted.set : valueAt(draft.found, 'agents', 'list')
  return Array.isArray(list) ? list : null
}

function without(at: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined || !isSettings(at) || !Object.hasOwn(at, name)) return at
  if (rest.length === 0) {
    const { [name]: _gone, ...others } = at
    return others
  }
  const inside = without(at[name], rest)
  return inside === at[name] ? at : ({ ...at, [name]: inside } satisfies Settings)
}

/** Does it hold a fingerprint that stands for a secret? Such a value must not be written back. */
export const holdsFingerprint = (value: unknown): boolean => {
  if (typeof value === 'string') return fingerprintShape.test(value)
  if (Array.isArray(value)) return value.some(holdsFingerprint)
  return (
    isSettings(value) &&
    Object.entries(value).some(([name, inner]) => fingerprintShape.test(name) || holdsFingerprint(inner))
  )
}
