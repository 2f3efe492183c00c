import { expect, test } from 'vitest'
import { Observed, type ObservedAgent } from '../runtimes/observed.ts'
import { answer, factsLab, outcomes, sweepAll } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { got, sampleActivity, sampleAgent, sampleDoor } from '../testing/observed-sample.ts'

/** Steers a terminal, and turns the reading direction. */
const steering = '\u001b]0;owned\u0007\u202e'

/** Every text with such marks behind it, where the schema lets a box write freely. */
function spoiled(observed: Observed): Observed {
  const spoil = (at: unknown, path: PropertyKey[]): unknown => {
    if (Array.isArray(at)) return at.map((entry, place) => spoil(entry, [...path, place]))
    if (typeof at === 'object' && at !== null)
      return Object.fromEntries(Object.entries(at).map(([name, value]) => [name, spoil(value, [...path, name])]))
    return typeof at === 'string' && isFree(observed, path) ? at + steering : at
  }
  return Observed.parse(spoil(observed, []))
}

function isFree(observed: Observed, path: readonly PropertyKey[]): boolean {
  const changed = structuredClone(observed)
  let at = changed as unknown as Record<PropertyKey, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as Record<PropertyKey, unknown>
  const last = path.at(-1) ?? ''
  at[last] = String(at[last]) + steering
  return Observed.safeParse(changed).success
}

test('no mark of a box that steers or hides reaches the store', async () => {
  const clock = fakeClock()
  const agent = sampleAgent(clock.nowMs(), { doors: got([sampleDoor({ direct: 'everyone' })]) })
  const hostile = spoiled(answer(clock, { agents: [agent] }))
  expect(JSON.stringify(hostile).match(/\u202e/g)?.length).toBeGreaterThan(30)
  using here = factsLab(async () => hostile, { clock, boxes: 1 })
  expect(outcomes(await sweepAll(here.facts))).toEqual({ 'box-1': 'swept' })
  const tables = here.store.db.prepare("select name from sqlite_schema where type = 'table'").pluck().all() as string[]
  const found = tables.flatMap((table) =>
    here.store.db
      .prepare(`select * from "${table}"`)
      .all()
      .flatMap((row) => Object.entries(row as Record<string, unknown>))
      .filter(([, value]) => typeof value === 'string' && /\p{Cf}|(?!\n)\p{Cc}/u.test(value))
      .map(([column]) => `${table}.${column}`),
  )
  expect([...new Set(found)]).toEqual([])
})

test('a box that tells impossible times and days gives no answer', () => {
  const clock = fakeClock()
  const nowMs = clock.nowMs()
  const parses = (change: Partial<ObservedAgent>, at = nowMs) => {
    const observed = answer(clock, { agents: [sampleAgent(nowMs, change)] })
    return Observed.safeParse({ ...observed, machine: { ...observed.machine, nowMs: at } }).success
  }
  expect(parses({})).toBe(true)
  expect(parses({}, 1e300)).toBe(false)
  expect(parses({ lastBackup: got({ atMs: -1e16, ok: true }) })).toBe(false)
  const days = [{ day: '<b>today', inbound: 1, replies: 1, replyMs: null }]
  expect(parses({ activity: got({ ...sampleActivity(nowMs), days }) })).toBe(false)
})

test('a box that names new agents with each answer is believed up to 64 of them, and the others go on', async () => {
  const clock = fakeClock()
  let round = 0
  const probe = async (name: string) => {
    const agents = Array.from({ length: 32 }, (_, at) =>
      sampleAgent(clock.nowMs(), {
        stateDir: name === 'box-1' ? `/home/a/.openclaw-${round}-${at}` : `/home/a/.s-${at}`,
      }),
    )
    return answer(clock, { agents })
  }
  using here = factsLab(probe, { clock, boxes: 2 })
  for (; round < 4; round++) {
    await sweepAll(here.facts)
    clock.advance(60_000)
  }
  expect(here.inventory.agents(here.idOf('box-1'))).toHaveLength(64)
  expect(here.inventory.agents(here.idOf('box-2'))).toHaveLength(32)
  expect(here.findings.open().filter(({ cause }) => cause === 'answer-not-understood')).toMatchObject([
    { boxName: 'box-1', detail: expect.stringContaining('96 agents') },
  ])
})
