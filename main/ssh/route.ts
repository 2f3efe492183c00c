import type { Duplex } from 'node:stream'
import type ssh2 from 'ssh2'
import { faultText } from '../../shared/fault-text.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { chance } from '../base/ids.ts'
import type { StoredBox } from '../inventory/inventory.ts'
import { orAbort } from './deadline.ts'
import type { Dial } from './dial.ts'
import { HandshakeError, logIn, look, OtherKeyError, type Watch } from './handshake.ts'
import type { HostKey } from './host-key.ts'
import { faultOf, isPassing, type LoginRecord, type Phase, type Trouble } from './judge.ts'
import { type LoginParts, prepareLogin } from './login.ts'
import type { Attempt, Lease, Opened, Pool } from './pool.ts'
import type { Credentials } from './ssh.ts'
import type { Trust } from './trust.ts'

export interface RouteParts extends LoginParts {
  readonly pool: Pool
  readonly trust: Trust
  readonly dial: Dial
}

/** A box and the boxes on the way to it, nearest to this computer first, itself last; all but a look's target with a pin. */
export interface Chain {
  readonly boxes: readonly StoredBox[]
  readonly credentials: Credentials
}

/** Seconds that OpenSSH's own client waits; a box may ask for others, or for none. */
const keepAliveS = 15

/** Retries after a box closed the door before it spoke. */
const maxRetries = 3

/** A connection that was open before gets this long to prove that the other end is still there, then a new one is made. */
export const staleAfterMs = 5_000

/** Where an attempt hangs: its own phase, or that of the jump host it waits for. */
export function whereItHangs(attempt: Attempt): { boxName: string; phase: Phase } {
  return attempt.hop === null ? attempt : whereItHangs(attempt.hop)
}

/** A fault of a box on the way, told about the box that was meant. */
export const hopFailed = (box: StoredBox, hopName: string, fault: FaultError): FaultError =>
  fault.fault.code === 'cancelled' || fault.fault.code === 'hop-failed'
    ? new FaultError(fault.fault.code === 'hop-failed' ? { ...fault.fault, boxName: box.name } : fault.fault, fault)
    : new FaultError({ code: 'hop-failed', boxName: box.name, hopName, cause: faultText(fault.fault).sentence }, fault)

