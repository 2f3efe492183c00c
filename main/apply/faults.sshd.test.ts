import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import type { ApplyId, ApplyJob, BoxId } from '../../shared/contract/index.ts'
import { changeFor, type Fault, faults, type Scene, setLimit } from '../testing/apply-faults.ts'
import { applyConsole, endOf, requestFor, startStandIn } from '../testing/apply-lab.ts'
import { processesOf } from '../testing/box-processes.ts'
import { type Cell, faultTable } from '../testing/fault-table.ts'
import {
  type AtStep,
  atStep,
  type FaultStep,
  type FaultyBox,
  faultSteps,
  markerOf,
  mendGateway,
  withFaultyBox,
} from '../testing/faulty-apply.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'
import { NeverStood, standAtStep } from '../testing/standing-console.ts'
import { expectNothingLeft, expectReady } from '../testing/whole-box.ts'
import type { Apply } from './apply.ts'
import { type Times, usualTimes } from './carry-out.ts'

vi.setConfig({ maxConcurrency: 4 })

/** The machine was so slow that the change's time was over before the fault could happen: it is tried with more time. */
class TooSlow extends Error {}
/** Only root may mount the disk that is filled. */
class NoDisk extends Error {}

const isEarly = (step: FaultStep) => ['connect', 'stage', 'arm', 'activate'].includes(step)
const timesOf = ({ times }: Fault, step: FaultStep, factor: number): Times => ({
  deadlineS: (isEarly(step) ? 5 : 8) * factor,
  settleMs: step === 'revert' ? 1500 : 20_000,
  connectMs: 30_000,
  stepMs: 30_000,
  update: usualTimes.update,
  ...times,
})

/** What the disk of a box shows when a step is about to be sent, and when it is done. */
const markerBefore = { connect: null, stage: null, arm: 'staged', activate: 'armed', verify: 'armed', commit: 'armed', revert: 'armed' } // biome-ignore format: a table
const markerAfter = { ...markerBefore, stage: 'staged', arm: 'armed', commit: 'committed', revert: 'reverted' }

interface Ended {
  readonly told: ApplyJob
  readonly isOnTime: boolean
}

/** A change by a console that lives through it; then another console on the same store looks. */
async function byOne(fault: Fault, scene: Scene, times: Times): Promise<Ended> {
  const { box, step } = scene
  const lab = applyConsole()
  let isOnTime = false
  const note = (wanted: string | null) => {
    isOnTime = markerOf(box) === wanted
  }
  const at = fault.happens(scene)
  const noted: AtStep = {
    ...at,
    before() {
      note(markerBefore[step])
      return at.before?.()
    },
    ...(at.answered === undefined
      ? {}
      : {
          answered() {
            note(markerAfter[step])
            return at.answered?.()
          },
        }),
  }
  try {
    const known = await lab.know({ ...box.sshd, port: box.proxy.port }, box.stateDir)
    const first = lab.openConsole({ onbox: atStep(lab.onbox, step, noted), times })
    const { applyId } = await first.start(requestFor({ ...box, ...known }, changeFor(fault, step)))
    const ended = await endOf(first, applyId)
    await first.close()
    if (ended.outcome === 'inconclusive') expect(ended.nextStep).toBe('It is asked again at the next connection.')
    fault.passes?.(scene)
    const told = await askEnd(fault, lab, box, { boxId: known.boxId, applyId, times })
    if (ended.outcome !== 'inconclusive') expect(told.outcome).toBe(ended.outcome)
    return { told, isOnTime }
  } finally {
    lab.close()
  }
}

/** A change by a console in a process of its own, which is killed at a step; then another one on its store looks. */
async function byKilled(fault: Fault, scene: Scene, times: Times): Promise<Ended> {
  const { box, step } = scene
  const moment = fault.happens(scene).answered === undefined ? 'before' : 'answered'
  const console = await standAtStep({ box, step, moment, changes: changeFor(fault, step), times }).catch((error) => {
    throw error instanceof NeverStood ? new TooSlow(error.message) : error
  })
  const { dataDir, boxId, applyId } = console
  const isOnTime = markerOf(box) === (moment === 'before' ? markerBefore : markerAfter)[step]
  console.process.kill('SIGKILL')
  expect((await console.ended).signal).toBe('SIGKILL')
  const lab = applyConsole(dataDir)
  try {
    const told = await askEnd(fault, lab, box, { boxId, applyId, times })
    expect([told.state, told.step]).toEqual(['interrupted', step])
    return { told, isOnTime }
  } finally {
    lab.close()
  }
}

type Lab = ReturnType<typeof applyConsole>
const isOpen = ({ store }: Lab, applyId: ApplyId) =>
  store.db.prepare('select open from apply_job where apply_id = ?').pluck().get(applyId) === 1

