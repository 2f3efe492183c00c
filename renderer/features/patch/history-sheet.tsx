import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Patch, PatchSummary } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { classWords } from '../../ui/patch-class.ts'
import { RestoreForm } from '../../ui/restore-form.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { agoText, clockTime, longDay } from '../../ui/times.ts'
import { counted, howWords } from './words.ts'

/** Every revision of a patch, newest first, and the way back to one. */
export function HistorySheet({
  patch,
  held,
  onClose,
}: {
  patch: Patch
  held: string | undefined
  onClose: () => void
}) {
  const { data, error } = useQuery(orpc.patch.history.queryOptions({ input: { patchId: patch.patchId } }))
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={`History of ${patch.content.name}`}
      description="Nothing is ever overwritten: what is restored becomes a new revision."
      width={640}
    >
      {error && <p className="text-warning">{sentenceOf(error)}</p>}
      <ol aria-label="Revisions" className="flex flex-col">
        {data?.map((revision) => (
          <Revision key={revision.revision} summary={revision} newest={patch.revision} held={held} />
        ))}
      </ol>
    </Sheet>
  )
}

function Revision({
  summary: { patchId, revision, atMs, by, how, because, problem, class: its, parts, needs },
  newest,
  held,
}: {
  summary: PatchSummary
  newest: number
  held: string | undefined
}) {
  const now = useNow()
  const [restoring, setRestoring] = useState(false)
  return (
    <li aria-label={`Revision ${revision}`} className="flex flex-col gap-2 border-line py-3 not-first:border-t">
      <div className="readable flex items-baseline gap-3">
        <span className="figures w-6 shrink-0 text-right text-text3">{revision}</span>
        <div className="min-w-0 flex-1">
          <p className="font-medium break-words">
            <UntrustedText text={because} maxChars={300} />
          </p>
          <p className="text-meta text-text3">
            <time dateTime={new Date(atMs).toISOString()} title={`${longDay(atMs)}, ${clockTime(atMs)}`}>
              {agoText(atMs, now)}
            </time>
            {` · ${by === 'cli' ? 'command line' : 'you'} · ${howWords[how]}`}
            {problem === '' && its !== null
              ? ` · ${classWords[its].word}, ${counted(parts, 'part')}, ${counted(needs, 'need')}`
              : ` · ${problem}`}
          </p>
        </div>
        {revision === newest ? (
          <span className="shrink-0 text-meta text-text3">holds now</span>
        ) : (
          held === undefined &&
          problem === '' && (
            <Button small onClick={() => setRestoring(!restoring)}>
              Restore this
            </Button>
          )
        )}
      </div>
      {restoring && (
        <Restore patchId={patchId} newest={newest} revision={revision} onDone={() => setRestoring(false)} />
      )}
    </li>
  )
}

function Restore({
  patchId,
  newest,
  revision,
  onDone,
}: {
  patchId: PatchSummary['patchId']
  newest: number
  revision: number
  onDone: () => void
}) {
  const restore = useMutation({
    mutationFn: (because: string) => client.patch.restore({ patchId, baseRevision: newest, revision, because }),
    onSuccess: ({ sentence, undoId }) => {
      offerUndoOf(sentence, [undoId])
      onDone()
    },
  })
  return <RestoreForm revision={revision} restore={restore} onLeave={onDone} />
}
