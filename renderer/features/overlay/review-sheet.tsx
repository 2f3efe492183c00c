import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Difference } from '../../ui/difference.tsx'
import { Input } from '../../ui/field.tsx'
import { SectionLabel } from '../../ui/text.tsx'
import { shortDate } from '../../ui/times.ts'
import { becomesLine } from './becomes-words.ts'
import { editsBetween, readDraft } from './draft.ts'
import { keepDraft } from './drafts.ts'
import type { LayerForm } from './layer-form.ts'
import type { Preview } from './use-preview.ts'

/**
 * What was edited, old and new, before it is saved.
 *
 * @param props.leave goes where the operator was going; null: nobody is leaving.
 * @param props.onRollOut makes a patch of the edits instead, with the reason typed so far.
 */
export function ReviewSheet({
  form,
  preview,
  leave,
  onRollOut,
  onClose,
}: {
  form: LayerForm
  preview: Preview
  leave: (() => void) | null
  onRollOut: (because: string) => void
  onClose: () => void
}) {
  const { page, saved, draft } = form
  const now = useNow()
  const [because, setBecause] = useState('')
  const edits = editsBetween(saved, draft, (atMs) => shortDate(atMs, now))
  const { content } = readDraft(draft)
  const save = useMutation({
    mutationFn: async () => {
      if (content === null) throw new Error('only what is a layer can be saved')
      const answer = await client.overlay.save({
        layer: page.layer,
        baseRevision: page.revision,
        content,
        because,
      })
      await queryClient.invalidateQueries({ queryKey: orpc.overlay.key() })
      return answer
    },
    onSuccess: ({ sentence, undoId }) => {
      keepDraft(page.layer, null)
      offerUndoOf(sentence, [undoId])
      onClose()
      leave?.()
    },
    onError: () => queryClient.invalidateQueries({ queryKey: orpc.overlay.key() }),
  })
  const wrong = form.problems.length
  const missing =
    form.held ??
    (wrong > 0
      ? `${wrong === 1 ? '1 place' : `${wrong} places`} cannot be saved as it stands.`
      : preview.old
        ? 'The rules are being asked.'
        : because.trim() === ''
          ? 'A reason is missing.'
          : null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (missing === null) save.mutate()
  }
  return (
    <Sheet
      open
      // Nothing is typed behind it while it saves: what is saved is what is forgotten as a draft.
      onOpenChange={(open) => !open && !save.isPending && onClose()}
      title={leave ? 'Before you leave: unsaved changes' : 'Review changes'}
      description={`Layer ${page.label}, ${page.revision === 0 ? 'its first revision' : `revision ${page.revision + 1}`}. Saving changes no machine.`}
      width={640}
    >
      <form className="flex flex-col gap-6" onSubmit={submit}>
        <section aria-label="Edited values" className="flex flex-col gap-2">
          <SectionLabel count={edits.length}>Edited values</SectionLabel>
          <div className="bg-sunken pt-2 pb-1 font-mono text-code">
            {edits.map((line) => (
              <Difference key={line.path} line={line} />
            ))}
          </div>
        </section>
        <section aria-label="Machines" className="flex flex-col gap-2">
          <SectionLabel>Once a plan is applied</SectionLabel>
          <p>
            {page.reach.sentence} {preview.plan && `${becomesLine(preview.plan.agents)}.`}
          </p>
        </section>
        {form.problems.map(({ path, words }) => (
          <p key={`${path} ${words}`} role="alert" className="text-critical">
            {path && <span className="font-mono text-code">{path}: </span>}
            {words}
          </p>
        ))}
        <Input
          label="Why"
          maxLength={300}
          autoFocus
          value={because}
          onChange={({ target }) => setBecause(target.value)}
          help="One line for the history: whoever reads it later was not here."
          error={save.error ? sentenceOf(save.error) : undefined}
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button submit look="primary" keys="enter" disabled={missing !== null || save.isPending}>
            Save
          </Button>
          <Button disabled={save.isPending || wrong > 0} onClick={() => onRollOut(because)}>
            Make a patch…
          </Button>
          {leave && (
            <Button disabled={save.isPending} onClick={leave}>
              Leave, keep them as a draft
            </Button>
          )}
          <Button
            disabled={save.isPending}
            onClick={() => {
              keepDraft(page.layer, null)
              onClose()
              leave?.()
            }}
          >
            Discard them
          </Button>
          {missing && <span className="text-meta text-text3">{missing}</span>}
        </div>
      </form>
    </Sheet>
  )
}
