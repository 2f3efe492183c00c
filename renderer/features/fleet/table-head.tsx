// biome-ignore-all lint/a11y/useSemanticElements: rows are grid tracks and may be virtual, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the present row takes the focus for its cells
import type { Header } from '@tanstack/react-table'
import type { FleetRow } from '../../../shared/contract/index.ts'
import { type features, planOf } from './columns.tsx'
import { useFleetState } from './fleet-state.ts'
import { type ColumnId, nextSort, type Sort } from './order.ts'

type FleetHeader = Header<typeof features, FleetRow, unknown>

/** The head of the table: a click sorts, again turns, a third returns; the edge drags, and a double click puts it back. */
export function TableHead({ headers }: { headers: readonly FleetHeader[] }) {
  const sort = useFleetState((state) => state.sort)
  return (
    <div role="rowgroup" className="sticky top-0 z-[2] border-b border-line bg-canvas">
      <div role="row" className="table-grid h-6 items-center px-6">
        {headers.map((header) => (
          <Head key={header.id} header={header} sort={sort} />
        ))}
      </div>
    </div>
  )
}

function Head({ header, sort }: { header: FleetHeader; sort: Sort | null }) {
  const plan = planOf(header.id)
  const own = sort?.column === plan.id ? sort : null
  const order = own === null ? 'none' : own.turned ? 'descending' : 'ascending'
  const last = plan.id === 'seen'
  return (
    <div
      role="columnheader"
      aria-sort={order}
      className={`relative flex min-w-0 ${plan.numeric ? (last ? 'justify-end' : 'justify-end pr-6') : 'pr-3'}`}
    >
      <button
        type="button"
        onClick={() => useFleetState.setState({ sort: nextSort(sort, plan.id as ColumnId) })}
        className="flex min-h-6 min-w-0 items-center gap-1 rounded-[2px] text-label text-text2 hover:text-text"
      >
        <span className="truncate">{plan.head}</span>
        {own && (
          <span aria-hidden className={plan.numeric ? 'absolute right-2' : ''}>
            {own.turned ? '↓' : '↑'}
          </span>
        )}
      </button>
      {!last && (
        <span
          aria-hidden
          onMouseDown={header.getResizeHandler()}
          onDoubleClick={() => header.column.resetSize()}
          className="absolute inset-y-0 right-1 w-2 cursor-col-resize"
        />
      )}
    </div>
  )
}
