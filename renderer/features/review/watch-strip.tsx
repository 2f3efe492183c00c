import type { RunSummary } from '../../../shared/contract/index.ts'
import { countsText } from '../../../shared/watch-words.ts'
import { useWatchedRuns } from '../../api/rollouts.ts'
import { go } from '../../state/navigation.ts'
import { useNow } from '../../ui/age.tsx'
import { TextButton } from '../../ui/button.tsx'
import { Strip } from '../../ui/strip.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { untilMomentText } from '../../ui/times.ts'

/** Clients that are named; the others are counted. */
const mostNamed = 2

/** After a change of behaviour: what was answered since, while it is counted, and the way to the whole of it. */
export function WatchStrip() {
  const nowMs = useNow()
  return useWatchedRuns().map((run) => <One key={run.rolloutId} run={run} nowMs={nowMs} />)
}

function One({ run: { rolloutId, patchName, watch }, nowMs }: { run: RunSummary; nowMs: number }) {
  if (watch === null) return null
  const named = watch.clients.slice(0, mostNamed)
  const more = watch.clients.length - named.length
  return (
    <Strip
      action={
        <TextButton className="min-h-7 shrink-0" onClick={() => go({ page: 'rollout', rolloutId })}>
          Open
        </TextButton>
      }
    >
      <span>
        {'After '}
        <UntrustedText text={patchName} />
        <span className="figures">{`, until ${untilMomentText(watch.endsAtMs, nowMs)}`}</span>
      </span>
      {named.map(({ clientId, clientName, after, before, readAtMs }) => (
        <span key={clientId} className="figures">
          <UntrustedText text={clientName} />
          {`: ${readAtMs === null ? 'nothing read since' : countsText(after)}; week before ${countsText(before)}`}
        </span>
      ))}
      {more > 0 && <span className="figures">{`and ${more} more`}</span>}
    </Strip>
  )
}
