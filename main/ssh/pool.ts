import type ssh2 from 'ssh2'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { orAbort } from './deadline.ts'
import { createGate, type Gate } from './gate.ts'
import type { Phase } from './judge.ts'

/** Session channels at a time on one connection; sshd allows 10, and others use some of them. Jump forwards do not count. */
const sessionsPerConnection = 4

/** How long a box may take to close its end. */
const goodbyeMs = 2_000

/** A connection under way, shared by everyone who waits for it. Ends with its last waiter. */
export interface Attempt {
  readonly signal: AbortSignal
  phase: Phase
  /** The box it waits for: itself, or a jump host on the way. */
  readonly boxName: string
  /** Set while a jump host is being connected. */
  hop: Attempt | null
}

/** An open, authenticated connection in the pool. */
export interface Warm {
  readonly key: string
  readonly client: ssh2.Client
  readonly sessions: Gate
  readonly closed: boolean
  /** This console cut it: what was under way on it is cancelled, and says nothing about the box. */
  readonly dropped: boolean
  /** Something went over it; it is not idle. */
  touch(): void
  /** Not handed out again; closes when its last holder lets go, and `softly` not before its last channel closed. */
  retire(softly?: boolean): void
  /** To be called after a channel closed. */
  channelClosed(): void
}

export interface Lease {
  readonly warm: Warm
  /** It was open before this call: nobody knows whether the other end is still there. */
  readonly reused: boolean
  release(): void
}

export interface PoolOptions {
  readonly clock: Clock
  /** False: a connection closes with its last holder. Asked each time. */
  readonly keepWarm: () => boolean
  /** Idle connections kept at most; the least recently used go first. */
  readonly maxWarm: number
  readonly idleMs: number
}

export interface LeaseRequest {
  readonly signature: string
  readonly boxName: string
  readonly own: boolean
  readonly signal: AbortSignal
  readonly onAttempt: (attempt: Attempt) => void
}

interface Entry {
  readonly warm: Warm
  readonly signature: string
  holders: number
  usedAtMs: number
  stopIdle: () => void
  /** Ends a retired connection that nobody uses any more. */
  endIfLeft(): void
  end(): void
  /** Ends it at once, without waiting for the other end. */
  drop(): void
}

interface Pending {
  readonly attempt: Attempt
  readonly signature: string
  readonly entry: Promise<Entry>
  readonly abort: AbortController
  waiters: number
}

export interface Opened {
  readonly client: ssh2.Client
  /** Cuts the byte stream below it: for a box that does not answer a goodbye. */
  readonly cut: () => void
  /** What the connection stands on (its jump host's lease), let go when it closes. */
  readonly letGo: () => void
}

