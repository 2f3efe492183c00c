import { DateTime } from 'luxon'

/** When what happened in the made-up days before now; local times of this computer, as the operator reads them. */
export interface Morning {
  readonly nowMs: number
  /** The console was set up and every machine enrolled. */
  readonly setUpMs: number
  /** The last evening on which somebody sat here, at 17:50: on a working day, {@link leastAwayMs} ago or more. */
  readonly eveningMs: number
  /** A crash loop that came and went after the last look of the evening. */
  readonly crashedMs: number
  readonly recoveredMs: number
  readonly openedMs: number
  /** Somebody edits a file of the package by hand; the agent wedges later. */
  readonly editedMs: number
  readonly wedgedMs: number
  readonly restartMs: number
  readonly keyExpiredMs: number
  readonly offlineMs: number
  readonly kevinMs: number
  readonly configCutMs: number
  readonly hostKeyMs: number
}

const hourMs = 3_600_000
/** A fact is good for two days where nobody set times to sweep, and what does not answer since the evening is to be old. */
const leastAwayMs = 50 * hourMs

/** Every trouble but two begins between the evening and now, whatever the day and hour; the demo is a morning at any time. */
export function planMorning(nowMs: number): Morning {
  const eveningMs = lastEvening(nowMs)
  const before = (hour: number, minute: number, atMs: number): number => {
    const at = DateTime.fromMillis(atMs).set({ hour, minute, second: 0, millisecond: 0 })
    return (at.toMillis() <= atMs ? at : at.minus({ days: 1 })).toMillis()
  }
  const evening = DateTime.fromMillis(eveningMs)
  const wedgedMs = before(6, 40, nowMs - 3 * hourMs)
  return {
    nowMs,
    setUpMs: evening.minus({ days: 2 }).set({ hour: 14, minute: 0 }).toMillis(),
    eveningMs,
    crashedMs: eveningMs + 5 * 60_000,
    recoveredMs: eveningMs + 17 * 60_000,
    openedMs: before(20, 30, (eveningMs + 2 * nowMs) / 3),
    editedMs: before(21, 55, wedgedMs),
    wedgedMs,
    restartMs: before(3, 10, nowMs - 2 * hourMs),
    keyExpiredMs: before(7, 12, nowMs - 2 * hourMs),
    offlineMs: before(22, 14, nowMs - 4 * hourMs),
    kevinMs: before(11, 20, (eveningMs + nowMs) / 2),
    configCutMs: before(19, 5, nowMs - 6 * hourMs),
    hostKeyMs: evening.minus({ days: 1 }).set({ hour: 12, minute: 0 }).toMillis(),
  }
}

function lastEvening(nowMs: number): number {
  let evening = DateTime.fromMillis(nowMs).set({ hour: 17, minute: 50, second: 0, millisecond: 0 })
  while (nowMs - evening.toMillis() < leastAwayMs || evening.weekday > 5) evening = evening.minus({ days: 1 })
  return evening.toMillis()
}
