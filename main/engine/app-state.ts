import { statSync } from 'node:fs'
import type { AppState, Fault } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'

type StoreState = AppState['store']

const changedAtMs = (file: string): number => Math.round(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)

/** What the window is told about a store that cannot be used; null for a fault that is about something else. */
export function storeStateOf(fault: Fault): StoreState | null {
  switch (fault.code) {
    case 'store-newer':
      return { state: 'newer', found: fault.found, known: fault.known }
    case 'store-damaged':
      return {
        state: 'damaged',
        setAside: fault.setAside,
        newestBackup:
          fault.newestBackup === null ? null : { path: fault.newestBackup, atMs: changedAtMs(fault.newestBackup) },
      }
    case 'locked-by-other':
      return { state: 'locked', holder: fault.holder }
    case 'disk-full':
      return { state: 'disk-full', path: fault.path }
    case 'data-folder-unusable':
      return { state: 'unusable', path: fault.path, why: fault.why }
    default:
      return null
  }
}

/** Opens the store, or says why it cannot be used. @throws whatever is neither. */
export function tryOpen<T>(open: () => T): { opened: T; fault: null } | { opened: null; fault: Fault } {
  try {
    return { opened: open(), fault: null }
  } catch (error) {
    if (error instanceof FaultError && storeStateOf(error.fault) !== null) return { opened: null, fault: error.fault }
    throw error
  }
}
