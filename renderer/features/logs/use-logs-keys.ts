import type { BoxId } from '../../../shared/contract/index.ts'
import { startSweep, useRunningSweep } from '../../api/sweeping.ts'
import { type Action, useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import type { PaneActs } from './line-pane.tsx'
import { type LineRow, type Row, rowPx } from './line-window.ts'
import { contextLines } from './lines-around.ts'
import { clearFilter, nextLevel, show, useLogsState } from './logs-state.ts'
import type { Reader, SearchState } from './reader-state.ts'

export interface LogKeys {
  reader: Reader
  row: Row | undefined
  /** Machines whose lines are shown. */
  shown: readonly BoxId[]
  search: SearchState | null
  following: boolean
  acts: PaneActs
  readOnly: boolean
  /** There is nothing to read at all. */
  empty: boolean
  leaveAround: () => void
  toHit: (steps: number) => void
}

const hourMs = 3_600_000
const readOnlyWords = 'This console was started to read only.'
const missingWords = 'Here lines are missing.'

/** What Esc ends first: the search, the pane, the lines around, the filter; only then the page. */
function useEscapes({ search, reader, leaveAround }: LogKeys): Action[] {
  const { paneOpen, around, typed, filterOpen } = useLogsState()
  const key = { keys: 'escape', keysOnly: true }
  if (search?.state === 'running') return [{ title: 'Stop the search', ...key, run: reader.stopSearch }]
  if (paneOpen) return [{ title: 'Close the line', ...key, run: () => useLogsState.setState({ paneOpen: false }) }]
  if (around) return [{ title: 'Back to what the filter found', ...key, run: leaveAround }]
  return typed || filterOpen ? [{ title: 'Clear the filter', ...key, run: clearFilter }] : []
}

/** Keys of the log viewer. */
export function useLogsKeys(keys: LogKeys): void {
  const { reader, row, following, acts, readOnly, empty, toHit } = keys
  const { paneOpen, around } = useLogsState()
  const sweeping = useRunningSweep() !== null
  const line: LineRow | null = row?.kind === 'line' ? row : null
  const nothing = empty ? 'There are no lines yet.' : undefined
  const none = row ? undefined : 'No line is chosen.'
  const peek = () => useLogsState.setState({ paneOpen: !paneOpen })
  const byTime = (ms: number) => {
    const { window } = reader.state.getState()
    const from = row ?? window.rows[Math.floor(window.topPx / rowPx)]
    if (from) reader.toMoment(from.atMs + ms)
  }
  const only = { keysOnly: true }
  useActions('Logs', [
    ...useEscapes(keys),
    { title: 'Next line', keys: ['j', 'down'], run: () => reader.step(1), ...only },
    { title: 'Line before', keys: ['k', 'up'], run: () => reader.step(-1), ...only },
    { title: 'A page down', keys: 'pagedown', run: () => reader.turn(1), ...only },
    { title: 'A page up', keys: 'pageup', run: () => reader.turn(-1), ...only },
    { title: 'An hour later', keys: 'right', run: () => byTime(hourMs), ...only },
    { title: 'An hour earlier', keys: 'left', run: () => byTime(-hourMs), ...only },
    { title: 'Oldest line', keys: 'home', run: reader.toOldest, ...only },
    {
      title: following ? 'Follows new lines' : 'Newest line, and follow',
      keys: ['f', 'end'],
      run: reader.toNewest,
      unavailable: nothing,
    },
    { title: paneOpen ? 'Close the line' : 'The whole line', keys: ['space', 'enter'], run: peek, unavailable: none },
    {
      title: 'Lines around, without the filter',
      keys: 'a',
      run: () => acts.around?.(),
      unavailable: none ?? (acts.around ? undefined : 'All lines of its machine are shown already.'),
    },
    {
      title: 'Only this run',
      keys: 'o',
      run: () => acts.run?.(),
      unavailable: none ?? (line?.runId ? undefined : 'This line names no run.'),
    },
    { title: 'Next error', keys: 'e', run: () => reader.toError('newer'), unavailable: nothing },
    { title: 'Error before', keys: 'shift+e', run: () => reader.toError('older'), unavailable: nothing },
    ...(around
      ? [
          { title: 'Next hit', keys: 'n', run: () => toHit(1), ...only },
          { title: 'Hit before', keys: 'shift+n', run: () => toHit(-1), ...only },
        ]
      : [
          {
            title: 'Note or flag',
            keys: 'n',
            run: () => acts.note?.(),
            unavailable: readOnly ? readOnlyWords : (none ?? (line ? undefined : missingWords)),
          },
        ]),
    { title: 'Copy the line', keys: ['c', 'mod+c'], run: acts.copy, unavailable: none },
    {
      title: 'Copy the line as JSON',
      keys: ['shift+c', 'mod+shift+c'],
      run: acts.copyJson,
      unavailable: none ?? (line ? undefined : missingWords),
    },
    {
      title: `Copy the line with ${contextLines} on each side`,
      keys: 'alt+c',
      run: acts.copyAround,
      unavailable: none ?? (line ? undefined : missingWords),
    },
    {
      title: 'Keep it beyond 90 days',
      keys: 's',
      run: () => show('keep'),
      unavailable: readOnly ? readOnlyWords : (none ?? (line ? undefined : missingWords)),
    },
    {
      title: 'Sweep these machines',
      keys: 'r',
      run: () => void startSweep(keys.shown),
      unavailable: sweeping ? 'A sweep is running.' : undefined,
    },
    { title: 'Filter', keys: '/', run: () => useLogsState.setState({ filterOpen: true }) },
    { title: 'Next level: all, info, warn, error', keys: 'alt+l', run: nextLevel },
    { title: 'Choose machines', keys: 'b', run: () => show('machines') },
    { title: 'Patterns: kinds of lines', keys: 'p', run: () => go({ page: 'patterns' }) },
    { title: 'Go to a moment', keys: 'd', run: () => show('moment'), unavailable: nothing },
    { title: 'Save to a file', keys: 'mod+s', run: () => show('export'), unavailable: nothing },
  ])
}
