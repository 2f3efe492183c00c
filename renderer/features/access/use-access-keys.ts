import type { AccessRow } from '../../../shared/contract/index.ts'
import { stopSweep, useRunningSweep } from '../../api/sweeping.ts'
import { clearAccessFilter, useAccessState } from '../../state/access.ts'
import { type Action, useActions } from '../../state/actions.ts'
import { doorKey } from '../../state/door-key.ts'
import { offerSentence } from '../../state/said.ts'
import { copyText } from '../../ui/copyable.tsx'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { asText, columnPlans } from './columns.tsx'
import type { DoorActs } from './door-pane.tsx'

const state = useAccessState.getState
const set = useAccessState.setState
const columnIds = columnPlans.map(({ id }) => id)

async function copy(text: string): Promise<void> {
  if (!(await copyText(text))) offerSentence('The clipboard refused it, so nothing was copied.')
}

function step(rows: readonly AccessRow[], present: AccessRow | undefined, steps: number): void {
  const at = present ? rows.indexOf(present) : 0
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + steps))]
  if (!next) return
  set({ chosen: doorKey(next) })
  takeFocusAlong('grid', 'data-door', doorKey(next))
}

function stepColumn(steps: number): void {
  const { column } = state()
  const at = column === null ? -1 : columnIds.indexOf(column)
  set({ column: columnIds[Math.min(columnIds.length - 1, Math.max(0, at + steps))] ?? null })
}

/** What Esc closes first: pane, filter; only then the page. */
function useEscapes(): Action[] {
  const { paneOpen, filter, filterOpen } = useAccessState()
  const running = useRunningSweep() !== null
  const key = { keys: 'escape', keysOnly: true }
  if (paneOpen) return [{ title: 'Close the pane', ...key, run: () => set({ paneOpen: false }) }]
  if (filter || filterOpen) return [{ title: 'Clear the filter', ...key, run: clearAccessFilter }]
  return running ? [{ title: 'Stop the sweep', keys: 'escape', run: () => void stopSweep() }] : []
}

/** Keys of the table of doors. */
export function useAccessKeys(
  rows: readonly AccessRow[],
  row: AccessRow | undefined,
  acts: DoorActs | null,
  held: string | undefined,
): void {
  const paneOpen = useAccessState((each) => each.paneOpen)
  const running = useRunningSweep() !== null
  const none = row ? undefined : 'No door is chosen.'
  useActions('Access', [
    ...useEscapes(),
    { title: 'Next door', keys: ['j', 'down'], run: () => step(rows, row, 1), keysOnly: true },
    { title: 'Door before', keys: ['k', 'up'], run: () => step(rows, row, -1), keysOnly: true },
    { title: 'Next column', keys: 'right', run: () => stepColumn(1), keysOnly: true },
    { title: 'Column before', keys: 'left', run: () => stepColumn(-1), keysOnly: true },
    { title: 'Who and why', keys: 'enter', run: () => set({ paneOpen: true }), unavailable: none },
    {
      title: paneOpen ? 'Close the pane' : 'Peek',
      keys: 'space',
      run: () => set({ paneOpen: !paneOpen }),
      unavailable: none,
    },
    { title: 'Stop this channel', keys: 'shift+k', run: () => acts?.stop(), unavailable: held ?? none },
    {
      title: 'Fix the rules of this door',
      keys: 'f',
      run: () => acts?.fix?.(),
      unavailable: held ?? none ?? (acts?.fix ? undefined : 'No rule is broken there.'),
    },
    {
      title: 'Start this channel again',
      keys: 's',
      run: () => acts?.start?.(),
      unavailable: held ?? none ?? (acts?.start ? undefined : 'This channel is on.'),
    },
    { title: 'Edit who it answers', keys: 'e', run: () => acts?.edit(), unavailable: none },
    { title: 'Open the machine', keys: 'o', run: () => acts?.machine(), unavailable: none },
    { title: 'Log of this machine', keys: 'l', run: () => acts?.log(), unavailable: none },
    {
      title: 'Sweep this machine',
      keys: 'r',
      run: () => acts?.sweep(),
      unavailable: running ? 'A sweep is running.' : none,
    },
    {
      title: 'Filter',
      keys: '/',
      run: () => set({ filterOpen: true }),
      unavailable: rows.length === 0 && state().filter === '' ? 'There is no door yet.' : undefined,
    },
    {
      title: 'Copy the cell',
      keys: 'mod+c',
      run: () => row && void copy(asText([row], [state().column ?? 'answers'], Date.now())),
      unavailable: none,
    },
    {
      title: 'Copy the row',
      keys: 'mod+shift+c',
      run: () => row && void copy(asText([row], columnIds, Date.now())),
      unavailable: none,
    },
  ])
}
