import type { QueryKey } from '@tanstack/react-query'
import type { ChangeTopic } from '../../shared/contract/index.ts'
import { client, engineState, subscribeEngine } from './client.ts'
import { orpc, queryClient } from './queries.ts'

/** Which answers a topic makes old. A page is asked again for everything it is put together from. */
export const keysOfTopic: Record<ChangeTopic, () => QueryKey[]> = {
  inventory: () => [orpc.inventory.key(), orpc.pages.key(), orpc.findings.key(), orpc.trust.key()],
  trust: () => [orpc.trust.key(), orpc.inventory.boxes.key(), orpc.pages.key()],
  facts: () => [orpc.pages.key()],
  findings: () => [orpc.findings.key(), orpc.pages.key()],
  sweep: () => [orpc.sweep.current.key(), orpc.sweep.history.key(), orpc.pages.review.key(), orpc.pages.fleet.key()],
  ledger: () => [orpc.ledger.key(), orpc.pages.machine.key(), orpc.app.state.key()],
  review: () => [orpc.pages.review.key()],
  settings: () => [orpc.app.settings.key(), orpc.pages.key()],
  store: () => [[]],
}

function drop(topics: readonly ChangeTopic[]): void {
  for (const topic of topics) {
    for (const queryKey of keysOfTopic[topic]()) void queryClient.invalidateQueries({ queryKey })
  }
}

const listenAgainMs = 1_000

/** Listens to one engine's feed until that engine has ended. A feed that breaks under a running engine is opened again. */
async function listen(signal: AbortSignal, alive: () => boolean): Promise<void> {
  while (!signal.aborted && alive()) {
    try {
      for await (const { topics } of await client.app.changes(undefined, { signal })) drop(topics)
    } catch {
      // Whoever asks next hears why; what became old meanwhile is asked again with the next feed.
    }
    if (signal.aborted || !alive()) return
    await new Promise((resolve) => setTimeout(resolve, listenAgainMs))
    void queryClient.invalidateQueries()
  }
}

/** Keeps the cache in step with the engine for as long as the window lives, across restarts of the engine. */
export function followEngine(): () => void {
  let starts = 0
  let feed = new AbortController()
  const attend = () => {
    const state = engineState()
    if (state.state !== 'up' || state.starts === starts) return
    const first = starts === 0
    const own = state.starts
    starts = own
    feed.abort()
    feed = new AbortController()
    void listen(feed.signal, () => engineState().state === 'up' && engineState().starts === own)
    if (!first) void queryClient.invalidateQueries()
  }
  const leave = subscribeEngine(attend)
  attend()
  return () => {
    leave()
    feed.abort()
  }
}
