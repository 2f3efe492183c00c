import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { SweepProgress } from '../../shared/contract/index.ts'
import { systemClock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { answer, factsLab, outcomes, refusal, sweepAll, unreachable } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'

test('twelve boxes are asked, and each row is in the store before it is told', async () => {
  const clock = systemClock
  using here = factsLab(async () => answer(clock), { clock })
  const sweepId = here.facts.sweeps.start({ reason: 'operator' })
  for await (const progress of here.facts.sweeps.watch(sweepId)) {
    for (const box of progress.boxes)
      if (box.outcome === 'swept') expect(here.facts.ofBox(box.boxId).length).toBeGreaterThan(30)
  }
  expect(here.facts.sweeps.current()).toMatchObject({ state: 'done', total: 12, done: 12, swept: 12 })
  expect(here.facts.sweeps.history(5)).toMatchObject([{ sweepId, state: 'done', done: 12 }])
  expect(here.inventory.agents()).toHaveLength(12)
  expect(here.findings.open()).toEqual([])
})

test('one box of twelve that hangs delays nobody: the eleven are done while it is still waited for', async () => {
  const clock = fakeClock()
  using here = factsLab((name) => (name === 'box-3' ? new Promise(() => {}) : Promise.resolve(answer(clock))), {
    clock,
  })
  here.facts.sweeps.start({ reason: 'operator' })
  while (here.facts.sweeps.current()?.done !== 11) await nextTurn()
  const progress = here.facts.sweeps.current()
  expect(progress?.boxes.find((box) => box.state !== 'done')?.boxName).toBe('box-3')
  clock.advance(33_000)
  await here.facts.sweeps.idle()
  const ended = here.facts.sweeps.current()
  expect(outcomes(ended)['box-3']).toBe('failed')
  expect(ended?.boxes.find((box) => box.boxName === 'box-3')?.fault).toEqual({
    code: 'timed-out',
    boxName: 'box-3',
    phase: 'answer',
    afterMs: 30_000,
  })
  expect(here.findings.open()).toMatchObject([
    { boxName: 'box-3', cause: 'answer-not-understood', sentence: 'lets us in but never finishes its answer' },
  ])
})

test('a window of one asks one box after the other', async () => {
  const clock = fakeClock()
  let atOnce = 0
  let most = 0
  using here = factsLab(
    async () => {
      most = Math.max(most, ++atOnce)
      await Promise.resolve()
      atOnce--
      return answer(clock)
    },
    { clock, settings: { sweepConcurrency: 1 } },
  )
  expect((await sweepAll(here.facts)).swept).toBe(12)
  expect(most).toBe(1)
})

test('cancelling lets go of boxes under way, asks no other, and keeps what arrived', async () => {
  const clock = systemClock
  const asked: string[] = []
  using here = factsLab(
    (name) => {
      asked.push(name)
      return name === 'box-1' ? Promise.resolve(answer(clock)) : new Promise(() => {})
    },
    { clock, settings: { sweepConcurrency: 2 } },
  )
  const sweepId = here.facts.sweeps.start({ reason: 'operator' })
  for await (const progress of here.facts.sweeps.watch(sweepId)) {
    if (progress.done === 1 && asked.length === 3) here.facts.sweeps.cancel(sweepId)
  }
  expect(asked).toEqual(['box-1', 'box-10', 'box-11'])
  const ended = here.facts.sweeps.current()
  expect(ended?.state).toBe('cancelled')
  expect(outcomes(ended)).toMatchObject({ 'box-1': 'swept', 'box-2': 'cancelled', 'box-12': 'cancelled' })
  expect(here.facts.ofBox(here.idOf('box-1')).length).toBeGreaterThan(30)
  expect(here.findings.open()).toEqual([])
  expect(() => here.facts.sweeps.cancel(sweepId)).toThrow('not-found')
})

test('one sweep runs at a time: a second start answers with the running one', async () => {
  const clock = fakeClock()
  using here = factsLab(async () => answer(clock), { clock })
  const first = here.facts.sweeps.start({ reason: 'operator' })
  expect(here.facts.sweeps.start({ reason: 'schedule' })).toBe(first)
  await here.facts.sweeps.idle()
  expect(here.facts.sweeps.history(10)).toHaveLength(1)
})

test.each<[string, () => unknown, string, string | null]>([
  ['refuses the connection', () => refusal('box-1'), 'unreachable', 'offline'],
  [
    'refuses the login',
    () => new FaultError({ code: 'auth-refused', boxName: 'box-1', user: 'dana', offered: [], accepted: [] }),
    'refused',
    'login-refused',
  ],
  [
    'shows another key',
    () => new FaultError({ code: 'key-changed', boxName: 'box-1', pinned: 'SHA256:a', offered: 'SHA256:b' }),
    'refused',
    'key-changed',
  ],
  [
    'is not enrolled',
    () => new FaultError({ code: 'key-not-trusted', boxName: 'box-1', offered: 'SHA256:b' }),
    'refused',
    null,
  ],
  ['has no Node', () => new FaultError({ code: 'no-node', boxName: 'box-1', tried: [] }), 'failed', 'no-node'],
  [
    'has an old Node',
    () => new FaultError({ code: 'node-too-old', boxName: 'box-1', found: '12.22.0', needed: '22.13' }),
    'failed',
    'node-too-old',
  ],
  [
    'answers too much',
    () => new FaultError({ code: 'answer-too-large', boxName: 'box-1', limitBytes: 1 }),
    'failed',
    'answer-not-understood',
  ],
  ['makes our own code stumble', () => new TypeError('x of undefined'), 'failed', null],
])('a box that %s is one outcome and at most one finding; the others are swept', async (_, fail, outcome, cause) => {
  const clock = fakeClock()
  using here = factsLab(
    async (name) => {
      if (name === 'box-1') throw fail()
      return answer(clock)
    },
    { clock },
  )
  const ended = await sweepAll(here.facts)
  expect(ended).toMatchObject({ state: 'done', swept: 11 })
  expect(outcomes(ended)['box-1']).toBe(outcome)
  expect(here.findings.open().map((finding) => finding.cause)).toEqual(cause === null ? [] : [cause])
  expect(here.facts.attempts().get(here.idOf('box-1'))).toMatchObject({ outcome, sweptAtMs: null })
})

test('no machine answers at all: that is this computer, so no alarms are raised; one that answers raises them', async () => {
  const clock = fakeClock()
  let up = ''
  using here = factsLab(
    async (name) => {
      if (name === up) return answer(clock)
      throw unreachable(name)
    },
    { clock, boxes: 4 },
  )
  expect(outcomes(await sweepAll(here.facts))).toMatchObject({ 'box-1': 'unreachable', 'box-4': 'unreachable' })
  expect(here.findings.open()).toEqual([])
  expect(
    here.ledger
      .entries({ limit: 5 })
      .map((entry) => entry.sentence)
      .join(' '),
  ).toContain("points to this computer's own network or VPN")
  up = 'box-4'
  await sweepAll(here.facts)
  expect(
    here.findings
      .open()
      .map((finding) => [finding.boxName, finding.cause])
      .sort(),
  ).toEqual([
    ['box-1', 'offline'],
    ['box-2', 'offline'],
    ['box-3', 'offline'],
  ])
})

test('a box outside its hours that does not answer is not expected, and no finding', async () => {
  const clock = fakeClock()
  using here = factsLab(
    async (name) => {
      if (name === 'box-2') throw unreachable(name)
      return answer(clock)
    },
    { clock, boxes: 2 },
  )
  const weekday = new Date(clock.nowMs()).getUTCDay() || 7
  const otherDay = (weekday % 7) + 1 === weekday ? 1 : ((weekday + 2) % 7) + 1
  here.inventory.editBox({
    boxId: here.idOf('box-2'),
    fields: { expectedOn: { kind: 'hours', spans: [{ weekday: otherDay, fromMinute: 540, toMinute: 1020 }] } },
  })
  expect(outcomes(await sweepAll(here.facts))['box-2']).toBe('not-expected')
  expect(here.findings.open()).toEqual([])
})

test('a full disk of this computer fails the boxes it could not keep, and ends the sweep all the same', async () => {
  const clock = fakeClock()
  using here = factsLab(async () => answer(clock), { clock, boxes: 3 })
  const { db } = here.store
  const sweepId = here.facts.sweeps.start({ reason: 'operator' })
  const pages = db.pragma('page_count', { simple: true }) as number
  db.pragma(`max_page_count = ${pages}`)
  await here.facts.sweeps.idle()
  const ended = (await here.facts.sweeps.watch(sweepId).next()).value as SweepProgress
  db.pragma('max_page_count = 1073741823')
  expect(ended.boxes.map((box) => [box.outcome, box.fault?.code])).toEqual(Array(3).fill(['failed', 'disk-full']))
  expect((await sweepAll(here.facts)).swept).toBe(3)
  expect(here.ledger.verify().intact).toBe(true)
})

test('jump hosts are never swept', async () => {
  const clock = fakeClock()
  using here = factsLab(async () => answer(clock), { clock, boxes: 2 })
  here.inventory.editBox({ boxId: here.idOf('box-1'), fields: { jumpOnly: true } })
  expect(outcomes(await sweepAll(here.facts))).toEqual({ 'box-2': 'swept' })
})

test('closing lets a running sweep go and marks it interrupted', async () => {
  using here = factsLab(() => new Promise(() => {}))
  here.facts.sweeps.start({ reason: 'operator' })
  await here.facts.sweeps.close()
  expect(here.facts.sweeps.current()).toMatchObject({ state: 'interrupted' })
  expect(here.build().sweeps.current()).toMatchObject({ state: 'interrupted', done: 12, swept: 0 })
})
