import { doorName, kindWords } from '../../../shared/channels.ts'
import type { AccessRow } from '../../../shared/contract/index.ts'
import type { AccessColumn, AccessSort } from '../../state/access.ts'
import { byName, nextColumnSort, sortedByColumn } from '../../ui/column-sort.ts'

/** Ages and strangers begin with the most; words begin with A. */
const firstTurned: Record<AccessColumn, boolean> = {
  state: false,
  client: false,
  channel: false,
  answers: false,
  kind: false,
  days: true,
  read: false,
}

/** A click on a head: sort, turn, and with the third back to worst first (null). */
export const nextSort = (sort: AccessSort | null, column: AccessColumn): AccessSort | null =>
  nextColumnSort(sort, column, firstTurned)

function cellValue(row: AccessRow, column: AccessColumn): string | number | null {
  switch (column) {
    case 'state':
      return row.rank
    case 'client':
      return row.clientName || row.boxName
    case 'channel':
      return doorName(row)
    case 'answers':
      return row.answers || null
    case 'kind':
      return row.kind === null ? null : kindWords(row.kind)
    case 'days':
      return row.strangers
    case 'read':
      return row.readAtMs
  }
}

/** Worst first, then who was answered most, then by name so that equals never swap. */
export function worstFirst(a: AccessRow, b: AccessRow): number {
  return (
    a.rank - b.rank ||
    (b.strangers ?? 0) - (a.strangers ?? 0) ||
    byName(a.clientName || a.boxName, b.clientName || b.boxName) ||
    byName(a.boxName, b.boxName) ||
    byName(doorName(a), doorName(b))
  )
}

/** Rows in the order asked for; what is not known stands last whichever way the column is turned. */
export const sorted = (rows: readonly AccessRow[], sort: AccessSort | null): AccessRow[] =>
  sortedByColumn(rows, sort, cellValue, worstFirst)
