import { useQuery } from '@tanstack/react-query'
import type { ReviewPage } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { go } from '../../state/navigation.ts'
import { useNow } from '../../ui/age.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { spanText } from '../../ui/times.ts'
import { ClientRow } from './client-row.tsx'
import { ItemRow } from './item-row.tsx'
import { bySection, headline, putOffLine, type Row, sectionNames, waitingWords } from './order.ts'

interface ListProps {
  data: ReviewPage
  /** Rows of the page in the order they stand on screen. */
  rows: readonly Row[]
  chosen: string | null
  onChoose: (key: string) => void
  onOpen: (row: Row) => void
}

/** The list of the review: a sentence when rows do not say it, then the sections, then what needs nothing. */
export function ReviewList({ data, rows, chosen, onChoose, onOpen }: ListProps) {
  const now = useNow()
  const said = headline(data, data.oldestFactAtMs === null ? null : spanText(now - data.oldestFactAtMs))
  return (
    <div className="pt-2 pb-6">
      {said && <Said sentence={said} waiting={waitingWords(data, now)} quiet={data.allQuiet} />}
      {rows.length > 0 && (
        <div role="listbox" aria-label="Review">
          {bySection(rows).map(({ section, rows: own }) => (
            // biome-ignore lint/a11y/useSemanticElements: a listbox holds groups of options, not fieldsets
            <div key={section} role="group" aria-label={sectionNames[section]} className="pt-3">
              <div className="px-6 pb-1">
                <SectionLabel count={own.length} aside={seenWords(own)}>
                  {sectionNames[section]}
                </SectionLabel>
              </div>
              {own.map((row) =>
                row.item ? (
                  <ItemRow
                    key={row.key}
                    item={row.item}
                    chosen={row.key === chosen}
                    onChoose={() => onChoose(row.key)}
                    onOpen={() => onOpen(row)}
                  />
                ) : (
                  <ClientRow
                    key={row.key}
                    client={row.client}
                    rowKey={row.key}
                    chosen={row.key === chosen}
                    onChoose={() => onChoose(row.key)}
                    onOpen={() => onOpen(row)}
                  />
                ),
              )}
            </div>
          ))}
        </div>
      )}
      {data.nothingToDo.length > 0 && <NothingToDo page={data} nowMs={now} />}
    </div>
  )
}

/** Of the rows of a section, how many were looked at already: the page's count in the sidebar is the rest. */
function seenWords(rows: readonly Row[]): string {
  const seen = rows.filter(({ item }) => item?.seen && item.section !== 'later').length
  return seen === 0 ? '' : seen === rows.length ? 'seen' : `${seen} seen`
}

function Said({ sentence, waiting, quiet }: { sentence: string; waiting: string | null; quiet: boolean }) {
  const { data: settings } = useQuery(orpc.app.settings.queryOptions())
  const next =
    settings && settings.sweepAt.length > 0
      ? `Swept every day at ${settings.sweepAt.join(', ')}.`
      : 'Swept only when you press R.'
  return (
    <div className="readable flex max-w-[72ch] flex-col gap-1 px-6 py-3">
      <p className={quiet ? 'text-lead' : ''}>{sentence}</p>
      {waiting && <p className="text-text2">{waiting}</p>}
      {quiet && (
        <p className="text-meta text-text3">
          Checked on each: reach, version, service, config, channels, who it answers, activity, disk, clock and sleep.{' '}
          {next}
        </p>
      )}
    </div>
  )
}

function NothingToDo({ page, nowMs }: { page: ReviewPage; nowMs: number }) {
  const waits = putOffLine(page, nowMs)
  return (
    <section aria-label="Nothing to do" className="px-6 pt-3">
      <SectionLabel count={page.nothingToDo.length}>Nothing to do</SectionLabel>
      <p className="mt-2 break-words text-text2">
        {page.nothingToDo.map(({ name, boxId }, at) => (
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
      {waits && <p className="mt-1 text-meta text-text3">{waits}</p>}
    </section>
  )
}
