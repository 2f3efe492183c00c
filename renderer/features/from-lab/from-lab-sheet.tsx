import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { AgentId, SnapshotComparison, SnapshotId } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { said, wasCancelled } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { closeFromLab, useFromLab } from '../../state/from-lab.ts'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { Select } from '../../ui/field.tsx'
import { EmptyLine } from '../../ui/text.tsx'
import { ComparisonForm } from './comparison-form.tsx'
import { Snapshots } from './snapshots.tsx'

/** From two snapshots of a machine to a patch, over whatever page it was asked for. */
export function FromLabSheet() {
  const { over } = useFromLab()
  return over && <FromLab key={over.boxId ?? ''} boxId={over.boxId} />
}

/** What is asked of a machine; it is given up by Esc, and what was kept stays. */
function useAsking<Input, Output>(
  ask: (input: Input, signal: AbortSignal) => Promise<Output>,
  done: (output: Output) => void,
) {
  const abort = useRef<AbortController | null>(null)
  const mutation = useMutation({
    mutationFn: (input: Input) => {
      abort.current = new AbortController()
      return ask(input, abort.current.signal)
    },
    onSuccess: done,
  })
  return { ...mutation, stop: () => abort.current?.abort() }
}

function FromLab({ boxId }: { boxId: string | null }) {
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const { data: boxes } = useQuery(orpc.inventory.boxes.queryOptions())
  const { data: agents } = useQuery(orpc.inventory.agents.queryOptions({ input: {} }))
  const [picked, setPicked] = useState<AgentId | null>(null)
  const [comparison, setComparison] = useState<SnapshotComparison | null>(null)
  const compare = useAsking(
    (snapshotId: SnapshotId, signal) => client.snapshot.compare({ snapshotId }, { signal }),
    setComparison,
  )
  const reopen = useMutation({
    mutationFn: (snapshotId: SnapshotId) => client.snapshot.comparison({ snapshotId }),
    onSuccess: setComparison,
  })
  const take = useAsking(
    (asked: { agentId: AgentId; note: string }, signal) => client.snapshot.take(asked, { signal }),
    () => {},
  )
  const choices = (boxes ?? [])
    .toSorted((a, b) => Number(b.ring === 'lab') - Number(a.ring === 'lab'))
    .flatMap((box) =>
      (agents ?? [])
        .filter((agent) => agent.boxId === box.boxId)
        .map((agent, _at, own) => ({
          ...agent,
          label: own.length > 1 ? `${box.name}/${agent.profile}` : box.name,
          boxName: box.name,
        })),
    )
  const agent = choices.find((one) =>
    picked === null ? boxId === null || one.boxId === boxId : one.agentId === picked,
  )
  const busy = take.isPending || compare.isPending
  const leave = () => {
    if (!busy) return closeFromLab()
    take.stop()
    compare.stop()
  }
  const held = app?.readOnly ? 'This console was started to read only.' : undefined
  const failed = [compare.error, take.error, reopen.error].find((error) => error !== null && !wasCancelled(error))
  if (comparison !== null)
    return (
      <Sheet
        open
        onOpenChange={(open) => !open && closeFromLab()}
        title={`What was changed on ${comparison.after.boxName}`}
        description="What is chosen becomes a patch. Nothing is changed on any machine."
        width={640}
      >
        <ComparisonForm
          key={comparison.after.snapshotId}
          comparison={comparison}
          held={held}
          onBack={() => setComparison(null)}
        />
      </Sheet>
    )
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && leave()}
      title="Patch from a lab machine"
      description="What you change there by hand between two snapshots becomes a patch."
      width={640}
    >
      <div className="flex flex-col gap-6">
        {agents && boxes && choices.length === 0 && (
          <EmptyLine>No machine has shown an agent yet. Sweep them first.</EmptyLine>
        )}
        {choices.length > 0 && (
          <Select
            label="Machine"
            value={agent?.agentId ?? ''}
            disabled={busy}
            onChange={({ target }) => setPicked(target.value as AgentId)}
            options={choices.map(({ agentId, label }) => ({ value: agentId, label }))}
          />
        )}
        {agent && (
          <Snapshots
            key={agent.agentId}
            agent={agent}
            held={held}
            busy={busy || reopen.isPending}
            onTake={(note) => take.mutate({ agentId: agent.agentId, note })}
            onCompare={(snapshotId) => compare.mutate(snapshotId)}
            onOpen={(snapshotId) => reopen.mutate(snapshotId)}
          />
        )}
        {busy && agent && (
          <div role="status" className="flex items-center gap-3">
            <span>
              {compare.isPending
                ? `${agent.boxName} is asked again, and for the files that differ.`
                : `${agent.boxName} is asked for all that a patch could carry.`}
            </span>
            <Button small keys="escape" onClick={leave}>
              Stop asking
            </Button>
          </div>
        )}
        {failed && !busy && <FaultLines {...said(failed)} />}
        <div className="flex gap-2">
          {!busy && (
            <Button keys="escape" onClick={closeFromLab}>
              Close
            </Button>
          )}
        </div>
      </div>
    </Sheet>
  )
}
