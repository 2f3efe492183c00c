import { useState } from 'react'
import type { MachinePage } from '../../../shared/contract/index.ts'
import { backUpNow } from '../../api/backing-up.ts'
import { startSweep, stopSweep, useRunningSweep } from '../../api/sweeping.ts'
import { showTerminal, useTerminals } from '../../api/terminals.ts'
import { useActions } from '../../state/actions.ts'
import { fixOf } from '../../state/fixing.ts'
import { go } from '../../state/navigation.ts'
import { offerSentence } from '../../state/said.ts'
import { askToStop } from '../../state/stopping.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copyable.tsx'
import { Notes } from '../../ui/notes.tsx'
import { OutsideChanges } from '../../ui/outside-changes.tsx'
import { ListAndPane, useRoomForPane } from '../../ui/page.tsx'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { EmptyLine } from '../../ui/text.tsx'
import { EvidenceSheet } from './evidence.tsx'
import { factLine } from './fact-line.ts'
import { FactLines } from './fact-lines.tsx'
import { GoneChannels } from './gone-channels.tsx'
import { Happened } from './happened.tsx'
import { type Line, linesOf, steppedLine } from './lines.ts'
import { setOpen, useMachineState } from './machine-state.ts'
import { MessageSheet } from './message-sheet.tsx'
import { OfflineHelp } from './offline-help.tsx'
import { openLog } from './open-log.ts'

const none = new Set<never>()

async function copy(text: string, done: string): Promise<void> {
  if (await copyText(text)) offerSentence(done, 'plain')
  else offerSentence('The clipboard refused it, so nothing was copied.')
}

function openLine(line: Line): void {
  if (line.kind === 'group') {
    setOpen(line.section.group, !line.open)
    useMachineState.setState({ chosen: line.id })
  } else useMachineState.setState({ chosen: line.id, evidenceOpen: true })
}

/** Facts on the left, quirks and what happened on the right. */
export function MachineBody({ data, readOnly }: { data: MachinePage; readOnly: boolean }) {
  const state = useMachineState()
  const mine = state.boxId === data.box.boxId
  const [editing, setEditing] = useState<string | null>(null)
  const lines = linesOf(data.facts, mine ? state.open : none)
  const chosen = mine ? state.chosen : null
  const line = lines.find((each) => each.id === chosen)
  useMachineKeys({ data, lines, line, readOnly, addNote: () => setEditing('new') })
  return (
    <>
      <ListAndPane
        split="machine"
        paneTitle="Quirks and what happened here"
        paneOpen={state.happenedOpen}
        onPaneOpenChange={(happenedOpen) => useMachineState.setState({ happenedOpen })}
        list={
          <>
            {data.state === 'Offline' && <OfflineHelp data={data} />}
            {lines.length === 0 ? (
              <NeverRead data={data} readOnly={readOnly} />
            ) : (
              <FactLines
                lines={lines}
                chosen={chosen}
                agents={data.agents}
                onChoose={(each) => useMachineState.setState({ chosen: each.id })}
                onOpen={openLine}
              />
            )}
          </>
        }
        pane={
          <>
            <OutsideChanges boxId={data.box.boxId} readOnly={readOnly} past />
            <Notes
              subject={{ boxId: data.box.boxId, clientId: null }}
              title="Quirks"
              none="Nothing is noted about this machine."
              notes={data.notes}
              readOnly={readOnly}
              editing={editing}
              onEdit={setEditing}
            />
            <GoneChannels boxId={data.box.boxId} readOnly={readOnly} />
            <Happened timeline={data.timeline} />
          </>
        }
      />
      <MessageSheet data={data} />
      {line?.kind === 'fact' && (
        <EvidenceSheet
          fact={line.fact}
          line={factLine(line.fact, data)}
          open={state.evidenceOpen}
          onLog={() => openLog(data, line)}
          onOpenChange={(evidenceOpen) => useMachineState.setState({ evidenceOpen })}
        />
      )}
    </>
  )
}

interface Keyed {
  data: MachinePage
  lines: readonly Line[]
  line: Line | undefined
  readOnly: boolean
  addNote: () => void
}

