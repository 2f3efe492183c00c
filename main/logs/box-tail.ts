import type { BoxId, LogTail } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError, isFault } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Onbox, RunningTail } from '../onbox/onbox.ts'
import { worthAsking } from '../runtimes/runtimes.ts'
import type { Collector } from './collect.ts'
import type { Logs } from './logs.ts'
import { createRate } from './rate.ts'
import { rightSkew } from './whose.ts'

export interface BoxTailParts {
  readonly logs: Pick<Logs, 'arrive' | 'cursors'>
  readonly onbox: Pick<Onbox, 'tail'>
  readonly inventory: Pick<InventoryReads, 'box' | 'agents' | 'fingerprintKey'>
  readonly collector: Pick<Collector, 'hold'>
  readonly clock: Clock
  readonly log: Log
  readonly changes: Changes
  /** False: what answers now is not collected, such as a made-up past. */
  readonly wanted: () => boolean
  /** For a connection and the start of the program. */
  readonly deadlineMs: () => number
}

/** One box whose logs are followed. */
export interface BoxTail {
  state(): LogTail
  /** Cuts it and waits. */
  sleep(): void
  wake(): void
  /** Ends the program on the box. */
  stop(): Promise<void>
}

const firstWaitMs = 1_000
const longestWaitMs = 30_000
/** One that stayed so long is not one that fails again and again. */
const steadyMs = 10_000
/** A made-up past is looked at again after this. */
const unwantedMs = 1_000
/** A sweep may find an agent that was not known. */
const agentsMs = 5_000
/** Characters of log taken from one box in a second; a box keeps to it by itself, unless it lies. */
const charactersPerSecond = 8_000_000
/** What one answer of a steady box takes of that is not waited for. */
const mostAheadMs = 100

/** Faults that no waiting mends: a person has to do something first. */
const needsSomebody = [
  'key-not-trusted',
  'key-changed',
  'auth-refused',
  'key-file-unreadable',
  'no-common-algorithm',
  'not-found',
  'no-node',
  'node-too-old',
  'read-only',
] as const

/**
 * Follows one box until it is stopped: a program there answers with what is new, each answer is stored before the next one
 * is asked for, and a lost connection is made again. What no answer brought is there still, behind the stored cursors.
 * @param before the end of whoever followed it last.
 */
