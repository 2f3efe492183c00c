import type { FleetRow } from '../../../shared/contract/index.ts'
import { byName, type ColumnSort, nextColumnSort, sortedByColumn } from '../../ui/column-sort.ts'

export type ColumnId =
  | 'state'
  | 'client'
  | 'behind'
  | 'days'
  | 'version'
  | 'exchange'
  | 'answers'
  | 'seen'
  | 'machine'
  | 'os'
  | 'ring'
  | 'niche'

/** Turned: the worst, the most, the oldest first; for names Z first. */
export type Sort = ColumnSort<ColumnId>

/** Numbers and ages begin with the most; words begin with A. */
const firstTurned: Record<ColumnId, boolean> = {
  state: false,
  client: false,
  behind: true,
  days: true,
  version: false,
  exchange: false,
  answers: false,
  seen: false,
  machine: false,
  os: false,
  ring: false,
  niche: false,
}

/** A click on a head: sort, turn, and with the third back to worst first (null). */
export const nextSort = (sort: Sort | null, column: ColumnId): Sort | null => nextColumnSort(sort, column, firstTurned)

const ringOrder = { lab: 0, canary: 1, rest: 2 }

function cellValue(row: FleetRow, column: ColumnId): string | number | null {
  switch (column) {
    case 'state':
      return row.rank
    case 'client':
      return row.clientName
    case 'behind':
      return row.behind
    case 'days':
      return row.daysBehind
    case 'version':
      return row.versionSeen ? row.version : null
    case 'exchange':
      return row.lastExchangeAtMs
    case 'answers':
      return row.answers || null
    case 'seen':
      return row.seenAtMs
    case 'machine':
      return row.boxName
    case 'os':
      return row.os || null
    case 'ring':
      return ringOrder[row.ring]
    case 'niche':
      return row.niche || null
  }
}

/** Worst first, then what has lasted longest, then by name so that equals never swap. */
export function worstFirst(a: FleetRow, b: FleetRow): number {
  return (
    a.rank - b.rank ||
    (a.stateSinceMs ?? Number.POSITIVE_INFINITY) - (b.stateSinceMs ?? Number.POSITIVE_INFINITY) ||
    byName(a.clientName, b.clientName) ||
    byName(a.boxName, b.boxName)
  )
}

/** Rows in the order asked for; what is not known stands last whichever way the column is turned. */
export const sorted = (rows: readonly FleetRow[], sort: Sort | null): FleetRow[] =>
  sortedByColumn(rows, sort, cellValue, worstFirst)

export type Grouping = 'client' | 'ring' | 'os' | 'niche' | 'version'
export const groupings: readonly Grouping[] = ['client', 'ring', 'os', 'niche', 'version']

export interface RowGroup {
  name: string
  /** Its worst row. */
  worst: FleetRow
  rows: FleetRow[]
}

const unnamed: Record<Grouping, string> = {
  client: 'No client',
  ring: 'rest',
  os: 'System not seen',
  niche: 'No niche',
  version: 'Version not seen',
}

function groupName(row: FleetRow, grouping: Grouping): string {
  const name = grouping === 'client' ? (row.clientId === null ? '' : row.clientName) : row[grouping]
  return name || unnamed[grouping]
}

/** Rows by a shared value, the group with the worst row first; within a group the order of `rows` stays. */
export function grouped(rows: readonly FleetRow[], grouping: Grouping): RowGroup[] {
  const groups = new Map<string, FleetRow[]>()
  for (const row of rows) {
    const name = groupName(row, grouping)
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  return [...groups].flatMap(([name, members]) => {
    const worst = members.toSorted(worstFirst)[0]
    return worst ? [{ name, worst, rows: members }] : []
  })
}
