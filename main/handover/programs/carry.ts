import { randomBytes } from 'node:crypto'
import { carryOut, wentAfter } from '../../apply/carry-out.ts'
import { problemsBetween, sentencesOf } from '../../apply/locks.ts'
import { FaultError } from '../../base/fault-error.ts'
import { newId } from '../../base/ids.ts'
import { asciiLine } from '../../onbox/bootstrap.ts'
import type { RunningChange } from '../../onbox/change.ts'
import { findRunnable, settleConfig } from '../../runtimes/change.ts'
import { type HandedBox, type HandedOrder, type Told, type ToldAgent, toldMark } from '../handed.ts'
import { startHere } from './here/start-here.ts'

/**
 * Runs on a box, beside the program `apply`, where no console is connected: it asks that program what a console would
 * ask, and judges by the same rules. `make` leaves what it verified armed, for `confirm` to make final over a connection
 * of its own; whoever does not confirm finds the old config back. `try` changes nothing. `look`: are they still well?
 */
declare const handed: HandedBox
declare const programs: { readonly apply: string; readonly revert: string }

const lookMs = 20_000
const [what = '', ...words] = process.argv.slice(2)

const start = (): Promise<RunningChange> => startHere(programs, handed.boxName, handed.times.connectMs)

const goodEnds: readonly ToldAgent['outcome'][] = ['held', 'changed', 'unchanged', 'would-change', 'well']
const isGood = ({ outcome }: ToldAgent): boolean => goodEnds.includes(outcome)

async function carry(order: HandedOrder, isTrial: boolean): Promise<ToldAgent> {
  const { name, stateDir, operations, files, baseSha256, rules } = order
  const id = newId<Parameters<typeof carryOut>[0]['applyId']>()
  let seen: Pick<ToldAgent, 'ran'> & { end: 'held' | 'would-change' | null } = { ran: false, end: null }
  let told: ToldAgent | null = null
  const change = async (): Promise<RunningChange> => {
    const program = await start()
    return {
      ...program,
      async stage(request, wait) {
        let staged = await program.stage(request, wait)
        if (!staged.done) {
          // A second play finds another config than the plan was made from: is it so already?
          const looked = await program.stage({ ...request, baseSha256: null }, wait)
          if (looked.done && !looked.unchanged) await program.forget(id, wait)
          if (looked.done && looked.unchanged) staged = looked
        }
        if (staged.done) seen = { ...seen, ran: staged.running }
        return staged
      },
      async arm(wait) {
        if (!isTrial) return program.arm(wait)
        seen = { ...seen, end: 'would-change' }
        return { done: false, why: 'It was a trial.' }
      },
      async commit() {
        seen = { ...seen, end: 'held' }
        return { state: 'committed', wentBack: null, runs: null, commands: [], leftFolders: [] }
      },
      async forget(which, wait) {
        if (seen.end !== 'held') await program.forget(which, wait)
      },
    }
  }
  await carryOut(
    {
      applyId: id,
      boxId: '' as Parameters<typeof carryOut>[0]['boxId'],
      boxName: handed.boxName,
      stateDir,
      fingerprintKey: randomBytes(32).toString('hex'),
      operations,
      files,
      baseSha256,
      update: null,
      commands: [],
      folders: [],
    },
    {
      onbox: { change },
      times: handed.times,
      locks: (before, after) => sentencesOf(problemsBetween(rules, { before, after })),
      began: async () => {},
      ended({ outcome, words: why }) {
        const isWanted = outcome === 'changed' || (outcome === 'failed' && seen.end === 'would-change')
        const end = isWanted && seen.end !== null ? seen.end : outcome
        const said = end === 'would-change' ? 'It would be changed.' : why
        told = { name, outcome: end, words: said, id: end === 'held' ? id : '', ran: seen.ran }
      },
      asFault: (error) =>
        error instanceof FaultError ? error.fault : { code: 'internal', reference: String(error).slice(0, 200) },
    },
  )
  return told ?? { name, outcome: 'inconclusive', words: 'Nobody saw how it ended.', id: '', ran: seen.ran }
}

/** One agent after the other; where one does not end well the others are left as they are. */
async function carryAll(isTrial: boolean): Promise<ToldAgent[]> {
  const told: ToldAgent[] = []
  for (const order of handed.orders) {
    const agent = await carry(order, isTrial)
    told.push(agent)
    if (!isGood(agent)) break
  }
  return told
}

async function confirm(ids: readonly string[]): Promise<ToldAgent[]> {
  const wait = { deadlineMs: handed.times.stepMs }
  const program = await start()
  const told: ToldAgent[] = []
  try {
    for (const id of ids) {
      const decided = await program.commit(id, wait)
      const isFinal = decided.state === 'committed'
      const {
        outcome,
        words: why,
        forget,
      } = isFinal
        ? { outcome: 'changed' as const, words: 'It is final.', forget: true }
        : wentAfter(decided, 'Its time was over before it was confirmed.')
      if (forget) await program.forget(id, wait)
      told.push({ name: handed.boxName, outcome, words: why, id, ran: false })
    }
  } finally {
    program.close()
  }
  return told
}

/** @param ran places of the agents that ran before. */
async function look(ran: ReadonlySet<number>): Promise<ToldAgent[]> {
  const told: ToldAgent[] = []
  for (const [place, { name, stateDir }] of handed.orders.entries()) {
    if (!ran.has(place)) continue
    const agent = await findRunnable(stateDir)
    const settled =
      agent === null
        ? null
        : await settleConfig(agent, {
            fingerprintKey: randomBytes(32).toString('hex'),
            waitMs: lookMs,
            sinceMs: 0,
            expect: [],
            ran: false,
          })
    const why = !settled?.running
      ? 'The agent does not run any more.'
      : settled.ready === true
        ? ''
        : `The agent is not ready: ${settled.failing.slice(0, 3).join(', ') || 'it does not say why'}.`
    told.push({ name, outcome: why === '' ? 'well' : 'failed', words: why, id: '', ran: true })
  }
  return told
}

const acts: Record<string, () => Promise<ToldAgent[]>> = {
  make: () => carryAll(false),
  try: () => carryAll(true),
  confirm: () => confirm(words),
  look: () => look(new Set(words.map(Number))),
}

async function main(): Promise<Told> {
  const act = acts[what]
  if (act === undefined) return { good: false, agents: [], words: 'It is called with make, try, confirm or look.' }
  try {
    const agents = await act()
    const bad = agents.filter((agent) => !isGood(agent))
    return { good: bad.length === 0, agents, words: bad.map(({ name, words: why }) => `${name}: ${why}`).join(' ') }
  } catch (error) {
    return { good: false, agents: [], words: `${handed.boxName}: ${String(error).slice(0, 500)}` }
  }
}

void main().then((told) => process.stdout.write(`${toldMark} ${asciiLine(told)}`, () => process.exit(0)))
