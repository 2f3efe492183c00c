import type {
  ApplyId,
  ApplyStep,
  BoxId,
  CarriedCommand,
  CarriedFolder,
  Fault,
  MovedFolder,
  RuntimeStep,
} from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Onbox, RunningChange } from '../onbox/onbox.ts'
import type {
  CarriedContent,
  ChangeSide,
  Decided,
  Prepared,
  Ran,
  RanCommand,
  Settled,
} from '../runtimes/change-answer.ts'
import type { Operation } from '../runtimes/operations.ts'
import { commandSeconds, ranWords, whyNotRan } from './command-words.ts'
import { folderWords, movedFolders } from './folder-words.ts'
import {
  changesNothing,
  doing,
  type End,
  failed,
  forgotten,
  leftAlone,
  pending,
  stateMoved,
  truthOf,
  withSteps,
} from './truth.ts'
import { expectedAccounts, rewrittenSettings, whyNotVerified } from './verify.ts'

export interface Times {
  /** How long a change stays armed. */
  readonly deadlineS: number
  /** For the gateway to take the new config, be ready and run its channels. */
  readonly settleMs: number
  /** For the connection and the start of the program. */
  readonly connectMs: number
  /** For each other step; two thirds of it for the machine's own check of a config. */
  readonly stepMs: number
  /** Of an update, instead: its gateway may move its state before it is ready. */
  readonly update: {
    readonly downloadMs: number
    readonly deadlineS: number
    readonly settleMs: number
  }
}

export const usualTimes: Times = {
  deadlineS: 240,
  settleMs: 120_000,
  connectMs: 30_000,
  stepMs: 60_000,
  update: { downloadMs: 20 * 60_000, deadlineS: 600, settleMs: 300_000 },
}

type Steps = Pick<Order, 'update' | 'commands'> & { readonly folders: readonly object[] }

/** How long a change stays armed: longer by what its commands, what takes them back, and its folders may take. */
export function armedForS(times: Times, { update, commands, folders }: Steps): number {
  const { forth, back } = commandSeconds(commands)
  const moving = (folders.length * folderMs) / 1000
  return (update === null ? times.deadlineS : times.update.deadlineS) + forth + back + moving
}

/** For a commit to be fetched into a folder. */
const fetchS = 600
/** For a folder to be written anew; what a machine itself gives git for it, and for looking at it. */
const folderMs = 150_000

/** For a machine to take a change back, and its commands and folders with it. */
const backMs = ({ stepMs }: Times, { commands, folders }: Pick<Order, 'commands' | 'folders'>, steps: number): number =>
  stepMs * steps + commandSeconds(commands).back * 1000 + folderMs * folders.length

/** For a machine to take back what is overdue there, before anything else. `open`: changes of this console among it. */
export const recoverMs = (times: Times, open: readonly Pick<Order, 'commands' | 'folders'>[]): number =>
  open.reduce((sum, steps) => sum + backMs(times, steps, 0), times.stepMs * 2)

/** For the machine's own check of a config, so that it says itself that it took too long. */
export const checkMs = ({ stepMs }: Pick<Times, 'stepMs'>): number => Math.round((stepMs * 2) / 3)

/** What is to be done on one machine, by whose agent. */
export interface Order {
  readonly applyId: ApplyId
  readonly boxId: BoxId
  readonly boxName: string
  readonly stateDir: string
  readonly fingerprintKey: string
  readonly operations: readonly Operation[]
  readonly files: readonly CarriedContent[]
  readonly baseSha256: string
  /** Null: the runtime stays as it is. */
  readonly update: RuntimeStep | null
  readonly commands: readonly CarriedCommand[]
  readonly folders: readonly CarriedFolder[]
  /** Gives a download up; what comes after it is never let go half-way. */
  readonly until?: AbortSignal | undefined
}

export interface Seen {
  readonly hashBefore?: string
  readonly hashAfter?: string
  readonly bootJob?: string
  readonly folders?: MovedFolder[]
}

