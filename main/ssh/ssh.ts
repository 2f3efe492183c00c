import type { BoxId, OfferedKey, Pin, TrustState } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import type { Secret } from '../base/secret.ts'
import type { InventoryReads, StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { sshCommand } from './command.ts'
import { openConnection } from './connection.ts'
import { withDeadline } from './deadline.ts'
import { type Dial, dialTcp } from './dial.ts'
import { type PublicKey, readPublicKey } from './login.ts'
import { type Attempt, createPool } from './pool.ts'
import { type Chain, createRoutes, hopFailed, whereItHangs } from './route.ts'
import { createTrust } from './trust.ts'
import type { Vault } from './vault.ts'

export { acceptedOnCommandLine, createTrustHandlers } from './handlers.ts'
export { type PublicKey, passphraseName } from './login.ts'

/** One command running on a box: its three streams and how it ended. */
export interface Channel {
  /** Writes to the command's stdin; resolves when the channel took it (back-pressure). @throws FaultError `connection-lost`, `cancelled` (cut from here). */
  write(data: string | Uint8Array): Promise<void>
  endInput(): void
  /** Chunks as they come; pausing is by not pulling. Throws `connection-lost` when the connection ended in the middle, `cancelled` when this console cut it. To be read once. */
  readonly output: AsyncIterable<Buffer>
  /** The last 4 KiB of stderr so far. */
  errorTail(): string
  /** Both null: the channel closed and the box did not say how. */
  readonly ended: Promise<{ exitCode: number | null; signal: string | null }>
  /** Asks the box to end the command (TERM, RFC 4254 §6.9); a server that knows no signals lets it run on. */
  terminate(): void
  /** Closes it at once; never throws. */
  close(): void
}

/** Columns and rows of a terminal. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** A login shell on a terminal of its own. Output and errors come as one. */
export interface ShellChannel extends Channel {
  /** Tells the box that the terminal has another size now. */
  resize(size: Size): void
}

export interface Connection {
  /**
   * Opens a session channel and starts `command` in the login shell. At most 4 at a time a connection; the fifth waits.
   * `signal` and deadline are about the start alone: a command that runs is ended by `close`.
   * @param options.errors `tail` (the default): stderr is kept apart, its end in `errorTail`. `merged`: it comes in
   *   `output` with the rest, in the order of arrival.
   * @param options.once never sent a second time over a new connection, whatever became of the first.
   * @throws FaultError `timed-out`, `too-many-sessions`, `connection-lost`, `cancelled`.
   */
  start(
    command: string,
    options: { deadlineMs: number; signal?: AbortSignal; errors?: 'tail' | 'merged'; once?: boolean },
  ): Promise<Channel>
  /** Opens a terminal with the login shell on it, by the same rules as `start`. */
  shell(options: { deadlineMs: number; signal?: AbortSignal; size: Size }): Promise<ShellChannel>
  /** Becomes true for ever once the connection has ended. */
  readonly closed: boolean
  /**
   * Hands the connection back to the pool. It stays warm when the pool allows, and channels on it stay open with it;
   * using one of them counts as use of the connection.
   */
  release(): void
}

/**
 * Secrets for one attempt; never stored here. The connection they opened serves everyone while it is warm.
 * For the box itself: jump hosts on the way log in by agent or key.
 */
export interface Credentials {
  readonly password?: Secret
  readonly passphrase?: Secret
}

/** The only way to a box. It cannot be called without a pin: an unpinned box is refused before authentication. */
export interface Ssh {
  /** @throws FaultError with any of the connection faults of the contract. */
  open(
    boxId: BoxId,
    options: { deadlineMs: number; signal?: AbortSignal; credentials?: Credentials },
  ): Promise<Connection>
  /** The public half of a private key file of this computer. @throws FaultError `key-file-unreadable`. */
  publicKey(keyPath: string): Promise<PublicKey>
  /**
   * Logs in once with this and nothing else, over a new connection and against the pinned key, and lets it go.
   * @throws FaultError any connection fault: `auth-refused` when the box does not take it.
   */
  proveLogin(
    boxId: BoxId,
    auth: StoredBox['auth'],
    options: { deadlineMs: number; signal?: AbortSignal },
  ): Promise<void>
  offeredKey(boxId: BoxId, options: { deadlineMs: number; signal?: AbortSignal }): Promise<OfferedKey>
  /** Connects the jump hosts on the way to a box and leaves them warm; the answer names them, nearest first. @throws FaultError `hop-failed` … */
  reachHops(boxId: BoxId, options: { deadlineMs: number; signal?: AbortSignal }): Promise<string[]>
  accept(boxId: BoxId, key: OfferedKey, source: string): Pin
  forget(boxId: BoxId): void
  trust(boxId: BoxId): TrustState
  /** The exact command for a terminal, jump hosts included. */
  commandFor(boxId: BoxId): string
  /** Closes every connection to this box and through it; with no box, all of them (the laptop goes to sleep). */
  drop(boxId?: BoxId): void
  /** Connections that are open, in use or warm. */
  openConnections(): number
  /** Closes every connection. */
  close(): void
}

export interface SshOptions {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<InventoryReads, 'box' | 'boxes'>
  readonly clock: Clock
  readonly log: Log
  readonly vault: Vault
  readonly changes: Changes
  /** The operator's home: `~` of key files, and known_hosts. */
  readonly homeDir: string
  readonly dial?: Dial | undefined
  /** Who accepts host keys here. Default `operator`. */
  readonly actor?: 'operator' | 'cli'
  /** Socket of the ssh-agent. Default: `SSH_AUTH_SOCK`, on Windows OpenSSH's pipe. */
  readonly agentSocket?: () => string | undefined
  /** Whether idle connections stay open. Default: yes. */
  readonly keepWarm?: () => boolean
  /** Idle connections kept at most, and for how long. Default 64 and 10 minutes. */
  readonly maxWarm?: number
  readonly idleMs?: number
}

const systemAgentSocket = () =>
  process.env.SSH_AUTH_SOCK ?? (process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined)

export function createSsh(options: SshOptions): Ssh {
  const { store, ledger, inventory, clock, vault, changes, homeDir, log } = options
  const trust = createTrust({ store, ledger, clock, changes, actor: options.actor ?? 'operator' })
  const pool = createPool({
    clock,
    keepWarm: options.keepWarm ?? (() => true),
    maxWarm: options.maxWarm ?? 64,
    idleMs: options.idleMs ?? 600_000,
  })
  const routeParts = {
    trust,
    clock,
    vault,
    homeDir,
    dial: options.dial ?? dialTcp,
    agentSocket: options.agentSocket ?? systemAgentSocket,
  }
  const routes = createRoutes({ ...routeParts, pool })

  function chainTo(boxId: BoxId, credentials: Credentials = {}): Chain {
    const box = inventory.box(boxId)
    const boxes = [...box.hops.map((hop) => inventory.box(hop)), box]
    for (const hop of boxes.slice(0, -1)) checkHop(box, hop)
    return { boxes, credentials }
  }

  function checkHop(box: StoredBox, hop: StoredBox): void {
    try {
      routes.pinOf(hop)
    } catch (error) {
      throw error instanceof FaultError ? hopFailed(box, hop.name, error) : error
    }
  }

  const lookAt = async (
    chain: Chain,
    boxName: string,
    wait: { deadlineMs: number; signal?: AbortSignal | undefined },
  ) => {
    let attempt: Attempt | null = null
    return withDeadline(
      clock,
      boxName,
      wait,
      () => (attempt === null ? { boxName, phase: 'connect' } : whereItHangs(attempt)),
      (signal) => {
        attempt = { signal, phase: 'connect', boxName, hop: null }
        return routes.look(chain, attempt)
      },
    )
  }

  return {
    async open(boxId, { deadlineMs, signal, credentials }) {
      const chain = chainTo(boxId, credentials)
      const box = inventory.box(boxId)
      if (trust.pinned(box) === null) {
        const { fingerprint } = await lookAt(chain, box.name, { deadlineMs, signal })
        throw new FaultError({ code: 'key-not-trusted', boxName: box.name, offered: fingerprint })
      }
      const startedMs = clock.monotonicMs()
      try {
        return await openConnection(chain, routes, clock, { deadlineMs, signal })
      } catch (error) {
        const code = error instanceof FaultError ? error.fault.code : 'internal'
        log.info('ssh.open-failed', { boxId, code, afterMs: Math.round(clock.monotonicMs() - startedMs) })
        throw error
      }
    },
    publicKey: (keyPath) => readPublicKey(keyPath, { homeDir, vault }),
    async proveLogin(boxId, auth, wait) {
      const chain = chainTo(boxId)
      const box = inventory.box(boxId)
      // A pool of its own that keeps nothing: what is warm was let in before.
      const pool = createPool({ clock, keepWarm: () => false, maxWarm: 0, idleMs: 0 })
      const proving = createRoutes({ ...routeParts, pool })
      const boxes = [...chain.boxes.slice(0, -1), { ...box, auth }]
      const connection = await openConnection({ boxes, credentials: {} }, proving, clock, wait)
      connection.release()
      pool.drop(() => true)
    },
    async offeredKey(boxId, wait) {
      const key = await lookAt(chainTo(boxId), inventory.box(boxId).name, wait)
      return { boxId, ...key }
    },
    async reachHops(boxId, wait) {
      const chain = chainTo(boxId)
      const hops = chain.boxes.slice(0, -1)
      if (hops.length === 0) return []
      const connection = await openConnection({ boxes: hops, credentials: {} }, routes, clock, wait).catch(
        (error: unknown) => {
          throw error instanceof FaultError ? hopFailed(inventory.box(boxId), hops.at(-1)?.name ?? '', error) : error
        },
      )
      connection.release()
      return hops.map((hop) => hop.name)
    },
    accept: (boxId, key, source) => trust.accept(inventory.box(boxId), key, source),
    forget(boxId) {
      trust.forget(boxId)
      pool.drop((key) => key.split('>').includes(boxId))
    },
    trust: (boxId) => trust.state(boxId),
    commandFor: (boxId) => {
      const box = inventory.box(boxId)
      return sshCommand(
        box,
        box.hops.map((hop) => inventory.box(hop)),
      )
    },
    drop: (boxId) => pool.drop((key) => boxId === undefined || key.split('>').includes(boxId)),
    openConnections: () => pool.size(),
    close: () => pool.drop(() => true),
  }
}
