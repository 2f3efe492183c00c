// biome-ignore-all lint/a11y/useSemanticElements: rows are grid tracks and may be virtual, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the present row takes the focus for its cells
import type { CSSProperties } from 'react'
import type { AccessRow } from '../../../shared/contract/index.ts'
import { type AccessColumn, useAccessState } from '../../state/access.ts'
import { doorKey } from '../../state/door-key.ts'
import { useNow } from '../../ui/age.tsx'
import { useLinesInSight } from '../../ui/lines-in-sight.ts'
import { WholeText } from '../../ui/whole-text.tsx'
import { columnPlans, tracks } from './columns.tsx'
import { nextSort } from './order.ts'

const elementOf = (key: string) => `[data-door="${CSS.escape(key)}"]`

/** All doors of the fleet, a row each. */
export function AccessTable({
  rows,
  present,
  onOpen,
}: {
  rows: readonly AccessRow[]
  /** Key of the row that keys act on. */
  present: string | null
  onOpen: (row: AccessRow) => void
}) {
  const column = useAccessState((state) => state.column)
  const { scroll, places, above, below } = useLinesInSight({
    count: rows.length,
    heightOf: () => 36,
    present,
    presentAt: rows.findIndex((row) => doorKey(row) === present),
    elementOf,
  })
  const drawn = (row: AccessRow, index: number) => {
    const key = doorKey(row)
    return (
      <DoorRow
        key={key}
        row={row}
        index={index}
        chosen={key === present}
        column={column}
        onPick={(picked) => pick(key, picked)}
        onOpen={() => onOpen(row)}
      />
    )
  }
  return (
    <div
      ref={scroll}
      role="grid"
      aria-label="Doors"
      aria-rowcount={rows.length + 1}
      style={{ '--table-tracks': tracks } as CSSProperties}
      className="min-h-0 flex-1 overflow-auto"
    >
      <Head />
      <div role="rowgroup" style={{ paddingTop: above, paddingBottom: below }}>
        {places.map((at) => {
          const row = rows[at]
          return row && drawn(row, at)
        })}
        {rows.length === 0 && (
          <div role="row" className="flex h-9 items-center px-6 text-text2">
            <span role="gridcell">No door matches this filter. Esc clears it.</span>
          </div>
        )}
      </div>
    </div>
  )
}

function pick(key: string, column: AccessColumn): void {
  useAccessState.setState((state) => ({ chosen: key, ...(state.column === null ? {} : { column }) }))
}

/** A click sorts, again turns, a third returns to worst first. */
function Head() {
  const sort = useAccessState((state) => state.sort)
  return (
    <div role="rowgroup" className="sticky top-0 z-[2] border-b border-line bg-canvas">
      <div role="row" className="table-grid h-6 items-center px-6">
        {columnPlans.map(({ id, head, atRight }) => {
          const own = sort?.column === id ? sort : null
          return (
            <div
              key={id}
              role="columnheader"
              aria-sort={own === null ? 'none' : own.turned ? 'descending' : 'ascending'}
              className={`flex min-w-0 ${atRight ? 'justify-end' : 'pr-3'}`}
            >
              <button
                type="button"
                onClick={() => useAccessState.setState({ sort: nextSort(sort, id) })}
                className="flex min-h-6 min-w-0 items-center gap-1 rounded-[2px] text-label text-text2 hover:text-text"
              >
                <span className={id === 'state' ? 'sr-only' : 'truncate'}>{head}</span>
                {own ? (
                  <span aria-hidden>{own.turned ? '↓' : '↑'}</span>
                ) : (
                  id === 'state' && <span aria-hidden className="w-4" />
                )}
              </button>
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface RowProps {
  row: AccessRow
  index: number
  chosen: boolean
  column: AccessColumn | null
  onPick: (column: AccessColumn) => void
  onOpen: () => void
}

/** One door, 36 px. */
function DoorRow({ row, index, chosen, column, onPick, onOpen }: RowProps) {
  const nowMs = useNow()
  return (
    <div
      role="row"
      tabIndex={chosen ? 0 : -1}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      data-door={doorKey(row)}
      onDoubleClick={onOpen}
      className={`ring-inside table-grid relative h-9 scroll-mt-7 items-center border-l-2 pr-6 pl-[22px] ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      {columnPlans.map(({ id, atRight, text, Cell }) => {
        const here = chosen && column === id
        const present = chosen && (column ?? 'answers') === id
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move and choose
          <div
            key={id}
            role="gridcell"
            onClick={() => onPick(id)}
            className={`relative flex h-9 min-w-0 items-center ${present ? 'z-[1]' : ''} ${atRight ? 'figures justify-end' : 'pr-3'} ${here ? 'shadow-[inset_0_-2px_0_var(--color-accent)]' : ''}`}
          >
            <span className="min-w-0 truncate">
              <Cell row={row} />
            </span>
            {present && <WholeText text={text(row, nowMs)} />}
          </div>
        )
      })}
    </div>
  )
}
