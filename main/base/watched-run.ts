import type { Clock } from './clock.ts'

/** At most 10 changes a second are told. */
const pauseMs = 100

/** A value that changes until it ends, for those who look at it. */
export interface WatchedRun<T> {
  changed(): void
  /** The present value first, then each change; ends with `isOver`. Leaving changes nothing. */
  watch(signal?: AbortSignal): AsyncGenerator<T>
}

export function watchRun<T>(clock: Clock, now: () => T, isOver: () => boolean): WatchedRun<T> {
  let version = 0
  let news = Promise.withResolvers<void>()
  const either = (wait: Promise<void>, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve) => {
      const end = () => {
        signal?.removeEventListener('abort', end)
        resolve()
      }
      if (signal?.aborted) return end()
      signal?.addEventListener('abort', end, { once: true })
      void wait.then(end)
    })
  return {
    changed() {
      version += 1
      news.resolve()
      news = Promise.withResolvers()
    },
    async *watch(signal) {
      for (;;) {
        const shown = version
        const over = isOver()
        yield now()
        if (over || signal?.aborted) return
        if (version === shown) await either(news.promise, signal)
        if (signal?.aborted) return
        if (!isOver()) await either(new Promise((resolve) => clock.after(pauseMs, resolve, true)), signal)
      }
    },
  }
}
