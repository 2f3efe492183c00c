import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Input, Output, ReadAsks } from './asks.ts'
import { type Thread, ThreadEndedError } from './thread.ts'

/** Threads that read, started when first needed; all but one are ended when nobody has asked for a while. */
export interface Pool {
  readonly size: number
  /**
   * Asks the thread that has least to do. When `signal` fires and no answer comes soon after, the thread is ended and
   * another takes its place: no expression of an operator can hold one for ever.
   * @throws FaultError `cancelled`, `invalid-input` (nothing came within the deadline), and what a thread throws.
   */
  ask<Name extends keyof ReadAsks>(name: Name, input: Input<Name>, signal: AbortSignal): Promise<Output<Name>>
  end(): Promise<void>
}

/** A thread that is told to stop looks up between two blocks. */
const graceMs = 50
const idleMs = 60_000

const cancelled = () => new FaultError({ code: 'cancelled', what: 'reading the logs' })
const tooSlow = () =>
  new FaultError({
    code: 'invalid-input',
    field: 'Filter',
    detail: 'It takes too long on these lines. A regular expression may be trying too many ways.',
  })

interface PoolParts {
  readonly size: number
  readonly start: () => Thread
  readonly clock: Clock
  /** An answer that takes longer does not come any more; null: it may take its time. */
  readonly deadlineMs: number | null
}

export function createPool({ size, start, clock, deadlineMs }: PoolParts): Pool {
  const threads: Thread[] = []
  let cancelIdle = () => {}
  const letGo = (thread: Thread): void => {
    const at = threads.indexOf(thread)
    if (at >= 0) threads.splice(at, 1)
    void thread.end()
  }
  const least = (): Thread => {
    for (const thread of threads.filter((one) => one.hasEnded())) letGo(thread)
    const free = threads.find((thread) => thread.waiting() === 0)
    if (free) return free
    if (threads.length < size) {
      const thread = start()
      threads.push(thread)
      return thread
    }
    return threads.reduce((a, b) => (b.waiting() < a.waiting() ? b : a))
  }
  const rest = (): void => {
    cancelIdle()
    cancelIdle = clock.after(
      idleMs,
      () => {
        for (const thread of threads.slice(1).filter((one) => one.waiting() === 0)) letGo(thread)
      },
      true,
    )
  }

  const once = async <Name extends keyof ReadAsks>(
    name: Name,
    input: Input<Name>,
    signal: AbortSignal,
  ): Promise<Output<Name>> => {
    if (signal.aborted) throw cancelled()
    const thread = least()
    let why: FaultError | null = null
    const stop = (reason: () => FaultError) => () => {
      why = reason()
      letGo(thread)
    }
    let cancelGrace = () => {}
    const onAbort = () => {
      cancelGrace = clock.after(graceMs, stop(cancelled), true)
    }
    const cancelDeadline = deadlineMs === null ? () => {} : clock.after(deadlineMs, stop(tooSlow), true)
    signal.addEventListener('abort', onAbort)
    try {
      return await thread.ask(name, input)
    } catch (error) {
      throw why ?? error
    } finally {
      signal.removeEventListener('abort', onAbort)
      cancelGrace()
      cancelDeadline()
      rest()
    }
  }

  return {
    size,
    ask: async (name, input, signal) => {
      try {
        return await once(name, input, signal)
      } catch (error) {
        // Another question held that thread too long and was ended with it; this one did nothing wrong.
        if (error instanceof ThreadEndedError && !signal.aborted) return once(name, input, signal)
        throw error
      }
    },
    end: async () => {
      cancelIdle()
      await Promise.all(threads.splice(0).map((thread) => thread.end()))
    },
  }
}
