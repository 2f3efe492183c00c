import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Phase } from './judge.ts'

export interface Wait {
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

/** Gives `work` a signal that fires at the deadline or with the caller's own, and says as a fault which of them it was, and where. */
export async function withDeadline<T>(
  clock: Clock,
  boxName: string,
  { deadlineMs, signal }: Wait,
  where: () => { boxName: string; phase: Phase },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  const stop = clock.after(deadlineMs, () =>
    end.abort(new FaultError({ code: 'timed-out', afterMs: deadlineMs, ...pick(where()) })),
  )
  const cancel = () => end.abort(new FaultError({ code: 'cancelled', what: boxName }))
  if (signal?.aborted) cancel()
  else signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await orAbort(work(end.signal), end.signal)
  } finally {
    stop()
    signal?.removeEventListener('abort', cancel)
    // Ends what `work` left running, such as an attempt nobody waits for any more.
    end.abort(new FaultError({ code: 'cancelled', what: boxName }))
  }
}

const pick = ({ boxName, phase }: { boxName: string; phase: Phase }) => ({ boxName, phase })

/**
 * Waits for `work`, or rejects with the signal's reason as soon as it fires; `work` itself goes on.
 * @param late gets what `work` yields when nobody waits for it any more.
 */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal, late: (value: T) => void = () => {}): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false
    const giveUp = () => {
      over = true
      reject(signal.reason as Error)
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
    work
      .then((value) => (over ? late(value) : resolve(value)), reject)
      .finally(() => signal.removeEventListener('abort', giveUp))
      .catch(() => {})
  })
}