/** A config and the version of the runtime that uses it. */
export type VersionedSide = ChangeSide & { readonly version: string }

export interface Work {
  readonly onbox: Pick<Onbox, 'change'>
  readonly times: Times
  /** Locks that a change would newly break or make worse, a sentence each. */
  readonly locks: (before: VersionedSide, after: VersionedSide) => string[]
  /** The row of a step; its frame is sent once that stands. */
  readonly began: (step: ApplyStep, seen: Seen) => Promise<void>
  /** The row of the end, written before the machine may forget the change. */
  readonly ended: (end: End, fault: Fault | null) => void
  /** Turns what was thrown into a fault; one that is none goes into the log. */
  readonly asFault: (error: unknown) => Fault
}

/**
 * Snapshot, stage, validate, arm, activate, take, verify, then commit or back, with its commands right before and after
 * activating: step by step on the machine, a row before each. Where the connection goes the machine is asked once more; where
 * it does not answer it goes back by itself.
 */
export async function carryOut(order: Order, work: Work): Promise<void> {
  let step = 'connect' as ApplyStep
  const begin = (next: ApplyStep, seen: Seen = {}): Promise<void> => {
    step = next
    return work.began(next, seen)
  }
  let program: RunningChange | null = null
  let end: End
  let fault: Fault | null = null
  try {
    await begin('connect')
    program = await work.onbox.change(order.boxId, { deadlineMs: work.times.connectMs })
    end = await steps(order, work, program, begin)
  } catch (error) {
    program?.close()
    program = null
    fault = work.asFault(error)
    const lost = `${faultText(fault).sentence} That was while ${doing[step]}.`
    if (changesNothing(step))
      end = order.until?.aborted
        ? failed('It was given up while what is new was downloaded. Nothing was changed.', 'Begin it again.')
        : failed(`${lost} Nothing was changed.`, faultText(fault).nextStep)
    else {
      const asked = await askAgain(order, work)
      program = asked.program
      end =
        asked.change === undefined
          ? pending(lost, armedForS(work.times, order))
          : truthOf(asked.change, step, lost, order.commands)
    }
  }
  work.ended(end, fault)
  // A program that was killed at it left copies of the config beside it.
  if (program === null && (step === 'stage' || step === 'download')) program = (await askAgain(order, work)).program
  try {
    if (program !== null && end.forget) await program.forget(order.applyId, { deadlineMs: work.times.stepMs })
  } catch {
    // What is decided stays there until somebody asks.
  } finally {
    program?.close()
  }
}

