import type { ApplyJob } from '../../shared/contract/index.ts'
import { StateIcon } from './state.tsx'
import { UntrustedText } from './text.tsx'

/** What a machine is doing while it is changed. */
const stepWords: Record<ApplyJob['step'], string> = {
  connect: 'asking the machine',
  download: 'downloading what is new',
  stage: 'writing beside the config',
  arm: 'making sure it goes back by itself',
  'run-before': 'running its commands',
  activate: 'putting it in place',
  'run-after': 'running its commands',
  verify: 'waiting until the agent takes it',
  commit: 'keeping it',
  revert: 'going back',
}

/** Did the machine end up as was wanted? */
export const isMade = ({ outcome }: ApplyJob): boolean => outcome === 'changed' || outcome === 'unchanged'

/** How a change stands: its step, or how it ended in the machine's own words. `doing`: "Turning it on". */
export function JobLine({ job, doing }: { job: ApplyJob; doing: string }) {
  if (job.state === 'running')
    return (
      <p role="status" className="flex gap-3">
        <span className="flex h-5 items-center">
          <StateIcon word="Working" />
        </span>
        {`${doing}: ${stepWords[job.step]}.`}
      </p>
    )
  const made = isMade(job)
  return (
    <div role={made ? 'status' : 'alert'} className="flex gap-3">
      <span className="flex h-5 items-center">
        <StateIcon
          word={made ? 'OK' : job.outcome === 'inconclusive' || job.outcome === null ? 'Not seen' : 'Failing'}
        />
      </span>
      <div className="min-w-0 break-words">
        <p className={made ? '' : 'font-medium text-critical'}>
          <UntrustedText text={job.words} maxChars={600} />
        </p>
        {job.nextStep && <p className="text-text2">{job.nextStep}</p>}
      </div>
    </div>
  )
}
