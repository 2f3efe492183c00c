import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { EngineGone } from '../../shared/bridge.ts'
import type { contract } from '../../shared/contract/index.ts'
import { onPlatform, wantPort } from '../platform/platform.ts'
import { EngineLink } from './link.ts'

/**
 * How the window stands to the engine. `starts` counts the engines seen since the page was loaded: feeds
 * are opened again when it rises. `gone` is what is known about the last one that ended.
 */
export interface EngineState {
  readonly state: 'starting' | 'up' | 'restarting' | 'down'
  readonly starts: number
  readonly gone: EngineGone | null
}

const link = new EngineLink()
const listeners = new Set<() => void>()
let state: EngineState = { state: 'starting', starts: 0, gone: null }

function become(next: EngineState): void {
  state = next
  for (const listener of listeners) listener()
}

/** The engine's contract. Calls under way reject when the engine ends; later ones wait for the next engine, 10 s at most. */
export const client: ContractRouterClient<typeof contract> = createORPCClient(link)

/** For `useSyncExternalStore`. */
export const engineState = (): EngineState => state
export function subscribeEngine(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

onPlatform({
  port: (port) => {
    link.attach(port)
    become({ state: 'up', starts: state.starts + 1, gone: state.gone })
  },
  engineGone: (gone) => {
    link.gone()
    become({ state: gone.restartInMs === null ? 'down' : 'restarting', starts: state.starts, gone })
  },
})
wantPort()
