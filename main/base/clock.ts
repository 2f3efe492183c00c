/** Time and timers. The engine, and every test of it, gets its clock from here; nothing else reads the system's. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump. */
  nowMs(): number
  /** Milliseconds from an arbitrary start; never jumps. For deadlines and durations. */
  monotonicMs(): number
  /** Calls `act` once after `delayMs`; the answer cancels it. Does not keep the process alive when `quiet`. */
  after(delayMs: number, act: () => void, quiet?: boolean): () => void
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, act, quiet = false) {
    const timer = setTimeout(act, delayMs)
    if (quiet) timer.unref()
    return () => clearTimeout(timer)
  },
}
