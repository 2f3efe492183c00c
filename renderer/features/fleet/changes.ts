import type { FleetRow } from '../../../shared/contract/index.ts'
import type { ColumnId } from './order.ts'

type Watched = Record<string, string>

/** What a change is marked in. Ages and times move with every sweep; marking them would mark everything. */
const watched: readonly ColumnId[] = ['state', 'behind', 'days', 'version', 'answers']

function valuesOf(row: FleetRow): Watched {
  return {
    state: row.state,
    behind: row.behindText,
    days: String(row.daysBehind),
    version: row.versionSeen ? row.version : '',
    answers: row.answers,
  }
}

export interface Marks {
  /** Values as last compared, by machine. */
  values: Readonly<Record<string, Watched>>
  /** Columns whose value changed and has not been looked at since, by machine. */
  changed: Readonly<Record<string, readonly string[]>>
}

export const noMarks: Marks = { values: {}, changed: {} }

/** Marks what differs from the last comparison. A machine read for the first time has changed in nothing. */
export function compareRows(marks: Marks, rows: readonly FleetRow[]): Marks {
  const values: Record<string, Watched> = {}
  const changed: Record<string, readonly string[]> = {}
  for (const row of rows) {
    if (row.seenAtMs === null) continue
    const now = valuesOf(row)
    const before = marks.values[row.boxId]
    values[row.boxId] = now
    const fresh = before ? watched.filter((column) => before[column] !== now[column]) : []
    const all = [...new Set([...(marks.changed[row.boxId] ?? []), ...fresh])]
    if (all.length > 0) changed[row.boxId] = all
  }
  return { values, changed }
}

/** The machine's row was looked at: its marks go. */
export function looked(marks: Marks, boxId: string): Marks {
  if (!(boxId in marks.changed)) return marks
  const { [boxId]: _, ...changed } = marks.changed
  return { ...marks, changed }
}
