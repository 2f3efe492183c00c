import pLimit from 'p-limit'
import type {
  Agent,
  AgentBackup,
  AgentId,
  BackupRun,
  BackupRunId,
  BoxId,
  Fact,
  MadeBackup,
} from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { type WatchedRun, watchRun } from '../base/watched-run.ts'
import { counted } from '../base/words.ts'
import type { InventoryReads } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { Ssh } from '../ssh/ssh.ts'
import type { Store } from '../store/store.ts'
import { type BackupTimes, backUp, usualBackupTimes } from './back-up.ts'
import { dueForBackup } from './due.ts'
import { backupRows } from './rows.ts'

export type { BackupTimes } from './back-up.ts'

export interface BackupParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<InventoryReads, 'box' | 'boxes' | 'client' | 'agents'>
  readonly onbox: Pick<Onbox, 'backup'>
  readonly ssh: Pick<Ssh, 'trust'>
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
  /** Asks a box everything once, so that its newest backup is known. @throws FaultError why it did not answer. */
  readonly sweepOne: (boxId: BoxId, signal: AbortSignal) => Promise<void>
  /** How the last sweep read an agent's newest backup. */
  readonly lastOf: (agentId: AgentId) => Pick<Fact, 'verdict' | 'value'> | undefined
  readonly times?: Partial<BackupTimes>
}

/** Backups of agents by their own runtime, on their machines; what stands of each run is in the store. */
export interface Backups {
  /** @throws FaultError `not-found`; `in-use` while one of these machines is being backed up; `invalid-input` when none can be. */
  start(input: { boxIds: readonly BoxId[]; reason: BackupRun['reason'] }): BackupRun
  /** Those of all agents whose newest backup is older than a day or not known; null: none is due, or a run is under way. */
  startDue(): BackupRun | null
  /**
   * Backs one agent up and waits for it, before something that may need it.
   * @throws FaultError `not-found`, `in-use`; how it ended otherwise is the answer: only `made` is a backup.
   */
  make(input: { boxId: BoxId; agentId: AgentId; signal: AbortSignal }): Promise<AgentBackup>
  /** @throws FaultError `not-found`. */
  get(runId: BackupRunId): BackupRun
  watch(runId: BackupRunId, signal?: AbortSignal): AsyncGenerator<BackupRun>
  /** @throws FaultError `not-found` when it does not run. */
  cancel(runId: BackupRunId): void
  recent(limit: number): BackupRun[]
  /** Ends what runs and waits for the last row. */
  close(): Promise<void>
}

interface Live {
  run: BackupRun
  readonly watched: WatchedRun<BackupRun>
  readonly abort: AbortController
  finished: Promise<void>
}

/** Machines backed up at once: each packs and reads its own disk, this computer only waits. */
const atOnce = 8
const keptLives = 20
/** For the sweep that reads the new backup. */
const lookAfterMs = 60_000

