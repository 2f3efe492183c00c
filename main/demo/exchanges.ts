import { DateTime } from 'luxon'
import { dice } from './dice.ts'

/** One message of the client and what became of it. */
export interface Exchange {
  readonly atMs: number
  readonly outcome: 'answered' | 'failed' | 'unanswered'
  readonly replyAtMs: number
}

export interface ExchangePlan {
  readonly nowMs: number
  readonly timeZone: string
  /** Messages on a working day. */
  readonly perDay: readonly [number, number]
  /** From then on messages fail, are left without an answer, or do not reach the agent any more. */
  readonly broken: { readonly fromMs: number; readonly how: 'failed' | 'unanswered' | 'lost' } | null
  /** The same seed makes the same messages of a day, whenever it is asked. */
  readonly seed: string
}

const openAt = 9
const closeAt = 17
const days = 30
const minuteMs = 60_000
/** What is younger may still be on its way to an answer: it is no trouble yet. */
const youngestMs = 45 * minuteMs

/** Thirty days of messages in office hours, Monday to Friday, the newest some minutes before now; after a break a few at any hour. */
export function makeExchanges(plan: ExchangePlan): Exchange[] {
  const { broken, nowMs } = plan
  const untilMs = Math.min(nowMs - 5 * minuteMs, broken?.fromMs ?? nowMs)
  const today = DateTime.fromMillis(nowMs, { zone: plan.timeZone }).startOf('day')
  const made = Array.from({ length: days + 1 }, (_, back) => today.minus({ days: days - back }))
    .filter((day) => day.weekday <= 5)
    .flatMap((day) => ofDay(day, plan))
    .filter(({ atMs }) => atMs < untilMs)
  if (!broken || broken.how === 'lost' || nowMs <= broken.fromMs) return made
  const { fromMs, how } = broken
  const spanMs = Math.max(0, nowMs - youngestMs - fromMs)
  const after = [0, 0.34, 0.71, 1].map((share): Exchange => {
    const atMs = Math.round(fromMs + share * spanMs)
    return { atMs, outcome: how, replyAtMs: atMs + 4000 }
  })
  return [...made, ...after]
}

function ofDay(day: DateTime, { perDay, seed }: ExchangePlan): Exchange[] {
  const chance = dice(`${seed} on ${day.toISODate()}`)
  const messages = Array.from({ length: chance.between(...perDay) }, (): Exchange => {
    const minute = chance.between(openAt * 60, closeAt * 60 - 1)
    const atMs = day
      .set({ hour: Math.floor(minute / 60), minute: minute % 60, second: chance.between(0, 59) })
      .toMillis()
    return { atMs, outcome: 'answered', replyAtMs: atMs + chance.between(3000, 9000) }
  })
  return messages.sort((a, b) => a.atMs - b.atMs)
}
