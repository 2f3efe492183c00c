import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Agent, keptSnapshots, type SnapshotId, type SnapshotSummary } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { EmptyLine, SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { readWords } from './words.ts'

/** The two steps: take one, change the machine, compare. Every snapshot of it, the newest first. */
export function Snapshots({
  agent,
  held,
  busy,
  onTake,
  onCompare,
  onOpen,
}: {
  agent: Agent & { boxName: string }
  held: string | undefined
  busy: boolean
  onTake: (note: string) => void
  onCompare: (snapshotId: SnapshotId) => void
  onOpen: (snapshotId: SnapshotId) => void
}) {
  const { data, error } = useQuery(orpc.snapshot.list.queryOptions({ input: { boxId: agent.boxId } }))
  const own = data?.filter(({ agentId }) => agentId === agent.agentId)
  const [note, setNote] = useState('')
  const take = (event: FormEvent) => {
    event.preventDefault()
    if (!busy && held === undefined) onTake(note.trim())
  }
  const isFirst = own?.length === 0
  return (
    <>
      <form aria-label="Take a snapshot" className="flex flex-col gap-3" onSubmit={take}>
        <SectionLabel>1. Before you change it</SectionLabel>
        <Input
          label="What for"
          aside="optional"
          maxLength={200}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
        <div className="flex items-center gap-3">
          <Button submit look={isFirst ? 'primary' : 'default'} disabled={busy || held !== undefined}>
            Take a snapshot
          </Button>
          {held && <span className="text-meta text-text3">{held}</span>}
        </div>
      </form>
      <section aria-label="Snapshots" className="flex flex-col gap-2">
        <SectionLabel {...(own && own.length > 0 ? { count: own.length } : {})}>2. After you changed it</SectionLabel>
        {error && <p className="text-critical">{sentenceOf(error)}</p>}
        {isFirst && <EmptyLine>No snapshot yet: take one, change the machine, come back.</EmptyLine>}
        {own && own.length > 0 && (
          <>
            <ul className="flex flex-col">
              {own.map((snapshot, at) => (
                <Row
                  key={snapshot.snapshotId}
                  snapshot={snapshot}
                  isMeant={at === own.findIndex(({ how }) => how === 'taken')}
                  isOff={busy || held !== undefined}
                  onCompare={onCompare}
                  onOpen={onOpen}
                />
              ))}
            </ul>
            <p className="text-meta text-text3">{`${keptSnapshots} are kept a machine; the oldest goes first.`}</p>
          </>
        )}
      </section>
    </>
  )
}

function Row({
  snapshot,
  isMeant,
  isOff,
  onCompare,
  onOpen,
}: {
  snapshot: SnapshotSummary
  /** The newest that was taken by hand. */
  isMeant: boolean
  isOff: boolean
  onCompare: (snapshotId: SnapshotId) => void
  onOpen: (snapshotId: SnapshotId) => void
}) {
  const { snapshotId, atMs, note, how } = snapshot
  const remove = useMutation({
    mutationFn: () => client.snapshot.remove({ snapshotId }),
    onSuccess: ({ sentence, undoId }) => offerUndoOf(sentence, [undoId]),
  })
  return (
    <li className="flex min-h-14 items-center gap-4">
      <div className="flex min-w-0 flex-1 flex-col">
        <span className="truncate">
          <Age atMs={atMs} className="" />
          {note && (
            <>
              {' · '}
              <UntrustedText text={note} />
            </>
          )}
        </span>
        <span className="truncate text-meta text-text3">
          {remove.error ? sentenceOf(remove.error) : readWords(snapshot)}
        </span>
      </div>
      {how === 'compared' && (
        <Button small disabled={isOff} onClick={() => onOpen(snapshotId)}>
          Open
        </Button>
      )}
      <Button small look={isMeant ? 'primary' : 'default'} disabled={isOff} onClick={() => onCompare(snapshotId)}>
        Compare with now
      </Button>
      <Button small disabled={isOff || remove.isPending} onClick={() => remove.mutate()}>
        Remove
      </Button>
    </li>
  )
}
