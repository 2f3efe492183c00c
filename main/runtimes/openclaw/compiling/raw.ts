import { dottedPath, type Json, type Operation, pathOfDotted } from '../../operations.ts'
import { isSettings, valueAt } from '../settings.ts'
import type { Draft } from './draft.ts'

/**
 * Raw paths, after the sections: where both speak of the same place, the section counts and the raw path is named. Objects
 * are laid into what is there, name by name; lists and single values replace it; null takes it away.
 */
export function compileRaw(draft: Draft): void {
  const sections = draft.drafted.map(({ operation }) => operation)
  for (const [dotted, value] of Object.entries(draft.raw)) {
    const from = `raw.openclaw.${dotted}`
    const path = pathOfDotted(dotted)
    if (path === null) {
      draft.cannot(from, 'conflict', `${dotted} is no path of a setting.`)
      continue
    }
    for (const leaf of leavesOf(path, value, draft)) {
      const taken = sections.find((operation) => overlaps(operation.path, leaf.path))
      if (taken !== undefined)
        draft.cannot(
          from,
          'conflict',
          `${dottedPath(leaf.path)} is decided by ${taken.from.replace(/^sections\./, '')}.`,
        )
      else if ('set' in leaf) draft.set(leaf.path, leaf.set, from)
      else draft.remove(leaf.path, from)
    }
  }
}

function leavesOf(path: string[], value: Json, draft: Draft): Operation[] {
  if (value === null) return [{ path, remove: true }]
  if (!isSettings(value)) return [{ path, set: value }]
  const names = Object.keys(value)
  if (names.length === 0) return isSettings(valueAt(draft.found, ...path)) ? [] : [{ path, set: {} }]
  return names.flatMap((name) => leavesOf([...path, name], value[name] as Json, draft))
}

/** Is one path the other, or inside it? */
const overlaps = (left: readonly string[], right: readonly string[]): boolean =>
  left.slice(0, right.length).every((name, at) => name === right[at])
