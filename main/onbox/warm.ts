import type { BoxId } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import type { Connection } from '../ssh/ssh.ts'
import type { RunningProgram } from './program.ts'

/** A program that stays on a box while its connection is warm. */
export interface WarmProgram {
  readonly connection: Connection
  readonly program: RunningProgram
}

/** Longest a program stays without a question; the program on the box ends itself at the same age. */
export const warmIdleMs = 10 * 60_000

export interface WarmPrograms {
  /** The box's program, if it still runs. */
  find(boxId: BoxId): WarmProgram | null
  /** Puts a program here, or marks it as just used. */
  keep(boxId: BoxId, warm: WarmProgram): void
  /** A program that is being asked is never the one that goes to make room. */
  asking(boxId: BoxId, change: 1 | -1): void
  /** Ends it; with `warm`, only if it is still that one. */
  drop(boxId: BoxId, warm?: WarmProgram): void
  close(): void
}

interface Kept extends WarmProgram {
  asked: number
  cancelIdle: () => void
}

/** Keeps at most `most` programs, each at most 10 minutes after its last question; the least recently used goes first. */
export function createWarmPrograms(clock: Clock, most: number): WarmPrograms {
  const kept = new Map<BoxId, Kept>()
  const drop = (boxId: BoxId, warm?: WarmProgram) => {
    const found = kept.get(boxId)
    if (found === undefined || (warm !== undefined && found.program !== warm.program)) return
    kept.delete(boxId)
    found.cancelIdle()
    found.program.close()
    found.connection.release()
  }
  const makeRoom = () => {
    for (const [boxId, { asked }] of kept) {
      if (kept.size <= most) return
      if (asked === 0) drop(boxId)
    }
  }
  return {
    find(boxId) {
      const found = kept.get(boxId)
      if (found === undefined) return null
      if (!found.program.ended && !found.connection.closed) return found
      drop(boxId)
      return null
    },
    keep(boxId, warm) {
      const before = kept.get(boxId)
      const isSame = before?.program === warm.program
      if (isSame) before?.cancelIdle()
      else drop(boxId)
      kept.delete(boxId)
      kept.set(boxId, {
        connection: warm.connection,
        program: warm.program,
        asked: isSame ? (before?.asked ?? 0) : 0,
        cancelIdle: clock.after(warmIdleMs, () => drop(boxId, warm), true),
      })
    },
    asking(boxId, change) {
      const found = kept.get(boxId)
      if (found !== undefined) found.asked += change
      makeRoom()
    },
    drop,
    close() {
      for (const boxId of [...kept.keys()]) drop(boxId)
    },
  }
}
