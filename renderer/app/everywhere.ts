import { startSweep, useRunningSweep } from '../api/sweeping.ts'
import { useActions } from '../state/actions.ts'
import { showOver } from '../state/frame.ts'
import { back, go } from '../state/navigation.ts'
import { undoLast, useCanUndo } from '../ui/toast.tsx'

/** Keys and palette entries that hold on every page. */
export function useEverywhere(readOnly: boolean): void {
  const canUndo = useCanUndo()
  const running = useRunningSweep() !== null
  const cannotChange = readOnly ? 'This console was started to read only.' : undefined
  useActions('Everywhere', [
    { title: 'Search or jump', keys: 'mod+k', run: () => showOver('palette'), keysOnly: true },
    { title: 'Review', keys: ['g r', 'mod+1'], run: () => go({ page: 'review' }) },
    { title: 'Fleet', keys: ['g f', 'mod+2'], run: () => go({ page: 'fleet' }) },
    { title: 'Settings', keys: ['g s', 'mod+8'], run: () => go({ page: 'settings' }) },
    {
      title: 'Sweep all machines',
      keys: 'shift+r',
      run: () => void startSweep(),
      unavailable: running ? 'A sweep is running.' : undefined,
    },
    { title: 'Add a machine', run: () => go({ page: 'add' }), unavailable: cannotChange },
    { title: 'New client', run: () => go({ page: 'new-client' }), unavailable: cannotChange },
    { title: 'Import machines', run: () => go({ page: 'import' }), unavailable: cannotChange },
    {
      title: 'Undo',
      keys: 'mod+z',
      run: undoLast,
      unavailable: canUndo ? undefined : 'Nothing was changed that can be taken back.',
    },
    { title: 'All keys here', keys: '?', run: () => showOver('keys') },
    { title: 'Back', keys: 'escape', run: back, keysOnly: true },
  ])
}
