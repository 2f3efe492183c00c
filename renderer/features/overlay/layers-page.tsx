import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LayerKind, LayerSummary } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { InputBox } from '../../ui/field.tsx'
import { Hint, Page } from '../../ui/page.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { layerKey, useUnsaved } from './drafts.ts'
import { layerGroups, saysWords } from './layer-list.ts'

const kindWords: Record<LayerKind, string> = {
  fleet: 'Fleet',
  os: 'Systems',
  niche: 'Niches',
  client: 'Clients',
  box: 'Machines',
  agent: 'Agents',
}

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-layer]')]

function step(by: number): void {
  const all = rows()
  const at = all.indexOf(document.activeElement as HTMLElement)
  all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]?.focus()
}

/** Every layer there can be, widest first, with how much each says and whom it reaches. */
export function LayersPage() {
  const { data, error } = useQuery(orpc.overlay.layers.queryOptions())
  const [filter, setFilter] = useState('')
  const layers = data ?? []
  const groups = layerGroups(layers, filter)
  const saying = layers.filter(({ values, excepts }) => values + excepts > 0).length
  useActions('Overlays', [
    { title: 'Next layer', keys: ['j', 'down'], run: () => step(1), keysOnly: true },
    { title: 'Layer before', keys: ['k', 'up'], run: () => step(-1), keysOnly: true },
    {
      title: 'Filter',
      keys: '/',
      run: () => document.querySelector<HTMLElement>('[data-search="layers"]')?.focus(),
      keysOnly: true,
    },
  ])
  return (
    <Page
      title="Overlays"
      meta="what every machine is to be, said once for many; a narrower layer counts before a wider one"
      strip={error && !data ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      foot={
        <>
          {data && <span className="figures">{`${layers.length} layers · ${saying} say something`}</span>}
          <Hint keys={['j', 'k']} words="move" />
          <Hint keys={['enter']} words="open" />
          <Hint keys={['/']} words="filter" />
        </>
      }
    >
      <div className="min-h-0 flex-1 overflow-y-auto pb-6">
        <div className="px-6 pt-4">
          <InputBox
            aria-label="Filter layers"
            data-search="layers"
            placeholder="Client, machine or niche"
            value={filter}
            onChange={({ target }) => setFilter(target.value)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown') {
                event.preventDefault()
                rows()[0]?.focus()
              }
              if (event.key === 'Escape' && filter !== '') {
                event.preventDefault()
                setFilter('')
              }
            }}
            className="max-w-[320px]"
          />
        </div>
        {groups.length > 0 && (
          <div aria-hidden className={`grid gap-6 px-6 pt-4 text-label text-text2 ${columns}`}>
            <span>Layer</span>
            <span>Says</span>
            <span className="text-right">Reaches</span>
            <span>Changed</span>
          </div>
        )}
        {data && groups.length === 0 && <p className="px-6 pt-4 text-text2">No layer is called “{filter.trim()}”.</p>}
        {groups.map(({ kind, shown, more }) => (
          <section key={kind} aria-label={kindWords[kind]} className="pt-5">
            <div className="px-6 pb-1">
              <SectionLabel {...(kind === 'fleet' ? {} : { count: shown.length + more })}>
                {kindWords[kind]}
              </SectionLabel>
            </div>
            {shown.map((each) => (
              <LayerRow key={layerKey(each.layer)} summary={each} />
            ))}
            {more > 0 && (
              <p className="px-6 pt-1 text-meta text-text3">{`and ${more} more that say nothing; / finds them by name`}</p>
            )}
          </section>
        ))}
      </div>
    </Page>
  )
}

/** Layer, what it says, whom it reaches, when it was changed. */
const columns = 'grid-cols-[minmax(160px,320px)_minmax(160px,280px)_96px_1fr]'

/** One layer, 36 px: name, what it says, whom it reaches, when it was changed. */
function LayerRow({ summary }: { summary: LayerSummary }) {
  const { layer, label, agents, changedAtMs, problem } = summary
  const unsaved = useUnsaved()(layer)
  const says = saysWords(summary)
  return (
    <button
      type="button"
      data-layer={layerKey(layer)}
      onClick={() => go({ page: 'overlay', layer })}
      className={`ring-inside grid h-9 w-full items-center gap-6 px-6 text-left hover:bg-sunken ${columns}`}
    >
      <span className="flex min-w-0 items-center gap-2">
        {problem && <StateIcon word="Unsafe" label="Cannot be read" />}
        <span className={`truncate ${summary.values > 0 ? 'font-medium' : ''}`}>
          <UntrustedText text={label} />
        </span>
      </span>
      <span className={`truncate ${says === '—' ? 'text-text3' : ''}`}>
        {problem || says}
        {unsaved > 0 && <span className="text-warning">{` · ${unsaved} unsaved`}</span>}
      </span>
      <span className="figures text-right text-text2">
        {agents === 0 ? 'no agent' : agents === 1 ? '1 agent' : `${agents} agents`}
      </span>
      <span className="text-meta text-text3">
        {changedAtMs === null ? '' : <Age atMs={changedAtMs} className="" />}
      </span>
    </button>
  )
}
