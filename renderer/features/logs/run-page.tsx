// biome-ignore-all lint/a11y/useSemanticElements: options of a list that draws only what is in sight
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the page's keys move and open
// biome-ignore-all lint/a11y/useFocusableInteractive: the list takes the focus for its lines
import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { BoxId } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { TextButton } from '../../ui/button.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { NoteSheet } from '../../ui/note-sheet.tsx'
import { Page } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { EmptyLine } from '../../ui/text.tsx'
import { copyAround, copyJson, copyRow } from './copy-lines.ts'
import { KeepSheet } from './keep-sheet.tsx'
import { LinePane } from './line-pane.tsx'
import { type LineRow, rowPx } from './line-window.ts'
import { contextLines } from './lines-around.ts'
import { countText, shortMoment, stepText } from './log-times.ts'
import { loudLevel } from './row-words.ts'
import { longestStep, type Run, type RunStep, runOf } from './run-steps.ts'
import { useMachines } from './use-machines.ts'

/** The lines of one run as steps: how long each took, and how long all. */
export function RunPage({ boxId, runId }: { boxId: BoxId; runId: string }) {
  const { data, error } = useQuery(orpc.logs.run.queryOptions({ input: { boxId, runId } }))
  const machine = useMachines().byId.get(boxId)
  const run = useMemo(
    () => (data ? runOf(data.filter((record): record is LineRow => record.kind === 'line')) : undefined),
    [data],
  )
  return (
    <Page
      title="One run"
      name={`Run ${untrusted(runId, 40)}`}
      meta={
        <>
          <span className="exact truncate font-mono text-code text-text2">{untrusted(runId, 60)}</span>
          {machine && (
            <TextButton className="min-w-0 leading-5" onClick={() => go({ page: 'machine', boxId })}>
              <MachineName name={machine.boxName} className="max-w-[240px]" />
            </TextButton>
          )}
          {run && <span className="figures truncate">{runWords(run)}</span>}
        </>
      }
      strip={error ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      hints={[
        { keys: ['j', 'k'], words: 'move' },
        { keys: ['space'], words: 'whole line' },
        { keys: ['escape'], words: 'back' },
      ]}
      openHeader
    >
      {run === null && (
        <div className="px-6 pt-2">
          <EmptyLine>No line of this run is kept. Lines are deleted after 90 days unless they are kept.</EmptyLine>
        </div>
      )}
      {run && <Steps run={run} boxId={boxId} />}
    </Page>
  )
}

function runWords({ steps, startedAtMs, totalMs, errors }: Run): string {
  const parts = [
    shortMoment(startedAtMs),
    `${countText(steps.length)} ${steps.length === 1 ? 'line' : 'lines'}`,
    `${stepText(totalMs)} in all`,
  ]
  if (errors > 0) parts.push(errors === 1 ? '1 error' : `${errors} errors`)
  return parts.join(' · ')
}

function Steps({ run, boxId }: { run: Run; boxId: BoxId }) {
  const [at, setAt] = useState<number | null>(null)
  const [paneOpen, setPaneOpen] = useState(false)
  const [over, setOver] = useState<'keep' | 'note' | null>(null)
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const machine = useMachines().byId.get(boxId)
  const scroll = useRef<HTMLDivElement>(null)
  const { steps } = run
  const virtual = useVirtualizer({
    count: steps.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    overscan: 20,
  })
  useEffect(() => {
    if (at !== null) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])
  const longest = longestStep(run)
  const line = at === null ? undefined : steps[at]?.line
  const name = machine?.boxName ?? ''
  const move = (by: number) => setAt((now) => (now === null ? 0 : Math.min(steps.length - 1, Math.max(0, now + by))))
  const none = line ? undefined : 'No line is chosen.'
  const held = app?.readOnly ? 'This console was started to read only.' : undefined
  const around = () => line && go({ page: 'logs', boxId, atMs: line.atMs })
  useActions('Run', [
    ...(paneOpen ? [{ title: 'Close the line', keys: 'escape', keysOnly: true, run: () => setPaneOpen(false) }] : []),
    { title: 'Next line', keys: ['j', 'down'], run: () => move(1), keysOnly: true },
    { title: 'Line before', keys: ['k', 'up'], run: () => move(-1), keysOnly: true },
    { title: 'First line', keys: 'home', run: () => setAt(0), keysOnly: true },
    { title: 'Last line', keys: 'end', run: () => setAt(steps.length - 1), keysOnly: true },
    {
      title: 'Longest step',
      keys: 'e',
      run: () => setAt(longest),
      unavailable: longest === null ? 'No step stands out.' : undefined,
    },
    { title: 'The whole line', keys: ['space', 'enter'], run: () => setPaneOpen(!paneOpen), unavailable: none },
    { title: 'Lines around, of the whole machine', keys: ['a', 'l'], run: around, unavailable: none },
    { title: 'Copy the line', keys: ['c', 'mod+c'], run: () => line && copyRow(line, name), unavailable: none },
    {
      title: 'Copy the line as JSON',
      keys: ['shift+c', 'mod+shift+c'],
      run: () => line && copyJson(line, name),
      unavailable: none,
    },
    {
      title: `Copy the line with ${contextLines} on each side`,
      keys: 'alt+c',
      run: () => line && void copyAround(line, name),
      unavailable: none,
    },
    { title: 'Note or flag', keys: 'n', run: () => setOver('note'), unavailable: held ?? none },
    { title: 'Keep it beyond 90 days', keys: 's', run: () => setOver('keep'), unavailable: held ?? none },
  ])
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <Head />
      <div
        ref={scroll}
        role="listbox"
        aria-label="Lines of the run"
        aria-activedescendant={at === null ? undefined : `step-${at}`}
        tabIndex={0}
        className="ring-inside relative min-h-0 flex-1 exact overflow-y-auto font-mono text-code"
      >
        <div style={{ height: virtual.getTotalSize() }} className="relative">
          {virtual.getVirtualItems().map((item) => {
            const step = steps[item.index]
            return (
              step && (
                <Step
                  key={step.line.id}
                  step={step}
                  at={item.index}
                  topPx={item.start}
                  chosen={item.index === at}
                  longest={item.index === longest}
                  onChoose={() => setAt(item.index)}
                  onOpen={() => setPaneOpen(true)}
                />
              )
            )
          })}
        </div>
      </div>
      {paneOpen && line && (
        <LinePane
          key={line.id}
          row={line}
          machine={machine}
          acts={{
            around,
            copy: () => copyRow(line, name),
            copyJson: () => copyJson(line, name),
            copyAround: () => void copyAround(line, name),
            note: held ? undefined : () => setOver('note'),
            keep: held ? undefined : () => setOver('keep'),
          }}
        />
      )}
      {over === 'keep' && line && (
        <KeepSheet line={line} run={steps.map((step) => step.line)} onClose={() => setOver(null)} />
      )}
      {over === 'note' && line && <NoteSheet line={line} onClose={() => setOver(null)} />}
    </div>
  )
}

