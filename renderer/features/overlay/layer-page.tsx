import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { LayerPage as LayerData, LayerRef } from '../../../shared/contract/index.ts'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { useActions } from '../../state/actions.ts'
import { back, go, replace } from '../../state/navigation.ts'
import { Button, MoreButton, TextButton } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { Page, useRoomForPane } from '../../ui/page.tsx'
import { Menu } from '../../ui/popover.tsx'
import { Strip } from '../../ui/strip.tsx'
import { AllSettings } from './all-settings.tsx'
import { Becomes, BecomesButton } from './becomes.tsx'
import { Channels } from './channels.tsx'
import { keepDraft, layerKey } from './drafts.ts'
import { ExceptSheet } from './except-sheet.tsx'
import { Files } from './files.tsx'
import { Escalation, Heartbeat, Logging, Model, Retention, Updates } from './guided.tsx'
import { HistorySheet } from './history-sheet.tsx'
import { LayerFormProvider } from './layer-form.ts'
import { LayerSwitch } from './layer-switch.tsx'
import { Flags, Tools } from './named.tsx'
import { exceptKeys, putBackKeys } from './origin.tsx'
import { PatchSheet } from './patch-sheet.tsx'
import { ReviewSheet } from './review-sheet.tsx'
import { SectionNav } from './section-nav.tsx'
import { sectionOf, sections } from './sections.ts'
import { type EditedLayer, useLayer } from './use-layer.ts'
import type { Preview } from './use-preview.ts'

/** What one layer declares, on a form: sections on the left, what each machine becomes on the right. */
export function LayerPage({ layer, section }: { layer: LayerRef; section?: string }) {
  const { data, error, refetch } = useQuery(orpc.overlay.layer.queryOptions({ input: { layer } }))
  if (data) return <LayerEditor key={layerKey(layer)} page={data} section={sectionOf(section)?.id ?? 'channels'} />
  return (
    <Page title="Overlay">
      {error && (
        <div className="p-6">
          <FaultLines {...said(error)} action={<Button onClick={() => void refetch()}>Try again</Button>} />
        </div>
      )}
    </Page>
  )
}

type Over =
  | { what: 'review'; leaving: boolean }
  | { what: 'patch'; because: string }
  | { what: 'history' }
  | { what: 'becomes' }
  | { what: 'except'; path: string }

function LayerEditor({ page, section }: { page: LayerData; section: string }) {
  const [over, setOver] = useState<Over | null>(null)
  const room = useRoomForPane()
  const close = () => setOver(null)
  const show = (id: string) => replace({ page: 'overlay', layer: page.layer, section: id })
  const edited = useLayer(page, { askExcept: (path) => setOver({ what: 'except', path }), show })
  const { form, preview, edits } = edited
  useFormKeys(edited, section, setOver)
  const present = sectionOf(section)
  return (
    <LayerFormProvider value={form}>
      <Page
        title={present?.title}
        name={`${present?.title}, ${page.label}`}
        meta={
          <>
            <LayerSwitch page={page} section={section} />
            {form.problems.length > 0 && (
              <span className="shrink-0 text-critical">
                {form.problems.length === 1
                  ? '1 place cannot be saved'
                  : `${form.problems.length} places cannot be saved`}
              </span>
            )}
            {edits > 0 && <span className="shrink-0">{`${edits} unsaved`}</span>}
          </>
        }
        actions={
          <>
            {!room && <BecomesButton onClick={() => setOver({ what: 'becomes' })} />}
            <Menu
              trigger={<MoreButton />}
              items={[
                { label: 'All layers', keys: 'g o', run: () => go({ page: 'overlays' }) },
                {
                  label: 'Discard unsaved edits',
                  run: () => keepDraft(page.layer, null),
                  unavailable: edits === 0 ? 'Nothing is unsaved.' : undefined,
                },
              ]}
            />
            <Button keys="h" onClick={() => setOver({ what: 'history' })}>
              History
            </Button>
            <Button
              look={edits > 0 ? 'primary' : 'default'}
              keys="mod+s"
              disabled={edits === 0}
              title={edits === 0 ? 'Nothing is unsaved.' : ''}
              onClick={() => setOver({ what: 'review', leaving: false })}
            >
              Review changes
            </Button>
          </>
        }
        strip={<LayerStrip edited={edited} />}
        hints={[
          { keys: ['mod+s'], words: 'review changes' },
          { keys: ['alt+down'], words: 'next section' },
          { keys: ['escape'], words: 'back' },
        ]}
      >
        <div className="flex min-h-0 flex-1">
          <SectionNav present={section} />
          <div className="min-w-0 flex-1 overflow-y-auto px-6 py-4 pane:w-[544px] pane:flex-none wide:w-[640px]">
            <Section key={section} id={section} preview={preview} />
          </div>
          {room && (
            <aside
              aria-label="What each machine becomes"
              className="min-w-0 flex-1 overflow-y-auto border-l border-line bg-surface"
            >
              <Becomes preview={preview} />
            </aside>
          )}
        </div>
        {over?.what === 'review' && (
          <ReviewSheet
            form={form}
            preview={preview}
            leave={over.leaving ? back : null}
            onRollOut={(because) => setOver({ what: 'patch', because })}
            onClose={close}
          />
        )}
        {over?.what === 'patch' && <PatchSheet form={form} because={over.because} onClose={close} />}
        {over?.what === 'history' && <HistorySheet page={page} held={form.held} onClose={close} />}
        {over?.what === 'except' && (
          <ExceptSheet
            path={over.path}
            label={page.label}
            onExcept={(except) => form.setExcept(over.path, except)}
            onClose={close}
          />
        )}
        <Sheet
          open={over?.what === 'becomes' && !room}
          onOpenChange={close}
          title="What each machine becomes"
          heading={false}
        >
          <Becomes preview={preview} />
        </Sheet>
      </Page>
    </LayerFormProvider>
  )
}

