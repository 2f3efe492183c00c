import type {
  AgentId,
  ApplyId,
  ApplyJob,
  BoxId,
  CarriedCommand,
  CarriedFile,
  CarriedFolder,
  ChannelStop,
  FixScope,
  RuleFix,
  RuntimeStep,
  SettingChange,
  WayBack,
} from '../../shared/contract/index.ts'
import type { Sections } from '../../shared/sections.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import type { Confirm } from '../base/confirm.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Onbox } from '../onbox/onbox.ts'
import type { OwnChange } from '../outside/outside.ts'
import { planHash } from '../overlay/overlay.ts'
import type { ObservedChange } from '../runtimes/change-answer.ts'
import type { Credentials, Ssh } from '../ssh/ssh.ts'
import type { Store } from '../store/store.ts'
import type { Times } from './carry-out.ts'
import { createDrill } from './drill.ts'
import { createFixes, type LastRead } from './fix.ts'
import { createJobs } from './jobs.ts'
import { type LockContext, lockContextOf } from './locks.ts'
import { changeQuestion, startQuestion } from './questions.ts'
import { stopRows, wayBackRows } from './rows.ts'
import { createStarts, type StartPreview } from './start-channel.ts'
import { createStops } from './stop.ts'

export { armedForS, type Times, usualTimes } from './carry-out.ts'
export { createFileDifferences } from './file-difference.ts'
export { foldersBack, refName } from './folder-words.ts'

export interface ApplyParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<Inventory, 'box' | 'client' | 'agents' | 'channels' | 'holdOf' | 'fingerprintKey'>
  readonly onbox: Pick<Onbox, 'change'>
  /** For the drill, which cuts the connection. */
  readonly ssh: Pick<Ssh, 'drop'>
  readonly clock: Clock
  readonly changes: Changes
  readonly log: Log
  /** Asks a person at this computer before a change is begun. Stopping a channel never asks. */
  readonly confirm: Confirm
  /** What the layers of an agent declare, for the rules; null: nothing. Absent: there are no layers. */
  readonly sectionsOf?: (agentId: AgentId) => Sections | null
  /** An agent as it was read last, or a sentence why nothing can be proposed for it. */
  readonly lastRead: (agentId: AgentId) => LastRead | string
  /** Content of a file that a layer declares; null: it is not here. Absent: no files are carried. */
  readonly fileContent?: (sha256: string) => Buffer | null
  /** Looks at a box soon, because something was done there. */
  readonly lookAt: (boxId: BoxId) => void
  readonly times: Times
}

/** What was previewed, as the page sends it back. */
export interface ApplyRequest {
  readonly boxId: BoxId
  readonly agentId: AgentId
  readonly changes: readonly SettingChange[]
  /** Absent: none. */
  readonly files?: readonly CarriedFile[]
  readonly baseSha256: string
  readonly hash: string
}

/** The same as part of a whole that was agreed to. */
export type AgreedRequest = Omit<ApplyRequest, 'hash'> & {
  readonly applyId: ApplyId
  /** Absent: the runtime stays as it is. */
  readonly update?: RuntimeStep | null
  /** Absent: none. */
  readonly commands?: readonly CarriedCommand[]
  /** Absent: none. */
  readonly folders?: readonly CarriedFolder[]
  /** Gives up what is still being downloaded; what comes after it is never let go half-way. */
  readonly until?: AbortSignal
}

