import type { ActiveExcept, Except } from '../../../shared/contract/index.ts'
import { dottedPath } from '../../../shared/value-path.ts'
import { problemsAt, valueIn } from './draft.ts'
import { layerWords, useLayerForm } from './layer-form.ts'

/** One value of the sections: whose it is, what is wrong with it, and what can be done about it. */
export interface Leaf {
  readonly path: readonly string[]
  /** Dotted, from `sections.` on. */
  readonly place: string
  readonly own: unknown
  readonly inherited: unknown
  /** What holds: its own, else what the wider layers say. */
  readonly value: unknown
  /** "niche roofing"; empty: no wider layer says anything. */
  readonly from: string
  readonly edited: boolean
  readonly error: string | undefined
  readonly except: Except | undefined
  /** An exception of a wider layer, with its name. */
  readonly widerExcept: { except: ActiveExcept; from: string } | undefined
  readonly set: (value: unknown) => void
  readonly putBack: () => void
  readonly undo: () => void
}

/**
 * @param path names below `sections`.
 * @param wrong said where what was typed is no such value.
 */
export function useLeaf(path: readonly string[], wrong?: string): Leaf {
  const { page, draft, saved, problems, set } = useLayerForm()
  const { inherited, wider } = page
  const place = dottedPath(['sections', ...path])
  const own = valueIn(draft.sections, path)
  const above = valueIn(inherited.content.sections, path)
  const before = valueIn(saved.sections, path)
  const nameOf = (layer: (typeof wider)[number]['layer']): string => {
    const known = wider.find((each) => each.layer.kind === layer.kind && each.layer.key === layer.key)
    return known ? layerWords(layer, known.label) : ''
  }
  const layer = inherited.provenance[place]
  const found = problemsAt(problems, place)[0]
  const widerExcept = inherited.excepts.find((each) => each.path === place)
  return {
    path,
    place,
    own,
    inherited: above,
    value: own === undefined ? above : own,
    from: above === undefined ? '' : layer ? nameOf(layer) : 'a wider layer',
    edited: JSON.stringify(own) !== JSON.stringify(before),
    error: found && (found.typed ? (wrong ?? found.words) : found.words),
    except: draft.excepts.find((each) => each.path === place),
    widerExcept: widerExcept && { except: widerExcept, from: nameOf(widerExcept.layer) },
    set: (value) => set(path, value),
    putBack: () => set(path, undefined),
    undo: () => set(path, before),
  }
}