export function createBackups(parts: BackupParts): Backups {
  const { store, ledger, inventory, onbox, ssh, clock, changes, log } = parts
  const times = { ...usualBackupTimes, ...parts.times }
  const rows = backupRows(store.db)
  const lives = new Map<BackupRunId, Live>()
  const lane = pLimit(atOnce)
  if (store.writable) store.write(() => rows.running().forEach(interrupt))

  /** What ran when the console ended ended with its connection; the machine knows what there is. */
  function interrupt(runId: BackupRunId): void {
    const run = rows.one(runId)
    for (const agent of run?.agents ?? [])
      if (agent.state === 'waiting')
        rows.putAgent(runId, { ...agent, state: 'not-attempted', words: 'The console ended before.' })
      else if (agent.state === 'running')
        rows.putAgent(runId, {
          ...agent,
          state: 'unknown',
          words: 'The console ended meanwhile. The next sweep reads whether there is a backup.',
        })
    rows.setRun(runId, 'interrupted', clock.nowMs())
    ledger.append({
      actor: 'console',
      kind: 'backup.interrupted',
      words: 'Backups of agents ended with the console that had them made.',
    })
  }

  const lookUp = (runId: BackupRunId): BackupRun => {
    const run = lives.get(runId)?.run ?? rows.one(runId)
    if (!run) throw new FaultError({ code: 'not-found', what: 'run of backups' })
    return run
  }

  const busy = (): Set<BoxId> =>
    new Set(
      [...lives.values()].flatMap(({ run }) => (run.endedAtMs === null ? run.agents.map(({ boxId }) => boxId) : [])),
    )

  /** Why this machine is left alone, as a sentence; null when it is not. A hold is no reason: a backup changes nothing of an agent. */
  function whyNot(boxId: BoxId, agents: readonly Agent[]): string | null {
    if (inventory.box(boxId).jumpOnly) return 'It is a jump host only.'
    if (ssh.trust(boxId).pin === null) return 'Its host key was never accepted.'
    return agents.length === 0 ? 'No agent was found on it.' : null
  }

  function choose(boxIds: readonly BoxId[]) {
    const chosen: AgentBackup[] = []
    const leftOut: BackupRun['leftOut'] = []
    for (const boxId of new Set(boxIds)) {
      const { name, clientId } = inventory.box(boxId)
      const agents = inventory.agents(boxId)
      const why = whyNot(boxId, agents)
      if (why !== null) leftOut.push({ boxId, boxName: name, why })
      else
        for (const { agentId, profile } of agents)
          chosen.push({
            ...notBegun,
            boxId,
            agentId,
            profile,
            boxName: name,
            clientName: clientId === null ? null : inventory.client(clientId).name,
          })
    }
    return { chosen, leftOut }
  }

  /** The row first, then what is shown. What a machine is at is shown alone. */
  function set(live: Live, agentId: AgentId, change: Partial<AgentBackup>, more: () => void = () => {}): void {
    const old = live.run.agents.find((agent) => agent.agentId === agentId)
    if (!old) return
    const next = { ...old, ...change }
    if (next.state !== old.state)
      store.write(() => {
        rows.putAgent(live.run.runId, next)
        more()
      })
    live.run = { ...live.run, agents: live.run.agents.map((agent) => (agent.agentId === agentId ? next : agent)) }
    live.watched.changed()
  }

  async function onAgent(live: Live, { boxId, agentId }: AgentBackup): Promise<void> {
    const { signal } = live.abort
    const agent = inventory.agents(boxId).find((each) => each.agentId === agentId)
    if (signal.aborted || agent === undefined)
      return set(live, agentId, {
        state: 'not-attempted',
        words: signal.aborted ? 'It was stopped before.' : 'There is no such agent any more.',
      })
    const startedMs = clock.monotonicMs()
    set(live, agentId, { state: 'running' }, () =>
      ledger.append({ actor: actorOf(live.run), kind: 'backup.began', boxId, words: 'A backup of {box} was begun.' }),
    )
    const end = await backUp({
      onbox,
      clock,
      boxId,
      stateDir: agent.stateDir,
      times,
      signal,
      progress: (progress) => set(live, agentId, progress),
    })
    // A machine that was not reached says so itself in the next sweep.
    if (end.state === 'made') await lookAt(boxId, signal)
    set(live, agentId, { ...end, step: null, tookMs: Math.round(clock.monotonicMs() - startedMs) }, () =>
      ledger.append({ actor: 'console', kind: `backup.${end.state}`, boxId, words: endWords(end.state, end) }),
    )
  }

  /** The backup stands whether or not it is seen now. */
  async function lookAt(boxId: BoxId, signal: AbortSignal): Promise<void> {
    try {
      await parts.sweepOne(boxId, AbortSignal.any([signal, AbortSignal.timeout(lookAfterMs)]))
    } catch (error) {
      log.info('backup.not-looked-after', { boxId, code: error instanceof FaultError ? error.fault.code : 'internal' })
    }
  }

  /** Agents of one machine one after the other: they share its disk. */
  async function onBox(live: Live, agents: readonly AgentBackup[]): Promise<void> {
    for (const agent of agents)
      await onAgent(live, agent).catch((error: unknown) => {
        // Such as a full disk here: its row is written with the end of the run, and the others go on.
        const fault =
          error instanceof FaultError
            ? error.fault
            : { code: 'internal' as const, reference: log.error('backup.failed', error, { boxId: agent.boxId }) }
        live.run = {
          ...live.run,
          agents: live.run.agents.map((each) =>
            each.agentId === agent.agentId ? { ...each, state: 'unknown', step: null, words: endNotKept, fault } : each,
          ),
        }
        live.watched.changed()
      })
  }

  function begin(
    { chosen, leftOut }: ReturnType<typeof choose>,
    reason: BackupRun['reason'],
    outside?: AbortSignal,
  ): Live {
    if (chosen.length === 0) {
      const why = leftOut[0]?.why ?? 'No machine was named.'
      throw new FaultError({ code: 'invalid-input', field: 'machines', detail: `There is nothing to back up. ${why}` })
    }
    const taken = busy()
    const held = chosen.find(({ boxId }) => taken.has(boxId))
    if (held) throw new FaultError({ code: 'in-use', what: held.boxName, by: 'a backup that is being made' })
    const run: BackupRun = {
      runId: newId<BackupRunId>(),
      reason,
      begunAtMs: clock.nowMs(),
      endedAtMs: null,
      state: 'running',
      agents: chosen,
      leftOut,
    }
    const boxes = [...Map.groupBy(chosen, ({ boxId }) => boxId).values()]
    store.write(() => {
      rows.insert(run)
      ledger.append({
        actor: actorOf(run),
        kind: 'backup.started',
        words: `Backups were begun on ${counted(boxes.length, 'machine')}.`,
      })
    })
    const live: Live = {
      run,
      watched: watchRun(
        clock,
        () => live.run,
        () => live.run.endedAtMs !== null,
      ),
      abort: new AbortController(),
      finished: Promise.resolve(),
    }
    const stop = () => live.abort.abort()
    outside?.addEventListener('abort', stop, { once: true })
    if (outside?.aborted) stop()
    lives.set(run.runId, live)
    for (const [oldest, { run: old }] of [...lives].slice(0, -keptLives))
      if (old.endedAtMs !== null) lives.delete(oldest)
    changes.publish('backups', 'ledger')
    live.finished = Promise.all(boxes.map((agents) => lane(() => onBox(live, agents)))).then(() => {
      outside?.removeEventListener('abort', stop)
      finish(live)
    })
    return live
  }

  function finish(live: Live): void {
    const state = live.abort.signal.aborted ? 'cancelled' : 'done'
    const endedAtMs = clock.nowMs()
    try {
      store.write(() => {
        for (const agent of live.run.agents) if (agent.words === endNotKept) rows.putAgent(live.run.runId, agent)
        rows.setRun(live.run.runId, state, endedAtMs)
      })
    } catch (error) {
      log.error('backup.end-not-kept', error)
    }
    live.run = { ...live.run, state, endedAtMs }
    live.watched.changed()
    changes.publish('backups', 'ledger')
  }

  return {
    start: ({ boxIds, reason }) => begin(choose(boxIds), reason).run,
    startDue() {
      const taken = busy()
      const { chosen } = choose(inventory.boxes().map(({ boxId }) => boxId))
      const due = dueForBackup(
        chosen.filter(({ boxId }) => !taken.has(boxId)),
        ({ agentId }) => parts.lastOf(agentId),
        clock.nowMs(),
      )
      return due.length === 0 ? null : begin({ chosen: due, leftOut: [] }, 'schedule').run
    },
    async make({ boxId, agentId, signal }) {
      const { chosen, leftOut } = choose([boxId])
      const mine = chosen.filter((agent) => agent.agentId === agentId)
      if (mine.length === 0 && leftOut.length === 0) throw new FaultError({ code: 'not-found', what: 'agent' })
      const live = begin({ chosen: mine, leftOut }, 'change', signal)
      await live.finished
      return live.run.agents[0] as AgentBackup
    },
    get: lookUp,
    async *watch(runId, signal) {
      const live = lives.get(runId)
      if (live) yield* live.watched.watch(signal)
      else yield lookUp(runId)
    },
    cancel(runId) {
      const live = lives.get(runId)
      if (!live || live.run.endedAtMs !== null) throw new FaultError({ code: 'not-found', what: 'running backup' })
      live.abort.abort()
    },
    recent: (limit) => rows.recent(limit).map((run) => lives.get(run.runId)?.run ?? run),
    async close() {
      const running = [...lives.values()].filter(({ run }) => run.endedAtMs === null)
      for (const { abort } of running) abort.abort()
      await Promise.allSettled(running.map(({ finished }) => finished))
    },
  }
}

const endNotKept = 'Its end could not be kept here. The next sweep reads whether there is a backup.'

const notBegun = {
  state: 'waiting',
  step: null,
  bytes: 0,
  ofBytes: 0,
  made: null,
  words: '',
  nextStep: '',
  fault: null,
  tookMs: null,
} as const

const actorOf = ({ reason }: BackupRun) =>
  reason === 'operator' ? 'operator' : reason === 'cli' ? 'cli' : ('console' as const)

function endWords(state: AgentBackup['state'], { made, words }: { made: MadeBackup | null; words: string }): string {
  if (made === null) return `{box}: a backup ended: ${state}. ${words}`
  const kilobytes = Math.ceil(made.sizeBytes / 1000).toLocaleString('en-US')
  return `{box}: a backup stands there and was found whole: ${kilobytes} kB, SHA-256 ${made.sha256.slice(0, 12)}….`
}
