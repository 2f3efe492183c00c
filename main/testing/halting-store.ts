import { writeSync } from 'node:fs'
import type { Store } from '../store/store.ts'

/** A line of a run's journal, and whether its transaction is still open there or has just been committed. */
export interface HaltPoint {
  readonly kind: string
  /** Absent: of any. */
  readonly words?: string
  readonly wave: number | null
  readonly moment: 'before' | 'after'
}

/** Says `standing there` and stands still for ever: its process is ended by whoever waits for that. */
function standStill(): void {
  writeSync(1, 'standing there\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

/**
 * A store whose process stands still once a run writes that line of its journal: `before`, with the line and all that
 * belongs to it not committed; `after`, with all of it committed and nothing else done.
 */
export function haltingStore(store: Store, { kind, words = '', wave, moment }: HaltPoint): Store {
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
  let depth = 0
  let isThere = false
  store.db.function('halt_there', () => {
    if (moment === 'before') standStill()
    isThere = true
    return null
  })
  store.db.exec(`create temp trigger halt_there after insert on main.rollout_event
    when new.kind = ${literal(kind)} and (${literal(words)} = '' or new.words = ${literal(words)}) and new.wave is ${wave ?? 'null'}
    begin select halt_there(); end`)
  return {
    ...store,
    write(work) {
      depth += 1
      try {
        return store.write(work)
      } finally {
        depth -= 1
        if (isThere && depth === 0) standStill()
      }
    },
  }
}
