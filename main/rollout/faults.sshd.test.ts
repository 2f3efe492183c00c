import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RolloutRun } from '../../shared/contract/index.ts'
import { startStandIn } from '../testing/apply-lab.ts'
import { processesOf } from '../testing/box-processes.ts'
import { expectDocsPart } from '../testing/docs-part.ts'
import { goOnThere, haltAt, markerOf, mendGateway, untilHalted } from '../testing/faulty-apply.ts'
import {
  type Fleet,
  patched,
  type RunBoxName,
  type RunFault,
  type RunPoint,
  runBoxes,
  runFaults,
  runPoints,
  runUntil,
  stampOf,
  startFleet,
} from '../testing/run-faults.ts'
import { runLab } from '../testing/run-lab.ts'
import { expectNothingLeft, expectReady } from '../testing/whole-box.ts'

const fleetsAtOnce = 3
vi.setConfig({ maxConcurrency: fleetsAtOnce, testTimeout: 400_000, hookTimeout: 300_000 })

/** The machine was so slow that a change's time was over before the fault could happen: it is tried with more time. */
class TooSlow extends Error {}

const free: Fleet[] = []
const fleets: Fleet[] = []
beforeAll(async () => {
  for (let count = 0; count < fleetsAtOnce; count++) fleets.push(await startFleet())
  free.push(...fleets)
})
afterAll(async () => {
  for (const fleet of fleets) await fleet.end()
})

/** In which wave it happens: in that of the canary, or in the first of the rest, when the canary is changed already. */
const places = [
  { at: 'canary', wave: 1 },
  { at: 'first', wave: 2 },
] as const satisfies readonly { at: RunBoxName; wave: number }[]
type Place = (typeof places)[number]
type Lab = ReturnType<typeof runLab>

const laneOf = ({ lanes }: RolloutRun, name: string) => {
  const lane = lanes.find((one) => one.name === name)
  if (lane === undefined) throw new Error(`no lane ${name}`)
  return lane
}
const newest = ({ house }: Lab): RolloutRun => {
  const [summary] = house.runs.list({ limit: 1 })
  if (summary === undefined) throw new Error('no run')
  return house.runs.get(summary)
}
/** Each machine as the console tells it, which has to be what stands in its files. */
function told(run: RolloutRun, { boxes }: Fleet): string[] {
  return runBoxes.map((name) => {
    const { outcome, state } = laneOf(run, name)
    const isNew = boxes[name].text() !== boxes[name].before
    expect([name, boxes[name].text()]).toEqual([name, isNew ? patched(boxes[name].before) : boxes[name].before])
    expect([name, outcome === 'changed']).toEqual([name, isNew])
    return outcome ?? (state === 'waiting' ? '–' : state)
  })
}
const stampsOf = ({ boxes }: Fleet) => runBoxes.map((name) => stampOf(boxes[name]))

/** No machine had any other config than these two, and none took the new one again that had it already. */
async function expectOnce(lab: Lab, { boxes }: Fleet, wentBack: readonly string[], isNew = true): Promise<void> {
  for (const name of runBoxes) {
    const box = boxes[name]
    const [before, after] = [box.before, patched(box.before)]
    const back = wentBack.includes(name) ? [before, after] : []
    const wanted = isNew ? [before, after, ...back] : [before, ...(wentBack.includes(name) ? [after, before] : [])]
    await vi.waitFor(() => expect([name, box.seen]).toEqual([name, wanted]), { timeout: 5000, interval: 20 })
    const { boxId } = laneOf(newest(lab), name)
    const made = lab.house.apply.recent(boxId, 50).filter(({ outcome }) => outcome === 'changed')
    expect([name, made.length]).toEqual([name, isNew ? 1 : 0])
    await expectNothingLeft(box)
    await expectReady(box)
  }
}
const untilDecided = ({ boxes }: Fleet) =>
  vi.waitFor(
    () => {
      for (const name of runBoxes) expect(['armed', 'reverting']).not.toContain(markerOf(boxes[name]))
    },
    { timeout: 120_000, interval: 20 },
  )

