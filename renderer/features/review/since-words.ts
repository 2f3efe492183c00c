import type { Finding, ReviewPage, ReviewSince } from '../../../shared/contract/index.ts'
import { missedWords } from '../../../shared/missed-words.ts'
import { clockTime, sinceText } from '../../ui/times.ts'

type Span = ReviewSince['unwatched'][number]

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`

/** A span by both its ends: "from Friday 18:04 to today 08:05", "today from 02:10 to 02:40". */
export function spanWords({ fromMs, toMs }: Pick<Span, 'fromMs' | 'toMs'>, nowMs: number): string {
  const [from, to] = [sinceText(fromMs, nowMs), sinceText(toMs, nowMs)]
  const day = (words: string) => words.replace(/ \d\d:\d\d$/, '')
  if (day(from) === day(to) && from !== day(from)) return `${day(from)} from ${clockTime(fromMs)} to ${clockTime(toMs)}`
  return `from ${from} to ${to}`
}

/** Spans that the console did not run or this computer slept; what its network missed is told apart. */
export const unwatchedOf = (since: ReviewSince): Span[] => since.unwatched.filter(({ why }) => why !== 'no network')
export const networkOf = (since: ReviewSince): Span[] => since.unwatched.filter(({ why }) => why === 'no network')

/** Troubles that came and went, those of several machines that are one and the same as one. */
export const foldedTroubles = ({ cameAndWent }: ReviewSince): Finding[][] => [
  ...Map.groupBy(cameAndWent, ({ cause, sentence, noticedAtMs, closedAtMs, findingId }) =>
    closedAtMs === null ? findingId : [cause, sentence, noticedAtMs, closedAtMs].join(' '),
  ).values(),
]

function unwatchedWords(since: ReviewSince, nowMs: number): string | null {
  const spans = unwatchedOf(since)
  const longest = spans.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[0]
  if (longest) {
    const others = spans.length - 1
    const also = others === 0 ? '' : others === 1 ? ', and once more' : `, and ${others} more times`
    return `Nobody watched ${spanWords(longest, nowMs)}${also}.`
  }
  const away = networkOf(since)
  if (away.length === 0) return null
  return away.length === 1 && away[0]
    ? `This computer had no network ${spanWords(away[0], nowMs)}.`
    : `This computer had no network ${away.length} times.`
}

/** The strip under the header: what happened while nobody looked, in up to four parts; none when there is nothing to tell. */
export function stripWords({ since, missedDays }: Pick<ReviewPage, 'since' | 'missedDays'>, nowMs: number): string[] {
  const parts = since
    ? [
        unwatchedWords(since, nowMs),
        since.cameAndWent.length > 0 ? `${counted(foldedTroubles(since).length, 'trouble')} came and went` : null,
        since.changes.length > 0 ? counted(since.changes.length, 'change') : null,
      ]
    : []
  return [...parts, missedDays.length > 0 ? `No review on ${missedWords(missedDays)}` : null].filter(
    (part) => part !== null,
  )
}
