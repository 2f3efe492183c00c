import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ApplyJob } from '../../shared/contract/index.ts'
import { applyConsole, endOf, requestFor } from '../testing/apply-lab.ts'
import { killAll, processesOf } from '../testing/box-processes.ts'
import { expectDocsPart } from '../testing/docs-part.ts'
import { atStep, changesOf, type FaultStep, faultSteps, markerOf } from '../testing/faulty-apply.ts'
import { installOpenclaw } from '../testing/openclaw.ts'
import { otherLevel, type RealFaultyBox, startRealFaultyBox } from '../testing/real-faulty.ts'
import { NeverStood, standAtStep } from '../testing/standing-console.ts'
import { type Times, usualTimes } from './carry-out.ts'

/** Most of a cell is waiting for a timer, or for a gateway to start. */
const boxesAtOnce = 4
vi.setConfig({ maxConcurrency: boxesAtOnce, testTimeout: 600_000, hookTimeout: 600_000 })

/** The machine was so slow that the change's time was over before the fault could happen: it is tried with more time. */
class TooSlow extends Error {}

const free: RealFaultyBox[] = []
const boxes: RealFaultyBox[] = []
beforeAll(async () => {
  const install = await installOpenclaw('2026.9.6')
  boxes.push(...(await Promise.all(Array.from({ length: boxesAtOnce }, () => startRealFaultyBox(install)))))
  free.push(...boxes)
})
afterAll(async () => {
  for (const box of boxes) await box.stop()
})

/** What the disk of a box shows when a step is about to be sent, and when it is done. */
const markerBefore = { connect: null, stage: null, arm: 'staged', activate: 'armed', verify: 'armed', commit: 'armed', revert: 'armed' } // biome-ignore format: a table
const markerAfter = { ...markerBefore, stage: 'staged', arm: 'armed', commit: 'committed', revert: 'reverted' }
const timesOf = (step: FaultStep, factor: number): Times => ({
  deadlineS: (step === 'commit' ? 20 : 8) * factor,
  // One that hangs for so long did not take the change.
  settleMs: step === 'revert' ? 1500 : 60_000,
  connectMs: 60_000,
  stepMs: 60_000,
  update: usualTimes.update,
})

/** A console that is started afterwards asks until the end is known to it. */
async function askEnd(
  lab: ReturnType<typeof applyConsole>,
  box: RealFaultyBox,
  of: Pick<ApplyJob, 'boxId' | 'applyId'>,
) {
  const next = lab.openConsole()
  const isWaiting = () => ['armed', 'reverting'].includes(markerOf(box) ?? '')
  await vi.waitFor(() => expect(isWaiting()).toBe(false), { timeout: 200_000, interval: 50 })
  const open = lab.store.db.prepare('select open from apply_job where apply_id = ?').pluck()
  await vi.waitFor(
    async () => {
      await next.ask(of.boxId)
      expect(open.get(of.applyId)).toBe(0)
    },
    { timeout: 100_000, interval: 500 },
  )
  const told = next.get(of.applyId)
  await next.close()
  return told
}

interface Cell {
  readonly box: RealFaultyBox
  readonly step: FaultStep
  readonly factor: number
}

async function killed({ box, step, factor }: Cell, moment: 'before' | 'answered'): Promise<string> {
  const before = box.text()
  const { change, after } = otherLevel(box)
  const hangs = step === 'revert' ? { hangs: box.gatewayPid() } : {}
  try {
    const times = timesOf(step, factor)
    const console = await standAtStep({ box, step, moment, changes: change, times, ...hangs }).catch((error) => {
      throw error instanceof NeverStood ? new TooSlow(error.message) : error
    })
    const isOnTime = markerOf(box) === (moment === 'before' ? markerBefore : markerAfter)[step]
    console.process.kill('SIGKILL')
    expect((await console.ended).signal).toBe('SIGKILL')
    const lab = applyConsole(console.dataDir)
    try {
      const told = await askEnd(lab, box, console)
      if (!isOnTime) throw new TooSlow(`the machine was not at ${step} in time`)
      expect([told.state, told.step]).toEqual(['interrupted', step])
      return await judge(box, told, before, after)
    } finally {
      lab.close()
    }
  } finally {
    if (step === 'revert') killAll([box.gatewayPid()], 'SIGCONT')
  }
}

