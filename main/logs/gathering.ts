import type { Clock } from '../base/clock.ts'

/** What came of one of several that were asked for together. */
export type Outcome<Done> = { readonly done: Done } | { readonly failed: Error }

/** What comes within a moment goes on together; each has its own outcome. */
export interface Gathering<Item, Done> {
  /** @throws what went wrong with this one, or with all that went on with it. */
  add(item: Item): Promise<Done>
  /** What waits goes on now. Ends when everything that was added has its outcome. */
  end(): Promise<void>
}

export interface GatheringParts<Item, Done> {
  readonly clock: Clock
  /** So long the first one waits for others. */
  readonly momentMs: number
  /** As much as may wait: then it goes on at once. */
  readonly most: number
  size(item: Item): number
  /** @returns an outcome for each, in their order. */
  pass(items: readonly Item[]): Promise<readonly Outcome<Done>[]>
}

export function createGathering<Item, Done>(parts: GatheringParts<Item, Done>): Gathering<Item, Done> {
  interface Waiting {
    readonly item: Item
    readonly resolve: (done: Done) => void
    readonly reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []
  let size = 0
  let cancel = () => {}
  const passing = new Set<Promise<void>>()

  const pass = async (all: readonly Waiting[]): Promise<void> => {
    try {
      const outcomes = await parts.pass(all.map(({ item }) => item))
      for (const [at, { resolve, reject }] of all.entries()) {
        const outcome = outcomes[at]
        if (outcome && 'done' in outcome) resolve(outcome.done)
        else reject(outcome?.failed ?? new Error('one of several has no outcome'))
      }
    } catch (error) {
      for (const { reject } of all) reject(error)
    }
  }
  const passOn = (): void => {
    cancel()
    cancel = () => {}
    const all = waiting
    waiting = []
    size = 0
    if (all.length === 0) return
    const passed = pass(all).finally(() => passing.delete(passed))
    passing.add(passed)
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        size += parts.size(item)
        if (size >= parts.most) passOn()
        else if (waiting.length === 1) cancel = parts.clock.after(parts.momentMs, passOn)
      }),
    end: async () => {
      passOn()
      await Promise.all(passing)
    },
  }
}