export function createRoutes(parts: RouteParts) {
  const { pool, trust, dial, clock } = parts

  /** The pinned key, or the refusal. Asked again at each connection: a pin may go while others wait. */
  function pinOf(box: StoredBox): HostKey {
    const pin = trust.pinned(box)
    if (pin === null) throw new FaultError({ code: 'key-not-trusted', boxName: box.name, offered: '' })
    return pin
  }

  /** A connection to the last box of the chain. The caller releases it. */
  function lease(chain: Chain, signal: AbortSignal, onAttempt: (attempt: Attempt) => void): Promise<Lease> {
    const box = last(chain)
    return pool.lease(
      keyOf(chain),
      { signature: signatureOf(chain), boxName: box.name, own: hasSecrets(chain), signal, onAttempt },
      (attempt) => establish(chain, attempt),
    )
  }

  async function establish(chain: Chain, attempt: Attempt): Promise<Opened> {
    const box = last(chain)
    const pin = pinOf(box)
    return retrying(box, attempt, async (record) => {
      const login = await orAbort(prepareLogin(box, chain.credentials, parts), attempt.signal)
      record(login)
      const { stream, letGo } = await reach(chain, attempt)
      try {
        const client = await logIn(stream, pin, login, (box.keepAliveS ?? keepAliveS) * 1000, watch(attempt))
        return { client, cut: () => void stream.destroy(), letGo }
      } catch (error) {
        letGo()
        throw error instanceof OtherKeyError ? trust.changed(box, pin, error.offered) : error
      }
    })
  }

  /** A byte stream to the last box: dialled, or through the box before it. */
  async function reach(chain: Chain, attempt: Attempt): Promise<{ stream: Duplex; letGo: () => void }> {
    const box = last(chain)
    attempt.phase = 'connect'
    if (chain.boxes.length === 1) return { stream: await dialled(dial, box, attempt.signal), letGo: () => {} }
    const before: Chain = { boxes: chain.boxes.slice(0, -1), credentials: {} }
    const hop = last(before)
    const way = await throughHop(box, hop, () =>
      lease(before, attempt.signal, (hopAttempt) => {
        attempt.hop = hopAttempt
      }),
    )
    attempt.hop = null
    try {
      return { stream: await forwarded(way, box, hop, attempt.signal), letGo: way.release }
    } catch (error) {
      way.release()
      if (!way.reused || attempt.signal.aborted || !isStale(error)) throw error
      way.warm.retire()
      return reach(chain, attempt)
    }
  }

  /** Opens a stream to `box` over the connection to `hop`. */
  async function forwarded(way: Lease, box: StoredBox, hop: StoredBox, signal: AbortSignal): Promise<Duplex> {
    const patience = new AbortController()
    const stop = way.reused ? clock.after(staleAfterMs, () => patience.abort(new StaleError())) : () => {}
    way.warm.touch()
    try {
      return await orAbort(forward(way.warm.client, box), AbortSignal.any([signal, patience.signal]), (late) =>
        late.destroy(),
      )
    } catch (error) {
      const reason = (error as { reason?: unknown }).reason
      // RFC 4254 §5.1: 1 is "administratively prohibited", the hop's own decision.
      if (reason === 1)
        throw new FaultError({
          code: 'hop-failed',
          boxName: box.name,
          hopName: hop.name,
          cause: `${hop.name} does not allow connections to go on from it.`,
        })
      throw error
    } finally {
      stop()
    }
  }

  /** Runs `open` again, after a jittered wait, while the box only closes the door; turns what is left into a fault. */
  async function retrying<T>(
    box: StoredBox,
    attempt: Attempt,
    open: (record: (login: LoginRecord) => void) => Promise<T>,
  ): Promise<T> {
    let login: LoginRecord = { offered: [], accepted: [] }
    const startedMs = clock.monotonicMs()
    for (let tries = 0; ; tries += 1) {
      try {
        return await open((record) => {
          login = record
        })
      } catch (error) {
        if (attempt.signal.aborted) throw attempt.signal.reason
        if (error instanceof FaultError) throw error
        const trouble = troubleOf(error, attempt.phase)
        if (tries >= maxRetries || !isPassing(trouble))
          throw new FaultError(faultOf(trouble, box, login, clock.monotonicMs() - startedMs), error)
        await pause(clock, 100 * 2 ** tries * (0.5 + chance()), attempt.signal)
      }
    }
  }

  return {
    lease,
    /** The host key the last box of the chain shows. Sends no credentials to it; boxes on the way are logged in to as ever. */
    async look(chain: Chain, attempt: Attempt): Promise<HostKey> {
      return retrying(last(chain), attempt, async () => {
        const { stream, letGo } = await reach(chain, attempt)
        try {
          return await look(stream, watch(attempt))
        } finally {
          letGo()
        }
      })
    },
    pinOf,
  }

  function signatureOf(chain: Chain): string {
    return JSON.stringify(
      chain.boxes.map((box) => [box.host, box.port, box.user, box.auth, box.keepAliveS, pinOf(box).key]),
    )
  }
}
export type Routes = ReturnType<typeof createRoutes>

const hasSecrets = ({ credentials }: Chain) =>
  credentials.password !== undefined || credentials.passphrase !== undefined

/** Names the connection by the boxes it goes through. */
export const keyOf = (chain: Chain): string => chain.boxes.map((box) => box.boxId).join('>')

export const last = (chain: Chain): StoredBox => {
  const box = chain.boxes.at(-1)
  if (box === undefined) throw new Error('a chain has at least one box')
  return box
}

const watch = (attempt: Attempt): Watch => ({
  signal: attempt.signal,
  onPhase: (phase) => {
    attempt.phase = phase
  },
})

async function throughHop(box: StoredBox, hop: StoredBox, open: () => Promise<Lease>): Promise<Lease> {
  try {
    return await open()
  } catch (error) {
    throw error instanceof FaultError ? hopFailed(box, hop.name, error) : error
  }
}

/** TCP gives up by itself at some point; ours is the waiter's deadline, which fires `signal`. */
const dialled = (dial: Dial, box: StoredBox, signal: AbortSignal): Promise<Duplex> =>
  orAbort(dial(box.host, box.port, { timeoutMs: 300_000, signal }), signal, (late) => late.destroy())

function forward(client: ssh2.Client, box: StoredBox): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    try {
      client.forwardOut('127.0.0.1', 0, box.host, box.port, (error, stream) =>
        error ? reject(error) : resolve(stream),
      )
    } catch (error) {
      reject(error as Error)
    }
  })
}

/** Nothing came over a connection that was open before. */
export class StaleError extends Error {}

const isStale = (error: unknown): boolean =>
  error instanceof StaleError ||
  (error instanceof Error && /^(Not connected|No response from server)$/.test(error.message))

function troubleOf(error: unknown, phase: Phase): Trouble {
  if (error instanceof HandshakeError) return error.trouble
  const { code, reason, message } = error as { code?: string; reason?: number; message: string }
  return { phase, code: code ?? reason, message, said: '' }
}

async function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  let stop = () => {}
  await orAbort(
    new Promise<void>((resolve) => {
      stop = clock.after(delayMs, resolve)
    }),
    signal,
  ).finally(() => stop())
}
