import type { AgentId, RolloutId, RolloutRun, RunSummary, RunWave } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Ledger, NewEntry } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { type RunEvent, runRows, type StoredLane, type StoredRun } from './run-rows.ts'
import { doneOf, isGoing, stateWords } from './run-words.ts'
import type { WatchOf } from './watch.ts'

export interface Whole {
  readonly run: StoredRun
  readonly waves: readonly RunWave[]
  readonly lanes: readonly StoredLane[]
}

/** What changes in a run, all in one transaction with the line of its journal. */
export interface Step {
  readonly run?: Partial<StoredRun>
  readonly waves?: readonly RunWave[]
  readonly lanes?: readonly StoredLane[]
  readonly event: Omit<RunEvent, 'atMs' | 'wave' | 'agentId'> & { wave?: number; agentId?: AgentId }
  readonly said?: Pick<NewEntry, 'kind' | 'words'> & { actor?: NewEntry['actor'] }
  /** Further rows of it. */
  readonly also?: () => void
}

interface Parts {
  readonly store: Store
  readonly ledger: Pick<Ledger, 'append'>
  readonly clock: Clock
  readonly changes: Changes
  readonly watchOf: WatchOf
}

/** Runs as their rows tell them. Every reader sees these, whoever carries a run. */
export function createRecord({ store, ledger, clock, changes, watchOf }: Parts) {
  const rows = runRows(store.db)
  const waiting = new Map<RolloutId, Set<() => void>>()

  /** @throws FaultError `not-found`. */
  const load = (rolloutId: RolloutId): Whole => {
    const run = rows.one(rolloutId)
    if (run === null) throw new FaultError({ code: 'not-found', what: 'run' })
    return { run, waves: rows.waves(rolloutId), lanes: rows.lanes(rolloutId) }
  }
  const news = (rolloutId: RolloutId): void => {
    for (const wake of waiting.get(rolloutId) ?? []) wake()
    changes.publish('rollout')
  }

  const toRun = ({ run, waves, lanes: all }: Whole): RolloutRun => {
    const lanes = [...all]
    const { layersKept: _, ...shown } = run
    return {
      ...shown,
      words: stateWords(run, waves, lanes),
      waves: [...waves],
      lanes: lanes.map(({ place: _p, plan: _l, inverse: _i, beforeIt: _b, takenBack: _t, ...lane }) => lane),
      done: doneOf(lanes),
      total: lanes.filter(isGoing).length,
      watch: watchOf(run, lanes),
    }
  }

  return {
    rows,
    load,
    /** Writes a whole new run. */
    begin({ run, waves, lanes }: Whole, said: Step['said']): void {
      store.write(() => {
        rows.putRun(run)
        for (const wave of waves) rows.putWave(run.rolloutId, wave)
        for (const lane of lanes) rows.putLane(run.rolloutId, lane)
        rows.addEvent(run.rolloutId, {
          atMs: clock.nowMs(),
          kind: 'run.began',
          wave: null,
          agentId: null,
          words: run.sentence,
        })
        if (said) ledger.append({ actor: 'operator', ...said })
      })
      news(run.rolloutId)
    },
    write(rolloutId: RolloutId, { run, waves = [], lanes = [], event, said, also }: Step): void {
      store.write(() => {
        if (run) {
          const before = rows.one(rolloutId)
          if (before) rows.putRun({ ...before, ...run })
        }
        for (const wave of waves) rows.putWave(rolloutId, wave)
        for (const lane of lanes) rows.putLane(rolloutId, lane)
        rows.addEvent(rolloutId, { wave: null, agentId: null, ...event, atMs: clock.nowMs() })
        if (said) ledger.append({ actor: 'console', ...said })
        also?.()
      })
      news(rolloutId)
    },
    view: (rolloutId: RolloutId): RolloutRun => toRun(load(rolloutId)),
    summary(run: StoredRun): RunSummary {
      const { rolloutId, revertOf, by, state, words, done, total, startedAtMs, endedAtMs, patch, question, watch } =
        toRun({
          run,
          waves: rows.waves(run.rolloutId),
          lanes: rows.lanes(run.rolloutId),
        })
      const about = { patchId: patch.patchId, patchName: patch.name, class: patch.class, asks: question !== null }
      return { rolloutId, revertOf, by, state, words, done, total, startedAtMs, endedAtMs, watch, ...about }
    },
    /** Current state first, then each change, those that come together as one; ends with the run. */
    async *watch(rolloutId: RolloutId, signal?: AbortSignal): AsyncGenerator<RolloutRun> {
      let isNews = true
      let wake = () => {}
      const heard = () => {
        isNews = true
        wake()
      }
      const of = waiting.get(rolloutId) ?? new Set()
      waiting.set(rolloutId, of.add(heard))
      signal?.addEventListener('abort', heard, { once: true })
      try {
        for (;;) {
          while (!isNews) await new Promise<void>((resolve) => (wake = resolve))
          if (signal?.aborted) return
          isNews = false
          const now = toRun(load(rolloutId))
          yield now
          if (now.state === 'ended') return
        }
      } finally {
        of.delete(heard)
        if (of.size === 0) waiting.delete(rolloutId)
        signal?.removeEventListener('abort', heard)
      }
    },
  }
}

export type RunRecord = ReturnType<typeof createRecord>
