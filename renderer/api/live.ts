import type { QueryKey } from '@tanstack/react-query'
import type { ChangeTopic } from '../../shared/contract/index.ts'
import { client, engineState, subscribeEngine } from './client.ts'
import { orpc, queryClient } from './queries.ts'

/** Which answers a topic makes old. A page is asked again for everything it is put together from. */
export const keysOfTopic: Record<ChangeTopic, () => QueryKey[]> = {
  inventory: () => [
    orpc.inventory.key(),
    orpc.access.key(),
    orpc.drift.key(),
    orpc.pages.key(),
    orpc.findings.key(),
    orpc.trust.key(),
    orpc.triage.key(),
    orpc.commands.snippets.key(),
    orpc.overlay.key(),
    orpc.plan.key(),
    orpc.patch.key(),
    orpc.snapshot.list.key(),
    orpc.rollout.key(),
  ],
  trust: () => [orpc.trust.key(), orpc.inventory.boxes.key(), orpc.pages.key()],
  facts: () => [
    orpc.access.key(),
    orpc.outside.key(),
    orpc.plan.key(),
    orpc.pages.key(),
    orpc.drift.key(),
    orpc.triage.key(),
    orpc.rollout.key(),
  ],
  findings: () => [
    orpc.findings.key(),
    orpc.access.key(),
    orpc.flags.key(),
    orpc.outside.key(),
    orpc.pages.key(),
    orpc.triage.key(),
  ],
  sweep: () => [
    orpc.sweep.current.key(),
    orpc.sweep.history.key(),
    orpc.pages.review.key(),
    orpc.pages.fleet.key(),
    // What a demo makes of its past goes on with its sweeps.
    orpc.app.state.key(),
  ],
  ledger: () => [orpc.ledger.key(), orpc.pages.machine.key(), orpc.pages.client.key(), orpc.app.state.key()],
  review: () => [orpc.pages.review.key(), orpc.review.key()],
  settings: () => [orpc.app.settings.key(), orpc.access.key(), orpc.drift.key(), orpc.pages.key()],
  store: () => [[]],
  logs: () => [orpc.logs.stats.key(), orpc.logs.kept.key()],
  terminals: () => [orpc.terminal.sessions.key()],
  keys: () => [orpc.keys.key()],
  backups: () => [orpc.backups.key()],
  commands: () => [orpc.commands.key()],
  overlay: () => [orpc.overlay.key(), orpc.plan.key(), orpc.access.key(), orpc.rollout.key()],
  apply: () => [orpc.apply.key(), orpc.channel.key(), orpc.access.key(), orpc.trust.key(), orpc.rollout.key()],
  rollout: () => [orpc.rollout.get.key(), orpc.rollout.list.key(), orpc.rollout.report.key(), orpc.pages.review.key()],
}

const listeners = new Map<ChangeTopic, Set<() => void>>()

/** Calls `listener` when the engine says that something of a topic changed; for what no cache of answers can hold. */
export function onTopic(topic: ChangeTopic, listener: () => void): () => void {
  const of = listeners.get(topic) ?? new Set()
  listeners.set(topic, of.add(listener))
  return () => of.delete(listener)
}

const tell = (topic: ChangeTopic): void => {
  for (const listener of listeners.get(topic) ?? []) listener()
}

function drop(topics: readonly ChangeTopic[]): void {
  for (const topic of topics) {
    for (const queryKey of keysOfTopic[topic]()) void queryClient.invalidateQueries({ queryKey })
    tell(topic)
  }
}

/** After a time in which nothing was heard, anything may have changed. */
function dropAll(): void {
  void queryClient.invalidateQueries()
  for (const topic of listeners.keys()) tell(topic)
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
    dropAll()
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
    if (!first) dropAll()
  }
  const leave = subscribeEngine(attend)
  attend()
  return () => {
    leave()
    feed.abort()
  }
}
