import type {
  AgentId,
  ApplyId,
  ApplyJob,
  ApplyOutcome,
  BoxId,
  CarriedCommand,
  CarriedFile,
  CarriedFolder,
  Fault,
  RuntimeStep,
  SettingChange,
} from '../../shared/contract/index.ts'
import type { Question } from '../base/confirm.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import { counted, dateWords } from '../base/words.ts'
import type { ObservedChange } from '../runtimes/change-answer.ts'
import type { ApplyParts } from './apply.ts'
import { armedForS, carryOut, recoverMs } from './carry-out.ts'
import { movedFolders } from './folder-words.ts'
import { locksAgainst } from './locks.ts'
import { jobRows, type wayBackRows } from './rows.ts'
import { changesNothing, doing, type End, failed, pending, truthOf } from './truth.ts'

export interface NewJob {
  /** Absent: a new one. */
  readonly applyId?: ApplyId
  readonly boxId: BoxId
  readonly agentId: AgentId
  readonly kind: ApplyJob['kind']
  readonly changes: readonly SettingChange[]
  readonly files: readonly CarriedFile[]
  /** Absent: the runtime stays as it is. */
  readonly update?: RuntimeStep | null | undefined
  /** Absent: none. */
  readonly commands?: readonly CarriedCommand[] | undefined
  /** Absent: none. */
  readonly folders?: readonly CarriedFolder[] | undefined
  readonly baseSha256: string
  /** Gives a download up. */
  readonly until?: AbortSignal | undefined
  /** Null: nobody is asked, because it only narrows. */
  readonly question: Question | null
  /** Called with the row of its end. */
  readonly ended?: (job: ApplyJob) => void
}

interface Live {
  job: ApplyJob
  readonly waiting: Set<() => void>
  finished: Promise<void>
}

/** How a machine stands by a change that ended so: it then needs to know nothing of it any more. */
const standsAs: Partial<Record<ObservedChange['state'], readonly (ApplyOutcome | null)[]>> = {
  staged: ['failed', 'unchanged'],
  committed: ['changed'],
  reverted: ['failed', 'reverted'],
}

/** After the time at which a machine should have gone back: it then had its time to do so. */
const askAgainAfterMs = 10_000
const cap = 20

