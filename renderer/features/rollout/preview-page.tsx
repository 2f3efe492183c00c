import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { PatchId } from '../../../shared/contract/index.ts'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useActions } from '../../state/actions.ts'
import { back, go } from '../../state/navigation.ts'
import { Age, useNow } from '../../ui/age.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { ListAndPane, Page, useRoomForPane } from '../../ui/page.tsx'
import { classWords } from '../../ui/patch-class.ts'
import { Strip } from '../../ui/strip.tsx'
import { AtStake } from './at-stake.tsx'
import { BeforeItGoes } from './before-it-goes.tsx'
import { Choices } from './choices.tsx'
import { Order, type When } from './order.tsx'
import { openQuestions, type Picks } from './questions.ts'
import { Start } from './start.tsx'
import { useAnswering } from './use-answering.ts'
import { type FrozenPreview, usePreview } from './use-preview.ts'
import { useSaying } from './use-saying.ts'
import { useStarting } from './use-starting.ts'
import { WhatChanges } from './what-changes.tsx'
import { WhoAsked } from './who-asked.tsx'
import { isBehavioural, leadOf, movedWords, startWords, whyNotStarted } from './words.ts'

/** A patch against the fleet: what it would change, in which order, what says against it, and what is left to decide. */
export function PreviewPage({ patchId }: { patchId: PatchId }) {
  const frozen = usePreview(patchId)
  const { shown, error, again } = frozen
  if (shown) return <Shown key={patchId} frozen={{ ...frozen, shown }} />
  return (
    <Page title="Preview">
      {error && (
        <div className="p-6">
          <FaultLines {...said(error)} action={<Button onClick={again}>Try again</Button>} />
        </div>
      )}
    </Page>
  )
}