/** One change of one agent, with its way back; and the stop of a channel. */
export interface Apply {
  /** @throws FaultError `plan-stale`, `no-way-back`, `on-hold`, `in-use`, `cancelled`, `not-found`. */
  start(request: ApplyRequest): Promise<ApplyJob>
  /**
   * A change that a person agreed to as part of a whole: nobody is asked again, and who asks has kept `applyId` before.
   * @throws FaultError as `start`.
   */
  startAgreed(request: AgreedRequest): Promise<ApplyJob>
  /** @throws FaultError `not-found`, `rule-broken`. */
  previewFix(scope: FixScope): RuleFix
  /** Nobody is asked: it is worked out here and only narrows. @throws FaultError as `start`. */
  fix(request: FixScope & { hash: string }): Promise<ApplyJob>
  get(applyId: ApplyId): ApplyJob
  watch(applyId: ApplyId, signal?: AbortSignal): AsyncGenerator<ApplyJob>
  recent(boxId: BoxId | null, limit: number): ApplyJob[]
  /** Changes of a machine whose end is not known yet; it is to be asked before another is begun. */
  open(boxId: BoxId): ApplyJob[]
  /** Asks a machine how its unfinished changes stand. @throws FaultError any connection fault, `in-use`. */
  ask(boxId: BoxId): Promise<ApplyJob[]>
  /** A sweep saw these on a machine: what is open here, overdue or left over there, is asked. Nobody waits for it. */
  observed(boxId: BoxId, changes: readonly ObservedChange[]): void
  /** Settles when no change runs on a machine any more, what comes after its end included. */
  idle(boxId: BoxId): Promise<void>
  wayBack(boxId: BoxId): WayBack
  /** What the rules have to know of an agent beside what its machine says. */
  lockContext(boxId: BoxId, agentId: AgentId): LockContext
  /** @throws FaultError `cancelled`, `in-use`. */
  drill(boxId: BoxId, options?: { signal?: AbortSignal; credentials?: Credentials }): Promise<WayBack>
  /** At once, on one machine or with null everywhere. @throws FaultError `not-found`. */
  stopChannel(boxId: BoxId | null, channel: string, account: string | null): Promise<ChannelStop[]>
  stopped(): ChannelStop[]
  startPreview(boxId: BoxId, agentId: AgentId, channel: string): Promise<StartPreview>
  /** @throws FaultError as `start`, `rule-broken`. */
  startChannel(request: { boxId: BoxId; agentId: AgentId; channel: string; hash: string }): Promise<ApplyJob>
  /** What was changed on a machine since then, so that nobody takes it for somebody else's. */
  madeSince(boxId: BoxId, sinceMs: number): OwnChange[]
  close(): Promise<void>
}

/** One that may still go back has left the one config or the other. Pure. */
function madeBy({ agentId, outcome, changes, files, update, commands, hashBefore, hashAfter }: ApplyJob): OwnChange[] {
  if (outcome === 'failed' || outcome === 'unchanged' || hashAfter === '') return []
  const paths = changes.map(({ path }) => path)
  const ranCommands = commands.length > 0
  const after = { agentId, sha256: hashAfter, paths, ranCommands, files, version: update?.to ?? null }
  const before = { agentId, sha256: hashBefore, paths, files: [], version: update?.from ?? null }
  return outcome === 'changed' ? [after] : outcome === 'reverted' ? [before] : [after, before]
}

