import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  tableFeatures,
} from '@tanstack/react-table'
import type { ReactNode } from 'react'
import type { FleetRow, Verdict } from '../../../shared/contract/index.ts'
import { Age } from '../../ui/age.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { StateWord } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { ageText } from '../../ui/times.ts'
import type { ColumnId } from './order.ts'

export interface ColumnPlan {
  id: ColumnId
  head: string
  /** Width at rest and the least it may be squeezed to, px. */
  width: number
  least: number
  numeric?: boolean
  /** Not shown until asked for. */
  hidden?: boolean
  /** Takes what width is left. */
  elastic?: boolean
  /** The cell as text, for copying. */
  text: (row: FleetRow, nowMs: number) => string
  show: (row: FleetRow) => ReactNode
  /** The cell with nothing cut, where that is more than `text`. */
  whole?: (row: FleetRow) => string
}

const tone: Record<Verdict, string> = {
  ok: 'text-text2',
  warn: 'font-medium text-warning',
  bad: 'font-medium text-critical',
  unknown: 'text-unknown',
}

/** To be behind is a warning however far (ui.md §5). */
const gapTone = { ...tone, bad: tone.warn }

const notSeen = <span className="text-text3">not seen</span>
const nothing = <span className="text-text3">—</span>

/** Ages keep the 20 px line of the row, so that 12 px and 13 px share a baseline. */
const age = (atMs: number | null, seen: boolean) => (atMs === null ? seen ? nothing : notSeen : <Age atMs={atMs} />)
const ageWords = (atMs: number | null, seen: boolean, nowMs: number) =>
  atMs === null ? (seen ? '—' : 'not seen') : ageText(atMs, nowMs)

/** Client and machine in one line; where that is too narrow, one above the other within the same 36 px. */
function Who({ row }: { row: FleetRow }) {
  const both = row.clientName !== '' && row.clientName !== row.boxName
  if (!both) return <MachineName name={row.boxName} className="font-medium" />
  return (
    <span
      title={`${row.clientName} · ${row.boxName}`}
      className="flex min-w-0 gap-x-2 @max-[210px]:flex-col @max-[210px]:*:leading-4"
    >
      <UntrustedText text={row.clientName} className="min-w-0 truncate text-left font-medium" />
      <MachineName
        name={row.boxName}
        className="max-w-[45%] shrink-0 text-meta leading-5 text-text3 @max-[210px]:max-w-full"
      />
    </span>
  )
}

