import type { BoxId, SweepBox, SweepProgress, SweepSummary } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'

/** A running sweep as it is looked at: its boxes' states, and those who wait for the next change. */
export interface Watched {
  set(boxId: BoxId, change: Partial<SweepBox>): void
  end(state: SweepSummary['state'], atMs: number): void
  boxes(): readonly SweepBox[]
  summary(): SweepSummary
  progress(): SweepProgress
  watch(signal?: AbortSignal): AsyncGenerator<SweepProgress>
}

/** 20 a second for a dozen boxes; a progress of 1 000 boxes is a large message, so it comes 4 times a second. */
const pauseMs = (boxes: number): number => Math.max(50, boxes / 4)

export function createWatched(begin: SweepSummary, list: readonly SweepBox[], clock: Clock): Watched {
  const boxes = new Map(list.map((box) => [box.boxId, box]))
  let summary = begin
  let version = 0
  const waiting = new Set<() => void>()
  const changed = () => {
    version += 1
    const wake = [...waiting]
    waiting.clear()
    for (const act of wake) act()
  }
  const progress = (): SweepProgress => ({ ...summary, boxes: [...boxes.values()] })
  const until = (arm: (act: () => void) => () => void, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const finish = () => {
        disarm()
        signal?.removeEventListener('abort', finish)
        resolve()
      }
      const disarm = arm(finish)
      if (signal?.aborted) finish()
      else signal?.addEventListener('abort', finish, { once: true })
    })
  const nextChange = (act: () => void) => {
    waiting.add(act)
    return () => waiting.delete(act)
  }

  return {
    set(boxId, change) {
      const box = boxes.get(boxId)
      if (!box) return
      const next = { ...box, ...change }
      boxes.set(boxId, next)
      if (next.state === 'done' && box.state !== 'done') {
        summary = { ...summary, done: summary.done + 1, swept: summary.swept + Number(next.outcome === 'swept') }
      }
      changed()
    },
    end(state, atMs) {
      for (const box of boxes.values()) {
        if (box.state !== 'done') boxes.set(box.boxId, { ...box, state: 'done', outcome: 'cancelled' })
      }
      summary = { ...summary, state, endedAtMs: atMs, done: boxes.size }
      changed()
    },
    boxes: () => [...boxes.values()],
    summary: () => summary,
    progress,
    async *watch(signal) {
      for (;;) {
        const shown = version
        yield progress()
        if (summary.endedAtMs !== null || signal?.aborted) return
        if (version === shown) await until(nextChange, signal)
        if (signal?.aborted) return
        if (summary.endedAtMs === null) await until((act) => clock.after(pauseMs(boxes.size), act, true), signal)
      }
    },
  }
}
