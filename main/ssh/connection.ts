import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { NoSessionError, type Start, startOn } from './channel.ts'
import { type Wait, withDeadline } from './deadline.ts'
import type { Attempt, Lease } from './pool.ts'
import { type Chain, hopFailed, last, type Routes, StaleError, staleAfterMs, whereItHangs } from './route.ts'
import type { Connection, ShellChannel } from './ssh.ts'

/** Does nothing in any shell; that it starts shows that the other end is still there. */
const harmless: Start = { command: 'exit', errors: 'tail' }

/** A connection to the last box of the chain, from the pool. */
export async function openConnection(chain: Chain, routes: Routes, clock: Clock, wait: Wait): Promise<Connection> {
  const box = last(chain)
  let lease = await leaseInTime(chain, routes, clock, wait)
  let released = false

  /** Lets the present connection go for good and takes a new one. */
  async function rebuild(from: Lease, softly: boolean, signal: AbortSignal): Promise<void> {
    if (lease !== from) return
    from.warm.retire(softly)
    const fresh = await routes.lease(chain, signal, () => {})
    if (lease !== from) return fresh.release()
    from.release()
    lease = fresh
    if (released) lease.release()
  }

  async function begin({ warm, reused }: Lease, what: Start, signal: AbortSignal, once = false): Promise<ShellChannel> {
    const leave = await warm.sessions.enter(signal)
    const patience = new AbortController()
    const stop = reused && !once ? clock.after(staleAfterMs, () => patience.abort(new StaleError())) : () => {}
    warm.touch()
    try {
      return await startOn(warm.client, what, {
        boxName: box.name,
        signal: AbortSignal.any([signal, patience.signal]),
        isDropped: () => warm.dropped,
        onUse: () => warm.touch(),
        onClosed: () => {
          leave()
          warm.channelClosed()
        },
      })
    } finally {
      stop()
    }
  }

  /** Starts what must not run twice: it is sent once, over a connection that has just answered. */
  async function startOnce(what: Start, wait: Wait): Promise<ShellChannel> {
    const startedMs = clock.monotonicMs()
    if (lease.reused) (await startInTime(harmless, wait)).close()
    const deadlineMs = Math.max(1, wait.deadlineMs - (clock.monotonicMs() - startedMs))
    return withDeadline(
      clock,
      box.name,
      { ...wait, deadlineMs },
      () => ({ boxName: box.name, phase: 'channel' }),
      async (signal) => {
        try {
          return await begin(lease, what, signal, true)
        } catch (error) {
          // Refused before it was sent: nothing has run.
          if (!(error instanceof NoSessionError)) throw error
          throw new FaultError({ code: 'too-many-sessions', boxName: box.name }, error)
        }
      },
    )
  }

  /** Starts it on the present connection, or on a new one where that turns out to be dead or full. */
  function startInTime(what: Start, wait: Wait): Promise<ShellChannel> {
    return withDeadline(
      clock,
      box.name,
      wait,
      () => ({ boxName: box.name, phase: 'channel' }),
      async (signal) => {
        const first = lease
        try {
          return await begin(first, what, signal)
        } catch (error) {
          if (signal.aborted) {
            // It did not even open a channel: nobody else should wait on it.
            if (signal.reason instanceof FaultError && signal.reason.fault.code === 'timed-out') first.warm.retire()
            throw signal.reason
          }
          if (first.warm.dropped) throw error
          const full = error instanceof NoSessionError
          if (!full && !(first.reused && (error instanceof StaleError || error instanceof FaultError))) throw error
          await rebuild(first, full, signal)
        }
        try {
          return await begin(lease, what, signal)
        } catch (error) {
          if (error instanceof NoSessionError)
            throw new FaultError({ code: 'too-many-sessions', boxName: box.name }, error)
          throw error
        }
      },
    )
  }

  return {
    get closed() {
      return lease.warm.closed || lease.warm.dropped
    },
    release() {
      released = true
      lease.release()
    },
    start: (command, options) =>
      (options.once ? startOnce : startInTime)({ command, errors: options.errors ?? 'tail' }, options),
    shell: (options) => startInTime({ size: options.size }, options),
  }
}

async function leaseInTime(chain: Chain, routes: Routes, clock: Clock, wait: Wait): Promise<Lease> {
  const box = last(chain)
  let attempt: Attempt | null = null
  const where = () => (attempt === null ? { boxName: box.name, phase: 'connect' as const } : whereItHangs(attempt))
  try {
    return await withDeadline(clock, box.name, wait, where, (signal) =>
      routes.lease(chain, signal, (joined) => {
        attempt = joined
      }),
    )
  } catch (error) {
    const isHop = error instanceof FaultError && error.fault.code === 'timed-out' && error.fault.boxName !== box.name
    throw isHop ? hopFailed(box, error.fault.boxName, error) : error
  }
}
