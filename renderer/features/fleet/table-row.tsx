// biome-ignore-all lint/a11y/useSemanticElements: rows are grid tracks and may be virtual, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the present row takes the focus for its cells
import type { Row } from '@tanstack/react-table'
import type { ReactNode } from 'react'
import type { FleetRow } from '../../../shared/contract/index.ts'
import { useNow } from '../../ui/age.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { WholeText } from '../../ui/whole-text.tsx'
import { type features, planOf } from './columns.tsx'
import type { ColumnId, RowGroup } from './order.ts'

interface RowProps {
  row: Row<typeof features, FleetRow>
  chosen: boolean
  column: ColumnId | null
  selected: boolean
  changed: readonly string[]
  /** Tab leads to it: the present row, or the first while there is none. */
  reachable: boolean
  onReach: () => void
  index: number
  onPick: (event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }, column: ColumnId) => void
  onOpen: () => void
  draw: (cell: ReturnType<Row<typeof features, FleetRow>['getVisibleCells']>[number]) => ReactNode
}

/** One machine, 36 px. */
export function TableRow({
  row,
  chosen,
  column,
  selected,
  changed,
  reachable,
  onReach,
  index,
  onPick,
  onOpen,
  draw,
}: RowProps) {
  const nowMs = useNow()
  return (
    <div
      role="row"
      tabIndex={reachable ? 0 : -1}
      aria-rowindex={index + 2}
      aria-selected={selected || chosen}
      data-box={row.original.boxId}
      onFocus={onReach}
      onDoubleClick={onOpen}
      className={`ring-inside table-grid relative h-9 scroll-mt-7 items-center border-l-2 pr-6 pl-[22px] ${chosen ? 'border-accent' : 'border-transparent'} ${chosen || selected ? 'bg-selected' : 'hover:bg-sunken'}`}
    >
      {selected && <SelectedMark />}
      {row.getVisibleCells().map((cell) => {
        const plan = planOf(cell.column.id)
        const here = chosen && column === plan.id
        const present = chosen && (column ?? 'client') === plan.id
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move and choose
          <div
            key={cell.id}
            role="gridcell"
            onClick={(event) => onPick(event, plan.id)}
            className={`@container relative flex h-9 min-w-0 items-center ${present ? 'z-[1]' : ''} ${plan.numeric ? `figures justify-end ${plan.id === 'seen' ? '' : 'pr-6'}` : 'pr-3'} ${here ? 'shadow-[inset_0_-2px_0_var(--color-accent)]' : ''}`}
          >
            {changed.includes(plan.id) && <ChangedDot numeric={plan.numeric === true} />}
            <span className="min-w-0 truncate">{draw(cell)}</span>
            {present && <WholeText text={(plan.whole ?? plan.text)(row.original, nowMs)} />}
          </div>
        )
      })}
    </div>
  )
}

const SelectedMark = () => (
  <svg
    aria-hidden="true"
    viewBox="0 0 12 12"
    className="absolute left-[5px] size-3 text-accent"
    fill="none"
    stroke="currentColor"
    strokeWidth={2}
  >
    <path d="M2 6.5 4.8 9.2 10 3.4" />
  </svg>
)

/** Six pixels of accent beside a value that changed and has not been looked at; it stands in the gutter and moves nothing. */
const ChangedDot = ({ numeric }: { numeric: boolean }) => (
  <span
    className={`absolute top-[15px] size-[6px] rounded-full bg-accent forced-color-adjust-none ${numeric ? 'right-[14px]' : '-left-[9px]'}`}
  >
    <span className="sr-only">changed</span>
  </span>
)

/** Head of a group, 28 px: its name, how many, its worst state. */
export function GroupHead({ group }: { group: RowGroup }) {
  return (
    <div role="row" className="flex h-7 items-end gap-3 px-6 pb-1 text-label text-text2">
      <span role="gridcell" className="flex min-w-0 items-center gap-3">
        <StateIcon word={group.worst.state} />
        <span className="truncate">
          <UntrustedText text={group.name} /> · {group.rows.length}
        </span>
        {group.worst.state !== 'OK' && <span className="font-normal text-text3">worst: {group.worst.state}</span>}
      </span>
    </div>
  )
}
