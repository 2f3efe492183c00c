import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { BoxId, MachinePage as MachineData } from '../../../shared/contract/index.ts'
import { backUpNow } from '../../api/backing-up.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { startSweep, useRunningSweep } from '../../api/sweeping.ts'
import { showTerminal, useTerminals } from '../../api/terminals.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { askForCommand } from '../../state/commands.ts'
import { fixOf } from '../../state/fixing.ts'
import { openFromLab } from '../../state/from-lab.ts'
import { back, go } from '../../state/navigation.ts'
import { offerSentence } from '../../state/said.ts'
import { askToStop } from '../../state/stopping.ts'
import { Button, MoreButton, TextButton } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { Page, useRoomForPane } from '../../ui/page.tsx'
import { Menu } from '../../ui/popover.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SweepLine } from '../../ui/sweep-line.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { factLine } from './fact-line.ts'
import { KeyChanged } from './key-changed.tsx'
import { type Line, linesOf } from './lines.ts'
import { MachineBody } from './machine-body.tsx'
import { showMachine, useMachineState } from './machine-state.ts'
import { openLog } from './open-log.ts'

/** Everything known about one machine, each value with its age and what said so. */
export function MachinePage({ boxId }: { boxId: BoxId }) {
  const { data, error } = useQuery(orpc.pages.machine.queryOptions({ input: { boxId } }))
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const readOnly = app?.readOnly ?? false
  const { chosen, open } = useMachineState()
  useEffect(() => showMachine(boxId), [boxId])
  if (!data)
    return (
      <Page
        title="Machine"
        strip={error ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
        hints={[{ keys: ['escape'], words: 'back' }]}
      >
        {null}
      </Page>
    )
  const changed = data.trust.changedTo !== null
  const line = linesOf(data.facts, open).find(({ id }) => id === chosen)
  const onFact = line?.kind === 'fact' && factLine(line.fact, data) !== null
  return (
    <Page
      title={<MachineName name={data.box.name} className="max-w-[300px] pane:max-w-[420px]" />}
      name={data.box.name}
      meta={<Meta data={data} />}
      actions={changed ? null : <HeadActions data={data} line={line} readOnly={readOnly} />}
      hints={
        changed
          ? [{ keys: ['escape'], words: 'back' }]
          : [
              { keys: ['j', 'k'], words: 'move' },
              { keys: ['enter'], words: 'history and evidence' },
              { keys: ['?'], words: 'all keys' },
            ]
      }
      openHeader
    >
      {changed ? (
        <div className="border-t border-line">
          <KeyChanged trust={data.trust} readOnly={readOnly} />
        </div>
      ) : (
        <>
          <div className="flex min-h-8 shrink-0 items-start border-b border-line px-6 pb-2 in-[main:has(>[role=status])]:pt-2">
            <Copyable text={data.sshCommand} keys={onFact ? 'shift+y' : 'y'} />
          </div>
          <MachineBody data={data} readOnly={readOnly} />
        </>
      )}
    </Page>
  )
}

function Meta({ data }: { data: MachineData }) {
  const running = useRunningSweep()
  const mine = running?.boxes.some((box) => box.boxId === data.box.boxId)
  return (
    <>
      {data.client && (
        <TextButton
          className="max-w-[240px] shrink-0 truncate leading-5"
          onClick={() => data.client && go({ page: 'client', clientId: data.client.clientId })}
        >
          <UntrustedText text={data.client.name} />
        </TextButton>
      )}
      <span className="flex min-w-0 items-center gap-2 text-text2">
        <StateIcon word={data.state} label={data.state} />
        <span className="truncate">
          <UntrustedText text={data.stateSentence || data.state} />
        </span>
      </span>
      {running && mine && <SweepLine sweep={running} />}
    </>
  )
}

/** Takes the machine out of the fleet, with a way back. */
async function remove(data: MachineData): Promise<void> {
  try {
    const { sentence, undoId } = await client.inventory.removeBox({ boxId: data.box.boxId })
    back()
    offerUndoOf(sentence, [undoId])
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

function HeadActions({ data, line, readOnly }: { data: MachineData; line: Line | undefined; readOnly: boolean }) {
  const running = useRunningSweep() !== null
  const room = useRoomForPane()
  const terminals = useTerminals()
  const { boxId, pinned } = data.box
  const isOpen = terminals.some((session) => session.boxId === boxId && session.end === null)
  const held = readOnly ? 'This console was started to read only.' : undefined
  const fix = fixOf(data.findings)
  const noTerminal = isOpen ? undefined : (held ?? (pinned === null ? 'Its host key was never accepted.' : undefined))
  return (
    <>
      {!room && (
        <Button keys="space" onClick={() => useMachineState.setState({ happenedOpen: true })}>
          What happened
        </Button>
      )}
      {fix && (
        <Button look="primary" keys="f" disabled={held !== undefined} onClick={fix}>
          Fix the rules
        </Button>
      )}
      <Button keys="r" disabled={running || pinned === null} onClick={() => void startSweep([boxId])}>
        Sweep
      </Button>
      {room && (
        <>
          <Button keys="t" onClick={() => go({ page: 'triage', boxId })}>
            Why quiet
          </Button>
          <Button keys="l" onClick={() => openLog(data, line)}>
            Log
          </Button>
          <Button keys="shift+t" disabled={noTerminal !== undefined} onClick={() => showTerminal(boxId, terminals)}>
            {isOpen ? 'Terminal · open' : 'Terminal'}
          </Button>
        </>
      )}
      <Menu
        trigger={<MoreButton />}
        items={[
          ...(room
            ? []
            : [
                { label: 'Why quiet', keys: 't', run: () => go({ page: 'triage', boxId }) },
                { label: 'Log', keys: 'l', run: () => openLog(data, line) },
                {
                  label: 'Terminal',
                  keys: 'shift+t',
                  run: () => showTerminal(boxId, terminals),
                  unavailable: noTerminal,
                },
              ]),
          {
            label: 'Edit what it is to be',
            run: () => go({ page: 'overlay', layer: { kind: 'box', key: boxId } }),
          },
          {
            label: 'Patch from this machine',
            run: () => openFromLab(boxId),
            unavailable: held,
          },
          {
            label: 'Back up now',
            keys: 'b',
            run: () => void backUpNow([boxId]),
            unavailable: held,
          },
          {
            label: 'Run a command',
            run: () => askForCommand([boxId]),
            unavailable: held,
          },
          { label: 'Edit the machine', keys: 'e', run: () => go({ page: 'edit-machine', boxId }), unavailable: held },
          ...(data.client
            ? [
                {
                  label: 'Open the client',
                  run: () => data.client && go({ page: 'client', clientId: data.client.clientId }),
                },
              ]
            : []),
          {
            label: 'Stop a channel',
            keys: 'shift+k',
            run: () => askToStop({ boxId }),
            unavailable: held,
            critical: true,
          },
          { label: 'Enrol it again', run: () => go({ page: 'add', boxId }), unavailable: held },
          { label: 'Remove the machine', run: () => void remove(data), unavailable: held, critical: true },
        ]}
      />
    </>
  )
}
