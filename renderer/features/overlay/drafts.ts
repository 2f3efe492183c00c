import { create } from 'zustand'
import type { LayerRef } from '../../../shared/contract/index.ts'
import { editedPaths, type KeptDraft, readKept } from './draft.ts'

const prefix = 'wheelhouse.draft.layer.'

export const layerKey = ({ kind, key }: LayerRef): string => `${kind}:${key}`

function kept(): Record<string, KeptDraft> {
  const found = Object.keys(localStorage).flatMap((name): [string, KeptDraft][] => {
    const draft = name.startsWith(prefix) ? readKept(localStorage.getItem(name) ?? '') : null
    return draft ? [[name.slice(prefix.length), draft]] : []
  })
  return Object.fromEntries(found)
}

/** Unsaved edits of every layer, by `layerKey`; they stay in this window's storage until they are saved or discarded. */
const useKept = create<{ drafts: Readonly<Record<string, KeptDraft>> }>(() => ({ drafts: kept() }))

export const useKeptDraft = (layer: LayerRef): KeptDraft | undefined => useKept(({ drafts }) => drafts[layerKey(layer)])

/** How many edits each layer has that are not saved. */
export function useUnsaved(): (layer: LayerRef) => number {
  const drafts = useKept((state) => state.drafts)
  return (layer) => {
    const found = drafts[layerKey(layer)]
    return found ? editedPaths(found.base, found.draft).length : 0
  }
}

/** Keeps edits; null forgets them. */
export function keepDraft(layer: LayerRef, draft: KeptDraft | null): void {
  const key = layerKey(layer)
  try {
    if (draft === null) localStorage.removeItem(prefix + key)
    else localStorage.setItem(prefix + key, JSON.stringify(draft))
  } catch {
    // A window that cannot keep anything still has the edits until it is closed.
  }
  useKept.setState(({ drafts }) => {
    const { [key]: _before, ...others } = drafts
    return { drafts: draft === null ? others : { ...others, [key]: draft } }
  })
}