function useMachineKeys({ data, lines, line, readOnly, addNote }: Keyed): void {
  const running = useRunningSweep()
  const room = useRoomForPane()
  const terminals = useTerminals()
  const { boxId, pinned } = data.box
  const hand = line?.kind === 'fact' ? factLine(line.fact, data) : null
  const noLine = line ? undefined : 'No line is chosen.'
  const fix = fixOf(data.findings)
  const held = readOnly ? 'This console was started to read only.' : undefined
  const move = (steps: number) => {
    const chosen = steppedLine(lines, line?.id ?? null, steps)
    useMachineState.setState({ chosen })
    takeFocusAlong('tree', 'data-line', chosen)
  }
  useActions('Machine', [
    ...(running?.boxes.some((box) => box.boxId === boxId)
      ? [{ title: 'Stop the sweep', keys: 'escape', run: () => void stopSweep() }]
      : []),
    {
      title: 'Sweep this machine',
      keys: 'r',
      run: () => void startSweep([boxId]),
      unavailable: running ? 'A sweep is running.' : pinned === null ? 'Its host key was never accepted.' : undefined,
    },
    { title: 'Next line', keys: ['j', 'down'], run: () => move(1), keysOnly: true },
    { title: 'Line before', keys: ['k', 'up'], run: () => move(-1), keysOnly: true },
    {
      title: 'Open the group',
      keys: 'right',
      run: () => line?.kind === 'group' && setOpen(line.section.group, true),
      keysOnly: true,
    },
    { title: 'Close the group', keys: 'left', run: () => closeGroup(lines, line), keysOnly: true },
    { title: 'History and evidence', keys: 'enter', run: () => line && openLine(line), unavailable: noLine },
    ...(room
      ? []
      : [{ title: 'What happened here', keys: 'space', run: () => useMachineState.setState({ happenedOpen: true }) }]),
    {
      title: line?.kind === 'fact' ? 'Log at the moment of this fact' : 'Log of this machine',
      keys: 'l',
      run: () => openLog(data, line),
    },
    {
      title: 'Terminal on this machine',
      keys: 'shift+t',
      run: () => showTerminal(boxId, terminals),
      unavailable: held ?? (pinned === null ? 'Its host key was never accepted.' : undefined),
    },
    { title: 'Back up its agents now', keys: 'b', run: () => void backUpNow([boxId]), unavailable: held },
    { title: 'Stop a channel of this machine', keys: 'shift+k', run: () => askToStop({ boxId }), unavailable: held },
    {
      title: 'Fix the rules it breaks',
      keys: 'f',
      run: () => fix?.(),
      unavailable: held ?? (fix ? undefined : 'No rule is broken there.'),
    },
    { title: 'Why it went quiet', keys: 't', run: () => go({ page: 'triage', boxId }) },
    ...(hand
      ? [
          {
            title: 'Copy the ssh command of this fact',
            keys: 'y',
            run: () => void copy(hand.text, `Copied, with what shows this fact: ${hand.remote}`),
          },
        ]
      : []),
    {
      title: 'Copy the ssh command',
      keys: hand ? 'shift+y' : ['y', 'shift+y'],
      run: () => void copy(data.sshCommand, 'Copied: the ssh command of this machine.'),
    },
    { title: 'Add a note', keys: 'n', run: addNote, unavailable: held },
    { title: 'Edit the machine', keys: 'e', run: () => go({ page: 'edit-machine', boxId }), unavailable: held },
    {
      title: 'Write a message to the client',
      keys: 'm',
      run: () => useMachineState.setState({ messageOpen: true }),
      unavailable: data.client ? undefined : 'It belongs to no client.',
    },
  ])
}

function closeGroup(lines: readonly Line[], line: Line | undefined): void {
  const group = line?.kind === 'group' ? line.section.group : line?.under
  if (!group || group === 'not-right') return
  setOpen(group, false)
  useMachineState.setState({ chosen: lines.find((each) => each.id === `group ${group}`)?.id ?? null })
}

/** A machine nothing is known of: what has to happen first. */
function NeverRead({ data, readOnly }: { data: MachinePage; readOnly: boolean }) {
  const { boxId, pinned, launcher } = data.box
  if (pinned !== null && launcher !== null)
    return (
      <div className="px-6 pt-4">
        <EmptyLine>Not read yet. R reads it.</EmptyLine>
      </div>
    )
  return (
    <div className="flex flex-col items-start gap-4 px-6 pt-4">
      <EmptyLine>
        {pinned === null
          ? 'Not read yet: nobody has accepted this machine’s host key.'
          : 'Not read yet: how this machine starts its Node was not found.'}{' '}
        Enrolment shows its key and then reads it once.
      </EmptyLine>
      {!readOnly && (
        <Button look="primary" onClick={() => go({ page: 'add', boxId })}>
          Enrol it
        </Button>
      )}
    </div>
  )
}
