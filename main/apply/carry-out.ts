import type { ApplyId, ApplyStep, BoxId, Fault } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { Onbox, RunningChange } from '../onbox/onbox.ts'
import type { CarriedContent, ChangeSide, Decided, Prepared } from '../runtimes/change-answer.ts'
import type { Operation } from '../runtimes/operations.ts'
import { changesNothing, doing, type End, failed, forgotten, leftAlone, pending, truthOf } from './truth.ts'
import { expectedAccounts, whyNotVerified } from './verify.ts'

export interface Times {
  /** How long a change stays armed. */
  readonly deadlineS: number
  /** For the gateway to take the new config, be ready and run its channels. */
  readonly settleMs: number
  /** For the connection and the start of the program. */
  readonly connectMs: number
  /** For each other step; the machine's own check of a config takes up to 40 s. */
  readonly stepMs: number
}

export const usualTimes: Times = { deadlineS: 240, settleMs: 120_000, connectMs: 30_000, stepMs: 60_000 }

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
}

export interface Seen {
  readonly hashBefore?: string
  readonly hashAfter?: string
  readonly bootJob?: string
}

export interface Work {
  readonly onbox: Pick<Onbox, 'change'>
  readonly times: Times
  /** Locks that a change would newly break or make worse, a sentence each. */
  readonly locks: (version: string, before: ChangeSide, after: ChangeSide) => string[]
  /** The row of a step, written before its frame is sent. */
  readonly began: (step: ApplyStep, seen: Seen) => void
  /** The row of the end, written before the machine may forget the change. */
  readonly ended: (end: End, fault: Fault | null) => void
  /** Turns what was thrown into a fault; one that is none goes into the log. */
  readonly asFault: (error: unknown) => Fault
}

/**
 * Snapshot, stage, validate, arm, activate, take, verify, then commit or back: step by step on the machine, a row before
 * each. Where the connection goes the machine is asked once more; where it does not answer it goes back by itself.
 */
export async function carryOut(order: Order, work: Work): Promise<void> {
  let step = 'connect' as ApplyStep
  const begin = (next: ApplyStep, seen: Seen = {}): void => {
    step = next
    work.began(next, seen)
  }
  let program: RunningChange | null = null
  let end: End
  let fault: Fault | null = null
  try {
    begin('connect')
    program = await work.onbox.change(order.boxId, { deadlineMs: work.times.connectMs })
    end = await steps(order, work, program, begin)
  } catch (error) {
    program?.close()
    program = null
    fault = work.asFault(error)
    const lost = `${faultText(fault).sentence} That was while ${doing[step]}.`
    if (changesNothing(step)) end = failed(`${lost} Nothing was changed.`, faultText(fault).nextStep)
    else {
      const asked = await askAgain(order, work)
      program = asked.program
      end = asked.change === undefined ? pending(lost, work.times.deadlineS) : truthOf(asked.change, step, lost)
    }
  }
  work.ended(end, fault)
  // A program that was killed at it left copies of the config beside it.
  if (program === null && step === 'stage') program = (await askAgain(order, work)).program
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
  begin: (step: ApplyStep, seen?: Seen) => void,
): Promise<End> {
  const wait = { deadlineMs: times.stepMs }
  await program.recover({ deadlineMs: times.stepMs * 2 })
  begin('stage')
  const { applyId: id, stateDir, fingerprintKey, operations, files, baseSha256 } = order
  const prepared = await program.stage(
    { id, stateDir, fingerprintKey, operations, files, baseSha256, deadlineS: times.deadlineS },
    wait,
  )
  if (!prepared.done) return failed(`Nothing was changed. ${said(prepared.why)}`, 'Look at the plan again.')
  if (prepared.unchanged)
    return { outcome: 'unchanged', words: 'It was so already.', nextStep: '', open: false, forget: true }
  const broken = locks(prepared.version, prepared.before, prepared.after)
  if (broken.length > 0) return failed(`Nothing was changed. ${broken.join(' ')}`, 'Take that out of the change.')
  begin('arm', { hashBefore: prepared.before.sha256, hashAfter: prepared.after.sha256 })
  const armed = await program.arm(wait)
  if (!armed.done) return failed(`Nothing was changed. ${said(armed.why)}`, 'Run the drill for this machine.')
  begin('activate', { bootJob: untrusted(armed.bootJob, 100) })
  const activated = await program.activate(wait)
  if (!activated.done) return takeBack(order, program, times, begin, said(activated.why))
  begin('verify')
  const expect = expectedAccounts(prepared)
  const settled = await program.settle(
    { waitMs: times.settleMs, expect },
    { deadlineMs: times.settleMs + times.stepMs },
  )
  const wrong = whyNotVerified(prepared, settled, expect)
  // Without a side it is wrong already.
  if (wrong.length === 0 && settled.side !== null) wrong.push(...locks(prepared.version, prepared.before, settled.side))
  if (wrong.length > 0) return takeBack(order, program, times, begin, wrong.join(' '))
  begin('commit')
  const decided = await program.commit(id, wait)
  return decided.state === 'committed'
    ? changed(prepared)
    : wentAfter(decided, 'Its time was over before it was final.')
}

const changed = ({ running, comments }: Extract<Prepared, { done: true }>): End => ({
  outcome: 'changed',
  words: [
    running ? 'The agent uses the new config.' : 'The agent does not run; it takes the new config when it starts.',
    ...(comments ? ['Comments in the config did not survive.'] : []),
  ].join(' '),
  nextStep: '',
  open: false,
  forget: true,
})

async function takeBack(
  { applyId }: Order,
  program: RunningChange,
  times: Times,
  begin: (step: ApplyStep) => void,
  why: string,
): Promise<End> {
  begin('revert')
  return wentAfter(await program.revert(applyId, { deadlineMs: times.stepMs * 2 }), why)
}

/** What a machine that decided against a change did. Pure. */
export function wentAfter({ state, wentBack, runs }: Decided, why: string): End {
  if (state === 'armed' || state === 'reverting') return pending(why, null)
  if (state === 'gone') return forgotten(why)
  if (wentBack === 'never-left') return failed(`Nothing was changed. ${why}`, 'Look at the plan again.')
  const isDown = runs === false
  const down = isDown ? ' The agent does not run: it could not be started again.' : ''
  if (wentBack === 'left-alone') return leftAlone(`${why}${down}`)
  return {
    outcome: 'reverted',
    words: `${why} The old config is back.${down}`,
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
    const changes = await program.recover({ deadlineMs: times.stepMs * 2 })
    return { program, change: changes.find(({ id }) => id === order.applyId) ?? null }
  } catch {
    program?.close()
    return { program: null, change: undefined }
  }
}

const said = (words: string): string => untrusted(words, 400)
