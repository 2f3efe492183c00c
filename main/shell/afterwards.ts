import pLimit from 'p-limit'
import type { BoxId } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import type { ShellOptions } from './shell.ts'

/** Boxes looked at together after a command over many of them. */
const atOnce = 8

/**
 * Looks at boxes after something was done on them by hand. One that is asked for again while it waits is looked at once;
 * while it is being looked at, once more after that. A box that does not answer is the next sweep's.
 */
export function createAfterwards({
  sweepOne,
  log,
  waitAtClose,
}: Pick<ShellOptions, 'sweepOne' | 'log' | 'waitAtClose'>) {
  const lane = pLimit(atOnce)
  const waiting = new Set<BoxId>()
  const running = new Set<Promise<void>>()
  const closing = new AbortController()
  return {
    lookAt(boxId: BoxId): void {
      if (waiting.has(boxId) || closing.signal.aborted) return
      waiting.add(boxId)
      const look = lane(async () => {
        waiting.delete(boxId)
        if (!closing.signal.aborted) await sweepOne(boxId, closing.signal)
      }).catch((error: unknown) => {
        const code = error instanceof FaultError ? error.fault.code : 'internal'
        if (code === 'internal') log.error('shell.not-looked-after', error, { boxId })
        else log.info('shell.not-looked-after', { boxId, code })
      })
      running.add(look)
      void look.then(() => running.delete(look))
    },
    async close(): Promise<void> {
      if (!waitAtClose) closing.abort()
      await Promise.allSettled(running)
    },
  }
}
