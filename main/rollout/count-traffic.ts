import type { Traffic, WatchClient } from '../../shared/contract/index.ts'
import type { BeginDay } from './guard-rows.ts'
import { type AgentDays, dayOf } from './streak.ts'

const dayMs = 86_400_000
const daysBefore = 7
const unknown: Traffic = { inbound: null, replies: null, aDay: null, replyMs: null }

export interface WatchedAgent extends AgentDays {
  /** What the day of the change had counted already; null: it was not read by then. */
  readonly begin: BeginDay[keyof BeginDay] | null
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const perDay = (count: number, days: number): number => Math.round((count / days) * 10) / 10
/** The middle one of some days' middles: a day is one voice, however much was said on it. */
function middle(values: readonly (number | null)[]): number | null {
  const sorted = values.flatMap((value) => value ?? []).toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

/** Whole days, those of UTC, before the one that `beforeMs` lies in. Nothing is known of days before the first that was read. */
function weekBefore(agents: readonly WatchedAgent[], beforeMs: number): Pick<WatchClient, 'before' | 'daysBefore'> {
  const rows = agents.flatMap(({ days }) => days)
  const first = rows.map(({ day }) => day).toSorted()[0]
  const days = Array.from({ length: daysBefore }, (_, back) => dayOf(beforeMs - (back + 1) * dayMs))
  const known = new Set(first === undefined ? [] : days.filter((day) => day >= first))
  if (known.size === 0 || agents.some(({ readAtMs }) => readAtMs === null)) return { before: unknown, daysBefore: 0 }
  const own = rows.filter(({ day }) => known.has(day))
  const inbound = sum(own.map((row) => row.inbound))
  return {
    daysBefore: known.size,
    before: {
      inbound,
      replies: sum(own.map(({ replies }) => replies)),
      aDay: perDay(inbound, known.size),
      replyMs: middle(own.map(({ replyMs }) => replyMs)),
    },
  }
}

/** From the change on: what its day had counted by then is taken off, and that day tells nothing of how fast replies are. */
function since(
  agents: readonly WatchedAgent[],
  beganAtMs: number,
  endsAtMs: number,
): Pick<WatchClient, 'after' | 'readAtMs'> {
  const reads = agents.flatMap(({ readAtMs }) => readAtMs ?? [])
  const readAtMs = reads.length < agents.length || reads.length === 0 ? null : Math.min(...reads)
  if (readAtMs === null || readAtMs <= beganAtMs || agents.some(({ begin }) => begin === null))
    return { after: unknown, readAtMs: null }
  const [firstDay, lastDay] = [dayOf(beganAtMs), dayOf(endsAtMs)]
  const own = agents.flatMap(({ days, begin }) =>
    days
      .filter(({ day }) => day >= firstDay && day <= lastDay)
      .map((row) =>
        row.day === begin?.day
          ? { ...row, inbound: row.inbound - begin.inbound, replies: row.replies - begin.replies, replyMs: null }
          : row,
      ),
  )
  const inbound = sum(own.map((row) => row.inbound))
  const untilMs = Math.min(readAtMs, (Math.floor(endsAtMs / dayMs) + 1) * dayMs)
  const days = (untilMs - beganAtMs) / dayMs
  return {
    readAtMs: untilMs,
    after: {
      inbound,
      replies: sum(own.map(({ replies }) => replies)),
      // Of less than a day nobody can say what a day is like.
      aDay: days < 1 ? null : perDay(inbound, days),
      replyMs: middle(own.map(({ replyMs }) => replyMs)),
    },
  }
}

/** The exchanges of one client since a change, beside the week before its run began. Pure. */
export const countTraffic = (
  agents: readonly WatchedAgent[],
  { startedAtMs, beganAtMs, endsAtMs }: { startedAtMs: number; beganAtMs: number; endsAtMs: number },
): Omit<WatchClient, 'clientId' | 'clientName'> => ({
  ...since(agents, beganAtMs, endsAtMs),
  ...weekBefore(agents, startedAtMs),
})