function LayerStrip({ edited: { form, clashes } }: { edited: EditedLayer }) {
  const { page } = form
  if (page.problem)
    return (
      <Strip look="critical">
        <span>{page.problem} Its agents get no plan.</span>
        <span>Restore an earlier one from its history.</span>
      </Strip>
    )
  if (form.held !== undefined) return <Strip>{form.held}</Strip>
  if (clashes.length === 0) return null
  return (
    <Strip look="warning" action={<TextButton onClick={() => keepDraft(page.layer, null)}>Discard yours</TextButton>}>
      {`Also changed elsewhere since: ${clashes.slice(0, 3).join(', ')}. Your value stands.`}
    </Strip>
  )
}

function Section({ id, preview }: { id: string; preview: Preview }) {
  return (
    <div className="flex flex-col gap-6">
      <p className="max-w-[496px] text-text2">{sectionOf(id)?.help}</p>
      {contentOf(id, preview)}
    </div>
  )
}

function contentOf(id: string, preview: Preview): ReactNode {
  switch (id) {
    case 'model':
      return <Model />
    case 'tools':
      return <Tools />
    case 'heartbeat':
      return <Heartbeat />
    case 'logging':
      return <Logging />
    case 'retention':
      return <Retention />
    case 'escalation':
      return <Escalation />
    case 'flags':
      return <Flags />
    case 'files':
      return <Files />
    case 'updates':
      return <Updates />
    case 'all':
      return <AllSettings preview={preview} />
    default:
      return <Channels />
  }
}

/** The whole path of the value whose field has the keyboard. */
const focusedPath = (): string | null =>
  document.activeElement?.closest<HTMLElement>('[data-value-path]')?.dataset.valuePath ?? null

function useFormKeys(
  { form, edits, putBack }: EditedLayer,
  section: string,
  setOver: (over: Over | null) => void,
): void {
  const step = (by: number) => {
    const at = sections.findIndex(({ id }) => id === section)
    const next = sections[(at + by + sections.length) % sections.length]
    if (next) form.show(next.id)
  }
  const onValue = (act: (path: string) => void) => () => {
    const path = focusedPath()
    if (path !== null) act(path)
  }
  const nothing = edits === 0 ? 'Nothing is unsaved.' : undefined
  useActions('Overlay', [
    {
      title: 'Review changes',
      keys: 'mod+s',
      run: () => setOver({ what: 'review', leaving: false }),
      unavailable: nothing,
    },
    {
      title: 'Make a patch of the edits of this layer',
      keys: 'u',
      run: () => setOver({ what: 'patch', because: '' }),
      unavailable: nothing ?? form.held,
    },
    { title: 'History of this layer', keys: 'h', run: () => setOver({ what: 'history' }) },
    { title: 'What each machine becomes', keys: 'p', run: () => setOver({ what: 'becomes' }) },
    { title: 'Next section', keys: 'alt+down', run: () => step(1), keysOnly: true },
    { title: 'Section before', keys: 'alt+up', run: () => step(-1), keysOnly: true },
    {
      title: 'Search all settings',
      keys: '/',
      run: () => {
        form.show('all')
        requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-search="settings"]')?.focus())
      },
    },
    {
      title: 'Put the value in this field back',
      keys: putBackKeys,
      run: onValue(putBack),
      unavailable: form.held,
      keysOnly: true,
    },
    {
      title: 'Except the value in this field until…',
      keys: exceptKeys,
      run: onValue(form.askExcept),
      unavailable: form.held,
      keysOnly: true,
    },
    {
      title: 'Back',
      keys: 'escape',
      run: () => (edits > 0 ? setOver({ what: 'review', leaving: true }) : back()),
      keysOnly: true,
    },
  ])
}
