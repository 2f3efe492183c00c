import type { TimelineItem } from '../../../shared/contract/index.ts'
import { useNow } from '../../ui/age.tsx'
import { byDay } from '../../ui/by-day.ts'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { clockTime } from '../../ui/times.ts'
import { type KindFilter, kinds, ofKind } from './days.ts'
import { useMachineState } from './machine-state.ts'

/** One timeline of a machine, newest first; the heads of days stay while their lines scroll. */
export function Happened({ timeline }: { timeline: readonly TimelineItem[] }) {
  const kind = useMachineState((state) => state.kind)
  const now = useNow()
  const shown = ofKind(timeline, kind)
  return (
    <section aria-label="What happened here" className="border-t border-line pb-6">
      <div className="flex flex-col gap-2 px-6 pt-4 pb-2">
        <SectionLabel>What happened here</SectionLabel>
        <Kinds timeline={timeline} />
      </div>
      {shown.length === 0 && (
        <p className="px-6 text-text2">
          {timeline.length === 0 ? 'Nothing is known yet.' : 'Nothing of this kind is known.'}
        </p>
      )}
      {byDay(shown, now).map((day) => (
        <div key={day.name}>
          <h3 className="sticky top-0 bg-surface px-6 pt-3 pb-1 text-label text-text2">{day.name}</h3>
          <ol>
            {day.items.map((item) => (
              <Entry key={`${item.atMs} ${item.kind} ${item.sentence}`} item={item} />
            ))}
          </ol>
        </div>
      ))}
    </section>
  )
}

/** Filter by kind; a kind nothing belongs to is not offered. */
function Kinds({ timeline }: { timeline: readonly TimelineItem[] }) {
  const kind = useMachineState((state) => state.kind)
  const offered = (Object.keys(kinds) as KindFilter[]).filter(
    (each) => each === 'all' || each === kind || ofKind(timeline, each).length > 0,
  )
  if (offered.length <= 2 && kind === 'all') return null
  return (
    <fieldset className="flex flex-wrap gap-x-4">
      <legend className="sr-only">Kind</legend>
      {offered.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === kind}
          onClick={() => useMachineState.setState({ kind: each })}
          className={`min-h-7 rounded-[2px] ${each === kind ? 'font-medium text-text' : 'text-accent hover:text-accent-hover hover:underline'}`}
        >
          {kinds[each].name}
        </button>
      ))}
    </fieldset>
  )
}

function Entry({ item }: { item: TimelineItem }) {
  const loud = item.kind === 'finding-opened' || item.kind === 'sweep-failed'
  return (
    <li className="readable flex gap-3 px-6 py-1">
      <span className="figures w-10 shrink-0 text-meta leading-5 text-text3">{clockTime(item.atMs)}</span>
      <span className="min-w-0 flex-1">
        <span className={`block break-words ${loud ? '' : 'text-text2'}`}>
          <UntrustedText text={item.sentence} maxChars={400} />
          {item.kind === 'we-did' && item.detail && <span className="text-meta text-text3"> {item.detail}</span>}
        </span>
        {item.kind !== 'we-did' && item.detail && (
          <span className="block text-meta break-words text-text3">
            <UntrustedText text={item.detail} />
          </span>
        )}
      </span>
    </li>
  )
}
