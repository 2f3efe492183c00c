import type { Except, PatchContent, PatchPart } from '../../../shared/contract/index.ts'
import { editedPaths, type LayerDraft, valueAt } from './draft.ts'

type OverlayPart = Extract<PatchPart, { kind: 'overlay' }>

/** The values that were edited, as a patch declares them, and the exceptions, which no patch carries. Pure. */
export function patchOfEdits(
  saved: LayerDraft,
  draft: LayerDraft,
): { edit: Pick<OverlayPart, 'set' | 'reset'>; excepts: readonly Except[] } {
  const paths = editedPaths(saved, draft)
  const values = paths.filter((path) => !path.startsWith('except '))
  const set = values.flatMap((path): [string, OverlayPart['set'][string]][] => {
    const value = valueAt(draft, path)
    return value === undefined ? [] : [[path, value as OverlayPart['set'][string]]]
  })
  return {
    edit: { set: Object.fromEntries(set), reset: values.filter((path) => valueAt(draft, path) === undefined) },
    excepts: paths.length > values.length ? draft.excepts : [],
  }
}

/** A name for a patch of these paths: "logging-level", and a number behind it where that one is taken. Pure. */
export function proposedName(paths: readonly string[], taken: ReadonlySet<PatchContent['name']>): string {
  const names = (paths[0] ?? '').replaceAll('\\', '').split('.').slice(-2).join(' ')
  const base =
    names
      .replace(/([a-z])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50)
      .replace(/-+$/, '') || 'edits'
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`
    if (!taken.has(name)) return name
  }
}