export function createPool(options: PoolOptions) {
  const { clock } = options
  const entries = new Map<string, Entry>()
  const pending = new Map<string, Pending>()
  const all = new Set<Entry>()

  function add(key: string, signature: string, opened: Opened): Entry {
    let closed = false
    let dropped = false
    let retired: 'no' | 'softly' | 'now' = 'no'
    const endIfLeft = () => {
      if (entry.holders === 0 && (retired === 'now' || (retired === 'softly' && warm.sessions.inside() === 0)))
        entry.end()
    }
    const warm: Warm = {
      key,
      client: opened.client,
      sessions: createGate(sessionsPerConnection),
      get closed() {
        return closed
      },
      get dropped() {
        return dropped
      },
      touch() {
        entry.usedAtMs = clock.monotonicMs()
        if (entry.holders === 0 && retired === 'no' && !closed) rest(entry)
      },
      retire(softly = false) {
        retired = softly && retired === 'no' ? 'softly' : 'now'
        entry.stopIdle()
        if (entries.get(key) === entry) entries.delete(key)
        endIfLeft()
      },
      channelClosed: endIfLeft,
    }
    const entry: Entry = {
      warm,
      signature,
      holders: 0,
      usedAtMs: clock.monotonicMs(),
      stopIdle: () => {},
      endIfLeft,
      end() {
        if (closed) return
        opened.client.end()
        clock.after(goodbyeMs, () => closed || opened.cut(), true)
      },
      drop() {
        dropped = !closed
        warm.retire()
        entry.end()
        opened.cut()
      },
    }
    opened.client.on('error', () => {})
    opened.client.once('close', () => {
      closed = true
      entry.stopIdle()
      all.delete(entry)
      if (entries.get(key) === entry) entries.delete(key)
      opened.letGo()
    })
    // Made beside it by a caller with secrets of their own: what runs on the other may end there.
    entries.get(key)?.warm.retire(true)
    all.add(entry)
    entries.set(key, entry)
    return entry
  }

  /** Starts an entry's idle time anew, and makes room when too many rest. */
  function rest(entry: Entry): void {
    entry.stopIdle()
    if (!options.keepWarm()) {
      entry.warm.retire()
      return
    }
    entry.stopIdle = clock.after(options.idleMs, () => entry.warm.retire(), true)
    const idle = [...entries.values()].filter((other) => other.holders === 0).sort((a, b) => a.usedAtMs - b.usedAtMs)
    for (const oldest of idle.slice(0, Math.max(0, idle.length - options.maxWarm))) oldest.warm.retire()
  }

  function hold(entry: Entry, reused: boolean): Lease {
    let released = false
    entry.holders += 1
    entry.stopIdle()
    entry.usedAtMs = clock.monotonicMs()
    return {
      warm: entry.warm,
      reused,
      release() {
        if (released) return
        released = true
        entry.holders -= 1
        if (entry.holders > 0 || entry.warm.closed) return
        entry.usedAtMs = clock.monotonicMs()
        if (entries.get(entry.warm.key) === entry) rest(entry)
        else entry.endIfLeft()
      },
    }
  }

  function begin(
    key: string,
    signature: string,
    boxName: string,
    open: (attempt: Attempt) => Promise<Opened>,
  ): Pending {
    const abort = new AbortController()
    const attempt: Attempt = { signal: abort.signal, phase: 'connect', boxName, hop: null }
    const entry = open(attempt).then(
      (opened) => {
        if (pending.get(key) === started) pending.delete(key)
        const added = add(key, signature, opened)
        if (started.waiters === 0) added.warm.retire()
        return added
      },
      (error: unknown) => {
        if (pending.get(key) === started) pending.delete(key)
        throw error
      },
    )
    entry.catch(() => {})
    const started: Pending = { attempt, signature, entry, abort, waiters: 0 }
    pending.set(key, started)
    return started
  }

  return {
    /**
     * A connection of that key: an open one, one that is just being opened, or a new one. An open one whose
     * `signature` differs was made for an address or a login that has been edited since, and is retired.
     * With `own`, what is just being opened by others is not joined: this caller brings secrets that they lack.
     * @param onAttempt told which attempt is waited for, to say where it hangs.
     */
    async lease(key: string, request: LeaseRequest, open: (attempt: Attempt) => Promise<Opened>): Promise<Lease> {
      const { signature, signal } = request
      signal.throwIfAborted()
      const warm = entries.get(key)
      if (warm !== undefined && warm.signature === signature && !warm.warm.closed) return hold(warm, true)
      warm?.warm.retire()
      const running = pending.get(key)
      const joined =
        !request.own && running?.signature === signature && !running.abort.signal.aborted
          ? running
          : begin(key, signature, request.boxName, open)
      request.onAttempt(joined.attempt)
      joined.waiters += 1
      try {
        return hold(await orAbort(joined.entry, signal), false)
      } finally {
        joined.waiters -= 1
        if (joined.waiters === 0) joined.abort.abort(new FaultError({ code: 'cancelled', what: request.boxName }))
        // It came about just when its last waiter left: nobody holds it.
        joined.entry.then((entry) => entry.holders === 0 && !entry.warm.closed && rest(entry)).catch(() => {})
      }
    },
    /** Closes every connection whose key `fits`, held or not, without waiting for the other end: it may be long gone. */
    drop(fits: (key: string) => boolean): void {
      for (const [key, { abort, attempt }] of pending) {
        if (fits(key)) abort.abort(new FaultError({ code: 'cancelled', what: attempt.boxName }))
      }
      for (const entry of all) {
        if (fits(entry.warm.key)) entry.drop()
      }
    },
    /** How many connections are open, held or idle. */
    size: () => all.size,
  }
}
export type Pool = ReturnType<typeof createPool>
