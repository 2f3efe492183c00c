import type { BoxId, FleetRow } from '../../../shared/contract/index.ts'
import { backUpNow } from '../../api/backing-up.ts'
import { startSweep, stopSweep, useRunningSweep } from '../../api/sweeping.ts'
import { type Action, useActions } from '../../state/actions.ts'
import { askForCommand } from '../../state/commands.ts'
import { go } from '../../state/navigation.ts'
import { offerSentence } from '../../state/said.ts'
import { copyText } from '../../ui/copyable.tsx'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { asText } from './columns.tsx'
import {
  choose,
  clearFilter,
  clearSelection,
  nextGrouping,
  select,
  toggleSelected,
  useFleetState,
} from './fleet-state.ts'
import type { ColumnId } from './order.ts'

const state = useFleetState.getState

async function copy(text: string): Promise<void> {
  if (!(await copyText(text))) offerSentence('The clipboard refused it, so nothing was copied.')
}

function step(rows: readonly FleetRow[], steps: number, extend: boolean): void {
  const at = rows.findIndex((row) => row.boxId === state().chosen)
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + steps))]
  if (!next) return
  const from = rows[at]
  if (extend) select([...(from ? [from.boxId] : []), next.boxId])
  choose(next.boxId)
  takeFocusAlong('grid', 'data-box', next.boxId)
}

function stepColumn(visible: readonly string[], steps: number): void {
  const at = visible.indexOf(state().column ?? '')
  const next = visible[Math.min(visible.length - 1, Math.max(0, at + steps))]
  useFleetState.setState({ column: (next ?? null) as ColumnId | null })
}

/** What Esc closes first: pane, selection, filter; only then the page. */
function useEscapes(): Action[] {
  const { paneOpen, selected, filter, filterOpen } = useFleetState()
  const running = useRunningSweep() !== null
  const key = { keys: 'escape', keysOnly: true }
  if (paneOpen) return [{ title: 'Close the pane', ...key, run: () => useFleetState.setState({ paneOpen: false }) }]
  if (selected.size > 0) return [{ title: 'Clear the selection', ...key, run: clearSelection }]
  if (filter || filterOpen) return [{ title: 'Clear the filter', ...key, run: clearFilter }]
  return running ? [{ title: 'Stop the sweep', keys: 'escape', run: () => void stopSweep() }] : []
}

/** Machines an action is meant for: the selection, else the present row. */
export const meant = (rows: readonly FleetRow[]): BoxId[] => {
  const { selected, chosen } = state()
  const shown = rows.map((row) => row.boxId)
  return selected.size > 0 ? shown.filter((id) => selected.has(id)) : shown.filter((id) => id === chosen)
}

/** Keys of the table. */
export function useTableKeys(
  rows: readonly FleetRow[],
  visible: readonly string[],
  { empty, readOnly }: { empty: boolean; readOnly: boolean },
): void {
  const { chosen, selected, paneOpen } = useFleetState()
  const running = useRunningSweep() !== null
  const row = rows.find((each) => each.boxId === chosen)
  const none = row ? undefined : 'No machine is chosen.'
  const nothing = empty ? 'There is no machine yet.' : undefined
  const held = readOnly ? 'This console was started to read only.' : undefined
  const copyRows = () => {
    const ids = meant(rows)
    void copy(
      asText(
        rows.filter((each) => ids.includes(each.boxId)),
        visible,
        Date.now(),
      ),
    )
  }
  useActions('Fleet', [
    ...useEscapes(),
    { title: 'Next machine', keys: ['j', 'down'], run: () => step(rows, 1, false), keysOnly: true },
    { title: 'Machine before', keys: ['k', 'up'], run: () => step(rows, -1, false), keysOnly: true },
    { title: 'Extend the selection down', keys: 'shift+down', run: () => step(rows, 1, true), keysOnly: true },
    { title: 'Extend the selection up', keys: 'shift+up', run: () => step(rows, -1, true), keysOnly: true },
    { title: 'Next column', keys: 'right', run: () => stepColumn(visible, 1), keysOnly: true },
    { title: 'Column before', keys: 'left', run: () => stepColumn(visible, -1), keysOnly: true },
    {
      title: paneOpen ? 'Close the pane' : 'Peek',
      keys: 'space',
      run: () => useFleetState.setState({ paneOpen: !paneOpen }),
      unavailable: none,
    },
    {
      title: 'Open the machine',
      keys: 'enter',
      run: () => row && go({ page: 'machine', boxId: row.boxId }),
      unavailable: none,
    },
    { title: 'Select', keys: 'x', run: () => row && toggleSelected(row.boxId), unavailable: none },
    {
      title: 'Select all shown',
      keys: 'mod+a',
      run: () => select(rows.map((each) => each.boxId)),
      unavailable: nothing,
    },
    {
      title: selected.size > 0 ? 'Sweep the selected machines' : 'Sweep this machine',
      keys: 'r',
      run: () => void startSweep(meant(rows)),
      unavailable: running ? 'A sweep is running.' : selected.size > 0 ? undefined : none,
    },
    {
      title: selected.size > 0 ? 'Run a command on the selected machines' : 'Run a command on this machine',
      keys: 'c',
      run: () => askForCommand(meant(rows)),
      unavailable: held ?? (selected.size > 0 ? undefined : none),
    },
    {
      title: selected.size > 0 ? 'Back up the selected machines now' : 'Back up this machine now',
      keys: 'b',
      run: () => void backUpNow(meant(rows)),
      unavailable: held ?? (selected.size > 0 ? undefined : none),
    },
    { title: 'Add a machine', keys: 'a', run: () => go({ page: 'add' }), unavailable: held, keysOnly: true },
    { title: 'New client', keys: 'n', run: () => go({ page: 'new-client' }), unavailable: held, keysOnly: true },
    { title: 'Filter', keys: '/', run: () => useFleetState.setState({ filterOpen: true }), unavailable: nothing },
    { title: 'Group by the next column', keys: 'alt+g', run: nextGrouping, unavailable: nothing },
    {
      title: 'Copy the cell',
      keys: 'mod+c',
      run: () => row && void copy(asText([row], [state().column ?? 'client'], Date.now())),
      unavailable: none,
    },
    { title: 'Copy the row', keys: 'mod+shift+c', run: copyRows, unavailable: selected.size > 0 ? undefined : none },
  ])
}
