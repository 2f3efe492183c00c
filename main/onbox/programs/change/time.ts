import { readFileSync } from 'node:fs'
import os from 'node:os'

/** Two clocks of a box that nobody can set: the process's own, and the time since its start, which counts sleep. */
export interface BoxTime {
  /** Seconds, from an arbitrary start of this process. */
  readonly monotonicS: number
  /** Seconds since the box started. */
  readonly uptimeS: number
}

export const boxTime = (): BoxTime => ({ monotonicS: Number(process.hrtime.bigint()) / 1e9, uptimeS: os.uptime() })

/** Seconds that are left of `deadlineS` since `from`, by whichever clock went further. Pure. */
export const secondsLeft = (deadlineS: number, from: BoxTime, now: BoxTime): number =>
  deadlineS - Math.max(now.monotonicS - from.monotonicS, now.uptimeS - from.uptimeS)

const startedAt = /^started at (\d+)$/
/** A clock that is set moves the time of start by so much at most, else it counts as a restart, which takes a change back. */
const movesS = 120

/** Whether two names are of the same run of the box. A time of start is not the same second at each look. Pure. */
export function isSameBoot(one: string, other: string): boolean {
  const [first, second] = [one, other].map((name) => startedAt.exec(name)?.[1])
  if (first === undefined || second === undefined) return one === other
  return Math.abs(Number(first) - Number(second)) < movesS
}

/** Names this run of the box, for `isSameBoot`: another one after a restart. Where the system gives none, its time of start. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return `started at ${Math.round(Date.now() / 1000 - os.uptime())}`
  }
}