export function createApply(parts: ApplyParts): Apply {
  const { store, inventory, log } = parts
  const wayBack = wayBackRows(store.db)
  const stops = stopRows(store.db)
  const jobs = createJobs(parts, wayBack)
  const drill = createDrill(parts, wayBack)
  const stopping = createStops(parts, stops)
  const starts = createStarts(parts, stops, jobs)
  const fixOf = createFixes(parts, jobs)
  const asking = new Set<Promise<unknown>>()
  /** What was overdue on a machine when it was last asked. */
  const stuck = new Map<BoxId, string>()

  const stale = (boxId: BoxId, why: string) =>
    new FaultError({ code: 'plan-stale', boxName: inventory.box(boxId).name, why })

  return {
    async start({ boxId, agentId, changes, files = [], baseSha256, hash }) {
      if (planHash({ boxId, agentId, baseSha256, operations: changes, files }) !== hash)
        throw stale(boxId, 'it is not the one that was previewed')
      if (changes.length + files.length === 0)
        throw new FaultError({ code: 'invalid-input', field: 'Plan', detail: 'There is nothing to change.' })
      const box = inventory.box(boxId)
      const question = changeQuestion(
        {
          boxName: box.name,
          clientName: box.clientId === null ? null : inventory.client(box.clientId).name,
          profile: jobs.agentOf(boxId, agentId).profile,
        },
        changes,
        files,
      )
      return jobs.start({ boxId, agentId, kind: 'change', changes, files, baseSha256, question })
    },
    startAgreed: ({ files = [], ...agreed }) => jobs.start({ ...agreed, kind: 'change', files, question: null }),
    previewFix(scope) {
      const { operations: _sent, ...fix } = fixOf(scope)
      return fix
    },
    async fix({ hash, ...scope }) {
      const fix = fixOf(scope)
      if (fix.hash !== hash) throw stale(fix.boxId, 'it is not the fix that was previewed')
      const { boxId, agentId, operations, baseSha256 } = fix
      return jobs.start({ boxId, agentId, kind: 'change', changes: operations, files: [], baseSha256, question: null })
    },
    get: jobs.get,
    watch: jobs.watch,
    recent: jobs.rows.recent,
    open: jobs.rows.open,
    ask: jobs.ask,
    idle: jobs.idle,
    observed(boxId, changes) {
      const overdue = changes.flatMap((change) => (change.overdue ? change.id : [])).join()
      // What was staged goes after a while, whoever staged it.
      const isLeft = changes.some((change) => change.state === 'staged' || jobs.isLeftover(change))
      const isWanted = jobs.rows.open(boxId).length > 0 || overdue !== '' || isLeft
      if (!isWanted || jobs.isBusy(boxId)) return
      const asked = jobs
        .ask(boxId)
        .then((told) => {
          const isNews = overdue !== '' && overdue !== stuck.get(boxId)
          stuck.set(boxId, overdue)
          // What still waits for its time, or could not be taken back, is as it was: to look again at once would go round
          // in circles.
          if (isNews || told.some(({ outcome }) => outcome !== 'inconclusive')) parts.lookAt(boxId)
        })
        .catch((error: unknown) =>
          log.info('apply.not-asked', { boxId, code: error instanceof FaultError ? error.fault.code : 'internal' }),
        )
      asking.add(asked)
      void asked.then(() => asking.delete(asked))
    },
    wayBack: (boxId) => wayBack.one(inventory.box(boxId).boxId),
    lockContext: (boxId, agentId) => lockContextOf(parts, boxId, agentId),
    drill: (boxId, options) => jobs.alone(boxId, () => drill(boxId, options)),
    stopChannel: stopping.stop,
    stopped: () => stops.newest(),
    madeSince: (boxId, sinceMs) => [
      ...jobs.rows
        .recent(boxId, 100)
        .filter(({ endedAtMs }) => endedAtMs === null || endedAtMs >= sinceMs)
        .flatMap(madeBy),
      ...stops.since(boxId, sinceMs).map(({ agentId, changes }) => ({
        agentId,
        sha256: null,
        paths: changes.map(({ path }) => path),
        files: [],
        version: null,
      })),
    ],
    async startPreview(boxId, agentId, channel) {
      const { problems: _told, ...preview } = await starts.preview(boxId, agentId, channel)
      return preview
    },
    async startChannel({ boxId, agentId, channel, hash }) {
      const preview = starts.kept(agentId, channel)
      if (preview?.hash !== hash) throw stale(boxId, 'whom the channel would answer was not looked at just before')
      const { changes, baseSha256, answers, problems } = preview
      if (problems.length > 0) throw new FaultError({ code: 'rule-broken', problems: [...problems] })
      return jobs.start({
        boxId,
        agentId,
        kind: 'channel-on',
        changes,
        files: [],
        baseSha256,
        question: startQuestion(inventory.box(boxId).name, channel, answers),
        ended: ({ outcome }) => {
          if (outcome === 'changed' || outcome === 'unchanged') store.write(() => stops.undone(agentId, channel))
        },
      })
    },
    async close() {
      await stopping.close()
      await jobs.close()
      await Promise.allSettled(asking)
    },
  }
}
