import type { Clock } from '../base/clock.ts'

/** A clock that can stand in the past while the demo makes its history; deadlines and timers are the given clock's. */
export interface DemoClock extends Clock {
  /** Stands at `atMs` and runs on from there. */
  standAt(atMs: number): void
  /** Shows the given clock's time again. */
  catchUp(): void
}

export function createDemoClock(clock: Clock): DemoClock {
  let backMs = 0
  return {
    ...clock,
    nowMs: () => clock.nowMs() - backMs,
    standAt(atMs) {
      backMs = clock.nowMs() - atMs
    },
    catchUp() {
      backMs = 0
    },
  }
}
