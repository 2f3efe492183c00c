import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AgentId, RolloutId, RolloutRun } from '../../../shared/contract/index.ts'
import { said } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { useRun } from '../../api/rollouts.ts'
import { go } from '../../state/navigation.ts'
import { Age, useRunningNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { ListAndPane, Page, useRoomForPane } from '../../ui/page.tsx'
import { runningClock } from '../../ui/times.ts'
import { Afterwards } from './afterwards.tsx'
import { LaneList } from './lane-list.tsx'
import { LanePane } from './lane-pane.tsx'
import { sectionsOf, toLookAt, toPutBack, toRetry } from './lanes.ts'
import { PutBackSheet } from './put-back-sheet.tsx'
import { Question } from './question.tsx'
import { ReportHead } from './report-head.tsx'
import { RunButtons } from './run-buttons.tsx'
import { useFollowing } from './use-following.ts'
import { useRunActs } from './use-run-acts.ts'
import { useRunKeys } from './use-run-keys.ts'
import { progressWords, titleOf } from './words.ts'

/** A patch on its way, machine by machine; when it has ended the same page is its report. */
export function RolloutPage({ rolloutId }: { rolloutId: RolloutId }) {
  const { run, error } = useRun(rolloutId)
  if (run) return <Loaded key={rolloutId} run={run} />
  const again = () => void queryClient.invalidateQueries({ queryKey: orpc.rollout.get.key({ input: { rolloutId } }) })
  return (
    <Page title="Rollout">
      {error && (
        <div className="p-6">
          <FaultLines {...said(error)} action={<Button onClick={again}>Try again</Button>} />
        </div>
      )}
    </Page>
  )
}

/** For whom the sheet that puts back is open: one machine or all. */
type PutBack = { only: AgentId | null }

function Loaded({ run }: { run: RolloutRun }) {
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const held = app?.readOnly ? 'This console was started to read only.' : undefined
  const room = useRoomForPane()
  const [paneOpen, setPaneOpen] = useState(false)
  const [puttingBack, setPuttingBack] = useState<PutBack | null>(null)
  const sections = sectionsOf(run)
  const following = useFollowing(run, sections)
  const { present } = following
  const acts = useRunActs(run.rolloutId, run)
  const backs = toPutBack(run)
  const again = toRetry(run)
  const looks = toLookAt(run)
  const hasEnded = run.state === 'ended'
  const log = () => present && go({ page: 'logs', boxId: present.boxId, atMs: momentOf(run, present.agentId) })
  const pick = (agentId: AgentId) => {
    following.pick(agentId)
    if (!room) setPaneOpen(true)
  }
  const openMachine = () => present && go({ page: 'machine', boxId: present.boxId })
  const putBack = (only: AgentId | null) => setPuttingBack({ only })
  useRunKeys({
    run,
    acts,
    held,
    following,
    looks: looks.length,
    backs: backs.length,
    again: again.length,
    pane: { open: paneOpen && !room, set: setPaneOpen },
    log,
    putBack: () => putBack(null),
  })
  return (
    <Page
      title={titleOf(run)}
      meta={<Meta run={run} />}
      actions={
        <RunButtons
          run={run}
          acts={acts}
          held={held}
          backs={backs.length}
          again={again.length}
          onPutBack={() => putBack(null)}
        />
      }
      hints={[
        { keys: ['j', 'k'], words: 'move' },
        following.follows || hasEnded ? { keys: ['l'], words: 'its log' } : { keys: ['f'], words: 'follow' },
        hasEnded
          ? { keys: ['y'], words: 'copy the report' }
          : run.question
            ? { keys: ['c'], words: 'continue' }
            : { keys: ['p'], words: run.state === 'paused' ? 'continue' : 'pause' },
      ]}
      openHeader
    >
      {hasEnded ? <ReportHead run={run} /> : <Bar done={run.done} total={run.total} />}
      {run.question && !hasEnded && (
        <Question
          question={run.question}
          looks={looks.length}
          backs={backs.length}
          held={held}
          busy={acts.busy}
          onContinue={acts.goOn}
          onLookAgain={acts.lookAgain}
          onPutBack={() => putBack(null)}
          onLeave={acts.stop}
        />
      )}
      <ListAndPane
        split="client"
        paneTitle="The chosen machine"
        paneOpen={paneOpen}
        onPaneOpenChange={setPaneOpen}
        list={
          <>
            {run.watch && <Afterwards watch={run.watch} />}
            <LaneList
              run={run}
              sections={sections}
              present={present?.agentId ?? null}
              onPick={pick}
              onOpen={openMachine}
            />
          </>
        }
        pane={
          present && (
            <LanePane
              key={present.agentId}
              run={run}
              lane={present}
              onLog={log}
              onPutBack={hasEnded && backs.includes(present) ? () => putBack(present.agentId) : null}
            />
          )
        }
      />
      {puttingBack && (
        <PutBackSheet
          name={run.patch.name}
          lanes={backs}
          only={puttingBack.only}
          busy={acts.busy}
          said={held ?? acts.said}
          onPutBack={(agentIds) => acts.putBack(agentIds, () => setPuttingBack(null))}
          onClose={() => setPuttingBack(null)}
        />
      )}
    </Page>
  )
}

/** The moment of a machine that its log is worth a look at: when its change ended, else when it began. */
function momentOf({ lanes, startedAtMs }: RolloutRun, agentId: AgentId): number {
  const lane = lanes.find((each) => each.agentId === agentId)
  return lane?.begunAtMs ?? startedAtMs
}

function Meta({ run }: { run: RolloutRun }) {
  const { state, endedAtMs, startedAtMs } = run
  const now = useRunningNow(state !== 'ended', 1_000)
  const took = runningClock(now - startedAtMs)
  if (endedAtMs !== null)
    return (
      <span className="truncate">
        {'ended '}
        <Age atMs={endedAtMs} inSentence className="" />
      </span>
    )
  return (
    <span role="status" aria-live="off" className="figures truncate">
      {`${progressWords(run)} · ${took}`}
    </span>
  )
}

/** How much of it is done, 4 px. */
function Bar({ done, total }: { done: number; total: number }) {
  return (
    <div className="shrink-0 border-b border-line px-6 py-3 [header+div>&]:pt-0">
      <div
        role="progressbar"
        aria-label="Machines done"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        className="h-1 bg-line"
      >
        <div className="h-1 bg-accent" style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }} />
      </div>
    </div>
  )
}
