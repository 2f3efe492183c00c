import type { LayerPage, LayerRef } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { go, replace } from '../../state/navigation.ts'
import { Menu } from '../../ui/popover.tsx'
import { layerWords } from './layer-form.ts'

const mostBelow = 12

const valuesWords = (count: number): string =>
  count === 0 ? 'says nothing' : count === 1 ? '1 value' : `${count} values`

/** Which layer is on the form, and the way to the wider and the narrower ones, with how much each says. */
export function LayerSwitch({ page, section }: { page: LayerPage; section: string }) {
  const show = (layer: LayerRef) => replace({ page: 'overlay', layer, section })
  const { kind, key } = page.layer
  const below: { layer: LayerRef; label: string }[] =
    kind === 'client' || kind === 'box'
      ? page.reach.agents
          .slice(0, mostBelow)
          .flatMap(({ agentId, boxId, name }) => [
            ...(kind === 'client' ? [{ layer: { kind: 'box', key: boxId } as const, label: `machine ${name}` }] : []),
            { layer: { kind: 'agent', key: agentId } as const, label: `agent ${name}` },
          ])
      : []
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          title="Another layer"
          className="min-w-0 truncate rounded-[2px] text-meta text-text2 hover:text-text hover:underline"
        >
          {`layer: ${untrusted(layerWords(page.layer, page.label), 80)} ▾`}
        </button>
      }
      items={[
        ...page.wider.map((each) => ({
          label: `${untrusted(layerWords(each.layer, each.label), 60)} · ${valuesWords(each.values)}`,
          run: () => show(each.layer),
        })),
        {
          label: `${untrusted(layerWords(page.layer, page.label), 60)} · ${valuesWords(page.values)}`,
          run: () => show({ kind, key }),
          unavailable: 'It is on the form.',
        },
        ...below.map(({ layer, label }) => ({ label: untrusted(label, 60), run: () => show(layer) })),
        { label: 'All layers', run: () => go({ page: 'overlays' }) },
      ]}
    />
  )
}
