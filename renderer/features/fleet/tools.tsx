import { go } from '../../state/navigation.ts'
import { plainLayout, type TableLayout } from '../../state/table-layout.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/field.tsx'
import { useRoomForPane } from '../../ui/page.tsx'
import { Menu, Popover } from '../../ui/popover.tsx'
import { columnIds, columnPlans, planOf } from './columns.tsx'
import { useFleetState } from './fleet-state.ts'
import { type Grouping, groupings } from './order.ts'

export const groupingNames: Record<Grouping, string> = {
  client: 'client',
  ring: 'ring',
  os: 'system',
  niche: 'niche',
  version: 'version',
}

interface ToolsProps {
  layout: TableLayout
  onLayout: (layout: TableLayout) => void
  readOnly: boolean
  /** There is no machine: nothing to filter, group or arrange. */
  empty: boolean
}

/** Where there is no room for a button each. */
const addItems = [
  { label: 'Add a machine', keys: 'a', run: () => go({ page: 'add' }) },
  { label: 'Import machines', run: () => go({ page: 'import' }) },
  { label: 'New client', keys: 'n', run: () => go({ page: 'new-client' }) },
]

/** Actions of the fleet's header. */
export function Tools({ layout, onLayout, readOnly, empty }: ToolsProps) {
  const room = useRoomForPane()
  return (
    <>
      {!empty && <TableTools layout={layout} onLayout={onLayout} />}
      {!readOnly && !room && <Menu trigger={<Button>Add</Button>} items={addItems} />}
      {!readOnly && room && (
        <>
          <Button keys="n" onClick={() => go({ page: 'new-client' })}>
            New client
          </Button>
          <Button keys="a" onClick={() => go({ page: 'add' })}>
            Add a machine
          </Button>
        </>
      )}
    </>
  )
}

function TableTools({ layout, onLayout }: Omit<ToolsProps, 'readOnly' | 'empty'>) {
  const grouping = useFleetState((state) => state.grouping)
  return (
    <>
      <Button keys="/" onClick={() => useFleetState.setState({ filterOpen: true })}>
        Filter
      </Button>
      <Menu
        trigger={<Button keys="alt+g">Group</Button>}
        items={[
          {
            label: grouping === null ? 'Not grouped ✓' : 'Not grouped',
            run: () => useFleetState.setState({ grouping: null }),
          },
          ...groupings.map((each) => ({
            label: `By ${groupingNames[each]}${each === grouping ? ' ✓' : ''}`,
            run: () => useFleetState.setState({ grouping: each }),
          })),
        ]}
      />
      <Popover label="Columns" trigger={<Button>Columns</Button>}>
        <Columns layout={layout} onLayout={onLayout} />
      </Popover>
    </>
  )
}

/** Visibility where nobody said otherwise. */
export const shownAtFirst: Record<string, boolean> = Object.fromEntries(
  columnPlans.map((plan) => [plan.id, !plan.hidden]),
)

function moved(order: readonly string[], id: string, steps: number): string[] {
  const at = order.indexOf(id)
  const to = Math.min(order.length - 1, Math.max(0, at + steps))
  const rest = order.filter((each) => each !== id)
  return [...rest.slice(0, to), id, ...rest.slice(to)]
}

function Columns({ layout, onLayout }: Omit<ToolsProps, 'readOnly' | 'empty'>) {
  const order = [...layout.order, ...columnIds.filter((id) => !layout.order.includes(id))]
  return (
    <div className="flex w-[240px] flex-col">
      {order.map((id) => {
        const name = planOf(id).head
        return (
          <div key={id} className="flex items-center justify-between">
            <Checkbox
              label={name}
              checked={layout.visibility[id] !== false}
              disabled={id === 'client'}
              onChange={(event) =>
                onLayout({ ...layout, visibility: { ...layout.visibility, [id]: event.target.checked } })
              }
            />
            <span className="flex gap-1">
              <MoveButton name={name} way="up" onMove={() => onLayout({ ...layout, order: moved(order, id, -1) })} />
              <MoveButton name={name} way="down" onMove={() => onLayout({ ...layout, order: moved(order, id, 1) })} />
            </span>
          </div>
        )
      })}
      <p className="mt-2 text-meta text-text3">
        The client always stays. Drag the edge of a head to make a column wider.
      </p>
      <div className="mt-3">
        <Button small onClick={() => onLayout({ ...plainLayout, visibility: shownAtFirst })}>
          As it was at first
        </Button>
      </div>
    </div>
  )
}

function MoveButton({ name, way, onMove }: { name: string; way: 'up' | 'down'; onMove: () => void }) {
  return (
    <button
      type="button"
      aria-label={`Move ${name} ${way}`}
      onClick={onMove}
      className="size-7 rounded-cap text-text2 hover:bg-sunken"
    >
      {way === 'up' ? '↑' : '↓'}
    </button>
  )
}
