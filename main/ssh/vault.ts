import type { Secret } from '../base/secret.ts'

/** The OS keychain, given by whoever hosts the engine: Electron's safeStorage in the window, nothing on the command line. */
export interface Vault {
  readonly available: boolean
  /** Why not, in a sentence; empty when available. */
  readonly why: string
  get(name: string): Promise<Secret | null>
  set(name: string, secret: Secret): Promise<void>
  remove(name: string): Promise<void>
}

export const noVault = (why: string): Vault => ({
  available: false,
  why,
  get: async () => null,
  set: async () => {},
  remove: async () => {},
})