/** The table of the fleet: widths and words of ui.md §9.2, in its order. */
export const columnPlans: readonly ColumnPlan[] = [
  {
    id: 'state',
    head: 'State',
    width: 132,
    least: 96,
    text: (row) => row.state,
    show: (row) => <StateWord word={row.state} />,
  },
  {
    id: 'client',
    head: 'Client',
    width: 232,
    least: 116,
    text: (row) => row.clientName || row.boxName,
    whole: (row) => [row.clientName, row.boxName].filter(Boolean).join(' · '),
    show: (row) => <Who row={row} />,
  },
  {
    id: 'behind',
    head: 'Behind',
    width: 72,
    least: 66,
    numeric: true,
    text: (row) => row.behindText,
    show: (row) =>
      row.versionSeen ? (
        <span title={row.behindText} className={gapTone[row.behindVerdict]}>
          {row.behind ?? '?'}
          <span className="sr-only"> {row.behind === null ? row.behindText : ''}</span>
        </span>
      ) : (
        nothing
      ),
  },
  {
    id: 'days',
    head: 'Days',
    width: 64,
    least: 55,
    numeric: true,
    text: (row) => (row.daysBehind === null ? '—' : String(row.daysBehind)),
    show: (row) =>
      row.daysBehind === null ? nothing : <span className={gapTone[row.daysVerdict]}>{row.daysBehind}</span>,
  },
  {
    id: 'version',
    head: 'Version',
    width: 128,
    least: 78,
    text: (row) => (row.versionSeen ? row.version || '—' : 'not seen'),
    show: (row) =>
      row.versionSeen ? (
        row.version ? (
          <UntrustedText text={row.version} className="font-mono text-code" />
        ) : (
          nothing
        )
      ) : (
        notSeen
      ),
  },
  {
    id: 'exchange',
    head: 'Last exchange',
    width: 120,
    least: 96,
    text: (row, nowMs) => ageWords(row.lastExchangeAtMs, row.lastExchangeSeen, nowMs),
    show: (row) => age(row.lastExchangeAtMs, row.lastExchangeSeen),
  },
  {
    id: 'answers',
    head: 'Answers',
    width: 212,
    least: 148,
    elastic: true,
    text: (row) => row.answers || (row.versionSeen ? '—' : 'not seen'),
    show: (row) =>
      row.answers ? (
        <span
          title={row.answers}
          className={`${row.answersVerdict === 'unknown' ? 'block truncate' : 'line-clamp-2 leading-4 break-words whitespace-normal'} ${row.answersVerdict === 'ok' ? 'text-text2' : tone[row.answersVerdict]}`}
        >
          <UntrustedText text={row.answers} />
        </span>
      ) : row.versionSeen ? (
        nothing
      ) : (
        notSeen
      ),
  },
  {
    id: 'machine',
    head: 'Machine',
    width: 160,
    least: 96,
    hidden: true,
    text: (row) => row.boxName,
    show: (row) => <MachineName name={row.boxName} />,
  },
  {
    id: 'os',
    head: 'System',
    width: 120,
    least: 80,
    hidden: true,
    text: (row) => row.os,
    show: (row) => (row.os ? <UntrustedText text={row.os} className="text-text2" /> : notSeen),
  },
  {
    id: 'ring',
    head: 'Ring',
    width: 72,
    least: 56,
    hidden: true,
    text: (row) => row.ring,
    show: (row) => <span className="text-text2">{row.ring}</span>,
  },
  {
    id: 'niche',
    head: 'Niche',
    width: 120,
    least: 72,
    hidden: true,
    text: (row) => row.niche,
    show: (row) => (row.niche ? <span className="text-text2">{row.niche}</span> : nothing),
  },
  {
    id: 'seen',
    head: 'Seen',
    width: 72,
    least: 57,
    numeric: true,
    text: (row, nowMs) => ageWords(row.seenAtMs, false, nowMs),
    show: (row) => age(row.seenAtMs, false),
  },
]

export const columnIds: readonly ColumnId[] = columnPlans.map((plan) => plan.id)
export const planOf = (id: string): ColumnPlan =>
  columnPlans.find((plan) => plan.id === id) ?? (columnPlans[0] as ColumnPlan)

export const features = tableFeatures({
  columnSizingFeature,
  columnResizingFeature,
  columnVisibilityFeature,
  columnOrderingFeature,
})
const helper = createColumnHelper<typeof features, FleetRow>()

export const columns = columnPlans.map((plan) =>
  helper.display({
    id: plan.id,
    header: plan.head,
    size: plan.width,
    minSize: plan.least,
    maxSize: 800,
    cell: ({ row }) => plan.show(row.original),
  }),
)

/** Width of the grid's tracks: squeezed to its least when the window is small; one column takes what is left. */
export function tracks(visible: readonly string[], sizing: Readonly<Record<string, number>>): string {
  const elastic = visible.find((id) => planOf(id).elastic) ?? visible.find((id) => id === 'client') ?? visible[0]
  return visible
    .map((id) => {
      const plan = planOf(id)
      const own = sizing[id]
      if (id === elastic) return `minmax(${own ?? plan.least}px, 1fr)`
      return own === undefined ? `minmax(${plan.least}px, ${plan.width}px)` : `${own}px`
    })
    .join(' ')
}

/** Rows as tab-separated text in the order of the columns shown. */
export const asText = (rows: readonly FleetRow[], visible: readonly string[], nowMs: number): string =>
  rows
    .map((row) =>
      visible
        .map((id) =>
          planOf(id)
            .text(row, nowMs)
            .replaceAll(/[\t\r\n]+/g, ' '),
        )
        .join('\t'),
    )
    .join('\n')
