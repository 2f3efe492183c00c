import type { ClientDay } from '../../../shared/contract/index.ts'
import { longDay } from '../../ui/times.ts'

/** The middle of a UTC day, so that it is the same day in every zone a person may be in. */
export const noonOf = (day: string): number => Date.parse(`${day}T12:00:00Z`)

const tick = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

/** A day on the axis: "19 Nov". */
export const dayTick = (atMs: number): string => tick.format(atMs)

/** "Thursday 19 November: 7 messages in, 7 good replies". */
export function dayWords({ day, inbound, replies }: ClientDay): string {
  const name = longDay(noonOf(day), 'UTC')
  if (inbound === null || replies === null) return `${name}: not known`
  if (inbound === 0 && replies === 0) return `${name}: nothing`
  return `${name}: ${inbound} ${inbound === 1 ? 'message' : 'messages'} in, ${replies} good ${replies === 1 ? 'reply' : 'replies'}`
}

/** Where a change stands on the axis, in seconds; null outside the days shown. */
export function placeOfChange(atMs: number, days: readonly ClientDay[]): number | null {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return null
  const half = 12 * 3_600_000
  return atMs < noonOf(first.day) - half || atMs >= noonOf(last.day) + half ? null : atMs / 1000
}
