import type { ClientPage, ClientSpan } from '../../../shared/contract/index.ts'
import { clockTime, longDay, shortDate } from '../../ui/times.ts'

const dayMs = 86_400_000

/** A moment to come, in their time: "17:00" today, "Monday 09:00" within a week, else "5 December 09:00". */
function comingThere(atMs: number, nowMs: number, timeZone: string | undefined): string {
  const time = clockTime(atMs, timeZone)
  if (shortDate(atMs, nowMs, timeZone) === shortDate(nowMs, nowMs, timeZone)) return time
  const [weekday = ''] = longDay(atMs, timeZone).split(' ')
  return atMs - nowMs < 6 * dayMs ? `${weekday} ${time}` : `${shortDate(atMs, nowMs, timeZone)} ${time}`
}

/** "open until 17:00", "closed until Monday 09:00", in their own time. */
export function openingWords(opening: ClientPage['opening'], nowMs: number, timeZone: string): string {
  const zone = timeZone || undefined
  if (opening.untilMs === null) return opening.open ? 'open around the clock' : 'no opening hours are known'
  return `${opening.open ? 'open' : 'closed'} until ${comingThere(opening.untilMs, nowMs, zone)}`
}

/** "Paused until Monday", "On hold until 5 December", "Paused from Thursday until Monday": local days of this computer. */
export function spanWords(
  { kind, fromMs, untilMs }: Pick<ClientSpan, 'kind' | 'fromMs' | 'untilMs'>,
  nowMs: number,
): string {
  const day = (atMs: number) =>
    atMs - nowMs < 6 * dayMs ? (longDay(atMs).split(' ')[0] ?? '') : shortDate(atMs, nowMs)
  const from = fromMs > nowMs ? ` from ${day(fromMs)}` : ''
  return `${kind === 'pause' ? 'Paused' : 'On hold'}${from} until ${day(untilMs)}`
}

/** "63 days unchanged", "unchanged for at least 12 days"; empty while nothing was read. */
export function unchangedWords(unchanged: ClientPage['unchanged'], nowMs: number): string {
  if (!unchanged) return ''
  const days = Math.max(0, Math.floor((nowMs - unchanged.sinceMs) / dayMs))
  const span = days === 1 ? '1 day' : `${days} days`
  if (unchanged.atLeast) return days === 0 ? 'no change seen since today' : `unchanged for at least ${span}`
  return days === 0 ? 'changed today' : `${span} unchanged`
}

/** Words of a sentence; figures stand out. */
export type Part = string | { figure: string }

const figure = (value: string | number): Part => ({ figure: String(value) })
const plural = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many)

/** The two sentences on top of the page. What nobody can tell is said to be so, never zero. */
export function figureSentences({ inbound, answered, waiting, failures }: ClientPage['activity']): Part[][] {
  const came: Part[] =
    inbound === null
      ? ['Nothing is known of what they exchange yet.']
      : inbound === 0
        ? ['No message came in for 30 days.']
        : answered === null
          ? [
              figure(inbound),
              ` ${plural(inbound, 'message')} came in over 30 days; how many were answered is not known.`,
            ]
          : ['Answered ', figure(`${answered} of ${inbound}`), ' in 30 days.']
  if (waiting === null && failures === null) return [came]
  const wait: Part[] =
    waiting === null
      ? []
      : waiting === 0
        ? ['Nobody waits for an answer']
        : [figure(waiting), plural(waiting, ' message waits', ' messages wait'), ' for an answer']
  const failed: Part[] =
    failures === null
      ? []
      : failures === 0
        ? ['no reply failed']
        : [figure(failures), plural(failures, ' reply failed', ' replies failed')]
  const both = [...wait, ...(wait.length > 0 && failed.length > 0 ? [', '] : []), ...failed, '.']
  return [came, both]
}
