import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Clock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createLedger, type Ledger } from '../ledger/ledger.ts'
import { openStore, type Store } from '../store/store.ts'
import { fakeClock } from './fake-clock.ts'

export interface TempStore {
  readonly dataDir: string
  readonly store: Store
  readonly ledger: Ledger
  readonly clock: Clock
  /** Closes the store and deletes the folder. */
  [Symbol.dispose](): void
}

/** A real store on disk with the real migrations, in a new folder unless told. `using` it, or dispose it after the test. */
export function tempStore(clock: Clock = fakeClock(), dataDir = tempDir()): TempStore {
  const store = openStore({ dataDir, clock, log: silentLog, writable: true })
  const ledger = createLedger({ store, clock, log: silentLog })
  return {
    dataDir,
    store,
    ledger,
    clock,
    [Symbol.dispose]: () => {
      store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A new empty folder under the system's temporary one. */
export const tempDir = (): string => mkdtempSync(path.join(tmpdir(), 'wheelhouse-'))
