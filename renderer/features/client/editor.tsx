import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { FormProvider, useForm, useFormState } from 'react-hook-form'
import type { ClientId } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { client } from '../../api/client.ts'
import { type Said, said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { useActions } from '../../state/actions.ts'
import { go, isHere, replace } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { Button, MoreButton, TextButton } from '../../ui/button.tsx'
import { errorCountWords, errorPaths, resolverOf } from '../../ui/form-errors.ts'
import { Page } from '../../ui/page.tsx'
import { Menu } from '../../ui/popover.tsx'
import { Strip } from '../../ui/strip.tsx'
import { Basics, Limits } from './basics.tsx'
import { Holidays, Hours } from './days.tsx'
import { type ClientForm, emptyClient, readForm } from './form.ts'
import { ClientPane } from './pane.tsx'
import { Notes, OwnHandles, People, Workflows } from './people.tsx'
import { checkRows, checkWith, saveClient } from './save.ts'
import { Section, SectionNav, sections } from './sections.tsx'
import { useDraft } from './use-draft.ts'

const resolver = resolverOf<ClientForm>(readForm)
const thisYear = () => new Date().getFullYear()

/** The form of one client; `clientId` null: not saved yet. */
export function ClientEditor({ clientId, saved }: { clientId: ClientId | null; saved: ClientForm }) {
  const methods = useForm<ClientForm>({ defaultValues: saved, resolver, mode: 'onBlur', reValidateMode: 'onChange' })
  const draft = useDraft(clientId, saved, methods)
  const { errors } = useFormState({ control: methods.control })
  const [refused, setRefused] = useState<Said | null>(null)
  const [saving, setSaving] = useState(false)
  const column = useRef<HTMLDivElement>(null)
  const wrong = errorPaths(errors)
  const name = methods.watch('name').trim()

  const refuse = (error: unknown) => {
    const words = said(error)
    const field =
      words.fault?.code === 'invalid-input' ? words.fault.field : words.fault?.code === 'already-exists' ? 'name' : ''
    const known = Object.keys(emptyClient).includes(field.split('.')[0] ?? '')
    if (known && words.fault?.code === 'invalid-input')
      methods.setError(field as keyof ClientForm, { message: words.fault.detail })
    else if (known) methods.setError('name', { message: words.sentence })
    else setRefused(words)
  }

  const store = async () => {
    const form = methods.getValues()
    const answer = await saveClient(clientId, saved, form)
    draft.settle({ ...form, handles: form.handles.filter(({ value }) => value.trim() !== '') })
    const page = { page: 'edit-client', clientId: answer.client.clientId } as const
    const leave = () => {
      if (clientId === null && isHere(page)) replace({ page: 'fleet' })
    }
    offerUndoOf(answer.sentence, answer.undoIds, leave)
    if (clientId === null) replace(page)
  }

  const save = async () => {
    if (saving) return
    setRefused(null)
    setSaving(true)
    try {
      const handles = await checkRows(methods.getValues('handles'), checkWith(methods.getValues('region')))
      methods.setValue('handles', handles)
      await methods.handleSubmit(store, (found) => showFirst(errorPaths(found)[0]))()
    } catch (error) {
      refuse(error)
    } finally {
      setSaving(false)
    }
  }

  const remove = async () => {
    if (clientId === null) return
    try {
      const { undoId, sentence } = await client.inventory.removeClient({ clientId })
      draft.discard()
      go({ page: 'fleet' })
      offerUndoOf(sentence, [undoId], () => go({ page: 'edit-client', clientId }))
    } catch (error) {
      refuse(error)
    }
  }

  const canRemove = clientId === null ? 'It is not saved yet.' : undefined
  useActions('Client', [
    { title: clientId === null ? 'Save this new client' : 'Save this client', keys: 'mod+s', run: () => void save() },
    { title: 'Remove this client', run: () => void remove(), unavailable: canRemove },
  ])

  return (
    <FormProvider {...methods}>
      <Page
        title={
          <span className="block truncate" title={name}>
            {untrusted(name) || (clientId === null ? 'New client' : 'Client')}
          </span>
        }
        meta={
          <>
            {wrong.length > 0 && <span className="text-critical">{errorCountWords(wrong.length)}</span>}
            {draft.edited.length > 0 && <span>{`${draft.edited.length} unsaved`}</span>}
          </>
        }
        actions={
          <>
            {clientId !== null && (
              <Menu
                trigger={<MoreButton />}
                items={[
                  { label: 'Add a machine for this client', run: () => go({ page: 'add' }) },
                  { label: 'Remove this client', run: () => void remove() },
                ]}
              />
            )}
            <Button look="primary" keys="mod+s" onClick={() => void save()}>
              {clientId === null ? 'Add client' : 'Save'}
            </Button>
          </>
        }
        strip={<EditorStrip draft={draft} refused={refused} />}
        hints={[
          { keys: ['mod+s'], words: 'save' },
          { keys: ['escape'], words: 'back, unsaved edits are kept' },
        ]}
      >
        <form
          noValidate
          className="flex min-h-0 flex-1"
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          <SectionNav column={column} edited={draft.edited} wrong={wrong} />
          <div
            ref={column}
            className="flex min-w-0 flex-1 flex-col gap-8 overflow-y-auto px-6 py-4 pane:w-[544px] pane:flex-none"
          >
            <Parts clientId={clientId} savedRegion={saved.region} />
          </div>
          <ClientPane clientId={clientId} />
        </form>
      </Page>
    </FormProvider>
  )
}

function showFirst(path: string | undefined): void {
  const section = sections.find(({ fields }) => fields.some((field) => path === field || path?.startsWith(`${field}.`)))
  if (section) document.getElementById(section.id)?.scrollIntoView()
}

function EditorStrip({ draft, refused }: { draft: ReturnType<typeof useDraft>; refused: Said | null }) {
  if (refused)
    return (
      <Strip look="critical">
        <span>{refused.sentence}</span>
        <span>{refused.nextStep}</span>
      </Strip>
    )
  if (draft.backFromMs === null || draft.edited.length === 0) return null
  return (
    <Strip action={<TextButton onClick={draft.discard}>Discard them</TextButton>}>
      <span>
        Unsaved edits from <Age atMs={draft.backFromMs} inSentence className="" /> are back.
      </span>
      {draft.clashes.length > 0 && (
        <span>{`Also changed elsewhere since: ${draft.clashes.join(', ')}. Your value stands.`}</span>
      )}
    </Strip>
  )
}

function Parts({ clientId, savedRegion }: { clientId: ClientId | null; savedRegion: string }) {
  const [year, setYear] = useState(thisYear)
  const clients = useQuery(orpc.inventory.clients.queryOptions())
  const settings = useQuery(orpc.app.settings.queryOptions())
  const calendar = useQuery({
    ...orpc.inventory.holidays.queryOptions({ input: { clientId: clientId as ClientId, year } }),
    enabled: clientId !== null && savedRegion !== '',
  })
  const niches = [...new Set((clients.data ?? []).map(({ niche }) => niche).filter(Boolean))].toSorted()
  const why =
    clientId === null || savedRegion === ''
      ? 'State a region and save: its public holidays then stand here, marked assumed.'
      : ''
  return (
    <>
      <Section id="basics">
        <Basics niches={niches} />
      </Section>
      <Section id="hours">
        <Hours />
      </Section>
      <Section id="holidays">
        <Holidays year={year} onYear={setYear} calendar={calendar.data} why={why} />
      </Section>
      <Section id="people">
        <People />
      </Section>
      <Section id="handles">
        <OwnHandles />
      </Section>
      <Section id="workflows">
        <Workflows />
      </Section>
      <Section id="limits">
        <Limits usual={settings.data ?? { amberDays: 7, redDays: 14 }} />
      </Section>
      <Section id="notes">
        <Notes />
      </Section>
    </>
  )
}