async function refuses({ box, step }: Cell): Promise<string> {
  const before = box.text()
  const { change, after } = otherLevel(box)
  const lab = applyConsole()
  let forget = () => {}
  const broken = {
    async before() {
      await box.refuse()
      forget = box.mendOnceBack(before)
    },
  }
  try {
    const known = await lab.know(box.sshd, box.stateDir)
    const hangs = { before: () => killAll([box.gatewayPid()], 'SIGSTOP') }
    const machines = step === 'revert' ? atStep(lab.onbox, 'verify', hangs) : lab.onbox
    const times = { ...timesOf(step, 1), deadlineS: 240, ...(step === 'revert' ? {} : { settleMs: 8000 }) }
    const first = lab.openConsole({ onbox: atStep(machines, step, broken), times })
    const { applyId } = await first.start(requestFor({ ...box, ...known }, change))
    const ended = await endOf(first, applyId)
    await first.close()
    const told = await askEnd(lab, box, { boxId: known.boxId, applyId })
    // Such as a timer that was not seen to start: of that no gateway is the cause.
    if (told.outcome === 'failed') throw new TooSlow(told.words)
    expect(told.outcome).toBe(ended.outcome)
    if (told.outcome === 'changed' && step !== 'commit')
      expect(told.words).toContain('The agent does not run; it takes the new config when it starts.')
    forget()
    await box.mend()
    return await judge(box, told, before, after)
  } finally {
    forget()
    await box.mend()
    lab.close()
  }
}

/** The old config or the new one to the byte, as the console says; nothing of the change is left, and the agent is well with it. */
async function judge(box: RealFaultyBox, told: ApplyJob, before: string, after: string): Promise<string> {
  killAll([box.gatewayPid()], 'SIGCONT')
  const isNew = told.outcome === 'changed'
  expect(told.outcome).toMatch(/^(changed|failed|reverted)$/)
  expect(box.text()).toBe(isNew ? after : before)
  await vi.waitFor(() => expect([changesOf(box), processesOf(box, 'revert.cjs')]).toEqual([[], []]), {
    timeout: 30_000,
    interval: 100,
  })
  await vi.waitFor(async () => expect(await box.isWhole()).toBe(true), { timeout: 120_000, interval: 250 })
  return `${isNew ? 'new' : 'old'}, ${told.outcome}`
}

const kinds = [
  { name: 'Console killed before the step is sent', run: (cell: Cell) => killed(cell, 'before') },
  { name: 'Console killed when the machine has done the step', run: (cell: Cell) => killed(cell, 'answered') },
  { name: 'Gateway gone from the step on, and refuses to start', run: refuses },
]
const cells = kinds.flatMap(({ name, run }) => faultSteps.map((step) => ({ name, step, run })))
const seen = new Map<string, string>()

test.concurrent.for(cells)('$name: $step', async ({ name, step, run }) => {
  const box = free.pop()
  if (box === undefined) throw new Error('no box is free')
  try {
    for (const factor of [1, 2, 4]) {
      try {
        seen.set(`${name}: ${step}`, await run({ box, step, factor }))
        return
      } catch (error) {
        if (!(error instanceof TooSlow) || factor === 4) throw error
      }
    }
  } finally {
    free.push(box)
  }
})

test('the table in docs says what was seen', () => {
  const line = (words: readonly string[]) => `| ${words.join(' | ')} |`
  const ran = kinds.filter(({ name }) => faultSteps.every((step) => seen.has(`${name}: ${step}`)))
  const text = [
    line(['What happens', ...faultSteps]),
    line(['---', ...faultSteps.map(() => '---')]),
    ...ran.map(({ name }) => line([name, ...faultSteps.map((step) => seen.get(`${name}: ${step}`) ?? '–')])),
    '',
    `${seen.size} cells were run.`,
  ].join('\n')
  expectDocsPart('rollout-faults.md', 'main/apply/faults.real.test.ts', text, seen.size === cells.length)
})
