import { useQuery } from '@tanstack/react-query'
import type { SweepSummary } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { useNow } from '../../ui/age.tsx'
import { SectionLabel } from '../../ui/text.tsx'
import { clockTime, elapsedText, shortDate } from '../../ui/times.ts'

const weekMs = 7 * 24 * 3_600_000

const words: Record<SweepSummary['state'], string> = {
  running: 'running',
  done: '',
  cancelled: 'stopped',
  interrupted: 'interrupted',
}

/** Beside an empty list: one line for each sweep of the last seven days. */
export function QuietPane() {
  const { data = [] } = useQuery(orpc.sweep.history.queryOptions({ input: { limit: 50 } }))
  const now = useNow()
  const week = data.filter((sweep) => sweep.startedAtMs > now - weekMs)
  if (week.length === 0) return null
  return (
    <section className="readable px-6 py-4">
      <SectionLabel>The last seven days</SectionLabel>
      <ol className="mt-2 flex flex-col gap-1">
        {week.map((sweep) => (
          <li key={sweep.sweepId} className="flex gap-3">
            <span className="figures w-[132px] shrink-0 text-text2">
              {shortDate(sweep.startedAtMs, now)}, {clockTime(sweep.startedAtMs)}
            </span>
            <span className="min-w-0 flex-1">
              {sweep.swept} of {sweep.total} answered
              {words[sweep.state] && <span className="text-text3"> · {words[sweep.state]}</span>}
            </span>
            {sweep.endedAtMs !== null && (
              <span className="text-meta leading-5 text-text3">{elapsedText(sweep.endedAtMs - sweep.startedAtMs)}</span>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
