import { useQuery } from '@tanstack/react-query'
import type { LayerPage } from '../../../shared/contract/index.ts'
import { namesOfDotted } from '../../../shared/value-path.ts'
import { orpc } from '../../api/queries.ts'
import { draftOf, editedPaths, type LayerDraft, laidOver, readDraft, withExcept, withRaw, withValue } from './draft.ts'
import { keepDraft, useKeptDraft } from './drafts.ts'
import type { LayerForm } from './layer-form.ts'
import { type Preview, usePreview } from './use-preview.ts'

export interface EditedLayer {
  readonly form: LayerForm
  readonly preview: Preview
  /** How many values differ from what is saved. */
  readonly edits: number
  /** Paths that were changed elsewhere too; the edit stands there. */
  readonly clashes: readonly string[]
  /** Leaves the value at a whole path to the wider layers. */
  readonly putBack: (path: string) => void
}

/** A layer with its unsaved edits, which stay in this window until they are saved or discarded. */
export function useLayer(page: LayerPage, ways: Pick<LayerForm, 'askExcept' | 'show'>): EditedLayer {
  const saved = draftOf(page.content)
  const kept = useKeptDraft(page.layer)
  const { draft, clashes } = kept ? laidOver(kept.base, kept.draft, saved) : { draft: saved, clashes: [] }
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const read = readDraft(draft)
  const preview = usePreview(page.layer, read.content)
  const refused = read.content === null ? [] : (preview.plan?.problems ?? [])
  const edit = (next: LayerDraft) =>
    keepDraft(page.layer, editedPaths(saved, next).length === 0 ? null : { base: saved, draft: next })
  const form: LayerForm = {
    ...ways,
    page,
    saved,
    draft,
    problems: [...read.problems, ...refused.map((problem) => ({ ...problem, typed: false }))],
    held: app?.readOnly ? 'This console was started to read only.' : undefined,
    set: (path, value) => edit(withValue(draft, path, value)),
    setRaw: (path, value) => edit(withRaw(draft, path, value)),
    setExcept: (path, except) => edit(withExcept(draft, path, except)),
  }
  return {
    form,
    preview,
    edits: editedPaths(saved, draft).length,
    clashes,
    putBack(path) {
      const [first, second, ...rest] = namesOfDotted(path) ?? []
      if (first === 'sections' && second !== undefined) form.set([second, ...rest], undefined)
      if (first === 'raw') form.setRaw(path.slice('raw.openclaw.'.length), undefined)
    },
  }
}
