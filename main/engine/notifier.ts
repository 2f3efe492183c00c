import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { type Findings, type Notice, planNotices } from '../findings/findings.ts'

export interface NotifierParts {
  readonly clock: Clock
  readonly log: Log
  readonly changes: Changes
  readonly findings: Pick<Findings, 'untold' | 'told'>
  readonly settings: () => { notify: boolean; quietFrom: string; quietTo: string }
  /** True: what is open now counts as told, without a word. */
  readonly silent: () => boolean
  readonly tell: (notice: Notice) => void
}

/** A sweep lands its machines one after the other: what it found is told together. */
const settleMs = 2_000
/** Quiet hours end without anything else happening. */
const lookMs = 60_000

/** Tells the operator of new red findings and of their recovery. That it was told is a row before it is said. The answer ends it. */
export function startNotifier(parts: NotifierParts): () => void {
  const { clock, log, findings } = parts
  let cancel = () => {}
  const look = () => {
    again(lookMs)
    try {
      const silent = parts.silent()
      const untold = findings.untold('desktop')
      if (untold.opened.length + untold.closed.length === 0) return
      const { notify, quietFrom, quietTo } = parts.settings()
      if (!notify || silent) {
        findings.told('desktop', {
          opened: untold.opened.map(({ findingId }) => findingId),
          closed: untold.closed.map(({ findingId }) => findingId),
        })
        return
      }
      for (const notice of planNotices(untold, clock.nowMs(), { from: quietFrom, to: quietTo })) {
        findings.told('desktop', notice)
        parts.tell(notice)
      }
    } catch (error) {
      log.error('notifier.failed', error)
    }
  }
  const again = (delayMs: number) => {
    cancel()
    cancel = clock.after(delayMs, look, true)
  }
  const leave = parts.changes.subscribe((topics) => {
    if (topics.includes('findings')) again(settleMs)
  })
  again(settleMs)
  return () => {
    leave()
    cancel()
  }
}
