import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CommandGroup, CommandId, CommandRun, CommandState } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { useCommandRun } from '../../api/commands.ts'
import { wasCancelled } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useActions } from '../../state/actions.ts'
import { askForCommand, useCommandDraft } from '../../state/commands.ts'
import { offerSentence } from '../../state/said.ts'
import { Age, useRunningNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copyable.tsx'
import { ListAndPane, Page, useRoomForPane } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { runningClock } from '../../ui/times.ts'
import { asText } from './as-text.ts'
import { Group } from './group.tsx'
import { RunBoxes } from './run-boxes.tsx'
import { worstFirst } from './urgency.ts'

const again: readonly CommandState[] = ['failed', 'timed-out', 'not-attempted', 'cancelled']
const none: CommandGroup[] = []

const isOver = ({ state }: { state: CommandState }): boolean => state !== 'waiting' && state !== 'running'

async function tried(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!wasCancelled(error)) offerSentence(sentenceOf(error))
  }
}

/** A command that was sent: the machines that agree as one, the odd ones against them, and what it still waits for. */
export function RunPage({ commandId }: { commandId: CommandId }) {
  const { run, error } = useCommandRun(commandId)
  const { data: groups = none } = useQuery(orpc.commands.groups.queryOptions({ input: { commandId } }))
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const [paneOpen, setPaneOpen] = useState(false)
  const room = useRoomForPane()
  const readOnly = app?.readOnly ?? false
  const toRetry = run?.boxes.filter(({ state }) => again.includes(state)).length ?? 0
  const running = run?.state === 'running'
  const held = readOnly ? 'This console was started to read only.' : undefined
  const cancel = () => void tried(() => client.commands.cancel({ commandId }))
  const retry = () => void tried(() => client.commands.retry({ commandId }))
  const copy = () => void copyGroups(run, groups)
  const change = () => {
    if (!run) return
    useCommandDraft.setState({ command: run.command })
    askForCommand(run.boxes.map(({ boxId }) => boxId))
  }
  useActions('Command', [
    ...(running && !readOnly ? [{ title: 'Stop the command', keys: 'escape', run: cancel }] : []),
    {
      title: 'Try again where it did not go well',
      keys: 'r',
      run: retry,
      unavailable: held ?? (running ? 'It still runs.' : toRetry === 0 ? 'It went well everywhere.' : undefined),
    },
    { title: 'Copy what they said', keys: 'y', run: copy },
    { title: 'Change the command', keys: 'e', run: change, unavailable: held },
  ])
  return (
    <Page
      title="Command"
      name={run ? `Command: ${run.command.slice(0, 60)}` : 'Command'}
      meta={run && <Progress run={run} />}
      actions={
        run && (
          <>
            {!room && <Button onClick={() => setPaneOpen(true)}>Machines</Button>}
            {running && !readOnly && (
              <Button keys="escape" onClick={cancel}>
                Stop
              </Button>
            )}
            {!running && toRetry > 0 && !readOnly && (
              <Button keys="r" onClick={retry}>
                Try {toRetry} again
              </Button>
            )}
            <Button keys="y" onClick={copy}>
              Copy
            </Button>
            {!readOnly && (
              <Button keys="e" onClick={change}>
                Change it
              </Button>
            )}
          </>
        )
      }
      strip={<RunStrip run={run} error={error} groups={groups} />}
      hints={[
        ...(running ? [{ keys: ['escape'], words: 'stop' }] : [{ keys: ['r'], words: 'try again' }]),
        { keys: ['y'], words: 'copy' },
        { keys: ['?'], words: 'all keys' },
      ]}
    >
      {run && (
        <ListAndPane
          split="machine"
          paneTitle="Machines"
          paneOpen={paneOpen}
          onPaneOpenChange={setPaneOpen}
          list={
            <div className="flex flex-col gap-6 px-6 py-4">
              <pre className="readable font-mono text-code break-words whitespace-pre-wrap">{run.command}</pre>
              {worstFirst(groups).map((group) => (
                <Group key={group.boxIds.join(' ')} group={group} groups={groups} run={run} />
              ))}
              {groups.length === 0 && <p className="text-text2">No machine has ended it yet.</p>}
            </div>
          }
          pane={<RunBoxes run={run} groups={groups} />}
        />
      )}
    </Page>
  )
}

async function copyGroups(run: CommandRun | undefined, groups: readonly CommandGroup[]): Promise<void> {
  if (!run) return
  const done = await copyText(asText(run, groups))
  if (done) offerSentence('Copied: what the machines said, folded.', 'plain')
  else offerSentence('The clipboard refused it, so nothing was copied.')
}

function Progress({ run }: { run: CommandRun }) {
  const running = run.endedAtMs === null
  const now = useRunningNow(running, 1000)
  const done = run.boxes.filter(isOver).length
  if (running)
    return (
      <span className="figures" role="status">
        {done} of {run.boxes.length} · {runningClock(Math.max(0, now - run.begunAtMs))}
      </span>
    )
  return (
    <span>
      {run.boxes.length === 1 ? '1 machine' : `${run.boxes.length} machines`} · sent{' '}
      <Age atMs={run.begunAtMs} inSentence className="" />
    </span>
  )
}

function RunStrip({
  run,
  error,
  groups,
}: {
  run: CommandRun | undefined
  error: unknown
  groups: readonly CommandGroup[]
}) {
  if (!run) return error ? <Strip look="warning">{sentenceOf(error)}</Strip> : null
  if (run.state === 'interrupted')
    return (
      <Strip look="warning">
        The console ended while this ran. It was not resumed, and what came back was not kept.
      </Strip>
    )
  if (run.state === 'cancelled')
    return <Strip>You stopped it. What had arrived is kept, and it was started nowhere else.</Strip>
  const gone =
    run.endedAtMs !== null && groups.every(({ text }) => text === '') && run.boxes.some(({ bytes }) => bytes > 0)
  return gone ? <Strip>What the machines said went with the console that ran this. How it ended is kept.</Strip> : null
}
