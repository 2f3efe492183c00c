import type { ApplyJob } from '../../shared/contract/index.ts'
import type { ApplyRun } from '../state/applying.ts'
import { useRunningNow } from './age.tsx'
import { outcomeOf, type StepLine, stepLines } from './apply-step-lines.ts'
import { StateIcon } from './state.tsx'
import { SectionLabel, UntrustedText } from './text.tsx'
import { elapsedText } from './times.ts'

/** The steps of one change with their times, and how it ended. */
export function ApplySteps({ run }: { run: ApplyRun }) {
  const running = run.job?.state === 'running' && run.error === null
  const now = useRunningNow(running, 100)
  const lines = stepLines(run)
  const done = lines.filter(({ state }) => state === 'OK' || state === 'Failing').length
  return (
    <>
      <section aria-label="Steps" className="flex flex-col gap-2">
        <SectionLabel>{running ? `Step ${Math.min(lines.length, done + 1)} of ${lines.length}` : 'Steps'}</SectionLabel>
        <StepList lines={lines} now={now} />
      </section>
      {run.job && <JobEnd job={run.job} />}
    </>
  )
}

/** Steps in order, 28 px each, with how long each took or takes. */
export function StepList({
  lines,
  now,
}: {
  lines: readonly Omit<StepLine, 'step'>[]
  /** For the one that goes on. */
  now: number
}) {
  return (
    <ol>
      {lines.map((line) => (
        <li key={line.words} className="flex min-h-7 items-center gap-3">
          <StateIcon word={line.state} />
          <span className={`min-w-0 flex-1 ${line.state === 'Waiting' ? 'text-text2' : ''}`}>{line.words}</span>
          <span className="figures shrink-0 text-meta text-text3">{timeOf(line, now)}</span>
        </li>
      ))}
    </ol>
  )
}

const timeOf = ({ fromMs, untilMs, state }: Omit<StepLine, 'step'>, now: number): string =>
  fromMs === null || state === 'Waiting' ? '' : elapsedText(Math.max(0, (untilMs ?? now) - fromMs))

/** How a change ended, truthfully, and what to do next. Nothing while it runs. */
export function JobEnd({ job }: { job: ApplyJob }) {
  const end = outcomeOf(job)
  if (end === null) return null
  const well = end.state === 'OK'
  return (
    <section aria-label="Outcome" className="flex gap-3">
      <span className="flex h-5 items-center">
        <StateIcon word={end.state} />
      </span>
      <div role={well ? 'status' : 'alert'} className="min-w-0 flex-1 break-words">
        <p className={`font-medium ${end.state === 'Failing' ? 'text-critical' : ''}`}>{end.title}</p>
        <p>
          <UntrustedText text={job.words} maxChars={800} />
        </p>
        {job.nextStep && (
          <p className="text-text2">
            <UntrustedText text={job.nextStep} maxChars={400} />
          </p>
        )}
      </div>
    </section>
  )
}
