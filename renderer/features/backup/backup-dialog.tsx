import { type KeyboardEvent, useEffect, useRef } from 'react'
import { backupLine } from '../../../shared/backup-words.ts'
import type { AgentBackup, BackupRun, BackupState } from '../../../shared/contract/index.ts'
import { faultText } from '../../../shared/fault-text.ts'
import { backUpNow, stopBackup, useBackupRun, useFollowBackup } from '../../api/backing-up.ts'
import { closeBackup, showBackup, useBackingUp } from '../../state/backing-up.ts'
import { useRunningNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { elapsedText } from '../../ui/times.ts'

const icons: Record<BackupState, StateWordText> = {
  waiting: 'Waiting',
  running: 'Working',
  made: 'OK',
  failed: 'Failing',
  cancelled: 'Paused',
  'not-attempted': 'Not seen',
  unknown: 'Not seen',
}

const isOver = ({ state }: AgentBackup) => state !== 'waiting' && state !== 'running'
const countsOf = ({ agents }: BackupRun) => ({
  over: agents.filter(isOver).length,
  made: agents.filter(({ state }) => state === 'made').length,
  total: agents.length,
})

/** Backups under way, machine by machine. It may be closed: they go on, and the strip shows them. */
export function BackupDialog() {
  const { runId, open } = useBackingUp()
  useFollowBackup(runId)
  const run = useBackupRun(runId)
  if (!open || run === null) return null
  const machines = new Set(run.agents.map(({ boxId }) => boxId)).size
  const [first] = run.agents
  const whom = machines === 1 && first ? first.boxName : `${machines} machines`
  return (
    <Dialog open onOpenChange={(stays) => !stays && closeBackup()} title={`Back up ${whom}`}>
      <Backup run={run} />
    </Dialog>
  )
}

function Backup({ run }: { run: BackupRun }) {
  const whole = useRef<HTMLDivElement>(null)
  useEffect(() => whole.current?.focus(), [])
  const running = run.state === 'running'
  const again = [...new Set(run.agents.filter(({ state }) => state !== 'made').map(({ boxId }) => boxId))]
  const retry = !running && again.length > 0 ? () => void backUpNow(again) : null
  const press = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLButtonElement) return
    if (event.key === '.' && (event.metaKey || event.ctrlKey) && running) void stopBackup(run.runId)
    else if (event.key === 'Enter' && retry) retry()
    else if (event.key === 'Enter' && !running) closeBackup()
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of its own buttons, from anywhere in it
    <div ref={whole} tabIndex={-1} onKeyDown={press} className="readable flex flex-col gap-4 outline-none">
      <Progress run={run} />
      <section aria-label="Machines" className="flex flex-col gap-1">
        <SectionLabel count={run.agents.length}>Agents</SectionLabel>
        <ul className="max-h-[320px] overflow-y-auto">
          {run.agents.map((agent) => (
            <AgentLine key={agent.agentId} agent={agent} only={run.agents.length === 1} />
          ))}
        </ul>
      </section>
      {run.leftOut.length > 0 && (
        <section aria-label="Left out" className="flex flex-col gap-1">
          <SectionLabel count={run.leftOut.length}>Left out</SectionLabel>
          <ul>
            {run.leftOut.map(({ boxId, boxName, why }) => (
              <li key={boxId} className="flex items-baseline gap-2 text-text2">
                <UntrustedText text={boxName} />
                <span className="text-meta text-text3">{why}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="flex gap-2">
        {running && (
          <Button keys="mod+." onClick={() => void stopBackup(run.runId)}>
            Stop
          </Button>
        )}
        {retry && (
          <Button look="primary" keys="enter" onClick={retry}>
            Try again
          </Button>
        )}
        <Button keys="escape" onClick={closeBackup}>
          {running ? 'Leave it running' : 'Close'}
        </Button>
      </div>
    </div>
  )
}

function Progress({ run }: { run: BackupRun }) {
  const now = useRunningNow(run.endedAtMs === null, 100)
  const { over, made, total } = countsOf(run)
  const took = elapsedText((run.endedAtMs ?? now) - run.begunAtMs)
  return (
    <p role="status">
      <span className="figures">{run.endedAtMs === null ? `${over} of ${total}` : `${made} of ${total} made`}</span>
      <span className="figures text-text2">{` · ${took}`}</span>
      <span className="block text-meta text-text3">
        Each machine’s own runtime makes it and checks it; it stays there, below ~/.wheelhouse/backups. The newest three
        stay.
      </span>
    </p>
  )
}

function AgentLine({ agent, only }: { agent: AgentBackup; only: boolean }) {
  const more = [agent.fault === null ? '' : faultText(agent.fault).sentence, agent.nextStep].filter(Boolean).join(' ')
  return (
    <li className="flex min-h-7 gap-3 py-1">
      <span className="flex h-5 items-center">
        <StateIcon word={icons[agent.state]} />
      </span>
      <span className="w-[140px] shrink-0 truncate">
        <MachineName name={agent.boxName} className="max-w-[140px]" />
      </span>
      <span className="min-w-0 flex-1 break-words text-text2">
        <UntrustedText text={backupLine(agent)} maxChars={600} />
        {more && (
          <span className="block text-meta text-text3">
            <UntrustedText text={more} maxChars={600} />
          </span>
        )}
        {only && agent.made && (
          <span className="mono block break-all text-meta text-text3">
            <UntrustedText text={agent.made.archive} maxChars={1000} />
          </span>
        )}
      </span>
      {agent.tookMs !== null && (
        <span className="figures shrink-0 text-meta text-text3">{elapsedText(agent.tookMs)}</span>
      )}
    </li>
  )
}

/** Under every header while backups go on behind a closed dialog. */
export function BackupStrip() {
  const { runId, open } = useBackingUp()
  const run = useBackupRun(runId)
  if (open || run === null || run.state !== 'running') return null
  const { over, total } = countsOf(run)
  return (
    <Strip
      action={
        <Button small onClick={() => showBackup(run.runId)}>
          Show
        </Button>
      }
    >
      <span>Backing up agents.</span>
      <span className="figures">{`${over} of ${total}`}</span>
    </Strip>
  )
}