/** A console that is started afterwards asks the machine until the end is known to it. */
async function askEnd(
  fault: Fault,
  lab: Lab,
  box: FaultyBox,
  { boxId, applyId, times }: { boxId: BoxId; applyId: ApplyId; times: Times },
): Promise<ApplyJob> {
  const next: Apply = lab.openConsole()
  const untilMs = performance.now() + (times.deadlineS + 5) * 1000
  const isWaiting = () => ['armed', 'reverting'].includes(markerOf(box) ?? '') && performance.now() < untilMs
  if (!fault.hasNoTimer) await vi.waitFor(() => expect(isWaiting()).toBe(false), { timeout: 200_000, interval: 50 })
  await vi.waitFor(
    async () => {
      await next.ask(boxId)
      expect(isOpen(lab, applyId)).toBe(false)
    },
    { timeout: 100_000, interval: 500 },
  )
  const told = next.get(applyId)
  await next.close()
  return told
}

/** The old config or the new one to the byte, at every moment; nothing of the change is left there; and the console says which. */
async function judge(fault: Fault, { box, step }: Scene, told: ApplyJob): Promise<Cell> {
  const old = JSON.parse(box.before)
  const [change] = changeFor(fault, step)
  const made =
    change === setLimit[0]
      ? { ...old, channels: { telegram: { ...old.channels.telegram, historyLimit: 7 } } }
      : { ...old, standIn: { [change!.path[1]!]: true } }
  const after = `${JSON.stringify(made, null, 2)}\n`
  const now = box.text()
  expect([told.outcome, now]).toEqual(
    told.outcome === 'changed' ? ['changed', after] : [expect.stringMatching(/^(failed|reverted)$/), box.before],
  )
  expect(box.seen).toEqual(expect.arrayContaining([box.before]))
  expect(box.seen.filter((text) => text !== box.before && text !== after)).toEqual([])
  // What is said never to have been in place never was.
  if (told.outcome === 'failed') expect(box.seen).toEqual([box.before])
  const says = fault.says?.(step)
  if (says !== undefined) expect(told.words).toContain(says)

  await expectNothingLeft(box)
  if (fault.isOfAgent) mendGateway(box)
  if (processesOf(box, 'gateway').length === 0) {
    // Such as one that found no room to start: then that is said.
    if (!fault.isOfAgent) expect(told.words).toContain('The agent does not run')
    await startStandIn(box.home, box.entry)
  }
  await expectReady(box)
  return { config: told.outcome === 'changed' ? 'new' : 'old', outcome: told.outcome! }
}

async function once(fault: Fault, step: FaultStep, factor: number): Promise<Cell> {
  const disk = fault.onSmallDisk ? mountSmallDisk() : null
  if (fault.onSmallDisk && disk === null) throw new NoDisk('a disk that can be filled is mounted by root on Linux only')
  try {
    return await withFaultyBox(disk, async (box) => {
      const scene = { box, step, disk }
      const run = fault.kills ? byKilled : byOne
      const { told, isOnTime } = await run(fault, scene, timesOf(fault, step, factor))
      if (!isOnTime) throw new TooSlow(`${fault.name}: the machine was not at ${step} in time`)
      disk?.free()
      return judge(fault, scene, told)
    })
  } finally {
    disk?.stop()
  }
}

const cells = faults
  // Those that wait long for an agent begin first.
  .toSorted((one, other) => Number(other.times !== undefined) - Number(one.times !== undefined))
  .flatMap((fault) =>
    faultSteps.filter((step) => fault.not?.[step] === undefined).map((step) => ({ name: fault.name, step, fault })),
  )
const seen = new Map<string, Cell>()
const keyOf = (fault: Fault, step: FaultStep) => `${fault.name}: ${step}`

test.concurrent.for(cells)('$name: $step', { timeout: 400_000 }, async ({ fault, step }, { skip }) => {
  for (const factor of [1, 2, 4]) {
    try {
      seen.set(keyOf(fault, step), await once(fault, step, factor))
      return
    } catch (error) {
      if (error instanceof NoDisk && process.getuid?.() !== 0) skip(error.message)
      if (!(error instanceof TooSlow) || factor === 4) throw error
    }
  }
})

const document = path.resolve('docs/apply-faults.md')
const mark = '<!-- made by main/apply/faults.sshd.test.ts -->\n'

test('the table in docs says what was seen', () => {
  const rows = faults
    .filter((fault) => !fault.onSmallDisk || seen.size === cells.length)
    .map((fault) => ({
      name: fault.name,
      cells: Object.fromEntries(
        faultSteps.map((step) => [step, fault.not?.[step] ?? seen.get(keyOf(fault, step))]),
      ) as Record<FaultStep, Cell>,
    }))
  const isWhole = rows.length === faults.length
  const table = faultTable(rows)
  const kept = existsSync(document) ? readFileSync(document, 'utf8') : mark
  const [words = ''] = kept.split(mark)
  if (isWhole && process.env.WHEELHOUSE_WRITE_DOCS) writeFileSync(document, `${words}${mark}\n${table}`)
  else if (isWhole) expect(kept).toBe(`${words}${mark}\n${table}`)
  else
    expect(kept.split('\n')).toEqual(expect.arrayContaining(table.split('\n').filter((line) => /^\| [A-Z]/.test(line))))
})