function Shown({ frozen }: { frozen: FrozenPreview & { shown: NonNullable<FrozenPreview['shown']> } }) {
  const { shown: preview, moved, renew } = frozen
  const { patch, takenAtMs } = preview
  const { patchId } = patch
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const held = app?.readOnly ? 'This console was started to read only.' : undefined
  const room = useRoomForPane()
  const [paneOpen, setPaneOpen] = useState(false)
  const [when, setWhen] = useState<When>('now')
  const [picks, setPicks] = useState<Picks>({})
  const open = openQuestions(preview, picks)
  const answering = useAnswering(preview, renew)
  const decide = useRef<HTMLElement>(null)
  const { guard } = frozen
  const saying = useSaying(patchId, guard?.clients ?? [], renew)
  const nowMs = useNow()
  const waitsUntilMs = guard?.state === 'cooling' ? (guard.answer?.waitsUntilMs ?? null) : null
  const isOver = waitsUntilMs !== null && nowMs >= waitsUntilMs
  const { refresh } = frozen
  // The engine says when the wait is over; here it is only asked again at that moment.
  useEffect(() => {
    if (isOver) refresh()
  }, [isOver, refresh])
  const toPatch = () => go({ page: 'patch', patchId })
  const look = () => answering.look()
  const showChoices = () => {
    setPaneOpen(true)
    requestAnimationFrame(() => decide.current?.focus())
  }
  const starting = useStarting(preview)
  const again = () => {
    starting.forget()
    frozen.again()
  }
  const stale = moved !== null || starting.refused?.fault?.code === 'plan-stale'
  const whyNot = held ?? whyNotStarted(preview, open.length, stale, guard, starting)
  const start = () => starting.start(when)
  const busy = answering.doing === null ? held : 'The machines are being asked.'
  useActions('Preview', [
    ...(paneOpen && !room
      ? [{ title: 'Close the pane', keys: 'escape', keysOnly: true, run: () => setPaneOpen(false) }]
      : []),
    { title: 'Look on the machines', keys: 'l', run: look, unavailable: busy },
    { title: 'Preview again', keys: 'r', run: again },
    { title: 'The patch itself', keys: 'e', run: toPatch },
    { title: 'Before it goes', keys: 'space', run: () => setPaneOpen(true), keysOnly: true },
    {
      title: 'Confirm what the patch needs',
      keys: 'c',
      run: answering.confirmNeeds,
      unavailable: preview.questions.some(({ key }) => key === 'manifest/open') ? busy : 'All of it is confirmed.',
    },
    {
      title: 'Take these answers',
      keys: 'a',
      run: () => answering.take(open, picks),
      unavailable: open.length === 0 ? 'Nothing is left to decide.' : busy,
    },
    {
      title: when === 'now' ? 'Begin after each client’s hours' : 'Begin now',
      keys: 'h',
      run: () => setWhen(when === 'now' ? 'after-hours' : 'now'),
    },
    {
      title: startWords(preview),
      ...(isBehavioural(preview) ? {} : { keys: 'mod+enter' }),
      run: start,
      unavailable: whyNot,
    },
    { title: 'Don’t change', keys: 'escape', run: saying.open ? saying.cancel : back },
  ])
  return (
    <Page
      title={patch.name}
      meta={
        <span className="truncate">
          {`${classWords[patch.class].word} patch · revision ${patch.revision} · preview made `}
          <Age atMs={takenAtMs} inSentence className="" />
        </span>
      }
      actions={
        <>
          {!room && <Button onClick={() => setPaneOpen(true)}>Before it goes</Button>}
          <Button keys="l" disabled={busy !== undefined} title={busy ?? ''} onClick={look}>
            Look on the machines
          </Button>
          <Button keys="e" onClick={toPatch}>
            The patch
          </Button>
        </>
      }
      strip={
        moved && answering.doing === null ? (
          <Strip look="warning" action={<TextButton onClick={again}>Preview again</TextButton>}>
            {movedWords(moved)}
          </Strip>
        ) : starting.refused?.fault?.code === 'plan-stale' ? (
          <Strip look="warning" action={<TextButton onClick={again}>Preview again</TextButton>}>
            {`Nothing was sent. ${starting.refused.sentence}`}
          </Strip>
        ) : frozen.error ? (
          <Strip look="warning">{sentenceOf(frozen.error)}</Strip>
        ) : null
      }
      hints={[
        ...(open.length > 0
          ? [{ keys: ['a'], words: 'take the answers' }]
          : isBehavioural(preview)
            ? []
            : [{ keys: ['mod+enter'], words: 'start' }]),
        { keys: ['h'], words: 'when' },
        { keys: ['escape'], words: 'don’t change' },
      ]}
      openHeader
    >
      <p className="readable shrink-0 border-b border-line px-6 pb-4 text-lead">
        <span className="block max-w-[100ch]">{leadOf(preview)}</span>
      </p>
      <ListAndPane
        split="machine"
        paneTitle="Before it goes"
        paneOpen={paneOpen}
        onPaneOpenChange={setPaneOpen}
        list={
          <div className="readable flex flex-col gap-6 py-4">
            {guard && <AtStake guard={guard} nowMs={nowMs} />}
            <WhatChanges preview={preview} />
            <Order preview={preview} when={when} onWhen={setWhen} />
          </div>
        }
        pane={
          <div className="flex min-h-full flex-col">
            <div className="readable flex flex-1 flex-col gap-6 px-6 py-4">
              {guard && <WhoAsked guard={guard} saying={saying} nowMs={nowMs} held={held} />}
              <BeforeItGoes preview={preview} />
              <Choices
                ref={decide}
                preview={preview}
                open={open}
                picks={picks}
                onPick={(id, answer) => setPicks((before) => ({ ...before, [id]: answer }))}
                answering={answering}
                held={held}
              />
            </div>
            <Start
              preview={preview}
              left={open.length}
              stale={stale}
              held={held}
              starting={starting}
              onStart={start}
              onShowChoices={showChoices}
              onAgain={again}
              guard={guard}
              saying={saying}
              nowMs={nowMs}
            />
          </div>
        }
      />
    </Page>
  )
}
