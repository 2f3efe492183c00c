interface Waiting {
  readonly work: () => void
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Collects what is asked for within one turn of the event loop and writes it in one transaction, each part in a savepoint
 * of its own (SQLite, "Savepoints"), in the order it was asked for.
 *
 * @param write runs its work in a transaction, or in a savepoint of the one that is open.
 */
export function createTogether(write: <T>(work: () => T) => T): (work: () => void) => Promise<void> {
  let waiting: Waiting[] = []
  const flush = () => {
    const all = waiting
    waiting = []
    const failed = new Map<Waiting, unknown>()
    try {
      write(() => {
        for (const one of all) {
          try {
            write(one.work)
          } catch (error) {
            failed.set(one, error)
          }
        }
      })
    } catch (error) {
      for (const { reject } of all) reject(error)
      return
    }
    for (const one of all) {
      if (failed.has(one)) one.reject(failed.get(one))
      else one.resolve()
    }
  }
  return (work) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ work, resolve, reject }) === 1) setImmediate(flush)
    })
}
