import { openRotating } from '../api/rotating.ts'
import { startSweep, useRunningSweep } from '../api/sweeping.ts'
import { useActions } from '../state/actions.ts'
import { showOver } from '../state/frame.ts'
import { back, go } from '../state/navigation.ts'
import { askToStop } from '../state/stopping.ts'
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
    { title: 'Access', keys: ['g a', 'mod+3'], run: () => go({ page: 'access' }) },
    { title: 'Overlays', keys: ['g o', 'mod+4'], run: () => go({ page: 'overlays' }) },
    { title: 'Plan', keys: ['g p', 'mod+5'], run: () => go({ page: 'plan' }) },
    { title: 'Drift from what is declared', run: () => go({ page: 'drift' }) },
    { title: 'Rollouts', keys: ['g u', 'mod+7'], run: () => go({ page: 'rollouts' }) },
    { title: 'Logs', keys: ['g l', 'mod+6'], run: () => go({ page: 'logs' }) },
    { title: 'Patterns of log lines', run: () => go({ page: 'patterns' }) },
    { title: 'Settings', keys: ['g s', 'mod+8'], run: () => go({ page: 'settings' }) },
    {
      title: 'Sweep all machines',
      keys: 'shift+r',
      run: () => void startSweep(),
      unavailable: running ? 'A sweep is running.' : undefined,
    },
    { title: 'Stop a channel', keys: ['shift+k', 'mod+shift+k'], run: () => askToStop(), unavailable: cannotChange },
    { title: 'Run a command on machines', run: () => go({ page: 'command' }), unavailable: cannotChange },
    { title: 'Change your SSH key on machines', run: () => void openRotating(), unavailable: cannotChange },
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
