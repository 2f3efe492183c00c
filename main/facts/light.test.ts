import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { answer, factsLab, refusal, sweepAll } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { got, sampleAgent, sampleConfig, sampleDoor, sampleInstall } from '../testing/observed-sample.ts'
import { lightFacts } from './light.ts'

const minuteMs = 60_000

test('a light answer refreshes what it read; every other fact keeps its value and its age', async () => {
  const clock = fakeClock()
  let version = '2026.9.6'
  let direct: 'listed' | 'everyone' = 'listed'
  using here = factsLab(
    async () =>
      answer(clock, {
        agents: [
          sampleAgent(clock.nowMs(), {
            doors: got([sampleDoor({ direct })]),
            install: got(sampleInstall({ version })),
            runningVersion: got(version),
            config: got(sampleConfig(clock.nowMs(), { fingerprint: version.at(-1)?.repeat(64) ?? '' })),
          }),
        ],
      }),
    { clock, boxes: 1 },
  )
  const boxId = here.idOf('box-1')
  await sweepAll(here.facts)
  const fullMs = clock.nowMs()
  const before = here.facts.ofBox(boxId)
  version = '2026.9.5'
  direct = 'everyone'
  clock.advance(10 * minuteMs)
  here.facts.sweeps.start({ reason: 'schedule', kind: 'light' })
  await here.facts.sweeps.idle()
  const after = here.facts.ofBox(boxId)
  expect(after.map(({ key }) => key).sort()).toEqual(before.map(({ key }) => key).sort())
  for (const fact of after) {
    if (lightFacts.has(fact.key)) expect(fact.takenAtMs, fact.key).toBe(clock.nowMs())
    else
      expect(fact, fact.key).toEqual(before.find(({ key, instance }) => key === fact.key && instance === fact.instance))
  }
  expect(after.filter(({ takenAtMs }) => takenAtMs === fullMs).length).toBeGreaterThan(10)
  expect(here.findings.open().map(({ cause }) => cause)).toEqual(['answers-everyone', 'changed-outside'])
  expect(here.facts.attempts().get(boxId)).toMatchObject({ outcome: 'swept', atMs: clock.nowMs() })
})

test('a light sweep stands in no history, no diary and no timeline, and full ones say when they were', async () => {
  const clock = fakeClock()
  let down = false
  using here = factsLab(
    async (name) => {
      if (down && name === 'box-1') throw refusal(name)
      return answer(clock)
    },
    { clock, boxes: 2 },
  )
  const full = await sweepAll(here.facts)
  const entries = here.ledger.entries({ limit: 50 }).length
  clock.advance(10 * minuteMs)
  const lightMs = clock.nowMs()
  const sweepId = here.facts.sweeps.start({ reason: 'schedule', kind: 'light' })
  await here.facts.sweeps.idle()
  expect(here.facts.sweeps.history(10)).toMatchObject([{ sweepId: full.sweepId, kind: 'full' }])
  expect(here.facts.sweeps.current()).toMatchObject({ sweepId: full.sweepId })
  expect(here.ledger.entries({ limit: 50 })).toHaveLength(entries)
  expect(here.facts.sweeps.last()).toMatchObject({ sweepId, kind: 'light', endedAtMs: lightMs, swept: 2 })
  expect(here.facts.sweeps.lastAskedMs()).toBe(lightMs)
  down = true
  here.facts.sweeps.start({ reason: 'schedule', kind: 'light' })
  await here.facts.sweeps.idle()
  expect(here.facts.failedAttempts(here.idOf('box-1'), 10)).toEqual([])
})

test('light sweeps are forgotten after a while, full ones stay', async () => {
  const clock = fakeClock()
  using here = factsLab(async () => answer(clock), { clock, boxes: 1 })
  const light = async () => {
    here.facts.sweeps.start({ reason: 'schedule', kind: 'light' })
    await here.facts.sweeps.idle()
  }
  await sweepAll(here.facts)
  await light()
  clock.advance(15 * 86_400_000)
  await light()
  const kinds = here.store.db.prepare('select kind from sweep order by rowid').pluck().all()
  expect(kinds).toEqual(['full', 'light'])
})

test('a full sweep does not wait for a light one: that makes way, and never do two ask at once', async () => {
  const clock = fakeClock()
  let hangs = true
  let atOnce = 0
  let most = 0
  using here = factsLab(
    (_, signal) => {
      most = Math.max(most, ++atOnce)
      if (!hangs) {
        atOnce--
        return Promise.resolve(answer(clock))
      }
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          atOnce--
          reject(new Error('let go'))
        })
      })
    },
    { clock, boxes: 3 },
  )
  const light = here.facts.sweeps.start({ reason: 'schedule', kind: 'light' })
  await nextTurn()
  expect(here.facts.sweeps.start({ reason: 'schedule', kind: 'light' })).toBe(light)
  hangs = false
  const full = here.facts.sweeps.start({ reason: 'operator' })
  expect(full).not.toBe(light)
  expect(here.facts.sweeps.start({ reason: 'schedule', kind: 'light' })).toBe(full)
  await here.facts.sweeps.idle()
  expect(here.facts.sweeps.current()).toMatchObject({ sweepId: full, state: 'done', swept: 3 })
  expect(most).toBe(3)
  expect(here.findings.open()).toEqual([])
})
