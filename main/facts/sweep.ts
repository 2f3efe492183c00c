import type {
  BoxId,
  Fault,
  SweepBox,
  SweepId,
  SweepOutcome,
  SweepProgress,
  SweepSummary,
} from '../../shared/contract/index.ts'
import { Fault as FaultSchema } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { counted } from '../base/words.ts'
import type { InventoryReads, StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Observed } from '../runtimes/observed.ts'
import type { Store } from '../store/store.ts'
import { causeOf } from './assess-reach.ts'
import { createBeside } from './beside.ts'
import { createGroupWrite } from './group-write.ts'
import { madeContact, outcomeOf, pointsToOwnNetwork } from './judge-attempt.ts'
import type { Asking, Landing } from './landing.ts'
import type { SweepRows } from './sweep-rows.ts'
import type { Watching } from './watch.ts'
import { createWatched, type Watched } from './watched.ts'
import { slidingWindow } from './window.ts'

export interface Sweeps {
  /**
   * Starts a sweep, full unless told, or answers with the one that runs; a light one that runs makes way for a full one.
   * Ended sweeps are in `history`.
   */
  start(options: { boxIds?: readonly BoxId[]; reason: SweepSummary['reason']; kind?: SweepSummary['kind'] }): SweepId
  /** @throws FaultError `not-found` when no sweep of that id runs. */
  cancel(sweepId: SweepId): void
  /** The full sweep that runs, or the newest. */
  current(): SweepProgress | null
  /** Full sweeps, newest first. */
  history(limit: number): SweepSummary[]
  /** The newest of any kind, but for a light one that runs: when machines were last asked. */
  last(): SweepSummary | null
  /** When a sweep of any kind last began to ask every machine; null: never. */
  lastAskedMs(): number | null
  /** Current state first, then each change, at most 20 a second; ends with the sweep. @throws FaultError `not-found`. */
  watch(sweepId: SweepId, signal?: AbortSignal): AsyncGenerator<SweepProgress>
  /** Asks one box at once, whatever else runs, and lands the answer: the last step of an enrolment, and every closer look. @throws FaultError why it did not answer. */
  askOne(boxId: BoxId, signal: AbortSignal): Promise<Observed>
  /** Settles when no sweep runs. */
  idle(): Promise<void>
  /** Lets a running sweep go and marks it interrupted: the computer goes to sleep. */
  interrupt(): Promise<void>
  /** The end: no sweep runs after it. */
  close(): Promise<void>
}

export interface SweepParts {
  readonly store: Store
  readonly rows: SweepRows
  readonly landing: Landing
  readonly inventory: InventoryReads
  readonly ledger: Ledger
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
  readonly settings: () => { sweepConcurrency: number; boxDeadlineS: number }
  readonly watching: Watching
  /** One question to one box. */
  readonly ask: (
    box: StoredBox,
    options: { kind: SweepSummary['kind']; deadlineMs: number; signal: AbortSignal },
  ) => Promise<Observed>
  /** A box answered and its answer is kept; nobody waits for what begins here. */
  readonly answered: (box: StoredBox, observed: Observed) => void
  /** Work beside the sweep that may teach it something, such as asking for the newest version. */
  readonly beside: (signal: AbortSignal) => Promise<boolean>
  /** Work after the answers that may teach more about them, such as counting commits where both are known. */
  readonly after: (signal: AbortSignal) => Promise<boolean>
}

/** Time a box's own deadline has to fire first; after it the wait ends whatever the box's connection does. */
const graceMs = 2000

/** Sweeps that a person waits for. */
const attended: ReadonlySet<SweepSummary['reason']> = new Set(['operator', 'cli', 'enrolment'])

/** A machine that a person switches on and off is not switched to the minute. */
const hoursGraceMs = 30 * 60_000

/** Light sweeps older than this are forgotten. */
const keepLightMs = 14 * 86_400_000

interface Running extends Watched {
  readonly sweepId: SweepId
  readonly asking: Asking
  readonly abort: AbortController
  /** Attempts that failed, while it is open whether this computer's own network is to blame. */
  held: { box: StoredBox; fault: Fault; outcome: SweepOutcome }[]
  contact: boolean
  finished: Promise<void>
}