async function killedAt(
  fleet: Fleet,
  point: RunPoint,
  { wave, at }: Place,
  moment: 'before' | 'after',
  factor: number,
) {
  const dataDir = await fleet.ready()
  const { kind, words } = point
  const script = runUntil(
    { kind, ...(words === undefined ? {} : { words }), wave: point.once ? null : wave, moment },
    { dataDir, patchId: fleet.patchId, times: point.isArmed ? { deadlineS: 5 * factor } : {} },
  )
  await script.says('standing there').catch((error: unknown) => {
    script.process.kill('SIGKILL')
    throw point.isArmed ? new TooSlow(String(error)) : error
  })
  const isOnTime = !point.isArmed || markerOf(fleet.boxes[at]) === 'armed'
  script.process.kill('SIGKILL')
  expect((await script.ended).signal).toBe('SIGKILL')
  if (!isOnTime) throw new TooSlow(`${point.name}: the machine had gone back already`)
  await untilDecided(fleet)

  const lab = runLab({ at: dataDir })
  try {
    const found = newest(lab)
    const isOver = kind === 'run.ended' && moment === 'after'
    expect(found.state).toBe(isOver ? 'ended' : 'interrupted')
    if (isOver) {
      await expectOnce(lab, fleet, [])
      return `${told(found, fleet).join(', ')}; ended`
    }
    // It asks every machine whose end nobody saw, by itself, and then says of each how it stands.
    const asked = await lab.until(found, ({ lanes }) =>
      lanes.every(({ state, outcome }) => state !== 'running' && outcome !== 'inconclusive'),
    )
    expect(asked).toMatchObject({ state: 'interrupted', question: { kind: 'interrupted' } })
    const stands = told(asked, fleet)
    const isChanged = runBoxes.map((name) => laneOf(asked, name).outcome === 'changed')
    const stamps = stampsOf(fleet)
    // Nothing goes on by itself: nobody carries it, and it takes a word.
    await lab.house.runs.idle(asked.rolloutId)
    expect(newest(lab).state).toBe('interrupted')

    await lab.house.runs.continue({ rolloutId: asked.rolloutId, how: 'go-on' })
    const ended = await lab.settled(asked)
    expect(ended).toMatchObject({ state: 'ended', words: 'Changed 3 of 3.', layers: 'saved' })
    expect(told(ended, fleet)).toEqual(['changed', 'changed', 'changed'])
    const after = stampsOf(fleet)
    runBoxes.forEach((name, index) => {
      if (isChanged[index]) expect([name, after[index]]).toEqual([name, stamps[index]])
    })
    await expectOnce(
      lab,
      fleet,
      runBoxes.filter((name) => laneOf(asked, name).outcome === 'reverted'),
    )
    await lab.again()
    expect(newest(lab)).toMatchObject({ state: 'ended', words: 'Changed 3 of 3.' })
    return stands.join(', ')
  } finally {
    await lab.house.close()
  }
}

async function brokenAt(fleet: Fleet, fault: RunFault, { at }: Place, factor: number): Promise<string> {
  const dataDir = await fleet.ready()
  const box = fleet.boxes[at]
  const lab = runLab({ at: dataDir, times: { deadlineS: (fault.isArmed ? 5 : 60) * factor, settleMs: 4000 * factor } })
  const network = (isUp: boolean) => {
    if (isUp) return void lab.away.delete(box.proxy.port)
    lab.away.add(box.proxy.port)
    box.proxy.cut()
  }
  const scene = { box, disk: fleet.disks[at], network }
  try {
    const { hash } = await lab.house.rollouts.preview({ patchId: fleet.patchId })
    await fault.before?.(scene)
    if (fault.midst) haltAt(box, '/openclaw.json')
    const begun = await lab.house.runs.start({ patchId: fleet.patchId, hash, options: { when: 'now' } })
    let isSettled = false
    const settled = lab.settled(begun).finally(() => {
      isSettled = true
    })
    if (fault.midst) {
      await untilHalted(box, () => {
        if (isSettled) throw new TooSlow(`it never came to the midst: ${newest(lab).words}`)
      })
      if ((await fault.midst(scene)) === undefined) goOnThere(box)
    }
    const asks = await settled
    if (at !== 'canary' && laneOf(asks, 'canary').outcome !== 'changed') throw new TooSlow('the canary was too slow')
    const isUnknown = laneOf(asks, at).outcome === 'inconclusive'
    expect(asks).toMatchObject({
      state: 'paused',
      question: { kind: isUnknown ? 'inconclusive' : 'failed', agentIds: [laneOf(asks, at).agentId] },
      layers: at === 'canary' ? 'not-saved' : 'saved',
    })
    await untilDecided(fleet)
    await fault.passes?.(scene)
    // It may be asked already, by the console itself.
    if (isUnknown)
      await vi.waitFor(() => lab.house.apply.ask(laneOf(asks, at).boxId), { timeout: 60_000, interval: 100 })
    const known = newest(lab)
    const stands = told(known, fleet)
    const place = runBoxes.indexOf(at)
    expect(stands[place]).toMatch(/^(failed|reverted)$/)
    expect(stands.toSpliced(place, 1)).toEqual(at === 'canary' ? ['–', '–'] : ['changed', '–'])
    mendGateway(box)
    if (processesOf(box, 'gateway').length === 0) await startStandIn(box.home, box.entry)
    const stamps = stampsOf(fleet)
    const wentBack = stands[place] === 'reverted' ? [at] : []
    if (at === 'canary') {
      const stopped = await lab.house.runs.stop(known)
      expect(told(stopped, fleet)).toEqual([stands[place], 'not-attempted', 'not-attempted'])
      expect(stampsOf(fleet)).toEqual(stamps)
      await expectOnce(lab, fleet, wentBack, false)
    } else {
      // What the machine is now has to be read before it is previewed again.
      await lab.lookAt(laneOf(known, at).boxId)
      await lab.house.runs.retry(known)
      const ended = await lab.settled(known)
      expect(ended).toMatchObject({ state: 'ended', words: 'Changed 3 of 3.' })
      expect(told(ended, fleet)).toEqual(['changed', 'changed', 'changed'])
      expect(stampOf(fleet.boxes.canary)).toBe(stamps[0])
      await expectOnce(lab, fleet, wentBack)
    }
    return [stands.join(', '), ...(fault.isRace ? [] : [isUnknown ? 'can’t tell' : 'failed'])].join('; ')
  } finally {
    fault.passes?.(scene)
    await lab.house.close()
  }
}

