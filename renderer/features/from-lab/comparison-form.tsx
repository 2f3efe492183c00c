import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type LayerRef, PatchName, type SnapshotComparison } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { closeFromLab } from '../../state/from-lab.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Input, Select } from '../../ui/field.tsx'
import { classWords } from '../../ui/patch-class.ts'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { ChangedLine } from './changed-line.tsx'
import { byKind, lead, missing } from './words.ts'

const layerKey = ({ kind, key }: LayerRef): string => `${kind}:${key}`

/** What was changed, line by line, which of it goes into the patch, and how that is called. */
export function ComparisonForm({
  comparison,
  held,
  onBack,
}: {
  comparison: SnapshotComparison
  held: string | undefined
  onBack: () => void
}) {
  const { before, after, lines, leftOut, layers } = comparison
  const { snapshotId } = after
  const [isIn, setIn] = useState(() => new Set(lines.filter(({ chosen }) => chosen).map(({ lineId }) => lineId)))
  const [layer, setLayer] = useState<LayerRef>(comparison.layer)
  const [name, setName] = useState(comparison.name)
  const [why, setWhy] = useState('')
  const [link, setLink] = useState('')
  const lineIds = lines.map(({ lineId }) => lineId).filter((lineId) => isIn.has(lineId))
  const asked = { snapshotId, layer, lineIds }
  const preview = useQuery({
    ...orpc.snapshot.preview.queryOptions({ input: asked }),
    enabled: lineIds.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const shown = lineIds.length === 0 ? undefined : preview.data
  const save = useMutation({
    mutationFn: (hash: string) =>
      client.snapshot.save({ ...asked, hash, name, why: { text: why.trim(), link: link.trim() }, author: '' }),
    onSuccess: ({ patch, sentence, undoId }) => {
      closeFromLab()
      go({ page: 'patch', patchId: patch.patchId })
      offerUndoOf(sentence, [undoId], () => go({ page: 'rollouts' }))
    },
  })
  const badName = PatchName.safeParse(name).success ? undefined : 'Small letters, digits and -, as orders-fallback.'
  const badLink = /^(https:\/\/\S+)?$/.test(link.trim()) ? undefined : 'An address that begins with https://.'
  const lacks = missing({
    held,
    chosen: lineIds.length,
    preview: preview.isPlaceholderData ? undefined : shown,
    name: badName,
    why,
    link: badLink,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (lacks === null && shown !== undefined && !save.isPending) save.mutate(shown.hash)
  }
  const turn = (lineId: string, into: boolean) =>
    setIn((held_) => new Set(into ? [...held_, lineId] : [...held_].filter((one) => one !== lineId)))
  const wordsFor = (all: readonly { lineId: string | null; words: string }[] = [], lineId: string): string[] =>
    all.filter((one) => one.lineId === lineId && isIn.has(lineId)).map(({ words }) => words)
  return (
    <form className="flex flex-col gap-6" onSubmit={submit}>
      <p>
        {lead(lines.length, leftOut.length)}{' '}
        <span className="text-text3">
          {'Snapshot of '}
          <Age atMs={before.atMs} inSentence className="" />
          {before.note && ': '}
          <UntrustedText text={before.note} />
        </span>
      </p>
      {lines.some(({ kind }) => kind === 'setting') && (
        <Select
          label="Layer that declares the changed settings"
          value={layerKey(layer)}
          onChange={({ target }) =>
            setLayer(layers.find((one) => layerKey(one.layer) === target.value)?.layer ?? comparison.layer)
          }
          options={layers.map((one) => ({ value: layerKey(one.layer), label: one.label }))}
        />
      )}
      {byKind(lines).map(({ words, lines: own }) => (
        <section key={words} aria-label={words} className="flex flex-col gap-2">
          <SectionLabel count={own.length}>{words}</SectionLabel>
          <ul className="flex flex-col gap-3">
            {own.map((line) => (
              <ChangedLine
                key={line.lineId}
                snapshotId={snapshotId}
                line={line}
                isIn={isIn.has(line.lineId)}
                onChange={(into) => turn(line.lineId, into)}
                problems={wordsFor(shown?.problems, line.lineId)}
                remarks={wordsFor(shown?.remarks, line.lineId)}
              />
            ))}
          </ul>
        </section>
      ))}
      {leftOut.length > 0 && (
        <section aria-label="Left out" className="flex flex-col gap-2">
          <SectionLabel count={leftOut.length}>Left out</SectionLabel>
          <ul className="flex flex-col gap-2">
            {leftOut.map(({ name: what, why: because }) => (
              <li key={`${what} ${because}`} className="flex flex-col">
                <span className="font-mono text-code wrap-anywhere">
                  <UntrustedText text={what} maxChars={300} />
                </span>
                <span className="text-meta wrap-anywhere text-text3">
                  <UntrustedText text={because} maxChars={600} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {lines.length === 0 ? (
        <div className="flex gap-2">
          <Button look="primary" onClick={onBack}>
            Back to the snapshots
          </Button>
        </div>
      ) : (
        <>
          <div className="flex flex-col gap-4">
            <Input
              label="Name"
              mono
              maxLength={60}
              value={name}
              onChange={({ target }) => setName(target.value)}
              error={badName}
            />
            <Input
              label="Why"
              maxLength={2000}
              value={why}
              onChange={({ target }) => setWhy(target.value)}
              error={save.error ? sentenceOf(save.error) : undefined}
              help="It stands with every machine that this changes."
            />
            <Input
              label="Link"
              aside="optional"
              maxLength={500}
              value={link}
              onChange={({ target }) => setLink(target.value)}
              error={badLink}
            />
          </div>
          {shown && (
            <p className="text-text2">
              {`A ${classWords[shown.class].word} patch`}
              {shown.because[0] && (
                <>
                  {': '}
                  <UntrustedText text={shown.because[0]} maxChars={300} />
                </>
              )}
              {`. ${shown.needs.length === 0 ? 'It needs nothing of a machine.' : `What it needs is ${shown.needs.length === 1 ? '1 line' : `${shown.needs.length} lines`} to confirm on its page.`}`}
            </p>
          )}
          {[...(shown?.problems.filter(({ lineId }) => lineId === null) ?? [])].map(({ words }) => (
            <p key={words} role="alert" className="text-critical wrap-anywhere">
              <UntrustedText text={words} maxChars={600} />
            </p>
          ))}
          {preview.error && (
            <p role="alert" className="text-critical">
              {sentenceOf(preview.error)}
            </p>
          )}
          <div className="flex flex-wrap items-center gap-3">
            <Button submit look="primary" keys="enter" disabled={lacks !== null || save.isPending}>
              Save the patch
            </Button>
            <Button onClick={onBack}>Back</Button>
            {lacks && <span className="text-meta text-text3">{lacks}</span>}
          </div>
        </>
      )}
    </form>
  )
}
