import { useQuery } from '@tanstack/react-query'
import type { ReviewItem, ReviewPage } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { go } from '../../state/navigation.ts'
import { useReviewState } from '../../state/review.ts'
import { useNow } from '../../ui/age.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { spanText } from '../../ui/times.ts'
import { ItemRow } from './item-row.tsx'
import { bySection, headline, sectionNames } from './order.ts'

interface ListProps {
  data: ReviewPage
  /** Rows of the page in the order they stand on screen. */
  items: readonly ReviewItem[]
  chosen: string | null
  onChoose: (key: string) => void
  onOpen: (item: ReviewItem) => void
}

/** The list of the review: a sentence when rows do not say it, then the sections, then what needs nothing. */
export function ReviewList({ data, items, chosen, onChoose, onOpen }: ListProps) {
  const now = useNow()
  const ended = useReviewState((state) => state.ended)
  const said = headline(data, ended, data.oldestFactAtMs === null ? null : spanText(now - data.oldestFactAtMs))
  return (
    <div className="pt-2 pb-6">
      {said && <Said sentence={said} quiet={data.allQuiet} />}
      {items.length > 0 && (
        <div role="listbox" aria-label="Review">
          {bySection(items).map(({ section, items: own }) => (
            // biome-ignore lint/a11y/useSemanticElements: a listbox holds groups of options, not fieldsets
            <div key={section} role="group" aria-label={sectionNames[section]} className="pt-3">
              <div className="px-6 pb-1">
                <SectionLabel count={own.length}>{sectionNames[section]}</SectionLabel>
              </div>
              {own.map((item) => (
                <ItemRow
                  key={item.key}
                  item={item}
                  chosen={item.key === chosen}
                  onChoose={() => onChoose(item.key)}
                  onOpen={() => onOpen(item)}
                />
              ))}
            </div>
          ))}
        </div>
      )}
      {data.nothingToDo.length > 0 && <NothingToDo names={data.nothingToDo} />}
    </div>
  )
}

function Said({ sentence, quiet }: { sentence: string; quiet: boolean }) {
  const { data: settings } = useQuery(orpc.app.settings.queryOptions())
  const next =
    settings && settings.sweepAt.length > 0
      ? `Swept every day at ${settings.sweepAt.join(', ')}.`
      : 'Swept only when you press R.'
  return (
    <div className="readable flex max-w-[72ch] flex-col gap-1 px-6 py-3">
      <p className={quiet ? 'text-lead' : ''}>{sentence}</p>
      {quiet && (
        <p className="text-meta text-text3">
          Checked on each: reach, version, service, config, channels, who it answers, activity, disk, clock and sleep.{' '}
          {next}
        </p>
      )}
    </div>
  )
}

function NothingToDo({ names }: { names: ReviewPage['nothingToDo'] }) {
  return (
    <section aria-label="Nothing to do" className="px-6 pt-3">
      <SectionLabel count={names.length}>Nothing to do</SectionLabel>
      <p className="mt-2 break-words text-text2">
        {names.map(({ name, boxId }, at) => (
          <span key={boxId}>
            {at > 0 && ', '}
            <button
              type="button"
              className="rounded-[2px] hover:text-text hover:underline"
              onClick={() => go({ page: 'machine', boxId })}
            >
              <UntrustedText text={name} />
            </button>
          </span>
        ))}
      </p>
    </section>
  )
}
