import type {
  AgentId,
  BoxId,
  Fact,
  FactKey,
  FolderSuggestion,
  ReferenceState,
  Settings,
  SweepSummary,
} from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import { readWords } from '../base/words.ts'
import type { Assessment, Findings } from '../findings/findings.ts'
import type { OperatorGit } from '../git/git.ts'
import type { InventoryReads, StoredBox } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Observed } from '../runtimes/observed.ts'
import type { Store } from '../store/store.ts'
import { createBranchRows } from './branch-rows.ts'
import { createBranches } from './branches.ts'
import { keptFolders, keptInstalls } from './checkouts.ts'
import { presentFact, staleBeforeMs } from './freshness.ts'
import { createLanding, type Landed } from './landing.ts'
import { createLookFurther } from './look-further.ts'
import { createRegistry, type Registry } from './registry.ts'
import { type AttemptRow, type ChangeRow, createFactRows, type Turn } from './rows.ts'
import { createSweeps, type Sweeps } from './sweep.ts'
import { createSweepRows } from './sweep-rows.ts'
import { createVersionRows } from './version-rows.ts'
import { createVersions } from './versions.ts'
import { createWatch, type Watch } from './watch.ts'
import { createWatchRows } from './watch-rows.ts'

export {
  type BehaviourHistory,
  behaviourHistories,
  behaviourKeys,
  stretches,
  unchangedSince,
} from './behaviour.ts'
export { answered, plain as plainPerson, samePerson } from './judge-access.ts'
export { failingNow } from './judge-channels.ts'
export { isRefusal, modelTroubleNow } from './judge-model.ts'
export type { Landed } from './landing.ts'
export type { Registry } from './registry.ts'
export type { AttemptRow, ChangeRow, Turn } from './rows.ts'
export type { Sweeps } from './sweep.ts'
export type { Watch } from './watch.ts'

/** What is known about the boxes, how old it is, and the sweeps that ask. */
export interface Facts {
  readonly sweeps: Sweeps
  readonly watch: Watch
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
  /** Turns of these facts of a machine, not of its agents, that were found at or after `fromMs` and may have happened by `toMs`. */
  turnsOf(boxId: BoxId, keys: readonly FactKey[], fromMs: number, toMs: number): Turn[]
  /** The newest turn of each of these facts of all machines, found at or after `fromMs`. */
  turnsSince(keys: readonly FactKey[], fromMs: number): Turn[]
  /** The newest attempt at each box, and when it last answered. */
  attempts(): Map<BoxId, AttemptRow>
  failedAttempts(boxId: BoxId, limit: number): { atMs: number; outcome: string; fault: string | null }[]
  /** Facts taken before this are older than two sweeps. */
  staleBeforeMs(): number
  /** Thresholds or rings were changed: judge the version gaps again, without asking any box. */
  rejudge(): void
  /** The Node that a version of the runtime asks for, as an install or the registry said; null: nobody said. */
  needsNode(version: string): string | null
  /** The checkouts of the settings as git on this computer reads them now. */
  references(signal?: AbortSignal): Promise<ReferenceState[]>
  checkReference(path: string, signal?: AbortSignal): Promise<ReferenceState>
  /** Checkouts of workspaces and skills that the newest answers of a box showed and nobody tracks. */
  suggestions(boxId: BoxId): FolderSuggestion[]
}

/** As many as one question to a box may carry. */
const mostFolders = 32

export interface FactsParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: InventoryReads
  readonly findings: Findings
  readonly onbox: Pick<Onbox, 'probe' | 'count'>
  readonly git: OperatorGit
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
  readonly settings: () => Settings
  /** The operator's own handles: never activity (A23). */
  readonly testHandles: () => string[]
  readonly judgeMore: (landed: Landed) => Assessment[]
  /** Who may be answered at a box; null or absent: nobody wrote it down. */
  readonly allowed?: (boxId: BoxId) => { handles: string[]; open: string[] } | null
  /** A box answered and its answer is kept. Nobody waits for what begins here. */
  readonly answered?: (boxId: BoxId, observed: Observed) => void
  /** Absent: the npm registry. */
  readonly registry?: Registry
}

/** Agents one machine can have had, state folders counted; more are made up. */
const mostAgents = 64

/** @throws FaultError `answer-not-understood`: the answer would make the list of agents grow without end. */
function refuseEndlessAgents(boxName: string, known: readonly string[], { agents }: Observed): void {
  const folders = new Set([...known, ...agents.map(({ stateDir }) => untrusted(stateDir, 4000))])
  if (folders.size <= Math.max(mostAgents, known.length)) return
  const detail = `it names ${folders.size} agents by now, and a machine has at most ${mostAgents}`
  throw new FaultError({ code: 'answer-not-understood', boxName, detail })
}

