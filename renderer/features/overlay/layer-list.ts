import { LayerKind, type LayerSummary } from '../../../shared/contract/index.ts'

/** Of a kind with more layers than this, those that say nothing are found by their name alone. */
const mostQuiet = 40

export interface LayerGroup {
  kind: LayerKind
  shown: LayerSummary[]
  more: number
}

/** "4 values, 1 exception"; a dash where a layer says nothing. Pure. */
export function saysWords({ values, excepts }: Pick<LayerSummary, 'values' | 'excepts'>): string {
  const said = [
    values === 0 ? '' : values === 1 ? '1 value' : `${values} values`,
    excepts === 0 ? '' : excepts === 1 ? '1 exception' : `${excepts} exceptions`,
  ].filter(Boolean)
  return said.join(', ') || '—'
}

/** Layers by kind, widest first, as far as they bear the words; kinds without any are left out. Pure. */
export function layerGroups(layers: readonly LayerSummary[], filter: string): LayerGroup[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ label }: LayerSummary) => words.every((word) => label.toLowerCase().includes(word))
  return LayerKind.options.flatMap((kind) => {
    const all = layers.filter((each) => each.layer.kind === kind && fits(each))
    if (all.length === 0) return []
    let quiet = 0
    const shown = all.filter(
      ({ values, excepts, problem }) => values + excepts > 0 || problem !== '' || quiet++ < mostQuiet,
    )
    return [{ kind, shown, more: all.length - shown.length }]
  })
}
