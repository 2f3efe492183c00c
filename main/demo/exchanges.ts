import { DateTime } from 'luxon'
import type { Dice } from './dice.ts'

/** One message of the client and what became of it. */
export interface Exchange {
  readonly atMs: number
  readonly outcome: 'answered' | 'failed'
  readonly replyAtMs: number
}

export interface ExchangePlan {
  readonly nowMs: number
  readonly timeZone: string
  /** Messages on a working day. */
  readonly perDay: readonly [number, number]
  readonly days: number
  /** When everything stopped being answered; null: never. */
  readonly brokenFromMs: number | null
}

const openAt = 9
const closeAt = 17

/** Thirty days of messages in office hours, Monday to Friday, the newest some minutes before now. */
export function makeExchanges(plan: ExchangePlan, dice: Dice): Exchange[] {
  const now = DateTime.fromMillis(plan.nowMs, { zone: plan.timeZone })
  const made: Exchange[] = []
  for (let back = plan.days; back >= 0; back--) {
    const day = now.startOf('day').minus({ days: back })
    if (day.weekday > 5) continue
    const messages = plan.brokenFromMs !== null && day.toMillis() > plan.brokenFromMs ? 2 : dice.between(...plan.perDay)
    for (let number = 0; number < messages; number++) {
      const minute = dice.between(openAt * 60, closeAt * 60 - 1)
      const atMs = day
        .set({ hour: Math.floor(minute / 60), minute: minute % 60, second: dice.between(0, 59) })
        .toMillis()
      if (atMs < plan.nowMs - 5 * 60_000) made.push(exchange(atMs, plan, dice))
    }
  }
  if (plan.brokenFromMs !== null) made.push(exchange(plan.brokenFromMs - 5000, plan, dice))
  return made.sort((a, b) => a.atMs - b.atMs)
}

function exchange(atMs: number, { brokenFromMs }: ExchangePlan, dice: Dice): Exchange {
  const failed = brokenFromMs !== null && atMs > brokenFromMs
  return { atMs, outcome: failed ? 'failed' : 'answered', replyAtMs: atMs + dice.between(3000, 9000) }
}

/** 16:42 on the third working day before now: at least one full business day has been empty since, holidays or not. */
export function thirdWorkingDayBack(nowMs: number, timeZone: string): number {
  let day = DateTime.fromMillis(nowMs, { zone: timeZone }).startOf('day')
  for (let found = 0; found < 3; ) {
    day = day.minus({ days: 1 })
    if (day.weekday <= 5) found++
  }
  return day.set({ hour: 16, minute: 42 }).toMillis()
}
