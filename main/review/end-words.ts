import { missedWords } from '../../shared/missed-words.ts'
import { counted, spanWords } from '../base/words.ts'

export interface EndOfReview {
  readonly tookMs: number
  readonly seen: number
  readonly left: number
  /** Of those left, how many were put off. */
  readonly later: number
  readonly allQuiet: boolean
  readonly notSeen: number
  /** `YYYY-MM-DD`, oldest first. */
  readonly missedDays: readonly string[]
}

function outcome({ left, later, allQuiet, notSeen, seen }: EndOfReview): string {
  if (allQuiet) return later === 0 ? 'all quiet' : `all quiet but for ${later} put off`
  const unread = notSeen === 0 ? '' : `, ${counted(notSeen, 'machine')} not seen`
  if (left === 0) return `${seen === 0 ? 'no trouble is known' : 'none left'}${unread}`
  if (later === 0) return `${left} left for later${unread}`
  // What stands in "Later" and what was only looked at are told apart, as the page does.
  const open = left === later ? '' : `${left - later} still open, `
  return `${open}${later} put off${unread}`
}

/** The row of the diary: "The review ended after 8 min: 6 rows seen, 2 left for later." Pure. */
export function endWords(end: EndOfReview): string {
  const took = end.tookMs < 1000 ? '' : ` after ${spanWords(end.tookMs)}`
  const seen = end.seen === 0 ? '' : `${counted(end.seen, 'row')} seen, `
  const missed = end.missedDays.length === 0 ? '' : ` There was none on ${missedWords(end.missedDays)}.`
  return `The review ended${took}: ${seen}${outcome(end)}.${missed}`
}
