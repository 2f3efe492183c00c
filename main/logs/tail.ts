import { type BoxId, type LogTail, mostTails } from '../../shared/contract/index.ts'
import { type BoxTail, type BoxTailParts, startBoxTail } from './box-tail.ts'

/** Live logs: each box is followed by one program there, however many look at it, and by none when nobody does. */
export interface Tails {
  /** How the boxes stand, at most 4 times a second, until `signal` fires or the reader leaves. */
  follow(boxIds: readonly BoxId[], signal: AbortSignal): AsyncGenerator<LogTail[]>
  /** The computer goes to sleep: the programs are ended. */
  suspend(): void
  /** It woke: they are started again. */
  resume(): void
  close(): Promise<void>
}

const tellMs = 250
/** Rates fall also when nothing comes. */
const rateMs = 1_000
/** A reader that comes back at once, with other boxes, finds the program still there. */
const graceMs = 400

interface Followed {
  readonly tail: BoxTail
  readonly listeners: Set<() => void>
  cancelEnd: () => void
}

export function createTails(parts: BoxTailParts): Tails {
  const { clock } = parts
  const followed = new Map<BoxId, Followed>()
  const leaving = new Map<BoxId, Promise<void>>()
  let asleep = false

  const end = (boxId: BoxId, { tail }: Followed): Promise<void> => {
    followed.delete(boxId)
    const left = tail.stop().then(() => {
      if (leaving.get(boxId) === left) leaving.delete(boxId)
    })
    leaving.set(boxId, left)
    return left
  }
  const start = (boxId: BoxId): Followed => {
    const listeners = new Set<() => void>()
    const changed = () => {
      for (const listener of listeners) listener()
    }
    const tail = startBoxTail(parts, boxId, changed, leaving.get(boxId))
    if (asleep) tail.sleep()
    return { tail, listeners, cancelEnd: () => {} }
  }
  /** Null: too many are followed. */
  const join = (boxId: BoxId, listener: () => void): Followed | null => {
    const found = followed.get(boxId) ?? (followed.size < mostTails ? start(boxId) : null)
    if (!found) return null
    followed.set(boxId, found)
    found.cancelEnd()
    found.listeners.add(listener)
    return found
  }
  const leave = (boxId: BoxId, found: Followed, listener: () => void): void => {
    found.listeners.delete(listener)
    if (found.listeners.size > 0 || followed.get(boxId) !== found) return
    found.cancelEnd = clock.after(graceMs, () => void end(boxId, found), true)
  }

  return {
    async *follow(boxIds, signal) {
      let changed = true
      let wake = () => {}
      const listener = () => {
        changed = true
        wake()
      }
      const sinceMs = clock.nowMs()
      const joined = [...new Set(boxIds)].map((boxId) => ({ boxId, found: join(boxId, listener) }))
      const rest = (ms: number | null): Promise<void> =>
        new Promise((resolve) => {
          const cancel = ms === null ? () => {} : clock.after(ms, resolve, true)
          wake = () => {
            cancel()
            resolve()
          }
        })
      const onAbort = () => wake()
      signal.addEventListener('abort', onAbort)
      try {
        while (!signal.aborted) {
          changed = false
          const told = joined.map(({ boxId, found }) => found?.tail.state() ?? tooMany(boxId, sinceMs))
          yield told
          const untilMs = clock.monotonicMs() + tellMs
          for (let left = tellMs; left > 0 && !signal.aborted; left = untilMs - clock.monotonicMs()) await rest(left)
          const moves = told.some(({ linesPerSecond }) => linesPerSecond > 0)
          if (!changed && !signal.aborted) await rest(moves ? rateMs - tellMs : null)
        }
      } finally {
        signal.removeEventListener('abort', onAbort)
        for (const { boxId, found } of joined) if (found) leave(boxId, found, listener)
      }
    },
    suspend() {
      asleep = true
      for (const { tail } of followed.values()) tail.sleep()
    },
    resume() {
      asleep = false
      for (const { tail } of followed.values()) tail.wake()
    },
    async close() {
      for (const [boxId, found] of [...followed]) {
        found.cancelEnd()
        void end(boxId, found)
      }
      await Promise.all(leaving.values())
    },
  }
}

const tooMany = (boxId: BoxId, sinceMs: number): LogTail => ({
  boxId,
  state: 'refused',
  sinceMs,
  sentence: `${mostTails} machines are followed already.`,
  nextTryAtMs: null,
  linesPerSecond: 0,
  droppedBytes: 0,
})
