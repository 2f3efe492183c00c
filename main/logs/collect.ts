import type { BoxId } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import type { Assessment, Findings } from '../findings/findings.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { LogCursor } from '../runtimes/log-lines.ts'
import { mergedCursors, worthAsking } from '../runtimes/runtimes.ts'
import type { Store } from '../store/store.ts'
import type { Logs } from './logs.ts'
import { agentOf, rightSkew } from './whose.ts'

/** Fetches what is new in the logs of boxes that answered, behind the sweeps. */
export interface Collector {
  /**
   * A box answered just now. Its facts do not wait for its logs, and a fault of this turns no box offline.
   * @param skewMs how far the box's clock is ahead of ours.
   */
  answered(boxId: BoxId, skewMs: number): void
  /**
   * Somebody else reads this box's logs now: ends what is being fetched there, and fetches nothing until the answer is
   * called. One at a time.
   */
  hold(boxId: BoxId): Promise<() => void>
  /** Settles when nothing is being fetched. */
  idle(): Promise<void>
  /** Lets go of what is being fetched; what was kept stays, the next sweep goes on behind it. */
  close(): Promise<void>
}

export interface CollectorParts {
  readonly store: Store
  readonly logs: Pick<Logs, 'append' | 'cursors'>
  readonly onbox: Pick<Onbox, 'logs'>
  readonly inventory: Pick<InventoryReads, 'agents' | 'fingerprintKey'>
  readonly findings: Pick<Findings, 'settle'>
  readonly clock: Clock
  readonly log: Log
  /** False: what answers now is not collected, such as a made-up past. */
  readonly wanted: () => boolean
}

/** Boxes at once: each holds an answer of up to 2 MB here. */
const atOnce = 4
/** Of one box in one sweep, bytes of log. */
const budgetBytes = 20_000_000
/** For one answer. */
const answerMs = 60_000
/** For one box in one sweep. */
const boxMs = 5 * 60_000

export function createCollector(parts: CollectorParts): Collector {
  const { store, findings, clock, log } = parts
  const closing = new AbortController()
  const waiting = new Map<BoxId, number>()
  const running = new Map<BoxId, { work: Promise<void>; stop: AbortController }>()
  const held = new Set<BoxId>()

  const settle = (boxId: BoxId, assessment: Assessment): void => {
    if (closing.signal.aborted) return
    store.write(() => findings.settle(boxId, [assessment], clock.nowMs()))
  }

  async function one(boxId: BoxId, skewMs: number, stopped: AbortSignal): Promise<void> {
    try {
      await collectBox(parts, boxId, skewMs, AbortSignal.any([closing.signal, stopped]))
      if (stopped.aborted) return
      settle(boxId, {
        cause: 'logs-not-collected',
        agentId: null,
        trouble: null,
        recovery: 'Its logs are collected again.',
      })
    } catch (error) {
      if (closing.signal.aborted || stopped.aborted) return
      log.warn('logs.not-collected', { boxId, why: error instanceof Error ? error.message : String(error) })
      const trouble = troubleOf(error, clock.nowMs())
      if (trouble) settle(boxId, trouble)
    }
  }

  function next(): void {
    for (const [boxId, skewMs] of waiting) {
      if (running.size >= atOnce || closing.signal.aborted) return
      if (running.has(boxId) || held.has(boxId)) continue
      waiting.delete(boxId)
      const stop = new AbortController()
      const work = one(boxId, skewMs, stop.signal)
        .catch((error: unknown) => void log.error('logs.not-settled', error))
        .then(() => {
          running.delete(boxId)
          next()
        })
      running.set(boxId, { work, stop })
    }
  }

  const works = () => [...running.values()].map(({ work }) => work)

  return {
    answered(boxId, skewMs) {
      if (!store.writable || closing.signal.aborted || !parts.wanted()) return
      waiting.set(boxId, rightSkew(skewMs))
      next()
    },
    async hold(boxId) {
      held.add(boxId)
      const fetching = running.get(boxId)
      fetching?.stop.abort()
      await fetching?.work
      return () => {
        held.delete(boxId)
        next()
      }
    },
    async idle() {
      while (running.size > 0) await Promise.all(works())
    },
    async close() {
      closing.abort()
      waiting.clear()
      await Promise.all(works())
    },
  }
}

/** What the box did to its logs, in words; what its connection or our disk did is told elsewhere. */
const boxFaults: ReadonlySet<string> = new Set([
  'program-crashed',
  'answer-not-understood',
  'answer-too-large',
  'timed-out',
])

function troubleOf(error: unknown, nowMs: number): Assessment | null {
  if (!(error instanceof FaultError) || !boxFaults.has(error.fault.code)) return null
  const detail = faultText(error.fault).sentence
  return {
    cause: 'logs-not-collected',
    agentId: null,
    trouble: {
      severity: 'attention',
      state: 'Not seen',
      sentence: 'has logs that could not be collected',
      detail,
      sinceMs: null,
      evidence: [{ name: 'Reading its logs', value: detail, takenAtMs: nowMs }],
      nextStep: 'The next sweep tries again. Until then its log has a hole here: read it on the machine.',
    },
  }
}

/** Asks one box until it has no more, or the budget is spent. */
async function collectBox(
  { logs, onbox, inventory, clock }: CollectorParts,
  boxId: BoxId,
  skewMs: number,
  signal: AbortSignal,
): Promise<void> {
  const untilMs = clock.monotonicMs() + boxMs
  const fingerprintKey = inventory.fingerprintKey(boxId)
  const agents = inventory.agents(boxId)
  const known = new Map<string, LogCursor[]>()
  for (const { agent, cursors } of await logs.cursors(boxId)) known.set(agent, worthAsking(cursors))
  let left = budgetBytes
  for (let first = true; left > 0 && clock.monotonicMs() < untilMs; first = false) {
    const answer = await onbox.logs(
      boxId,
      {
        fingerprintKey,
        stateDirs: agents.map(({ stateDir }) => stateDir),
        agents: [...known].map(([agent, cursors]) => ({ agent, cursors })),
        budgetBytes: left,
        first,
      },
      { deadlineMs: answerMs, signal },
    )
    for (const batch of answer.batches) {
      await logs.append(boxId, agentOf(batch, agents), batch, skewMs)
      known.set(batch.agent, mergedCursors(known.get(batch.agent) ?? [], batch.cursors))
    }
    if (signal.aborted || !answer.batches.some(({ more }) => more)) return
    // A box that says more and sends nothing is asked no more than a few hundred times.
    left -= Math.max(answer.bytesRead, 50_000)
  }
}