async function steps(
  order: Order,
  { times, locks }: Work,
  program: RunningChange,
  begin: (step: ApplyStep, seen?: Seen) => Promise<void>,
): Promise<End> {
  const wait = { deadlineMs: times.stepMs }
  await program.recover({ deadlineMs: recoverMs(times, []) })
  const { applyId: id, stateDir, fingerprintKey, operations, files, baseSha256, update, commands, folders } = order
  if (update !== null) {
    await begin('download')
    const why = await download(order, update, program, times)
    if (why !== '')
      return failed(`Nothing was changed. ${said(why)}`, 'Look at it on the machine, then begin it again.')
  }
  if (folders.length > 0) {
    if (update === null) await begin('download')
    const { until } = order
    const request = { folders, deadlineS: fetchS }
    const deadlineMs = fetchS * folders.length * 1000 + times.stepMs
    const told = await program.fetch(request, { deadlineMs, ...(until === undefined ? {} : { signal: until }) })
    if (!told.done)
      return failed(`Nothing was changed. ${said(told.why)}`, 'Look at it on the machine, then begin it again.')
  }
  await begin('stage')
  const deadlineS = armedForS(times, order)
  const request = {
    id,
    stateDir,
    fingerprintKey,
    operations,
    files,
    baseSha256,
    deadlineS,
    checkMs: checkMs(times),
    update: update ?? undefined,
    commands,
    folders,
  }
  // The new version is started for its version and for its verdict on the config.
  const prepared = await program.stage(request, update === null ? wait : { deadlineMs: times.stepMs * 2 })
  if (!prepared.done) return failed(`Nothing was changed. ${said(prepared.why)}`, 'Look at the plan again.')
  if (prepared.unchanged)
    return { outcome: 'unchanged', words: 'It was so already.', nextStep: '', open: false, forget: true }
  const before = { ...prepared.before, version: prepared.version }
  const version = update?.to ?? prepared.version
  const broken = locks(before, { ...prepared.after, version })
  if (broken.length > 0) return failed(`Nothing was changed. ${broken.join(' ')}`, 'Take that out of the change.')
  await begin('arm', {
    hashBefore: prepared.before.sha256,
    hashAfter: prepared.after.sha256,
    folders: movedFolders(folders, prepared.folders),
  })
  const armed = await program.arm(wait)
  if (!armed.done) return failed(`Nothing was changed. ${said(armed.why)}`, 'Run the drill for this machine.')
  let seen: Seen = { bootJob: untrusted(armed.bootJob, 100) }
  const ran: RanCommand[] = []
  let made = prepared.after
  /** Why the change may not stay with what its commands did; empty: it may. */
  const run = async (when: CarriedCommand['when']): Promise<string> => {
    const own = commands.filter((command) => command.when === when)
    if (own.length === 0) return ''
    await begin(`run-${when}`, seen)
    seen = {}
    const deadlineMs = commandSeconds(own).forth * 1000 + times.stepMs * 2
    const told: Ran = await program.run({ when }, { deadlineMs })
    if (!told.done) return said(told.why).replace(/[^.]$/, '$&.')
    ran.push(...told.ran)
    const failure = told.ran.map((each) => whyNotRan(commands, each)).join('')
    if (failure !== '' || told.side === null) return failure
    made = told.side
    // Before anybody waits for the agent: it may answer others by now.
    return locks(before, { ...told.side, version }).join(' ')
  }
  const tooEarly = await run('before')
  if (tooEarly !== '') return takeBack(order, program, times, begin, tooEarly)
  await begin('activate', seen)
  const activated = await program.activate({
    deadlineMs: times.stepMs * (update === null ? 1 : 2) + folderMs * folders.length,
  })
  if (!activated.done) return takeBack(order, program, times, begin, said(activated.why))
  seen = {}
  const tooLate = await run('after')
  if (tooLate !== '') return takeBack(order, program, times, begin, tooLate)
  await begin('verify')
  const expect = expectedAccounts(prepared)
  const waitMs = update === null ? times.settleMs : times.update.settleMs
  const settled = await program.settle({ waitMs, expect }, { deadlineMs: waitMs + times.stepMs })
  const wrong = whyNotVerified(prepared, settled, expect, update, made.sha256)
  // Without a side it is wrong already.
  if (wrong.length === 0 && settled.side !== null) wrong.push(...locks(before, { ...settled.side, version }))
  if (wrong.length > 0) return takeBack(order, program, times, begin, wrong.join(' '))
  // A new version may have written the config itself.
  await begin('commit', { hashAfter: settled.sha256 })
  const decided = await program.commit(id, update === null ? wait : { deadlineMs: times.stepMs * 2 })
  return decided.state === 'committed'
    ? changed(prepared, settled, order, { made, ran })
    : wentAfter(decided, 'Its time was over before it was final.', order)
}

/** A machine answers so often while it downloads. */
const answerMs = 15_000

/** @returns why it is not there; empty: it is. @throws FaultError `cancelled` when it is given up. */
async function download(
  { applyId: id, stateDir, until }: Order,
  update: RuntimeStep,
  program: RunningChange,
  times: Times,
): Promise<string> {
  const { downloadMs } = times.update
  const request = { id, stateDir, ...update, deadlineS: Math.ceil(downloadMs / 1000) }
  const wait = { deadlineMs: times.stepMs, ...(until === undefined ? {} : { signal: until }) }
  // The machine ends it itself; somewhat later nobody asks any more.
  for (let asked = 0; asked < downloadMs / answerMs + 3; asked++) {
    const told = await program.download(request, wait)
    if (!told.done) return told.why
    if (told.ready) return ''
  }
  return 'The download did not end.'
}

