import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ManifestLine, Patch, PatchId } from '../../../shared/contract/index.ts'
import { needWords } from '../../../shared/need-words.ts'
import { shellWord } from '../../../shared/shell.ts'
import { client } from '../../api/client.ts'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { ListAndPane, Page, useRoomForPane } from '../../ui/page.tsx'
import { classWords } from '../../ui/patch-class.ts'
import { ReasonSheet } from '../../ui/reason-sheet.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { EditSheet } from './edit-sheet.tsx'
import { HistorySheet } from './history-sheet.tsx'
import { Manifest } from './manifest.tsx'
import { Parts } from './parts.tsx'
import { checkWords, howWords } from './words.ts'

/** What one patch does, why, what it needs on a machine, and how it shows that it works there. */
export function PatchPage({ patchId }: { patchId: PatchId }) {
  const { data, error, refetch } = useQuery(orpc.patch.get.queryOptions({ input: { patchId } }))
  if (data) return <Loaded key={patchId} patch={data} />
  return (
    <Page title="Patch">
      {error && (
        <div className="p-6">
          <FaultLines {...said(error)} action={<Button onClick={() => void refetch()}>Try again</Button>} />
        </div>
      )}
    </Page>
  )
}

type Over = { what: 'edit' } | { what: 'history' } | { what: 'drop'; line: ManifestLine }

