import type { AgentId, BoxId, Fact, FactKey, Settings } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Assessment, Findings } from '../findings/findings.ts'
import type { InventoryReads, StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Store } from '../store/store.ts'
import { presentFact, staleBeforeMs } from './freshness.ts'
import { createLanding, type Landed } from './landing.ts'
import { createRegistry, type Registry } from './registry.ts'
import { type AttemptRow, type ChangeRow, createFactRows, createSweepRows, createVersionRows } from './rows.ts'
import { createSweeps, type Sweeps } from './sweep.ts'
import { createVersions } from './versions.ts'

export { failingNow } from './judge-channels.ts'
export type { Landed } from './landing.ts'
export type { Registry } from './registry.ts'
export type { AttemptRow, ChangeRow } from './rows.ts'
export type { Sweeps } from './sweep.ts'

/** What is known about the boxes, how old it is, and the sweeps that ask. */
export interface Facts {
  readonly sweeps: Sweeps
  ofBox(boxId: BoxId): Fact[]
  /** These facts of all boxes, by box. */
  ofKeys(keys: readonly FactKey[]): Map<BoxId, Fact[]>
  /** When the oldest fact of each box was taken. */
  oldest(): Map<BoxId, number>
  /** Newest first; the first is how it reads now. */
  history(query: {
    boxId: BoxId
    agentId: AgentId | null
    key: FactKey
    instance: string
  }): (Omit<ChangeRow, 'agentId' | 'key' | 'instance' | 'verdict'> & { verdict: Fact['verdict'] })[]
  /** Closed intervals of a box's facts: each ended because it read differently after. Newest first. */
  changesOf(boxId: BoxId, limit: number): ChangeRow[]
  /** The newest attempt at each box, and when it last answered. */
  attempts(): Map<BoxId, AttemptRow>
  failedAttempts(boxId: BoxId, limit: number): { atMs: number; outcome: string; fault: string | null }[]
  /** Facts taken before this are older than two sweeps. */
  staleBeforeMs(): number
  /** Thresholds were changed: judge the version gaps again, without asking any box. */
  rejudge(): void
}

export interface FactsParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: InventoryReads
  readonly findings: Findings
  readonly onbox: Pick<Onbox, 'probe'>
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
  readonly settings: () => Settings
  /** The operator's own handles: never activity (A23). */
  readonly testHandles: () => string[]
  readonly judgeMore: (landed: Landed) => Assessment[]
  /** Absent: the npm registry. */
  readonly registry?: Registry
}

export function createFacts(parts: FactsParts): Facts {
  const { store, ledger, inventory, findings, onbox, clock, changes, log, settings } = parts
  const rows = createFactRows(store.db)
  const sweepRows = createSweepRows(store.db)
  const versions = createVersions({
    rows: createVersionRows(store.db),
    clock,
    registry: parts.registry ?? createRegistry(log, clock),
    mayAsk: () => settings().askRegistry && !process.env.WHEELHOUSE_NO_REGISTRY,
    write: (work) => store.write(work),
  })
  const landing = createLanding({
    rows,
    versions,
    inventory,
    findings,
    clock,
    thresholds: settings,
    judgeMore: parts.judgeMore,
  })

  const ask = (box: StoredBox, options: { deadlineMs: number; signal: AbortSignal }) =>
    onbox.probe(
      box.boxId,
      {
        fingerprintKey: inventory.fingerprintKey(box.boxId),
        testHandles: parts.testHandles(),
        validate: true,
        stateDirs: inventory.agents(box.boxId).map((agent) => agent.stateDir),
        entries: [],
      },
      options,
    )

  const sweeps = createSweeps({
    store,
    rows: sweepRows,
    landing,
    inventory,
    ledger,
    clock,
    changes,
    log,
    settings,
    ask,
    beside: (signal) => versions.askIfDue(signal),
  })
  const staleBefore = () => staleBeforeMs(clock.nowMs(), settings().sweepAt)

  return {
    sweeps,
    ofBox(boxId) {
      const [nowMs, before] = [clock.nowMs(), staleBefore()]
      return rows.ofBox(boxId).map((fact) => presentFact(fact, nowMs, before))
    },
    ofKeys(keys) {
      const [nowMs, before] = [clock.nowMs(), staleBefore()]
      return Map.groupBy(
        rows.ofKeys(keys).map((fact) => presentFact(fact, nowMs, before)),
        (fact) => fact.boxId,
      )
    },
    oldest: () => rows.oldest(),
    history({ boxId, agentId, key, instance }) {
      const now = rows.ofSubject(boxId, agentId).find((fact) => fact.key === key && fact.instance === instance)
      const open = now
        ? [{ verdict: now.verdict, text: now.text, fromMs: now.sinceMs, toMs: now.takenAtMs, ...now.evidence }]
        : []
      const closed = rows
        .history(boxId, agentId, key, instance)
        .map((row) => ({ ...row, verdict: row.verdict as Fact['verdict'] }))
      return [...open, ...closed]
    },
    changesOf: (boxId, limit) => rows.changesOf(boxId, limit),
    attempts: () => new Map(rows.attempts().map((attempt) => [attempt.boxId, attempt])),
    failedAttempts: (boxId, limit) => sweepRows.failedOf(boxId, limit),
    staleBeforeMs: staleBefore,
    rejudge() {
      store.write(() => landing.versionsChanged(true))
      changes.publish('facts', 'findings', 'review')
    },
  }
}
