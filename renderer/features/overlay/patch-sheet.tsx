import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type PatchClass, type PatchContent, PatchName } from '../../../shared/contract/index.ts'
import { needWords } from '../../../shared/need-words.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { go, replace } from '../../state/navigation.ts'
import { useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Difference } from '../../ui/difference.tsx'
import { Input, Select } from '../../ui/field.tsx'
import { classesFrom, classWords } from '../../ui/patch-class.ts'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { shortDate } from '../../ui/times.ts'
import { editsBetween } from './draft.ts'
import { keepDraft } from './drafts.ts'
import type { LayerForm } from './layer-form.ts'
import { patchOfEdits, proposedName } from './patch-of-edits.ts'

/** What was edited, as a patch: a name, a reason, what it needs on machines. Saves no layer. */
export function PatchSheet({ form, because, onClose }: { form: LayerForm; because: string; onClose: () => void }) {
  const { page, saved, draft } = form
  const now = useNow()
  const { edit, excepts } = patchOfEdits(saved, draft)
  const edits = editsBetween(saved, draft, (atMs) => shortDate(atMs, now)).filter(
    ({ path }) => !path.startsWith('except '),
  )
  const parts: PatchContent['parts'] = [{ kind: 'overlay', layer: page.layer, ...edit }]
  const { data: patches } = useQuery(orpc.patch.list.queryOptions())
  const { data: proposal, error } = useQuery({
    ...orpc.patch.propose.queryOptions({ input: { parts } }),
    enabled: edits.length > 0,
    gcTime: 0,
  })
  const [why, setWhy] = useState(because)
  const [named, setNamed] = useState<string | null>(null)
  const [raised, setRaised] = useState<PatchClass | null>(null)
  const name = named ?? proposedName(Object.keys(edit.set).concat(edit.reset), new Set(patches?.map((one) => one.name)))
  const make = useMutation({
    mutationFn: () =>
      client.patch.save({
        patchId: null,
        baseRevision: 0,
        content: {
          name,
          why: { text: why.trim(), link: '' },
          author: '',
          class: raised ?? proposal?.class ?? 'neutral',
          parts,
          needs: (proposal?.needs ?? []).map((line) => ({ ...line, state: 'confirmed', because: '' })),
          verify: [],
          capability: null,
        },
        because: why.trim().slice(0, 300),
      }),
    onSuccess: ({ patch, sentence, undoId }) => {
      const kept = { base: saved, draft }
      // The edits are the patch's now: saved from here too, they would be declared before anybody saw them hold.
      keepDraft(page.layer, excepts.length > 0 ? { base: saved, draft: { ...saved, excepts } } : null)
      offerUndoOf(sentence, [undoId], () => {
        keepDraft(page.layer, kept)
        replace({ page: 'overlay', layer: page.layer })
      })
      go({ page: 'preview', patchId: patch.patchId })
    },
  })
  const badName = PatchName.safeParse(name).success ? undefined : 'Small letters, digits and -, as orders-fallback.'
  const problems = [...form.problems, ...(proposal?.problems ?? []).map(({ place, words }) => ({ path: place, words }))]
  const missing =
    form.held ??
    (edits.length === 0
      ? 'Only exceptions were edited, and a patch carries none.'
      : problems.length > 0
        ? `${problems.length === 1 ? '1 place' : `${problems.length} places`} cannot be rolled out as it stands.`
        : proposal === undefined
          ? 'What it needs is being read.'
          : why.trim() === ''
            ? 'A reason is missing.'
            : (badName ?? null))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (missing === null) make.mutate()
  }
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && !make.isPending && onClose()}
      title="Make a patch of these edits"
      description={`It changes no machine and saves nothing in layer ${page.label}. Undo gives the edits back to the layer.`}
      width={640}
    >
      <form className="flex flex-col gap-6" onSubmit={submit}>
        <section aria-label="What it declares" className="flex flex-col gap-2">
          <SectionLabel count={edits.length}>What it declares</SectionLabel>
          <div className="bg-sunken pt-2 pb-1 font-mono text-code">
            {edits.map((line) => (
              <Difference key={line.path} line={line} />
            ))}
          </div>
          {excepts.length > 0 && (
            <p className="text-meta text-text3">Exceptions stay here, unsaved: no patch carries them.</p>
          )}
        </section>
        {proposal && proposal.needs.length > 0 && (
          <section aria-label="What it needs" className="flex flex-col gap-2">
            <SectionLabel count={proposal.needs.length}>What every machine must have</SectionLabel>
            <ul className="flex flex-col gap-1">
              {proposal.needs.map(({ need, from }) => (
                <li key={needWords(need)} className="flex flex-col break-words">
                  <span className="wrap-anywhere">{needWords(need)}</span>
                  <span className="text-meta text-text3">
                    <UntrustedText text={from} maxChars={300} />
                  </span>
                </li>
              ))}
            </ul>
            <p className="text-meta text-text3">
              Making the patch confirms them. One that is not needed is dropped on its page.
            </p>
          </section>
        )}
        {problems.map(({ path, words }) => (
          <p key={`${path} ${words}`} role="alert" className="text-critical">
            {path && <span className="font-mono text-code">{path}: </span>}
            {words}
          </p>
        ))}
        <div className="flex flex-col gap-4">
          <Input
            label="Why"
            maxLength={300}
            autoFocus
            value={why}
            onChange={({ target }) => setWhy(target.value)}
            help="It stands with every machine that this changes."
          />
          <Input
            label="Name"
            maxLength={60}
            mono
            value={name}
            onChange={({ target }) => setNamed(target.value)}
            error={make.error ? sentenceOf(make.error) : named === null ? undefined : badName}
          />
          {proposal && (
            <Select
              label="Class"
              value={raised ?? proposal.class}
              onChange={({ target }) => setRaised(target.value as PatchClass)}
              options={classesFrom(proposal.class).map((value) => ({ value, label: classWords[value].word }))}
              help={`${classWords[raised ?? proposal.class].help} ${proposal.because.slice(0, 2).join('; ')}. It can only be raised.`}
            />
          )}
        </div>
        {error && <p className="text-critical">{sentenceOf(error)}</p>}
        <div className="flex flex-wrap items-center gap-3">
          <Button submit look="primary" keys="enter" disabled={missing !== null || make.isPending}>
            Make the patch
          </Button>
          <Button keys="escape" disabled={make.isPending} onClick={onClose}>
            Back to the edits
          </Button>
          {missing && (
            <span role="status" className="flex items-center gap-2 text-meta text-text3">
              {problems.length > 0 && <StateIcon word="Failing" />}
              {missing}
            </span>
          )}
        </div>
      </form>
    </Sheet>
  )
}
