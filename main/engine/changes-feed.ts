import type { ChangeTopic } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'

/** Topics that change within this time are told together. */
const gatherMs = 50

/** What changed, told at most once per topic and 50 ms, until `signal` fires. */
export async function* changesFeed(
  changes: Changes,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<{ topics: ChangeTopic[] }> {
  const topics = new Set<ChangeTopic>()
  let wake = () => {}
  const unsubscribe = changes.subscribe((changed) => {
    for (const topic of changed) topics.add(topic)
    wake()
  })
  const onAbort = () => wake()
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      if (topics.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      await new Promise<void>((resolve) => {
        const stop = clock.after(gatherMs, resolve, true)
        wake = () => {
          if (!signal.aborted) return
          stop()
          resolve()
        }
      })
      if (signal.aborted) return
      const told = [...topics]
      topics.clear()
      yield { topics: told }
    }
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', onAbort)
  }
}
