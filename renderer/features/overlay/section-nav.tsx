import { namesOfDotted } from '../../../shared/value-path.ts'
import { editedPaths, type LayerDraft, sectionOfPath } from './draft.ts'
import { useLayerForm } from './layer-form.ts'
import { sections } from './sections.ts'

/** Sections in which a layer says something by itself. */
function saysIn(draft: LayerDraft): Set<string> {
  return new Set([
    ...Object.keys(draft.sections),
    ...(Object.keys(draft.raw).length > 0 ? ['all'] : []),
    ...draft.excepts.map(({ path }) => (namesOfDotted(path)?.[0] === 'sections' ? sectionOfPath(path) : 'all')),
  ])
}

/** The sections, 176 px: a dot where this layer says something, a number where something is unsaved or wrong. */
export function SectionNav({ present }: { present: string }) {
  const { draft, saved, problems, show } = useLayerForm()
  const says = saysIn(draft)
  const edits = editedPaths(saved, draft).map(sectionOfPath)
  const wrong = problems.filter(({ path }) => path !== '').map(({ path }) => sectionOfPath(path))
  const count = (of: readonly string[], id: string) => of.filter((each) => each === id).length
  return (
    <nav aria-label="Sections" className="flex w-44 shrink-0 flex-col overflow-y-auto border-r border-line p-2 pt-3">
      {sections.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          data-section={id}
          aria-current={present === id ? 'true' : undefined}
          onClick={() => show(id)}
          className="ring-inside flex h-7 shrink-0 items-center gap-2 rounded-control px-2 text-left text-text2 hover:bg-sunken aria-[current=true]:bg-selected aria-[current=true]:font-medium aria-[current=true]:text-text"
        >
          <span className="min-w-0 flex-1 truncate">{name}</span>
          {count(wrong, id) > 0 ? (
            <span className="figures text-meta font-medium text-critical">{`${count(wrong, id)} wrong`}</span>
          ) : count(edits, id) > 0 ? (
            <span className="figures text-meta text-text2">{`${count(edits, id)} unsaved`}</span>
          ) : says.has(id) ? (
            <span role="img" aria-label="says something" className="size-[6px] rounded-full bg-text3" />
          ) : null}
        </button>
      ))}
    </nav>
  )
}
