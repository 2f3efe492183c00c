import type { ReactNode } from 'react'
import { doorName, kindWords } from '../../../shared/channels.ts'
import type { AccessRow, Verdict } from '../../../shared/contract/index.ts'
import type { AccessColumn } from '../../state/access.ts'
import { Age, useNow } from '../../ui/age.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { ageText } from '../../ui/times.ts'
import { answersText, daysText } from './words.ts'

export interface ColumnPlan {
  id: AccessColumn
  head: string
  /** A track of the grid. */
  track: string
  atRight?: boolean
  /** The cell as text, for copying and for the tip of a cut cell. */
  text: (row: AccessRow, nowMs: number) => string
  Cell: (props: { row: AccessRow }) => ReactNode
}

/** What needs the operator is the only loud thing of a row. */
const tone: Record<Verdict, string> = {
  ok: '',
  warn: 'font-medium text-warning',
  bad: 'font-semibold',
  unknown: 'text-text3',
}

function Client({ row }: { row: AccessRow }) {
  if (row.clientName === '' || row.clientName === row.boxName)
    return <MachineName name={row.boxName} className="font-medium" />
  return (
    <span title={`${row.clientName} · ${row.boxName}`} className="block truncate font-medium">
      <UntrustedText text={row.clientName} />
    </span>
  )
}

function Answers({ row }: { row: AccessRow }) {
  const text = answersText(row, useNow())
  return (
    <span title={text} className={row.stale ? tone.unknown : tone[row.answersVerdict]}>
      <UntrustedText text={text} />
    </span>
  )
}

/** Columns of ui.md §9.4, in its order. The state is a shape alone: what is the matter stands under Answers. */
export const columnPlans: readonly ColumnPlan[] = [
  {
    id: 'state',
    head: 'State',
    track: '32px',
    text: (row) => row.state,
    Cell: ({ row }) => <StateIcon word={row.state} label={row.state} />,
  },
  {
    id: 'client',
    head: 'Client',
    track: 'minmax(116px, 180px)',
    text: (row) => [row.clientName, row.boxName].filter(Boolean).join(' · '),
    Cell: Client,
  },
  {
    id: 'channel',
    head: 'Channel',
    track: 'minmax(76px, 96px)',
    text: (row) => doorName(row),
    Cell: ({ row }) => <UntrustedText text={doorName(row)} />,
  },
  { id: 'answers', head: 'Answers', track: 'minmax(150px, 1fr)', text: answersText, Cell: Answers },
  {
    id: 'kind',
    head: 'Kind',
    track: 'minmax(88px, 124px)',
    text: (row) => kindWords(row.kind),
    Cell: ({ row }) => <span className={row.kind === null ? 'text-text3' : 'text-text2'}>{kindWords(row.kind)}</span>,
  },
  {
    id: 'days',
    head: 'Last 7 days',
    track: 'minmax(112px, 176px)',
    text: (row) => daysText(row),
    Cell: ({ row }) => (
      <span className={row.strangers === null || row.stale ? 'text-text3' : row.strangers > 0 ? '' : 'text-text2'}>
        {daysText(row)}
      </span>
    ),
  },
  {
    id: 'read',
    head: 'Read',
    track: 'minmax(57px, 68px)',
    atRight: true,
    text: (row, nowMs) => ageText(row.readAtMs, nowMs),
    Cell: ({ row }) => <Age atMs={row.readAtMs} />,
  },
]

export const tracks = columnPlans.map(({ track }) => track).join(' ')

/** Cells of rows as tab-separated text. */
export const asText = (rows: readonly AccessRow[], columns: readonly AccessColumn[], nowMs: number): string =>
  rows
    .map((row) =>
      columnPlans
        .filter(({ id }) => columns.includes(id))
        .map(({ text }) => text(row, nowMs).replaceAll(/[\t\r\n]+/g, ' '))
        .join('\t'),
    )
    .join('\n')
