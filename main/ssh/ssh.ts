import type { BoxId, OfferedKey, Pin, TrustState } from '../../shared/contract/index.ts'
import type { Secret } from '../base/secret.ts'

/** One command running on a box: its three streams and how it ended. */
export interface Channel {
  /** Writes to the command's stdin; resolves when the channel took it (back-pressure). */
  write(data: string | Uint8Array): Promise<void>
  endInput(): void
  /** Chunks as they come; pausing is by not pulling. */
  readonly output: AsyncIterable<Buffer>
  /** The last 4 KiB of stderr so far. */
  errorTail(): string
  readonly ended: Promise<{ exitCode: number | null; signal: string | null }>
  /** Closes it at once; never throws. */
  close(): void
}

export interface Connection {
  /** Opens a session channel and starts `command` in the login shell. At most 4 at a time a connection; the fifth waits. */
  start(command: string, options: { deadlineMs: number; signal?: AbortSignal }): Promise<Channel>
  /** Becomes true for ever once the connection has ended. */
  readonly closed: boolean
  /** Hands the connection back to the pool. It stays warm when the pool allows. */
  release(): void
}

/** Secrets for one attempt; never stored here. */
export interface Credentials {
  readonly password?: Secret
  readonly passphrase?: Secret
}

/** The only way to a box. It cannot be called without a pin: an unpinned box is refused before authentication. */
export interface Ssh {
  /** @throws FaultError with any of the connection faults of the contract. */
  open(boxId: BoxId, options: { deadlineMs: number; signal?: AbortSignal; credentials?: Credentials }): Promise<Connection>
  offeredKey(boxId: BoxId, options: { deadlineMs: number; signal?: AbortSignal }): Promise<OfferedKey>
  accept(boxId: BoxId, key: OfferedKey, source: string): Pin
  forget(boxId: BoxId): void
  trust(boxId: BoxId): TrustState
  /** The exact command for a terminal, jump hosts included. */
  commandFor(boxId: BoxId): string
  /** Closes every connection. */
  close(): void
}
