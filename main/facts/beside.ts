import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'

export interface BesideParts {
  readonly clock: Clock
  readonly log: Log
  /** True when it taught something. */
  readonly work: (signal: AbortSignal) => Promise<boolean>
  /** What it taught came too late for the sweep it was begun with. */
  readonly late: () => void
  /** How long the end of a sweep waits for it. Default 2 000. */
  readonly waitMs?: number
}

/** Work beside a sweep that may teach it something, such as asking for the newest version. No sweep is held up by it. */
export function createBeside({ clock, log, work, late, waitMs = 2000 }: BesideParts) {
  const closing = new AbortController()
  return {
    /** Begins it; the answer waits a moment for its end and tells whether something was learnt by then. */
    begin(): () => Promise<boolean> {
      let waitedFor = true
      const learning = work(closing.signal).catch((error: unknown) => {
        log.error('sweep.beside-failed', error)
        return false
      })
      learning
        .then((learnt) => {
          if (learnt && !waitedFor && !closing.signal.aborted) late()
        })
        .catch((error: unknown) => log.error('sweep.beside-not-kept', error))
      return () => {
        let stop = () => {}
        const enough = new Promise<false>((resolve) => {
          stop = clock.after(
            waitMs,
            () => {
              waitedFor = false
              resolve(false)
            },
            true,
          )
        })
        return Promise.race([learning, enough]).finally(() => stop())
      }
    },
    stop: (): void => closing.abort(),
  }
}
