import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { BoxId, TerminalId, TerminalSession } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { closeTerminal, openTerminal, useTerminals } from '../../api/terminals.ts'
import { useActions } from '../../state/actions.ts'
import { showOver } from '../../state/frame.ts'
import { go } from '../../state/navigation.ts'
import { useTerminalChoice } from '../../state/terminals.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { InputBox } from '../../ui/field.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { Page } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { EmptyLine, UntrustedText } from '../../ui/text.tsx'
import { endSentence } from './end-sentence.ts'
import { createLiveTerminal, pageStrokes } from './live-terminal.ts'
import { changeTab, dropTab, type Tab, useTabs } from './lives.ts'
import { PasteGuard } from './paste-guard.tsx'

/** Keeps a drawn terminal for each session of the engine, and one that lost its engine until it is put away. */
function useInStep(sessions: readonly TerminalSession[]): readonly Tab[] {
  const tabs = useTabs((state) => state.tabs)
  useEffect(() => {
    const known = useTabs.getState().tabs
    for (const session of sessions) {
      const { terminalId } = session
      if (known.some((tab) => tab.session.terminalId === terminalId)) {
        changeTab(terminalId, { session })
        continue
      }
      const live = createLiveTerminal(terminalId)
      const tab: Tab = { session, live, title: '', pasting: null, orphaned: false }
      useTabs.setState(({ tabs: all }) => ({ tabs: [...all, tab] }))
    }
    for (const { session } of known)
      if (!sessions.some(({ terminalId }) => terminalId === session.terminalId))
        changeTab(session.terminalId, { orphaned: true })
  }, [sessions])
  return tabs
}

/** Terminals, one tab each; a terminal goes on while another page is shown, until it is closed. */
export function TerminalPage({ boxId }: { boxId: BoxId }) {
  const sessions = useTerminals()
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const { data: machine } = useQuery(orpc.pages.machine.queryOptions({ input: { boxId } }))
  const { chosen, opening, problem } = useTerminalChoice()
  const tabs = useInStep(sessions)
  const [finding, setFinding] = useState(false)
  const readOnly = app?.readOnly ?? false
  const tab =
    tabs.find((each) => each.session.terminalId === chosen) ?? tabs.findLast((each) => each.session.boxId === boxId)
  const running = tab !== undefined && tab.session.end === null && !tab.orphaned
  const close = () => tab && void shut(tab)
  useTerminalKeys({ boxId, tab, readOnly, close, find: () => setFinding(true) })
  return (
    <Page
      title="Terminal"
      name={machine ? `Terminal: ${machine.box.name}` : 'Terminal'}
      meta={<Whose boxId={boxId} />}
      actions={
        <>
          {tab && (
            <Button keys={pageStrokes.find} onClick={() => setFinding(true)}>
              Find
            </Button>
          )}
          {!readOnly && (
            <Button disabled={opening !== null} onClick={() => void openTerminal(boxId)}>
              {tab ? 'Open another terminal' : 'Open a terminal'}
            </Button>
          )}
          {tab && !readOnly && (
            <Button onClick={close}>{running ? 'Close the terminal' : 'Put the terminal away'}</Button>
          )}
        </>
      }
      strip={
        <PageStrip tab={tab} opening={opening === boxId} problem={problem?.boxId === boxId ? problem.sentence : null} />
      }
      hints={[
        { keys: [pageStrokes.palette], words: 'search or jump' },
        { keys: [pageStrokes.leave], words: 'leave the terminal' },
        { keys: ['mod+shift+c', 'mod+shift+v'], words: 'copy, paste' },
      ]}
      openHeader
    >
      <OwnTerminal command={machine?.sshCommand ?? ''} />
      {tabs.length > 0 && <Tabs tabs={tabs} chosen={tab?.session.terminalId ?? null} />}
      {tab && tab.pasting !== null && (
        <PasteGuard key={`paste ${tab.session.terminalId}`} tab={tab} text={tab.pasting} />
      )}
      {finding && tab && <Find key={`find ${tab.session.terminalId}`} tab={tab} onClose={() => setFinding(false)} />}
      {tab ? (
        <View key={`view ${tab.session.terminalId}`} tab={tab} />
      ) : (
        <Nothing readOnly={readOnly} opening={opening !== null} />
      )}
    </Page>
  )
}

async function shut(tab: Tab): Promise<void> {
  const { terminalId } = tab.session
  if (!tab.orphaned) await closeTerminal(terminalId)
  dropTab(terminalId)
  useTerminalChoice.setState({ chosen: null })
}

interface Keyed {
  boxId: BoxId
  tab: Tab | undefined
  readOnly: boolean
  close: () => void
  find: () => void
}