export function createSweeps(parts: SweepParts): Sweeps {
  const { store, rows, landing, inventory, ledger, watching, clock, changes, log } = parts
  let running: Running | null = null
  /** The newest full sweep of this process: what it knows holds even where a full disk kept it from being written. */
  let newest: Running | null = null
  if (store.writable) store.write(() => rows.interruptRunning())

  const isExpectedOn = (box: StoredBox): boolean =>
    [-hoursGraceMs, 0, hoursGraceMs].every((fromNow) => inventory.isExpectedOn(box, clock.nowMs() + fromNow))

  const together = createGroupWrite(store)
  const late = () => {
    store.write(() => landing.versionsChanged(true))
    changes.publish('facts', 'findings', 'review')
  }
  const beside = createBeside({ clock, log, work: parts.beside, late })
  const after = createBeside({ clock, log, work: parts.after, late, waitMs: 4000 })

  const asFault = (error: unknown): Fault =>
    error instanceof FaultError ? error.fault : { code: 'internal', reference: log.error('sweep.box-failed', error) }

  /** Ends by the answer, the deadline or the cancel, whichever comes first. */
  async function askInTime(box: StoredBox, kind: SweepSummary['kind'], cancel: AbortSignal): Promise<Observed> {
    const deadlineMs = parts.settings().boxDeadlineS * 1000
    const own = new AbortController()
    let stop = () => {}
    const onCancel = () => own.abort()
    cancel.addEventListener('abort', onCancel, { once: true })
    const ended = new Promise<never>((_, reject) => {
      own.signal.addEventListener('abort', () => reject(new FaultError({ code: 'cancelled', what: 'The sweep' })), {
        once: true,
      })
      stop = clock.after(deadlineMs + graceMs, () => {
        reject(new FaultError({ code: 'timed-out', boxName: box.name, phase: 'answer', afterMs: deadlineMs }))
        own.abort()
      })
    })
    try {
      return await Promise.race([parts.ask(box, { kind, deadlineMs, signal: own.signal }), ended])
    } finally {
      stop()
      cancel.removeEventListener('abort', onCancel)
    }
  }

  /** Something answered: this computer's network is there, and whoever did not answer is to be believed. */
  function contact(sweep: Running): void {
    if (!sweep.contact) watching.looked()
    sweep.contact = true
    believeHeld(sweep)
  }

  function believeHeld(sweep: Running): void {
    for (const { box, fault, outcome } of sweep.held.splice(0)) landing.believed(box, fault, outcome, sweep.asking)
  }

  /** One box: the row is written before anybody hears of it. */
  async function one(sweep: Running, box: StoredBox): Promise<void> {
    const startedMs = clock.monotonicMs()
    sweep.set(box.boxId, { state: 'working' })
    const report = (outcome: SweepOutcome, fault: Fault | null) => ({
      outcome,
      fault,
      tookMs: Math.round(clock.monotonicMs() - startedMs),
    })
    let end: ReturnType<typeof report>
    try {
      end = await askInTime(box, sweep.asking.kind, sweep.abort.signal).then(
        async (observed) => {
          const answered = report('swept', null)
          await land(sweep, box, answered, () => {
            contact(sweep)
            landing.answered(box, observed, answered.tookMs, sweep.asking)
          })
          parts.answered(box, observed)
          return answered
        },
        async (error: unknown) => {
          const fault = asFault(error)
          const failed = report(outcomeOf(fault, isExpectedOn(box)), fault)
          await land(sweep, box, failed, () => takeFailure(sweep, box, fault, failed.outcome))
          return failed
        },
      )
    } catch (error) {
      // The answer could not be kept, such as on a full disk: this box has failed, the others go on.
      landing.undone()
      end = report('failed', asFault(error))
    }
    sweep.set(box.boxId, { state: 'done', ...end })
    changes.publish('facts', 'sweep', 'review')
  }

  function takeFailure(sweep: Running, box: StoredBox, fault: Fault, outcome: SweepOutcome): void {
    landing.failed(box, fault, outcome)
    if (madeContact(fault)) contact(sweep)
    const ownNetworkMayBeDown = causeOf(fault) === 'offline' && !sweep.contact && sweep.boxes().length > 1
    if (ownNetworkMayBeDown) sweep.held.push({ box, fault, outcome })
    else landing.believed(box, fault, outcome, sweep.asking)
  }

  const land = (
    sweep: Running,
    box: StoredBox,
    end: Pick<SweepBox, 'fault' | 'tookMs'> & { outcome: SweepOutcome },
    take: () => void,
  ): Promise<void> =>
    together(() => {
      take()
      rows.done(sweep.sweepId, box.boxId, end)
    })

  async function run(sweep: Running, targets: readonly StoredBox[], before: Promise<void>): Promise<void> {
    await before
    const learntBeside = sweep.asking.kind === 'full' ? beside.begin() : async () => false
    await slidingWindow(targets, parts.settings().sweepConcurrency, sweep.abort.signal, (box) => one(sweep, box))
    const learntAfter = sweep.asking.kind === 'full' && !sweep.abort.signal.aborted ? after.begin() : async () => false
    const learnt = sweep.abort.signal.aborted
      ? false
      : (await Promise.all([learntBeside(), learntAfter()])).includes(true)
    end(sweep, learnt, sweep.abort.signal.aborted ? (sweep.abort.signal.reason as SweepSummary['state']) : 'done')
  }

  function end(sweep: Running, learntBeside: boolean, state: SweepSummary['state']): void {
    const atMs = clock.nowMs()
    try {
      store.write(() => {
        rows.end(sweep.sweepId, state, atMs)
        landing.versionsChanged(learntBeside)
        if (sweep.asking.kind === 'full') tell(sweep, state)
        else rows.purge(atMs, keepLightMs)
        if (state !== 'done') return
        if (pointsToOwnNetwork(sweep.held)) watching.sawNothing(sweep.summary().startedAtMs)
        else believeHeld(sweep)
      })
    } catch (error) {
      log.error('sweep.end-not-kept', error)
    }
    if (running === sweep) running = null
    sweep.end(state, atMs)
    changes.publish('sweep', 'facts', 'findings', 'review')
  }

  function tell(sweep: Running, state: SweepSummary['state']): void {
    const { total, swept } = sweep.summary()
    const how = { done: 'ended', cancelled: 'was cancelled', interrupted: 'was interrupted', running: 'runs' }[state]
    ledger.append({
      actor: 'console',
      kind: 'sweep.ended',
      words: `A sweep ${how}: ${swept} of ${counted(total, 'machine')} answered.`,
    })
  }

  /** A light sweep that runs lets go of its machines: the full one asks them anyway. Never two at once. */
  function makeWay(): Promise<void> {
    if (!running) return Promise.resolve()
    running.abort.abort('cancelled' satisfies SweepSummary['state'])
    return running.finished
  }

  async function interrupt(): Promise<void> {
    if (!running) return
    const { abort, finished } = running
    abort.abort('interrupted' satisfies SweepSummary['state'])
    await finished
  }

  const fromRows = (row: NonNullable<ReturnType<SweepRows['one']>>): SweepProgress => ({
    ...row,
    boxes: rows
      .boxes(row.sweepId)
      .map((box) => ({ ...box, fault: box.fault === null ? null : FaultSchema.parse(JSON.parse(box.fault)) })),
  })

  return {
    start({ boxIds, reason, kind = 'full' }) {
      if (running && (running.asking.kind === 'full' || kind === 'light')) return running.sweepId
      const before = makeWay()
      const wanted = boxIds ? new Set(boxIds) : null
      const targets = inventory.boxes().filter((box) => !box.jumpOnly && (wanted === null || wanted.has(box.boxId)))
      const sweepId = newId<SweepId>()
      const startedAtMs = clock.nowMs()
      store.write(() => {
        if (!running) rows.interruptRunning()
        rows.insert({ sweepId, kind, startedAtMs, reason }, targets)
      })
      const boxes = targets.map(
        ({ boxId, name }): SweepBox => ({
          boxId,
          boxName: name,
          state: 'waiting',
          outcome: null,
          fault: null,
          tookMs: null,
        }),
      )
      const watched = createWatched(
        {
          sweepId,
          kind,
          startedAtMs,
          endedAtMs: null,
          state: 'running',
          reason,
          total: targets.length,
          done: 0,
          swept: 0,
        },
        boxes,
        clock,
      )
      const sweep: Running = {
        ...watched,
        sweepId,
        asking: { kind, byOperator: attended.has(reason) },
        abort: new AbortController(),
        held: [],
        contact: false,
        finished: Promise.resolve(),
      }
      running = sweep
      if (kind === 'full') {
        newest = sweep
        changes.publish('sweep')
      }
      sweep.finished = run(sweep, targets, before).catch((error: unknown) => {
        log.error('sweep.failed', error)
        if (running === sweep) running = null
        sweep.end('interrupted', clock.nowMs())
      })
      return sweepId
    },
    cancel(sweepId) {
      if (running?.sweepId !== sweepId) throw new FaultError({ code: 'not-found', what: 'running sweep' })
      running.abort.abort('cancelled' satisfies SweepSummary['state'])
    },
    current() {
      if (newest) return newest.progress()
      const [row] = rows.newest(1)
      return row ? fromRows(row) : null
    },
    history: (limit) => rows.newest(limit).map((row) => (newest?.sweepId === row.sweepId ? newest.summary() : row)),
    last() {
      const row = rows.last()
      return newest && row?.sweepId === newest.sweepId ? newest.summary() : row
    },
    lastAskedMs: () => rows.lastOfAllMs(inventory.boxes().filter((box) => !box.jumpOnly).length),
    async *watch(sweepId, signal) {
      const here = [newest, running].find((sweep) => sweep?.sweepId === sweepId)
      if (here) return yield* here.watch(signal)
      const row = rows.one(sweepId)
      if (!row) throw new FaultError({ code: 'not-found', what: 'sweep' })
      yield fromRows(row)
    },
    async askOne(boxId, signal) {
      const box = inventory.box(boxId)
      const startedMs = clock.monotonicMs()
      const observed = await askInTime(box, 'full', signal)
      store.write(() => {
        watching.looked()
        landing.answered(box, observed, clock.monotonicMs() - startedMs, { kind: 'full', byOperator: true })
        landing.versionsChanged(false)
      })
      parts.answered(box, observed)
      changes.publish('facts', 'findings', 'review')
      return observed
    },
    async idle() {
      while (running) await running.finished
    },
    interrupt,
    async close() {
      beside.stop()
      after.stop()
      await interrupt()
    },
  }
}
