import { createContext, useContext } from 'react'
import type { Except, LayerPage, LayerRef } from '../../../shared/contract/index.ts'
import type { LayerDraft, PlaceProblem } from './draft.ts'

/** One layer on the form: what it says, what the wider ones say, and the ways to edit it. */
export interface LayerForm {
  readonly page: LayerPage
  readonly saved: LayerDraft
  readonly draft: LayerDraft
  readonly problems: readonly PlaceProblem[]
  /** Why nothing can be changed; undefined: it can. */
  readonly held: string | undefined
  /** Of a value of the sections, by its names; undefined leaves it to the wider layers. */
  readonly set: (path: readonly string[], value: unknown) => void
  readonly setRaw: (path: string, value: LayerPage['content']['raw']['openclaw'][string] | undefined) => void
  /** By the whole path of the value; null ends it. */
  readonly setExcept: (path: string, except: Except | null) => void
  /** Opens the sheet that leaves a value on the machines as it is for a while. */
  readonly askExcept: (path: string) => void
  /** Shows another section of the form. */
  readonly show: (section: string) => void
}

const LayerFormContext = createContext<LayerForm | null>(null)
export const LayerFormProvider = LayerFormContext.Provider

export function useLayerForm(): LayerForm {
  const form = useContext(LayerFormContext)
  if (form === null) throw new Error('a part of the form stands outside of it')
  return form
}

/** "Fleet", "niche roofing", "client Bright Roofing": a layer inside a sentence. */
export function layerWords({ kind }: LayerRef, label: string): string {
  switch (kind) {
    case 'fleet':
    case 'os':
      return label
    case 'niche':
      return label.replace(/^Niche /, 'niche ')
    case 'client':
      return `client ${label}`
    case 'box':
      return `machine ${label}`
    case 'agent':
      return `agent ${label}`
  }
}
