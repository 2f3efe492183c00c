// biome-ignore-all lint/a11y/useSemanticElements: rows are grid tracks and may be virtual, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the present row takes the focus for its cells
import { useTable } from '@tanstack/react-table'
import { type CSSProperties, useEffect, useState } from 'react'
import type { BoxId, FleetRow } from '../../../shared/contract/index.ts'
import { go } from '../../state/navigation.ts'
import { keepLayout, type TableLayout } from '../../state/table-layout.ts'
import { useLinesInSight } from '../../ui/lines-in-sight.ts'
import { columns, features, tracks } from './columns.tsx'
import { choose, select, toggleSelected, useFleetState } from './fleet-state.ts'
import type { ColumnId, RowGroup } from './order.ts'
import { TableHead } from './table-head.tsx'
import { GroupHead, TableRow } from './table-row.tsx'

interface TableProps {
  rows: FleetRow[]
  groups: readonly RowGroup[] | null
  layout: TableLayout
  onLayout: (layout: TableLayout) => void
}

type Line = { kind: 'row'; at: number } | { kind: 'group'; group: RowGroup }

function linesOf(rows: readonly FleetRow[], groups: readonly RowGroup[] | null): Line[] {
  if (!groups) return rows.map((_, at) => ({ kind: 'row', at }))
  let at = 0
  return groups.flatMap((group): Line[] => [
    { kind: 'group', group },
    ...group.rows.map((): Line => ({ kind: 'row', at: at++ })),
  ])
}

const elementOf = (boxId: string) => `[data-box="${CSS.escape(boxId)}"]`
const orAll = (order: string[]): string[] => (order.length > 0 ? order : columns.map((column) => String(column.id)))

/** The table itself: heads, rows, groups; a row is chosen by a click, several with ⇧ or ⌘. */
export function FleetTable({ rows, groups, layout, onLayout }: TableProps) {
  const [resizing, setResizing] = useState({
    columnSizingStart: [] as [string, number][],
    deltaOffset: null as number | null,
    deltaPercentage: null as number | null,
    isResizingColumn: false as false | string,
    startOffset: null as number | null,
    startSize: null as number | null,
  })
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: (row: FleetRow) => row.boxId,
    columnResizeMode: 'onChange',
    state: {
      columnSizing: layout.sizing,
      columnVisibility: layout.visibility,
      columnOrder: orAll(layout.order),
      columnResizing: resizing,
    },
    onColumnResizingChange: setResizing,
    onColumnSizingChange: (next) =>
      onLayout({ ...layout, sizing: typeof next === 'function' ? next(layout.sizing) : next }),
  })
  useEffect(() => keepLayout('fleet', layout), [layout])
  const lines = linesOf(rows, groups)
  const { chosen, column, selected, marks } = useFleetState()
  const { scroll, places, above, below } = useLinesInSight({
    count: lines.length,
    heightOf: (at) => (lines[at]?.kind === 'group' ? 28 : 36),
    present: chosen,
    presentAt: lines.findIndex((line) => line.kind === 'row' && rows[line.at]?.boxId === chosen),
    elementOf,
  })
  const visible = table.getVisibleLeafColumns().map((each) => each.id)
  const model = table.getRowModel().rows
  const drawn = (line: Line, index: number) => {
    if (line.kind === 'group') return <GroupHead key={`group ${line.group.name}`} group={line.group} />
    const row = model[line.at]
    if (!row) return null
    const { boxId } = row.original
    return (
      <TableRow
        key={boxId}
        row={row}
        index={index}
        chosen={boxId === chosen}
        column={column}
        selected={selected.has(boxId)}
        reachable={boxId === (chosen ?? rows[0]?.boxId)}
        onReach={() => chosen === null && choose(boxId)}
        changed={marks.changed[boxId] ?? []}
        onPick={(event, picked) => pick(rows, boxId, event, picked)}
        onOpen={() => go({ page: 'machine', boxId })}
        draw={(cell) => <table.FlexRender cell={cell} />}
      />
    )
  }
  return (
    <div
      ref={scroll}
      role="grid"
      aria-label="Machines"
      aria-rowcount={rows.length + 1}
      aria-multiselectable
      style={{ '--table-tracks': tracks(visible, layout.sizing) } as CSSProperties}
      className="min-h-0 flex-1 overflow-auto"
    >
      <TableHead headers={table.getHeaderGroups()[0]?.headers ?? []} />
      <div role="rowgroup" style={{ paddingTop: above, paddingBottom: below }}>
        {places.map((at) => {
          const line = lines[at]
          return line && drawn(line, at)
        })}
        {lines.length === 0 && (
          <div role="row" className="flex h-9 items-center px-6 text-text2">
            <span role="gridcell">No machine matches this filter. Esc clears it.</span>
          </div>
        )}
      </div>
    </div>
  )
}

function pick(
  rows: readonly FleetRow[],
  boxId: BoxId,
  event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean },
  column: ColumnId,
): void {
  const { chosen } = useFleetState.getState()
  if (event.ctrlKey || event.metaKey) toggleSelected(boxId)
  if (event.shiftKey && chosen) {
    const ends = [chosen, boxId].map((id) => rows.findIndex((row) => row.boxId === id))
    select(rows.slice(Math.min(...ends), Math.max(...ends) + 1).map((row) => row.boxId))
  }
  choose(boxId)
  if (useFleetState.getState().column !== null) useFleetState.setState({ column })
}
