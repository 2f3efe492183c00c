import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../api/queries.ts'
import { useNow } from '../../ui/age.tsx'
import { SectionLabel } from '../../ui/text.tsx'
import { clockTime, longDay, spanText } from '../../ui/times.ts'

const weekMs = 7 * 24 * 3_600_000

/** Beside an empty list: the reviews of the last seven days, one line each, and the days without one. */
export function QuietPane({ missedDays }: { missedDays: readonly string[] }) {
  const { data = [] } = useQuery(orpc.review.history.queryOptions({ input: { limit: 50 } }))
  const now = useNow()
  const held = data
    .filter((review) => review.endedAtMs > now - weekMs)
    .map((review) => ({
      atMs: review.endedAtMs,
      words: [
        review.seen === 0 ? null : `${review.seen} seen`,
        review.allQuiet ? 'all quiet' : `${review.left} left for later`,
      ]
        .filter((part) => part !== null)
        .join(', '),
      took: spanText(review.endedAtMs - review.begunAtMs),
    }))
  const missed = missedDays.map((day) => ({
    atMs: new Date(`${day}T12:00`).getTime(),
    words: 'no review',
    took: '',
  }))
  const lines = [...held, ...missed].sort((a, b) => b.atMs - a.atMs)
  if (lines.length === 0) return null
  return (
    <section className="readable px-6 py-4">
      <SectionLabel>The last seven days</SectionLabel>
      <ol className="mt-2 flex flex-col gap-1">
        {lines.map(({ atMs, words, took }) => (
          <li key={atMs} className="flex gap-3">
            <span className="figures w-[132px] shrink-0 text-text2">
              {longDay(atMs).split(' ')[0]}
              {took !== '' && ` ${clockTime(atMs)}`}
            </span>
            <span className="min-w-0 flex-1">{words}</span>
            {took !== '' && <span className="text-meta leading-5 text-text3">{took}</span>}
          </li>
        ))}
      </ol>
    </section>
  )
}
