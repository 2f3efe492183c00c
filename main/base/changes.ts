import type { ChangeTopic } from '../../shared/contract/index.ts'

/** Says what changed, to whoever shows it. Topics only, no data: the listener asks again. */
export interface Changes {
  publish(...topics: ChangeTopic[]): void
  /** The answer ends the subscription. */
  subscribe(listener: (topics: readonly ChangeTopic[]) => void): () => void
}

export function createChanges(): Changes {
  const listeners = new Set<(topics: readonly ChangeTopic[]) => void>()
  return {
    publish: (...topics) => {
      for (const listener of listeners) listener(topics)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
