import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LayerPage, LayerRevision } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useNow } from '../../ui/age.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Difference } from '../../ui/difference.tsx'
import { RestoreForm } from '../../ui/restore-form.tsx'
import { EmptyLine, UntrustedText } from '../../ui/text.tsx'
import { agoText, clockTime, longDay } from '../../ui/times.ts'

const howWords: Record<LayerRevision['how'], string> = {
  saved: 'saved',
  restored: 'restored',
  reset: 'put back',
  excepted: 'exception',
  imported: 'imported',
  adopted: 'taken over from a machine',
  'taken-back': 'undone',
}

/** Every revision of a layer, newest first: when, who, why, what differs from the one before, and the way back to it. */
export function HistorySheet({
  page,
  held,
  onClose,
}: {
  page: LayerPage
  held: string | undefined
  onClose: () => void
}) {
  const { layer, revision: newest, label } = page
  const { data, error } = useQuery(orpc.overlay.history.queryOptions({ input: { layer, limit: 200 } }))
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={`History of ${label}`}
      description="Nothing is ever overwritten: what is restored becomes a new revision."
      width={640}
    >
      {error && <p className="text-warning">{sentenceOf(error)}</p>}
      {data?.length === 0 && <EmptyLine>Nothing was saved in this layer yet.</EmptyLine>}
      <ol aria-label="Revisions" className="flex flex-col">
        {data?.map((revision) => (
          <Revision key={revision.revision} revision={revision} newest={newest} held={held} />
        ))}
      </ol>
    </Sheet>
  )
}

function Revision({
  revision: { layer, revision, atMs, by, how, ofRevision, because, diff, moreLines },
  newest,
  held,
}: {
  revision: LayerRevision
  newest: number
  held: string | undefined
}) {
  const now = useNow()
  const [open, setOpen] = useState(revision === newest)
  const [restoring, setRestoring] = useState(false)
  const lines = diff.length + moreLines
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
            {ofRevision !== null && (ofRevision === 0 ? ', empty as before' : `, as revision ${ofRevision}`)}
            {' · '}
            {lines === 0 ? (
              'no value differs'
            ) : (
              <TextButton aria-expanded={open} onClick={() => setOpen(!open)}>
                {`${lines === 1 ? '1 value' : `${lines} values`}${open ? ', hide' : ''}`}
              </TextButton>
            )}
          </p>
        </div>
        {revision === newest ? (
          <span className="shrink-0 text-meta text-text3">holds now</span>
        ) : (
          held === undefined && (
            <Button small onClick={() => setRestoring(!restoring)}>
              Restore this
            </Button>
          )
        )}
      </div>
      {restoring && <Restore layer={layer} newest={newest} revision={revision} onDone={() => setRestoring(false)} />}
      {open && lines > 0 && (
        <div className="ml-9 bg-sunken pt-2 pb-1 font-mono text-code">
          {diff.map((line) => (
            <Difference key={line.path} line={line} />
          ))}
          {moreLines > 0 && <p className="px-3 text-text3">and {moreLines} more</p>}
        </div>
      )}
    </li>
  )
}

function Restore({
  layer,
  newest,
  revision,
  onDone,
}: {
  layer: LayerPage['layer']
  newest: number
  revision: number
  onDone: () => void
}) {
  const restore = useMutation({
    mutationFn: (because: string) => client.overlay.restore({ layer, baseRevision: newest, revision, because }),
    onSuccess: ({ sentence, undoId }) => {
      offerUndoOf(sentence, [undoId])
      onDone()
    },
  })
  return <RestoreForm revision={revision} restore={restore} onLeave={onDone} />
}
