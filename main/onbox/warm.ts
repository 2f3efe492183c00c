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
  /** Puts a program that was just started here. */
  keep(boxId: BoxId, warm: WarmProgram): void
  /** Its idle time begins anew; nothing for one that was put away meanwhile. */
  used(boxId: BoxId, warm: WarmProgram): void
  /** A program that is being asked is never the one that goes to make room, and one that is put away waits for its answer. */
  asking(warm: WarmProgram, change: 1 | -1): void
  /** Puts it away; with `warm`, only if it is still that one. It ends once nobody asks it. */
  drop(boxId: BoxId, warm?: WarmProgram): void
  /** Ends all, asked or not. */
  close(): void
}

interface Kept extends WarmProgram {
  asked: number
  leaving: boolean
  cancelIdle: () => void
}

/** Keeps at most `most` programs, each at most 10 minutes after its last question; the least recently used goes first. */
export function createWarmPrograms(clock: Clock, most: number): WarmPrograms {
  const kept = new Map<BoxId, Kept>()
  /** Those that are kept, and those put away that are still asked. */
  const known = new Map<RunningProgram, Kept>()
  const end = (found: Kept) => {
    known.delete(found.program)
    found.program.close()
    found.connection.release()
  }
  const drop = (boxId: BoxId, warm?: WarmProgram) => {
    const found = kept.get(boxId)
    if (found === undefined || (warm !== undefined && found.program !== warm.program)) return
    kept.delete(boxId)
    found.cancelIdle()
    found.leaving = true
    if (found.asked === 0 || found.program.ended) end(found)
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
      drop(boxId)
      const next: Kept = {
        connection: warm.connection,
        program: warm.program,
        asked: 0,
        leaving: false,
        cancelIdle: clock.after(warmIdleMs, () => drop(boxId, warm), true),
      }
      kept.set(boxId, next)
      known.set(warm.program, next)
    },
    used(boxId, { program }) {
      const found = kept.get(boxId)
      if (found === undefined || found.program !== program) return
      found.cancelIdle()
      found.cancelIdle = clock.after(warmIdleMs, () => drop(boxId, found), true)
      kept.delete(boxId)
      kept.set(boxId, found)
    },
    asking({ program }, change) {
      const found = known.get(program)
      if (found !== undefined) {
        found.asked += change
        if (found.leaving && found.asked === 0) end(found)
      }
      makeRoom()
    },
    drop,
    close() {
      for (const boxId of [...kept.keys()]) drop(boxId)
      for (const found of [...known.values()]) end(found)
    },
  }
}