const changed = (
  { running, comments, before, after, folders: moved }: Extract<Prepared, { done: true }>,
  { update: seen, side }: Settled,
  { update, commands, files, folders }: Pick<Order, 'update' | 'commands' | 'files' | 'folders'>,
  { made, ran }: { made: ChangeSide; ran: readonly RanCommand[] },
): End => ({
  outcome: 'changed',
  words: [
    ...folderWords(folders, moved),
    ...ranWords(commands, ran),
    ...(made === after ? [] : rewrittenSettings(after, made, 'A command')),
    ...(update === null ? [] : updated(update, running ? (seen?.readyAfterMs ?? null) : null, running)),
    ...(update === null || side === null ? [] : rewrittenSettings(made, side)),
    ...(update !== null && running
      ? []
      : [
          running
            ? made.sha256 === before.sha256 && files.length === 0
              ? 'The agent runs as before.'
              : 'The agent uses the new config.'
            : 'The agent does not run; it takes the new config when it starts.',
        ]),
    ...(comments ? ['Comments in the config did not survive.'] : []),
  ].join(' '),
  nextStep: '',
  open: false,
  forget: true,
})

const updated = ({ from, to }: RuntimeStep, readyAfterMs: number | null, running: boolean): string[] => {
  if (!running) return [`${to} is installed in place of ${from}.`]
  const after = readyAfterMs === null ? '' : `, ready after ${Math.max(1, Math.round(readyAfterMs / 1000))} s`
  return [`It runs ${to}${after}; before it was ${from}.`]
}

async function takeBack(
  order: Order,
  program: RunningChange,
  times: Times,
  begin: (step: ApplyStep) => Promise<void>,
  why: string,
): Promise<End> {
  await begin('revert')
  const decided = await program.revert(order.applyId, { deadlineMs: backMs(times, order, 3) })
  return wentAfter(decided, why, order)
}

/** What a machine that decided against a change did. Pure. */
export function wentAfter(
  decided: Decided,
  why: string,
  { update, commands }: Pick<Order, 'update' | 'commands'> = { update: null, commands: [] },
): End {
  return withSteps(standsAfter(decided, why, update), commands, decided)
}

function standsAfter({ state, wentBack, runs }: Decided, why: string, update: RuntimeStep | null): End {
  if (state === 'armed' || state === 'reverting') return pending(why, null)
  if (state === 'gone') return forgotten(why)
  const isDown = runs === false
  const down = isDown ? ' The agent does not run: it could not be started again.' : ''
  if (wentBack === 'never-left')
    return failed(
      `Nothing was changed. ${why}${down}`,
      isDown ? 'Start the agent on the machine.' : 'Look at the plan again.',
    )
  if (wentBack === 'state-moved') return stateMoved(`${why}${down}`)
  if (wentBack === 'left-alone') return leftAlone(`${why}${down}`)
  return {
    outcome: 'reverted',
    words: `${why} ${update === null ? 'The old config is back.' : `${update.from} and the old config are back.`}${down}`,
    nextStep: isDown ? 'Start the agent on the machine.' : 'Look at why, then make the change again.',
    open: false,
    forget: true,
  }
}

/** `change` undefined: it does not answer. */
async function askAgain(order: Order, { onbox, times }: Work) {
  let program: RunningChange | null = null
  try {
    program = await onbox.change(order.boxId, { deadlineMs: times.connectMs })
    const changes = await program.recover({ deadlineMs: recoverMs(times, [order]) })
    return { program, change: changes.find(({ id }) => id === order.applyId) ?? null }
  } catch {
    program?.close()
    return { program: null, change: undefined }
  }
}

const said = (words: string): string => untrusted(words, 400)