/** Changes that run here, and the rows of all. */
export function createJobs(parts: ApplyParts, wayBack: ReturnType<typeof wayBackRows>) {
  const { store, ledger, inventory, onbox, clock, changes, log } = parts
  const rows = jobRows(store.db)
  const lives = new Map<ApplyId, Live>()
  const busy = new Set<BoxId>()
  const timers = new Set<() => void>()
  let closed = false

  if (store.writable) store.write(() => rows.running().forEach(interrupt))

  /** What ran when the console ended is not gone on with: the machine knows how it stands. */
  function interrupt(job: ApplyJob): void {
    const lost = `The console ended while ${doing[job.step]}.`
    const end = changesNothing(job.step)
      ? failed(`${lost} Nothing was changed.`, 'Make the change again.')
      : pending(lost, null)
    put({ ...job, state: 'interrupted' }, end, null)
  }

  /** Writes the end of a job, in the transaction it is called in or its own. */
  function put(job: ApplyJob, end: End, fault: Fault | null): ApplyJob {
    const { outcome, words, nextStep, open } = end
    const state = job.state === 'interrupted' ? 'interrupted' : 'ended'
    const next = { ...job, state, outcome, words, nextStep, fault, endedAtMs: clock.nowMs() } satisfies ApplyJob
    store.write(() => {
      rows.put({ job: next, open })
      ledger.append({
        actor: 'console',
        kind: `apply.${outcome}`,
        boxId: job.boxId,
        words: `{box}: a change ended: ${outcome}. ${words}`,
      })
    })
    return next
  }

  const asFault = (error: unknown): Fault =>
    error instanceof FaultError ? error.fault : { code: 'internal', reference: log.error('apply.failed', error) }

  function agentOf(boxId: BoxId | null, agentId: AgentId) {
    const agent = inventory.agents(boxId ?? undefined).find((each) => each.agentId === agentId)
    if (!agent) throw new FaultError({ code: 'not-found', what: 'agent' })
    return agent
  }

  /** @throws FaultError why nothing is changed there now. */
  function refuseToBegin(boxId: BoxId): void {
    const box = inventory.box(boxId)
    const hold = box.clientId === null ? null : inventory.holdOf(box.clientId, clock.nowMs())
    if (hold && box.clientId !== null)
      throw new FaultError({
        code: 'on-hold',
        clientName: inventory.client(box.clientId).name,
        until: dateWords(hold.untilMs),
        reason: hold.reason,
      })
    const { proven, words } = wayBack.one(boxId)
    if (!proven) throw new FaultError({ code: 'no-way-back', boxName: box.name, why: words })
    if (busy.has(boxId)) throw new FaultError({ code: 'in-use', what: 'machine', by: 'another change' })
    const unknown = rows.open(boxId)[0]
    if (unknown)
      throw new FaultError({ code: 'in-use', what: 'machine', by: 'a change whose end is not known yet; ask it first' })
  }

  /** @throws FaultError `not-found` for one whose content is not here. */
  const contentsOf = (files: readonly CarriedFile[]) =>
    files.map((file) => {
      if (file.sha256 === null) return { ...file, content: '' }
      const bytes = parts.fileContent?.(file.sha256) ?? null
      if (bytes === null) throw new FaultError({ code: 'not-found', what: `content of ${file.path}` })
      return { ...file, content: bytes.toString('base64') }
    })

  function show(live: Live, job: ApplyJob): void {
    live.job = job
    for (const wake of live.waiting) wake()
    changes.publish('apply', 'ledger')
  }

  function begin(
    job: ApplyJob,
    stateDir: string,
    { baseSha256, until, ended }: Pick<NewJob, 'baseSha256' | 'until'> & { ended: (job: ApplyJob) => void },
  ): Live {
    const live: Live = { job, waiting: new Set(), finished: Promise.resolve() }
    lives.set(job.applyId, live)
    for (const [applyId, old] of [...lives].slice(0, -cap)) if (old.job.state !== 'running') lives.delete(applyId)
    busy.add(job.boxId)
    const { applyId, boxId, boxName } = job
    const order = {
      applyId,
      boxId,
      boxName,
      stateDir,
      fingerprintKey: inventory.fingerprintKey(boxId),
      operations: job.changes,
      files: contentsOf(job.files),
      baseSha256,
      update: job.update,
      commands: job.commands,
      folders: job.folders,
      until,
    }
    live.finished = carryOut(order, {
      onbox,
      times: parts.times,
      locks: (before, after) => locksAgainst(parts, { boxId, agentId: job.agentId, before, after }),
      asFault,
      async began(step, seen) {
        // The row of the beginning says it already.
        if (step === 'connect') return
        const next = { ...live.job, step, ...seen }
        await store.writeTogether(() => rows.put({ job: next, open: false }))
        show(live, next)
      },
      ended(end, fault) {
        const next = put(live.job, end, fault)
        ended(next)
        show(live, next)
        if (end.open) askLater(boxId, armedForS(parts.times, job) * 1000 + askAgainAfterMs)
      },
    })
      .catch((error: unknown) => {
        // Such as a full disk here: the row of its last step stays, and is found at the next start.
        log.error('apply.not-kept', error, { boxId })
        show(live, { ...live.job, state: 'interrupted' })
      })
      .finally(() => {
        busy.delete(boxId)
        if (!closed) parts.lookAt(boxId)
      })
    return live
  }

  function askLater(boxId: BoxId, afterMs: number): void {
    if (closed) return
    const stop = clock.after(
      afterMs,
      () => {
        timers.delete(stop)
        void ask(boxId).catch((error: unknown) => log.info('apply.not-asked', { boxId, code: asFault(error).code }))
      },
      true,
    )
    timers.add(stop)
  }

  /** Its end is known here, and the console or the machine died before the machine could forget it. */
  const isLeftover = ({ id, state, wentBack }: ObservedChange): boolean =>
    wentBack !== 'left-alone' && standsAs[state]?.includes(rows.one(id as ApplyId)?.outcome ?? null) === true

  /** Takes what a machine says of its changes for those whose end is not known here. */
  function settle(boxId: BoxId, observed: readonly ObservedChange[]): { jobs: ApplyJob[]; forget: string[] } {
    const forget: string[] = observed.filter(isLeftover).map(({ id }) => id)
    const jobs = rows.open(boxId).map((job) => {
      const change = observed.find(({ id }) => id === job.applyId) ?? null
      const end = truthOf(change, job.step, `The end was not seen, because ${why(job)}.`, job.commands)
      if (end.outcome === 'inconclusive' && end.open) return job
      if (change !== null && end.forget) forget.push(job.applyId)
      const known = put(job, end, job.fault)
      const live = lives.get(job.applyId)
      if (live) show(live, known)
      return known
    })
    return { jobs, forget }
  }

  /** Keeps everything else that changes a box from it meanwhile; a stop does not ask. @throws FaultError `in-use`. */
  async function alone<T>(boxId: BoxId, work: () => Promise<T>): Promise<T> {
    if (busy.has(boxId)) throw new FaultError({ code: 'in-use', what: 'machine', by: 'another change' })
    busy.add(boxId)
    try {
      return await work()
    } finally {
      busy.delete(boxId)
    }
  }

  const ask = (boxId: BoxId): Promise<ApplyJob[]> => alone(boxId, () => askBox(boxId))

  async function askBox(boxId: BoxId): Promise<ApplyJob[]> {
    // What is overdue there goes back first, its commands and folders with it.
    const wait = { deadlineMs: recoverMs(parts.times, rows.open(boxId)) }
    const program = await onbox.change(boxId, { deadlineMs: parts.times.connectMs })
    try {
      const observed = await program.recover(wait)
      const { jobs, forget } = settle(boxId, observed)
      const drills = observed.filter(({ kind, state }) => kind === 'drill' && state !== 'armed').map(({ id }) => id)
      for (const id of [...forget, ...drills]) await program.forget(id, wait)
      changes.publish('apply', 'ledger')
      return jobs
    } finally {
      program.close()
    }
  }

  const why = (job: ApplyJob): string =>
    job.state === 'interrupted' ? 'the console ended meanwhile' : 'the connection was lost'

  return {
    rows,
    ask,
    isLeftover,
    alone,
    refuseToBegin,
    agentOf,
    /** @throws FaultError why nothing is changed there now, `cancelled`. */
    async start({
      applyId = newId<ApplyId>(),
      boxId,
      agentId,
      kind,
      changes: wanted,
      files,
      update = null,
      commands = [],
      folders = [],
      baseSha256,
      until,
      question,
      ended = () => {},
    }: NewJob): Promise<ApplyJob> {
      const { stateDir } = agentOf(boxId, agentId)
      refuseToBegin(boxId)
      contentsOf(files)
      if (question !== null && !(await parts.confirm(question)))
        throw new FaultError({ code: 'cancelled', what: 'the change was not confirmed, so nothing was sent' })
      refuseToBegin(boxId)
      const job: ApplyJob = {
        applyId,
        boxId,
        boxName: inventory.box(boxId).name,
        agentId,
        kind,
        state: 'running',
        step: 'connect',
        outcome: null,
        words: '',
        nextStep: '',
        fault: null,
        bootJob: null,
        changes: [...wanted],
        files: [...files],
        update,
        commands: [...commands],
        folders: movedFolders(folders, []),
        hashBefore: baseSha256,
        hashAfter: '',
        begunAtMs: clock.nowMs(),
        endedAtMs: null,
      }
      store.write(() => {
        rows.put({ job, open: false })
        ledger.append({
          actor: 'operator',
          kind: 'apply.began',
          boxId,
          words: `A change of {box} was begun${commands.length === 0 ? '' : `; it runs ${counted(commands.length, 'command')}`}.`,
        })
      })
      return begin(job, stateDir, { baseSha256, until, ended }).job
    },
    /** @throws FaultError `not-found`. */
    get(applyId: ApplyId): ApplyJob {
      const job = lives.get(applyId)?.job ?? rows.one(applyId)
      if (!job) throw new FaultError({ code: 'not-found', what: 'change' })
      return job
    },
    async *watch(applyId: ApplyId, signal?: AbortSignal): AsyncGenerator<ApplyJob> {
      const live = lives.get(applyId)
      if (!live) {
        const job = rows.one(applyId)
        if (!job) throw new FaultError({ code: 'not-found', what: 'change' })
        yield job
        return
      }
      for (let last: ApplyJob | null = null; !signal?.aborted; ) {
        if (live.job !== last) {
          last = live.job
          yield last
          if (last.state !== 'running') return
          continue
        }
        await new Promise<void>((resolve) => {
          const wake = () => {
            live.waiting.delete(wake)
            signal?.removeEventListener('abort', wake)
            resolve()
          }
          live.waiting.add(wake)
          signal?.addEventListener('abort', wake, { once: true })
        })
      }
    },
    async idle(boxId: BoxId): Promise<void> {
      await Promise.allSettled(
        [...lives.values()].flatMap(({ job, finished }) => (job.boxId === boxId ? [finished] : [])),
      )
    },
    isBusy: (boxId: BoxId): boolean => busy.has(boxId),
    /** Waits for what runs: a change is never let go half-way. */
    async close(): Promise<void> {
      closed = true
      for (const stop of timers) stop()
      await Promise.allSettled([...lives.values()].map(({ finished }) => finished))
    },
  }
}