/** What happens once in a run stands in the first column. */
const placesOf = (once = false) => (once ? places.slice(0, 1) : places)
const seen = new Map<string, string>()
const moments = ['before', 'after'] as const
const cells = [
  ...runFaults.flatMap((fault) =>
    places.map((place) => ({
      name: `${fault.name}: ${place.at}`,
      run: (fleet: Fleet, factor: number) => brokenAt(fleet, fault, place, factor),
      disk: fault.onSmallDisk ? place.at : null,
    })),
  ),
  ...runPoints.flatMap((point) =>
    placesOf(point.once).flatMap((place) =>
      moments.map((moment) => ({
        name: `${point.name}, ${moment}: ${place.at}`,
        run: (fleet: Fleet, factor: number) => killedAt(fleet, point, place, moment, factor),
        disk: null,
      })),
    ),
  ),
]

test.concurrent.for(cells)('$name', async ({ name, run, disk }, { skip }) => {
  const fleet = free.pop()
  if (fleet === undefined) throw new Error('no fleet is free')
  try {
    if (disk !== null && fleet.disks[disk] === null) skip('a disk that can be filled is mounted by root on Linux only')
    for (const factor of [1, 2, 4]) {
      try {
        seen.set(name, await run(fleet, factor))
        return
      } catch (error) {
        if (!(error instanceof TooSlow) || factor === 4) throw error
      }
    }
  } finally {
    free.push(fleet)
  }
})

const line = (words: readonly string[]) => `| ${words.join(' | ')} |`
const counted = (names: readonly string[]) => `${names.filter((name) => seen.has(name)).length} cells were run.`

/** Rows of which every cell was run. */
function expectTable(
  name: string,
  head: readonly string[],
  rows: readonly { name: string; cells: readonly string[] }[],
) {
  const ran = rows.filter(({ cells: of }) => of.every((each) => seen.has(each)))
  const text = [
    line(head),
    line(head.map(() => '---')),
    ...ran.map(({ name: what, cells: of }) =>
      line([what, ...Array.from({ length: head.length - 1 }, (_, at) => seen.get(of[at] ?? '') ?? '')]),
    ),
    '',
    counted(rows.flatMap(({ cells: of }) => of)),
  ].join('\n')
  expectDocsPart('rollout-faults.md', `main/rollout/faults.sshd.test.ts: ${name}`, text, ran.length === rows.length)
}

test('the tables in docs say what was seen', () => {
  expectTable(
    'killed',
    ['Console killed at', 'canary, before', 'canary, written', 'rest, before', 'rest, written'],
    runPoints.map(({ name, once }) => ({
      name,
      cells: placesOf(once).flatMap(({ at }) => moments.map((moment) => `${name}, ${moment}: ${at}`)),
    })),
  )
  expectTable(
    'broken',
    ['What happens', 'to the canary', 'to the first of the rest'],
    runFaults.map(({ name }) => ({ name, cells: places.map(({ at }) => `${name}: ${at}`) })),
  )
})
