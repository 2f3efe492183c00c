import type { AppState } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { EngineOptions } from './engine.ts'
import type { House } from './house.ts'

/** What the handlers of the contract are made of. */
export interface HandlerParts {
  readonly options: EngineOptions
  readonly changes: Changes
  /** The domains. @throws FaultError why the store cannot be used. */
  readonly house: () => House
  readonly state: () => AppState
  readonly recover: (from: 'backup' | 'empty') => Promise<AppState>
  /** Fires when the engine ends: streams end with it. */
  readonly closing: AbortSignal
  /** Turns what a stream throws into the contract's error; calls are turned outside. */
  readonly guardStream: <T>(stream: AsyncGenerator<T>) => AsyncGenerator<T>
}