function useTerminalKeys({ boxId, tab, readOnly, close, find }: Keyed): void {
  const none = tab ? undefined : 'No terminal is open here.'
  const held = readOnly ? 'This console was started to read only.' : undefined
  useActions('Terminal', [
    { title: 'Find in the terminal', keys: pageStrokes.find, run: find, unavailable: none },
    { title: 'Search or jump', keys: pageStrokes.palette, run: () => showOver('palette'), keysOnly: true },
    {
      title: 'Leave the terminal',
      keys: pageStrokes.leave,
      run: () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
      keysOnly: true,
    },
    { title: 'Type into the terminal', keys: 'enter', run: () => tab?.live.focus(), unavailable: none },
    { title: 'Open another terminal here', keys: 'shift+t', run: () => void openTerminal(boxId), unavailable: held },
    { title: 'Close the terminal', run: close, unavailable: held ?? none },
    { title: 'Open the machine', keys: 'o', run: () => go({ page: 'machine', boxId }) },
  ])
}

function Whose({ boxId }: { boxId: BoxId }) {
  const { data } = useQuery(orpc.pages.machine.queryOptions({ input: { boxId } }))
  if (!data) return null
  return (
    <>
      <TextButton className="min-w-0 leading-5" onClick={() => go({ page: 'machine', boxId })}>
        <MachineName name={data.box.name} className="max-w-[280px]" />
      </TextButton>
      {data.client && (
        <span className="truncate">
          <UntrustedText text={data.client.name} />
        </span>
      )}
    </>
  )
}

/** The same machine in a terminal of the operator's own. */
function OwnTerminal({ command }: { command: string }) {
  if (command === '') return null
  return (
    <div className="flex min-h-8 shrink-0 items-baseline gap-3 border-b border-line px-6 pt-1 pb-2">
      <span className="shrink-0 text-meta leading-5 text-text3">In your own terminal</span>
      <Copyable text={command} />
    </div>
  )
}

/** At most one sentence: how it ended, or why it did not open. */
function PageStrip({ tab, opening, problem }: { tab: Tab | undefined; opening: boolean; problem: string | null }) {
  if (opening)
    return (
      <Strip announced>Confirm it in the dialog of this computer. Then the machine has half a minute to answer.</Strip>
    )
  if (problem !== null) return <Strip look="warning">{problem}</Strip>
  if (tab?.orphaned)
    return <Strip look="warning">The engine ended, and this terminal with it. What it showed stays.</Strip>
  return tab?.session.end ? <Strip announced>{endSentence(tab.session.end)}</Strip> : null
}

function Tabs({ tabs, chosen }: { tabs: readonly Tab[]; chosen: TerminalId | null }) {
  return (
    <div role="tablist" aria-label="Terminals" className="flex h-9 shrink-0 overflow-x-auto border-b border-line px-6">
      {tabs.map(({ session, title, orphaned }) => {
        const active = session.terminalId === chosen
        return (
          <button
            key={session.terminalId}
            type="button"
            role="tab"
            aria-selected={active}
            onClick={() => {
              useTerminalChoice.setState({ chosen: session.terminalId })
              go({ page: 'terminal', boxId: session.boxId })
            }}
            className={`ring-inside flex max-w-[260px] min-w-0 shrink-0 items-center gap-2 border-b-2 px-3 ${active ? 'border-accent font-medium' : 'border-transparent text-text2 hover:bg-sunken'}`}
          >
            <MachineName name={session.boxName} className="max-w-[140px]" />
            {(title !== '' || session.end || orphaned) && (
              <span className="min-w-0 truncate text-meta font-normal text-text3">
                {session.end || orphaned ? 'ended' : <UntrustedText text={title} maxChars={60} />}
              </span>
            )}
          </button>
        )
      })}
    </div>
  )
}

function Find({ tab, onClose }: { tab: Tab; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState(true)
  const look = (text: string, back: boolean) => setFound(text === '' || tab.live.find(text, back))
  return (
    <div className="flex h-11 shrink-0 items-center gap-3 border-b border-line px-6">
      <InputBox
        mono
        autoFocus
        aria-label="Find in the terminal"
        placeholder="Find"
        value={typed}
        className="max-w-[320px]"
        onChange={(event) => {
          setTyped(event.target.value)
          look(event.target.value, false)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') look(typed, !event.shiftKey)
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          onClose()
          tab.live.focus()
        }}
      />
      <span role="status" className="text-meta text-text3">
        {found ? 'Enter looks further up, Shift+Enter down, Esc closes.' : 'It is not in the last 10 000 lines.'}
      </span>
    </div>
  )
}

/** The terminal itself. */
function View({ tab }: { tab: Tab }) {
  const host = useRef<HTMLDivElement>(null)
  const { live } = tab
  useEffect(() => (host.current ? live.mount(host.current) : undefined), [live])
  return (
    <section
      aria-label={`Terminal of ${tab.session.boxName}`}
      className="flex min-h-0 flex-1 flex-col bg-sunken pt-2 pb-1 pl-6"
    >
      <div ref={host} className="min-h-0 flex-1 overflow-hidden" />
    </section>
  )
}

function Nothing({ readOnly, opening }: { readOnly: boolean; opening: boolean }) {
  if (opening) return null
  return (
    <div className="px-6 pt-4">
      <EmptyLine>
        {readOnly
          ? 'This console was started to read only, so it opens no terminal. The command above opens one of your own.'
          : 'No terminal is open here. ⇧T opens one; this computer asks first, and its start and end go into the diary.'}
      </EmptyLine>
    </div>
  )
}
