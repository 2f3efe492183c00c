import type { Clock } from '../base/clock.ts'

export interface FakeClock extends Clock {
  /** Moves both clocks on and runs what falls due, in order. */
  advance(byMs: number): void
  /** Sets the wall clock alone, as a corrected laptop clock does. */
  setWall(atMs: number): void
}

/** A clock that moves only when told. Default start: Friday 20 November 2026, 12:00 UTC. */
export function fakeClock(startMs: number = Date.UTC(2026, 10, 20, 12)): FakeClock {
  let wall = startMs
  let monotonic = 0
  let order = 0
  const due = new Map<number, { atMs: number; act: () => void }>()
  const next = (untilMs: number) =>
    [...due].filter(([, timer]) => timer.atMs <= untilMs).sort(([a, x], [b, y]) => x.atMs - y.atMs || a - b)[0]
  return {
    nowMs: () => wall,
    monotonicMs: () => monotonic,
    after: (delayMs, act) => {
      order += 1
      const key = order
      due.set(key, { atMs: monotonic + Math.max(0, delayMs), act })
      return () => due.delete(key)
    },
    advance: (byMs) => {
      const until = monotonic + byMs
      for (let timer = next(until); timer; timer = next(until)) {
        const [key, { atMs, act }] = timer
        due.delete(key)
        wall += atMs - monotonic
        monotonic = atMs
        act()
      }
      wall += until - monotonic
      monotonic = until
    },
    setWall: (atMs) => {
      wall = atMs
    },
  }
}
