import type { LogPosition } from '../../../shared/contract/index.ts'
import { comparePositions, type LineRow, type Row } from './line-window.ts'
import type { Asks } from './reader-state.ts'

/** Lines of its machine before a line, and as many after it, that belong to its context. */
export const contextLines = 50

const isLine = (row: Row): row is LineRow => row.kind === 'line'
const placeOf = ({ atMs, boxId, seq }: LogPosition): LogPosition => ({ atMs, boxId, seq })

/** A line with its context, oldest first: exactly so many lines on each side, fewer only where the log begins or ends. */
export async function linesAround(asks: Pick<Asks, 'page'>, line: LineRow): Promise<LineRow[]> {
  const { signal } = new AbortController()
  const side = async (direction: 'older' | 'newer'): Promise<LineRow[]> => {
    const lines: LineRow[] = []
    for (let from = placeOf(line); ; ) {
      const wanted = contextLines - lines.length
      const { rows, atEnd } = await asks.page({ boxIds: [line.boxId] }, from, direction, wanted, signal)
      // Gaps among them are no lines.
      lines.push(...rows.filter(isLine))
      const edge = rows.toSorted(comparePositions).at(direction === 'older' ? 0 : -1)
      if (atEnd || !edge || lines.length >= contextLines) return lines
      from = placeOf(edge)
    }
  }
  const [older, newer] = await Promise.all([side('older'), side('newer')])
  return [...older, line, ...newer].toSorted(comparePositions)
}
