import type { Store } from '../store/store.ts'

/**
 * Writes that are asked for in one turn of the event loop share a transaction, each in a savepoint of its own: a commit
 * waits for the disk, and a sweep of many boxes has many. The answer settles after the commit, with what `work` threw
 * or with why the commit failed.
 */
export function createGroupWrite(store: Pick<Store, 'write' | 'db'>): (work: () => void) => Promise<void> {
  interface Waiting {
    readonly work: () => void
    readonly done: () => void
    readonly failed: (error: unknown) => void
  }
  let waiting: Waiting[] = []

  const flush = (): void => {
    const group = waiting
    waiting = []
    const settled: (() => void)[] = []
    try {
      store.write(() => {
        for (const { work, done, failed } of group) {
          try {
            store.write(work)
            settled.push(done)
          } catch (error) {
            // A full disk takes the whole transaction back, not the savepoint alone: then the group has failed.
            if (!store.db.inTransaction) throw error
            settled.push(() => failed(error))
          }
        }
      })
      for (const settle of settled) settle()
    } catch (error) {
      for (const { failed } of group) failed(error)
    }
  }

  return (work) =>
    new Promise<void>((done, failed) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ work, done, failed })
    })
}
