import { useQuery } from '@tanstack/react-query'
import type { ApplyJob, RolloutLane, RolloutRun } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { useLaneSteps } from '../../state/lane-steps.ts'
import { go } from '../../state/navigation.ts'
import { useRunningNow } from '../../ui/age.tsx'
import { type StepLine, stepLines } from '../../ui/apply-step-lines.ts'
import { StepList } from '../../ui/apply-steps.tsx'
import { Button } from '../../ui/button.tsx'
import { Diff } from '../../ui/diff.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { exactTime, spanText } from '../../ui/times.ts'
import { calledOf, isActive, isSeenWell, laneIcon, laneWords, waveOfLane } from './words.ts'

/** The chosen machine: its steps with their times, what was seen there, what comes next, and what changes on it. */
export function LanePane({
  run,
  lane,
  onLog,
  onPutBack,
}: {
  run: RolloutRun
  lane: RolloutLane
  onLog: () => void
  /** Null: there is nothing to put back, or not now. */
  onPutBack: (() => void) | null
}) {
  const changes = run.groups.find(({ agentIds }) => agentIds.includes(lane.agentId))?.changes ?? []
  return (
    <div className="readable flex flex-col gap-4 px-6 py-4">
      <Lead lane={lane} />
      {lane.state !== 'waiting' && lane.applyId !== null && <Steps lane={lane} run={run} />}
      <Standing lane={lane} run={run} />
      <div className="flex flex-wrap gap-2">
        <Button small keys="l" onClick={onLog}>
          Log
        </Button>
        <Button small keys="o" onClick={() => go({ page: 'machine', boxId: lane.boxId })}>
          Machine
        </Button>
        {onPutBack && (
          <Button small onClick={onPutBack}>
            Put this one back…
          </Button>
        )}
      </div>
      {lane.seen.length > 0 && (
        <section aria-label="What was seen" className="flex flex-col gap-1">
          <SectionLabel>What was seen</SectionLabel>
          <ul>
            {lane.seen.map((words) => (
              <li key={words} className="break-words">
                <UntrustedText text={words} maxChars={400} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {changes.length > 0 && (
        <section aria-label="What changes there" className="flex flex-col gap-2">
          <SectionLabel count={changes.length}>What changes there</SectionLabel>
          <Diff changes={changes} />
        </section>
      )}
    </div>
  )
}

function Lead({ lane }: { lane: RolloutLane }) {
  const { clientName, name, goesBackAtMs } = lane
  const isArmed = goesBackAtMs !== null && lane.state !== 'ended'
  return (
    <header className="flex flex-col gap-1">
      <h2 className="text-lead font-semibold break-words">
        <UntrustedText text={calledOf(lane)} />
      </h2>
      <p className="text-meta break-words text-text3">
        {clientName !== null && <UntrustedText text={name} />}
        {clientName !== null && isArmed && ' · '}
        {isArmed && (
          <span className="figures">{`puts itself back at ${exactTime(goesBackAtMs)} unless confirmed`}</span>
        )}
      </p>
    </header>
  )
}

const none: readonly never[] = []

/** The change itself as its row tells it, with the step that the rollout told last. */
function Steps({ lane, run }: { lane: RolloutLane; run: RolloutRun }) {
  const { applyId, state, step } = lane
  const { data } = useQuery({
    ...orpc.apply.get.queryOptions({ input: { applyId: applyId ?? ('' as ApplyJob['applyId']) } }),
    enabled: applyId !== null,
  })
  const seen = useLaneSteps((all) => (applyId === null ? undefined : all.seen[applyId]))
  const active = isActive(lane, run)
  const now = useRunningNow(active, 100)
  if (!data) return null
  const job: ApplyJob = state === 'running' ? { ...data, step: step ?? data.step } : data
  const lines = [...stepLines({ job, steps: seen?.steps ?? none, error: null }), ...after(lane, run)]
  const done = lines.filter((line) => line.state === 'OK' || line.state === 'Failing').length
  return (
    <section aria-label="Steps" className="flex flex-col gap-1">
      <SectionLabel>{active ? `Step ${Math.min(lines.length, done + 1)} of ${lines.length}` : 'Steps'}</SectionLabel>
      <StepList lines={lines} now={now} />
    </section>
  )
}

/** What follows the change: it is left at work, then looked at again. */
function after(lane: RolloutLane, run: RolloutRun): Omit<StepLine, 'step'>[] {
  const wave = waveOfLane(lane, run)
  const { state, outcome } = lane
  if (!wave || run.revertOf !== null || (outcome !== null && outcome !== 'changed')) return []
  const wasLooked = state === 'ended' && lane.seen.length > 0
  const looked =
    state === 'ended' ? (isSeenWell(lane) ? 'OK' : wasLooked ? 'Not seen' : 'Waiting') : laneIcon(lane, run, 0).word
  const soaked = state === 'soaking' ? 'Working' : state === 'checking' || wasLooked ? 'OK' : 'Waiting'
  return [
    ...(wave.soakS > 0
      ? [
          {
            words: `Leave it at work for ${spanText(wave.soakS * 1000)}`,
            state: soaked,
            fromMs: null,
            untilMs: null,
          } as const,
        ]
      : []),
    {
      words: 'Look at it again',
      state: state === 'running' || state === 'soaking' ? 'Waiting' : looked,
      fromMs: null,
      untilMs: null,
    },
  ]
}

/** Where it stands or how it ended, in whole sentences, and the next step. */
function Standing({ lane, run }: { lane: RolloutLane; run: RolloutRun }) {
  const { words, nextStep, applyId } = lane
  const now = Date.now()
  const { word } = laneIcon(lane, run, now)
  const goesOn = isActive(lane, run)
  if (goesOn && words === '') return null
  return (
    <section aria-label="Outcome" className="flex gap-3">
      {!goesOn && (
        <span className="flex h-5 items-center">
          <StateIcon word={word} />
        </span>
      )}
      <div className="min-w-0 flex-1 break-words">
        {!(goesOn && applyId !== null) && (
          <p className={`font-medium ${word === 'Failing' ? 'text-critical' : ''}`}>{laneWords(lane, run, now)}</p>
        )}
        {words && (
          <p>
            <UntrustedText text={words} maxChars={800} />
          </p>
        )}
        {nextStep && (
          <p className="text-text2">
            <UntrustedText text={nextStep} maxChars={400} />
          </p>
        )}
      </div>
    </section>
  )
}
