import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { BoxId, CommandPreview } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { wasCancelled } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useActions } from '../../state/actions.ts'
import { useCommandDraft } from '../../state/commands.ts'
import { go } from '../../state/navigation.ts'
import { Button } from '../../ui/button.tsx'
import { Select, TextArea } from '../../ui/field.tsx'
import { ListAndPane, Page, useRoomForPane } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { DryList } from './dry-list.tsx'
import { Earlier } from './earlier.tsx'
import { MachineChoice } from './machine-choice.tsx'
import { Snippets } from './snippets.tsx'

const deadlines = [
  { value: '30', label: '30 seconds' },
  { value: '60', label: '1 minute' },
  { value: '300', label: '5 minutes' },
  { value: '1800', label: '30 minutes' },
]

const sameTargets = (a: CommandPreview | undefined, b: CommandPreview): boolean =>
  JSON.stringify(a?.targets.map(({ boxId }) => boxId)) === JSON.stringify(b.targets.map(({ boxId }) => boxId))

/** Whom the command would reach, asked again with the choice; nothing is sent. */
function usePreview(boxIds: readonly BoxId[], command: string) {
  return useQuery({
    ...orpc.commands.preview.queryOptions({ input: { boxIds: [...boxIds], command: command || 'true' } }),
    enabled: boxIds.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
}

/** A command is written, its machines are chosen, and whom it reaches stands there before it is sent. */
export function WritePage() {
  const { boxIds, command } = useCommandDraft()
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const [deadlineS, setDeadlineS] = useState('60')
  const [problem, setProblem] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const [choosing, setChoosing] = useState(false)
  const room = useRoomForPane()
  const chosen = [...boxIds]
  // Whom it reaches does not hang on its words.
  const { data: shown } = usePreview(chosen, '')
  const preview = chosen.length === 0 ? undefined : shown
  const targets = preview?.targets.length ?? 0
  const readOnly = app?.readOnly ?? false
  const lacking = readOnly
    ? 'This console was started to read only.'
    : command.trim() === ''
      ? 'The command is empty.'
      : targets === 0
        ? 'It reaches no machine.'
        : undefined
  const busy = useRef(false)
  const run = async () => {
    if (lacking !== undefined || busy.current) return
    busy.current = true
    setAsking(true)
    setProblem(null)
    try {
      const frozen = await client.commands.preview({ boxIds: chosen, command })
      if (!sameTargets(preview, frozen)) setProblem('Whom it reaches has changed since. Look again, then run it.')
      else {
        const { commandId } = await client.commands.start({
          previewId: frozen.previewId,
          deadlineS: Number(deadlineS),
        })
        go({ page: 'command', commandId })
      }
    } catch (error) {
      if (!wasCancelled(error)) setProblem(sentenceOf(error))
    } finally {
      busy.current = false
      setAsking(false)
    }
  }
  useActions('Command', [
    { title: 'Run the command', keys: 'mod+enter', run: () => void run(), unavailable: lacking },
    ...(room ? [] : [{ title: 'Choose machines', keys: 'space', run: () => setChoosing(true) }]),
  ])
  return (
    <Page
      title="Run a command"
      actions={
        <>
          {!room && <Button onClick={() => setChoosing(true)}>Choose machines</Button>}
          <Snippets
            command={command}
            readOnly={readOnly}
            onUse={(text) => useCommandDraft.setState({ command: text })}
          />
        </>
      }
      strip={
        problem !== null ? (
          <Strip look="warning">{problem}</Strip>
        ) : asking ? (
          <Strip announced>Confirm it in the dialog of this computer. Nothing is sent before.</Strip>
        ) : null
      }
      hints={[
        { keys: ['mod+enter'], words: 'run' },
        { keys: ['escape'], words: 'back' },
      ]}
    >
      <ListAndPane
        split="machine"
        paneTitle="Machines"
        paneOpen={choosing}
        onPaneOpenChange={setChoosing}
        list={
          <div className="flex flex-col gap-6 px-6 py-4">
            <div className="flex flex-col gap-3">
              <TextArea
                label="Command"
                help="The login shell of each machine runs it, its input closed. It is for looking: what has to stay changed belongs into an overlay or a patch, which can be taken back."
                className="font-mono text-code"
                autoFocus
                value={command}
                maxLength={4000}
                onChange={(event) => useCommandDraft.setState({ command: event.target.value })}
              />
              <Select
                label="Time for each machine"
                className="max-w-[200px]"
                options={deadlines}
                value={deadlineS}
                onChange={(event) => setDeadlineS(event.target.value)}
              />
            </div>
            <DryList preview={preview} chosen={chosen.length} />
            <div className="flex items-center gap-3">
              <Button
                look="primary"
                keys="mod+enter"
                disabled={lacking !== undefined || asking}
                onClick={() => void run()}
              >
                {targets === 0 ? 'Run' : targets === 1 ? 'Run on 1 machine' : `Run on ${targets} machines`}
              </Button>
              {lacking && <span className="text-meta text-text3">{lacking}</span>}
            </div>
            <Earlier />
          </div>
        }
        pane={<MachineChoice chosen={boxIds} />}
      />
    </Page>
  )
}
