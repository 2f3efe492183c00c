import type { Agent, AgentId, Box, BoxId, Client } from '../../shared/contract/index.ts'

/** A box as this rung knows it; the pin is `ssh`'s. */
export type StoredBox = Omit<Box, 'pinned'>

/** What other domains need of the inventory; the contract's procedures come beside it (see `shared/contract/inventory.ts`). */
export interface InventoryReads {
  boxes(): StoredBox[]
  /** @throws FaultError `not-found`. */
  box(boxId: BoxId): StoredBox
  clients(): Client[]
  client(clientId: string): Client
  agents(boxId?: BoxId): Agent[]
  setLauncher(boxId: BoxId, launcher: string | null): void
  /** Records an agent a probe saw; the same (box, state folder) keeps its id. */
  seenAgent(boxId: BoxId, seen: { profile: string; stateDir: string }): AgentId
  /** The 64-character hex key that replaces secrets of this box with fingerprints; made once. */
  fingerprintKey(boxId: BoxId): string
  /** Is the client open for business at this moment (hours, holidays, time zone)? */
  isOpen(client: Client, atMs: number): boolean
  /** Start and end of the newest full business days before `atMs`, newest first. */
  businessDays(client: Client, atMs: number, count: number): { fromMs: number; toMs: number; date: string }[]
  /** Is the box expected to be on now? */
  isExpectedOn(box: StoredBox, atMs: number): boolean
}