export function startBoxTail(
  parts: BoxTailParts,
  boxId: BoxId,
  changed: () => void,
  before: Promise<void> | undefined,
): BoxTail {
  const { clock, changes, log } = parts
  const ending = new AbortController()
  const rate = createRate()
  let attempt = new AbortController()
  let asleep = false
  let rouse = () => {}
  let waitMs = firstWaitMs
  let droppedBytes = 0
  let now: Pick<LogTail, 'state' | 'sinceMs' | 'sentence' | 'nextTryAtMs'> = {
    state: 'connecting',
    sinceMs: clock.nowMs(),
    sentence: null,
    nextTryAtMs: null,
  }

  const become = (state: LogTail['state'], sentence: string | null = null, nextTryAtMs: number | null = null): void => {
    const sinceMs = state === now.state ? now.sinceMs : clock.nowMs()
    now = { state, sinceMs, sentence, nextTryAtMs }
    changed()
  }
  /** Null: until it is roused. */
  const rest = (ms: number | null): Promise<void> =>
    new Promise((resolve) => {
      const cancel = ms === null ? () => {} : clock.after(ms, resolve, true)
      rouse = () => {
        cancel()
        resolve()
      }
      if (ending.signal.aborted) rouse()
    })
  const unsubscribe = changes.subscribe((topics) => {
    if (now.state === 'refused' && (topics.includes('trust') || topics.includes('inventory'))) rouse()
  })

  const stored = (lines: number, dropped: number): void => {
    rate.add(lines, clock.monotonicMs())
    droppedBytes = Math.min(droppedBytes + dropped, Number.MAX_SAFE_INTEGER)
    if (lines + dropped > 0) changed()
  }

  async function failed(error: unknown, liveMs: number): Promise<void> {
    const fault = error instanceof FaultError ? error.fault : null
    if (!fault) log.error('logs.tail', error)
    const reference = 'Following its log failed here; the console’s own log says why.'
    const sentence = fault ? faultText(fault).sentence : reference
    if (isFault(error, ...needsSomebody)) {
      become('refused', sentence)
      return rest(null)
    }
    if (liveMs >= steadyMs) waitMs = firstWaitMs
    become('lost', sentence, Math.round(clock.nowMs() + waitMs))
    await rest(waitMs)
    waitMs = Math.min(longestWaitMs, waitMs * 2)
  }

  async function run(): Promise<void> {
    await before
    while (!ending.signal.aborted) {
      become('connecting')
      if (asleep || !parts.wanted()) {
        await rest(asleep ? null : unwantedMs)
        continue
      }
      attempt = new AbortController()
      let liveAtMs = Number.POSITIVE_INFINITY
      try {
        await followOnce(parts, boxId, AbortSignal.any([ending.signal, attempt.signal]), {
          live: () => {
            liveAtMs = clock.monotonicMs()
            become('live')
          },
          stored,
        })
      } catch (error) {
        if (!ending.signal.aborted && !asleep) await failed(error, clock.monotonicMs() - liveAtMs)
      }
    }
  }
  const running = run().finally(unsubscribe)
  running.catch((error: unknown) => void log.error('logs.tail', error))

  return {
    state: () => ({ boxId, ...now, linesPerSecond: rate.perSecond(clock.monotonicMs()), droppedBytes }),
    sleep() {
      asleep = true
      attempt.abort()
      rouse()
    },
    wake() {
      asleep = false
      waitMs = firstWaitMs
      rouse()
    },
    async stop() {
      ending.abort()
      rouse()
      await running.catch(() => {})
    },
  }
}

interface Events {
  live(): void
  stored(lines: number, droppedBytes: number): void
}

/** Until something breaks. @throws whatever did. */
async function followOnce(parts: BoxTailParts, boxId: BoxId, signal: AbortSignal, on: Events): Promise<never> {
  const { onbox, logs, inventory, clock } = parts
  const { name } = inventory.box(boxId)
  const release = await parts.collector.hold(boxId)
  let tail: RunningTail | null = null
  try {
    signal.throwIfAborted()
    const fingerprintKey = inventory.fingerprintKey(boxId)
    const cursors = await logs.cursors(boxId)
    let agents = inventory.agents(boxId)
    let agentsAtMs = clock.monotonicMs()
    tail = await onbox.tail(
      boxId,
      {
        fingerprintKey,
        stateDirs: agents.map(({ stateDir }) => stateDir),
        agents: cursors.map(({ agent, cursors }) => ({ agent, cursors: worthAsking(cursors) })),
      },
      { deadlineMs: parts.deadlineMs(), signal },
    )
    const skewMs = rightSkew(tail.nowMs - clock.nowMs())
    let paidUntilMs = 0
    on.live()
    for (;;) {
      const packed = await tail.next(signal)
      if (clock.monotonicMs() - agentsAtMs >= agentsMs) {
        agents = inventory.agents(boxId)
        agentsAtMs = clock.monotonicMs()
      }
      const { lines, droppedBytes, characters } = await logs.arrive({
        ...{ boxId, boxName: name, packed, skewMs, fingerprintKey },
        agents: agents.map(({ agentId, stateDir }) => ({ agentId, stateDir })),
      })
      on.stored(lines, droppedBytes)
      paidUntilMs = Math.max(paidUntilMs, clock.monotonicMs()) + (characters / charactersPerSecond) * 1000
      const aheadMs = paidUntilMs - clock.monotonicMs()
      if (aheadMs > mostAheadMs) await breath(clock, aheadMs, signal)
      if (signal.aborted) throw new FaultError({ code: 'cancelled', what: `following ${name}` })
    }
  } finally {
    tail?.close()
    release()
  }
}

const breath = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(ms, done, true)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