export function createFacts(parts: FactsParts): Facts {
  const { store, ledger, inventory, findings, onbox, git, clock, changes, log, settings } = parts
  const rows = createFactRows(store.db)
  const sweepRows = createSweepRows(store.db)
  const branchRows = createBranchRows(store.db)
  const versions = createVersions({
    rows: createVersionRows(store.db),
    needs: branchRows,
    clock,
    registry: parts.registry ?? createRegistry(log, clock),
    mayAsk: () => settings().askRegistry && !process.env.WHEELHOUSE_NO_REGISTRY,
    write: (work) => store.write(work),
  })
  const branches = createBranches({
    rows: branchRows,
    nowMs: () => clock.nowMs(),
    boxName(boxId) {
      try {
        return inventory.box(boxId).name
      } catch {
        return null
      }
    },
  })
  const landing = createLanding({
    rows,
    versions,
    branches,
    branchRows,
    inventory,
    findings,
    clock,
    thresholds: settings,
    longestUnwatchedMs: (sinceMs) => Math.max(0, ...watch.spans(sinceMs).map(({ fromMs, toMs }) => toMs - fromMs)),
    judgeMore: parts.judgeMore,
  })

  const ask = async (
    box: StoredBox,
    { kind, ...options }: { kind: SweepSummary['kind']; deadlineMs: number; signal: AbortSignal },
  ) => {
    const known = inventory.agents(box.boxId).map((agent) => agent.stateDir)
    const allowed = parts.allowed?.(box.boxId) ?? null
    const observed = await onbox.probe(
      box.boxId,
      {
        fingerprintKey: inventory.fingerprintKey(box.boxId),
        testHandles: parts.testHandles(),
        validate: kind === 'full',
        ownCommandMs: Math.round((options.deadlineMs * 2) / 3),
        stateDirs: known,
        entries: [],
        folders: kind === 'full' ? foldersOf(box.boxId) : [],
        ...(allowed ? { allowed } : {}),
      },
      options,
    )
    refuseEndlessAgents(box.name, known, observed)
    return observed
  }

  const foldersOf = (boxId: BoxId) =>
    inventory
      .folders({ boxId })
      .slice(0, mostFolders)
      .map(({ folderId, path }) => ({ id: folderId, path }))

  const watch = createWatch({ store, rows: createWatchRows(store.db), ledger, clock })
  const lookFurther = createLookFurther({
    rows,
    branchRows,
    branches,
    git,
    onbox,
    inventory,
    clock,
    log,
    settings: () => ({ ...settings(), askRemotes: settings().askRemotes && !process.env.WHEELHOUSE_NO_REMOTES }),
    lab: landing.lab,
    write: (work) => store.write(work),
  })
  const sweeps = createSweeps({
    store,
    watching: watch,
    rows: sweepRows,
    landing,
    inventory,
    ledger,
    clock,
    changes,
    log,
    settings,
    ask,
    answered: (box, observed) => parts.answered?.(box.boxId, observed),
    beside: (signal) => versions.askIfDue(signal),
    after: lookFurther,
  })
  const readReference = async (path: string, signal?: AbortSignal): Promise<ReferenceState> => {
    const { tips: _, ...state } = await git.readReference(path, signal)
    return state
  }
  const staleBefore = () => staleBeforeMs(clock.nowMs(), settings().sweepAt)

  return {
    sweeps,
    watch,
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
      return [...open, ...closed].map((span) => ({ ...span, text: readWords(span.text, clock.nowMs()) }))
    },
    changesOf: (boxId, limit) => rows.changesOf(boxId, limit),
    turnsOf: rows.turnsOf,
    turnsSince: rows.turnsSince,
    attempts: () => new Map(rows.attempts().map((attempt) => [attempt.boxId, attempt])),
    failedAttempts: (boxId, limit) => sweepRows.failedOf(boxId, limit),
    staleBeforeMs: staleBefore,
    rejudge() {
      store.write(() => landing.versionsChanged(true))
      changes.publish('facts', 'findings', 'review')
    },
    needsNode: (version) => branchRows.needs().get(version) ?? null,
    references: (signal) => Promise.all(settings().referenceCheckouts.map((path) => readReference(path, signal))),
    checkReference: readReference,
    suggestions(boxId) {
      const tracked = new Set([
        ...inventory.folders({ boxId }).map(({ path }) => path),
        ...keptFolders(branchRows).flatMap((kept) => (kept.boxId === boxId ? [kept.root] : [])),
      ])
      return keptInstalls(rows)
        .filter((kept) => kept.boxId === boxId)
        .flatMap(({ agentId, ownCode }) =>
          ownCode.map((found) => ({ agentId, ...found, name: nameOfFolder(found.path) })),
        )
        .filter(({ path }) => !tracked.has(path))
    },
  }
}

/** The last part of a path of either kind of system. */
const nameOfFolder = (path: string): string => path.split(/[\\/]/).findLast((part) => part !== '') ?? 'code'
