import { closeRotating, useRotating } from '../../state/rotating.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyRunView } from './key-run.tsx'
import { NewKey } from './new-key.tsx'

/** The operator's SSH key on the machines, changed for another. It may be closed: a run goes on. */
export function KeyDialog() {
  const { open, runId } = useRotating()
  if (!open) return null
  return (
    <Dialog open onOpenChange={(stays) => !stays && closeRotating()} title="Change your SSH key on the machines">
      {runId === null ? <NewKey /> : <KeyRunView key={runId} runId={runId} />}
    </Dialog>
  )
}