function Head() {
  return (
    <div aria-hidden className="flex shrink-0 gap-3 border-b border-line pb-1 pl-6 text-label text-text2">
      <span className="w-[84px] shrink-0 text-right">Since start</span>
      <span className="w-[84px] shrink-0 text-right">Took</span>
      <span className="w-[96px] shrink-0 pl-3">Share</span>
      <span className="w-[38px] shrink-0">Level</span>
      <span className="w-[112px] shrink-0 max-[1119px]:hidden">Subsystem</span>
      <span>Line</span>
    </div>
  )
}

const looks = { fatal: 'font-semibold text-critical', error: 'text-critical', warn: 'text-warning' }

function Step({
  step,
  at,
  topPx,
  chosen,
  longest,
  onChoose,
  onOpen,
}: {
  step: RunStep
  at: number
  topPx: number
  chosen: boolean
  longest: boolean
  onChoose: () => void
  onOpen: () => void
}) {
  const { line, sinceStartMs, tookMs, share } = step
  const level = loudLevel(line.level)
  return (
    <div
      id={`step-${at}`}
      role="option"
      aria-selected={chosen}
      onClick={onChoose}
      onDoubleClick={onOpen}
      style={{ top: topPx }}
      className={`absolute inset-x-0 flex h-5 gap-3 border-l-2 pr-6 pl-[22px] whitespace-pre ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <span className="w-[84px] shrink-0 text-right text-text3">{stepText(sinceStartMs)}</span>
      <span className={`w-[84px] shrink-0 text-right ${longest ? 'font-semibold' : 'text-text2'}`}>
        {tookMs === null ? '' : stepText(tookMs)}
      </span>
      <span aria-hidden className="flex w-[96px] shrink-0 items-center pl-3">
        <span
          className={`h-1 ${longest ? 'bg-text' : 'bg-control'}`}
          style={{ width: `${Math.round(share * 84)}px` }}
        />
        <span className="h-1 flex-1 bg-line" />
      </span>
      <span className={`w-[38px] shrink-0 ${level ? looks[level] : ''}`}>{level}</span>
      <bdi className="w-[112px] shrink-0 truncate text-text2 max-[1119px]:hidden">
        {untrusted(line.subsystem ?? '')}
      </bdi>
      <bdi className="min-w-0 flex-1 truncate">{untrusted(line.text, 400)}</bdi>
    </div>
  )
}