function Loaded({ patch }: { patch: Patch }) {
  const { patchId, revision, content, atMs, by, how, open } = patch
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const held = app?.readOnly ? 'This console was started to read only.' : undefined
  const room = useRoomForPane()
  const [over, setOver] = useState<Over | null>(null)
  const [paneOpen, setPaneOpen] = useState(false)
  const close = () => setOver(null)
  const settle = useMutation({
    mutationFn: ({ line, state, because }: { line: ManifestLine; state: ManifestLine['state']; because: string }) =>
      client.patch.save({
        patchId,
        baseRevision: revision,
        content: {
          ...content,
          needs: content.needs.map((own) => (own === line ? { ...own, state, because } : own)),
        },
        files: [],
        because: `${needWords(line.need)}: ${state === 'dropped' ? `not needed, ${because}` : 'needed'}`.slice(0, 300),
      }),
    onSuccess: ({ sentence, undoId }) => {
      offerUndoOf(sentence, [undoId])
      close()
    },
  })
  const confirm = useMutation({
    mutationFn: () => client.patch.confirm({ patchId, baseRevision: revision }),
    onSuccess: ({ sentence, undoId }) => offerUndoOf(sentence, [undoId]),
  })
  const preview = () => go({ page: 'preview', patchId })
  useActions('Patch', [
    ...(paneOpen && !room
      ? [{ title: 'Close the pane', keys: 'escape', keysOnly: true, run: () => setPaneOpen(false) }]
      : []),
    { title: 'Preview on the machines', keys: ['p', 'enter'], run: preview },
    { title: 'Edit name, reason and class', keys: 'e', run: () => setOver({ what: 'edit' }), unavailable: held },
    { title: 'History of this patch', keys: 'h', run: () => setOver({ what: 'history' }) },
    {
      title: 'Confirm what it needs',
      keys: 'c',
      run: () => confirm.mutate(),
      unavailable: open === 0 ? 'Nothing is left to confirm.' : held,
    },
    { title: 'What it needs', keys: 'space', run: () => setPaneOpen(true), keysOnly: true },
  ])
  const failed = confirm.error ?? settle.error
  return (
    <Page
      title={content.name}
      meta={
        <span className="truncate">
          {`${classWords[content.class].word} patch · revision ${revision}, ${howWords[how]} `}
          <Age atMs={atMs} inSentence className="" />
          {by === 'cli' ? ' on the command line' : ''}
        </span>
      }
      actions={
        <>
          {!room && <Button onClick={() => setPaneOpen(true)}>What it needs</Button>}
          <Button keys="h" onClick={() => setOver({ what: 'history' })}>
            History
          </Button>
          <Button keys="e" disabled={held !== undefined} title={held ?? ''} onClick={() => setOver({ what: 'edit' })}>
            Edit
          </Button>
          <Button look="primary" keys="p" onClick={preview}>
            Preview
          </Button>
        </>
      }
      strip={failed ? <Strip look="warning">{sentenceOf(failed)}</Strip> : null}
      hints={[
        { keys: ['p'], words: 'preview' },
        { keys: ['c'], words: 'confirm what it needs' },
        { keys: ['escape'], words: 'back' },
      ]}
      openHeader
    >
      <div className="readable shrink-0 border-b border-line px-6 pb-4">
        <p className="max-w-[72ch] text-lead break-words whitespace-pre-wrap">
          <UntrustedText text={content.why.text} maxChars={2000} />
        </p>
        {(content.why.link || content.author) && (
          <p className="pt-1 text-meta text-text3">
            {content.author && <UntrustedText text={`${content.author}${content.why.link ? ' · ' : ''}`} />}
            {content.why.link && <Copyable text={content.why.link} mono={false} />}
          </p>
        )}
      </div>
      <ListAndPane
        split="machine"
        paneTitle="What it needs"
        paneOpen={paneOpen}
        onPaneOpenChange={setPaneOpen}
        list={
          <div className="readable flex flex-col gap-6 px-6 py-4">
            <Parts patch={patch} />
            <section aria-label="As a folder" className="flex flex-col gap-1">
              <SectionLabel>As a folder</SectionLabel>
              <Copyable text={`npm run --silent cli -- patch export ${shellWord(content.name)} FOLDER`} />
            </section>
          </div>
        }
        pane={
          <div className="readable flex flex-col gap-6 px-6 py-4">
            <Manifest
              patch={patch}
              held={held}
              busy={confirm.isPending || settle.isPending}
              onConfirmAll={() => confirm.mutate()}
              onNeeded={(line) => settle.mutate({ line, state: 'confirmed', because: '' })}
              onDrop={(line) => setOver({ what: 'drop', line })}
            />
            <Verification patch={patch} />
            <section aria-label="Class" className="flex flex-col gap-1">
              <SectionLabel>Class</SectionLabel>
              <p>{`${capital(classWords[content.class].word)}. ${classWords[content.class].help}`}</p>
              <p className="text-meta break-words text-text3">
                {`At least ${classWords[patch.proposal.class].word}: `}
                <UntrustedText text={patch.proposal.because.join('; ')} maxChars={600} />. It can only be raised.
              </p>
            </section>
          </div>
        }
      />
      {over?.what === 'edit' && <EditSheet patch={patch} onClose={close} />}
      {over?.what === 'history' && <HistorySheet patch={patch} held={held} onClose={close} />}
      {over?.what === 'drop' && (
        <ReasonSheet
          title="Not needed"
          description={needWords(over.line.need)}
          label="Why it is not needed"
          action="Drop it"
          maxLength={200}
          busy={settle.isPending}
          error={settle.error}
          onSubmit={(because) => settle.mutate({ line: over.line, state: 'dropped', because })}
          onClose={close}
        />
      )}
    </Page>
  )
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

function Verification({ patch: { content } }: { patch: Patch }) {
  const tests = content.capability?.tests ?? []
  return (
    <section aria-label="How it shows that it works" className="flex flex-col gap-2">
      <SectionLabel>How a machine shows that it works</SectionLabel>
      <ul className="flex flex-col gap-1">
        {[...content.verify, ...tests].map((check) => (
          <li key={checkWords(check)} className="flex gap-3">
            <span className="flex h-5 items-center">
              <StateIcon word="Waiting" />
            </span>
            <span className="min-w-0 flex-1 break-words">
              <UntrustedText text={checkWords(check)} maxChars={400} />
            </span>
          </li>
        ))}
      </ul>
      {content.capability && content.capability.checklist.length > 0 && (
        <>
          <p className="text-meta text-text3">{`A person looks at, before flag ${content.capability.flag} is on:`}</p>
          <ul className="flex list-disc flex-col gap-1 pl-4">
            {content.capability.checklist.map((words) => (
              <li key={words} className="break-words">
                <UntrustedText text={words} maxChars={300} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
