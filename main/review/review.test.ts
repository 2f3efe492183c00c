import { afterEach, expect, test } from 'vitest'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { defaultSettings } from '../store/store.ts'
import { answer, factsLab, sweepAll, unreachable } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { got, sampleAgent, sampleDoor } from '../testing/observed-sample.ts'
import { createReview } from './review.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
})

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const everyone: Partial<ObservedAgent> = { doors: got([sampleDoor({ direct: 'everyone' })]) }
const noBackup: Partial<ObservedAgent> = { lastBackup: got({ atMs: null, ok: false }) }

/** Friday 20 November 2026, 12:00 UTC. Boxes `box-1` and on; each one's agent as said, null does not answer. */
function lab(agents: (Partial<ObservedAgent> | null)[]) {
  const clock = fakeClock()
  const seen = new Map(agents.map((agent, at) => [`box-${at + 1}`, agent]))
  const here = factsLab(
    async (name) => {
      const agent = seen.get(name)
      if (agent === null) throw unreachable(name)
      return answer(clock, { agents: [sampleAgent(clock.nowMs(), agent)] })
    },
    { clock, boxes: agents.length },
  )
  cleanups.push(() => here[Symbol.dispose]())
  const open = () => createReview({ ...here, settings: () => defaultSettings, demo: false })
  return { ...here, clock, seen, open, review: open(), sweep: () => sweepAll(here.facts) }
}

const keysOf = (review: ReturnType<typeof createReview>) => review.page().items.map(({ key }) => key)

test('a review is a row: its clock and marks outlive the engine', async () => {
  const { sweep, review, clock, open } = lab([everyone, noBackup])
  expect(review.page()).toMatchObject({ reviewStartedAtMs: null })
  review.begin()
  expect(review.page().reviewStartedAtMs).toBeNull()
  await sweep()
  const begunAtMs = clock.nowMs()
  review.begin()
  clock.advance(3 * minute)
  const [first = ''] = keysOf(review)
  review.mark([first], true)
  const again = open()
  expect(again.page()).toMatchObject({ reviewStartedAtMs: begunAtMs, reviewEnded: null })
  expect(again.page().items.map(({ seen }) => seen)).toEqual([true, false])
})

test('the last mark ends it; taken back soon after it goes on, later a new one begins', async () => {
  const { sweep, review, clock, ledger } = lab([everyone, noBackup])
  await sweep()
  review.begin()
  clock.advance(8 * minute)
  expect(review.mark(keysOf(review), true)).toEqual({ reviewEnded: true })
  expect(review.page()).toMatchObject({
    reviewStartedAtMs: null,
    reviewEnded: { seen: 2, left: 2, allQuiet: false, endedAtMs: clock.nowMs() },
  })
  expect(ledger.entries({ limit: 1 })[0]?.sentence).toBe('The review ended after 8 min: 2 rows seen, 2 left for later.')
  const [first = ''] = keysOf(review)
  clock.advance(minute)
  review.mark([first], false)
  expect(review.page()).toMatchObject({ reviewStartedAtMs: clock.nowMs() - 9 * minute, reviewEnded: null })
  expect(ledger.entries({ limit: 1 })[0]?.kind).toBe('review.went-on')
  review.mark([first], true)
  clock.advance(hour)
  review.mark([first], false)
  expect(review.page().reviewStartedAtMs).toBe(clock.nowMs())
  expect(review.history(10)).toHaveLength(1)
})

test('what is put off waits in Later and is no reason against all quiet', async () => {
  const { sweep, review, clock, ledger } = lab([noBackup, {}])
  await sweep()
  const untilMs = clock.nowMs() + 20 * hour
  const [key = ''] = keysOf(review)
  expect(review.snooze({ keys: [key], untilMs, reason: 'Known' })).toMatchObject({ reviewEnded: true })
  expect(review.page()).toMatchObject({
    allQuiet: true,
    items: [{ section: 'later', finding: { snoozed: { untilMs } } }],
    reviewEnded: { seen: 1, left: 1, allQuiet: true },
  })
  expect(ledger.entries({ limit: 1 })[0]?.sentence).toBe('The review ended: 1 row seen, all quiet but for 1 put off.')
  clock.advance(20 * hour)
  await sweep()
  expect(review.page()).toMatchObject({
    allQuiet: false,
    items: [{ section: 'needs-you', finding: { snoozed: null, snoozeEndedAtMs: untilMs } }],
  })
})

test('all quiet is not said with a machine that was not read, and counts a paused one as not expected', async () => {
  const { sweep, review, inventory, clock, boxes } = lab([{}, null, {}])
  await sweep()
  expect(review.page()).toMatchObject({ allQuiet: false, notSeen: ['box-2'], expected: 3, expectedAnswered: 2 })
  const { client } = inventory.addClient({ name: 'Nolan Property' })
  inventory.editBox({ boxId: boxes[1]!.boxId, fields: { clientId: client.clientId } })
  inventory.pauseClient({ clientId: client.clientId, untilMs: clock.nowMs() + day, reason: 'Away' })
  expect(review.page()).toMatchObject({
    allQuiet: true,
    notSeen: [],
    expected: 2,
    expectedAnswered: 2,
    items: [{ section: 'later', pause: { reason: 'Away' }, finding: { subject: 'Nolan Property', cause: 'offline' } }],
  })
})

test('a paused machine that answers is counted: what answered and what was expected agree', async () => {
  const { sweep, review, inventory, clock, boxes } = lab([{}, null, {}])
  const { client } = inventory.addClient({ name: 'Nolan Property' })
  for (const { boxId } of boxes.slice(0, 2)) inventory.editBox({ boxId, fields: { clientId: client.clientId } })
  inventory.pauseClient({ clientId: client.clientId, untilMs: clock.nowMs() + day, reason: 'Away' })
  await sweep()
  expect(review.page()).toMatchObject({ machines: 3, answered: 2, notSeen: [], expected: 2, expectedAnswered: 2 })
})

test('light answers alone make no machine seen: what nobody read for days is not quiet', async () => {
  const { sweep, review, clock, facts } = lab([{}, {}])
  const look = async () => {
    facts.sweeps.start({ reason: 'schedule', kind: 'light' })
    await facts.sweeps.idle()
  }
  await sweep()
  await look()
  expect(review.page()).toMatchObject({ allQuiet: true, notSeen: [] })
  clock.advance(4 * day)
  await look()
  expect(review.page()).toMatchObject({ allQuiet: false, notSeen: ['box-1', 'box-2'] })
  await sweep()
  expect(review.page()).toMatchObject({ allQuiet: true, notSeen: [] })
})

test('no network: nothing is quiet, and nothing is alarmed about', async () => {
  const { sweep, review } = lab([null, null])
  await sweep()
  expect(review.page()).toMatchObject({ allQuiet: false, items: [], noNetworkSinceMs: expect.any(Number) })
})

test('a look at a quiet morning is a review; without one the days are missed', async () => {
  const { sweep, review, clock, ledger } = lab([{}, {}])
  await sweep()
  review.begin()
  expect(ledger.entries({ limit: 1 })[0]?.sentence).toBe('The review ended: all quiet.')
  review.begin()
  expect(review.history(10)).toHaveLength(1)
  clock.advance(5 * day)
  expect(review.page().missedDays).toEqual(['2026-11-23', '2026-11-24'])
  await sweep()
  review.begin()
  expect(review.page()).toMatchObject({ missedDays: [], reviewEnded: { allQuiet: true } })
  expect(ledger.entries({ limit: 1 })[0]?.sentence).toBe(
    'The review ended: all quiet. There was none on Monday and Tuesday.',
  )
})

test('troubles that came and went since the last review are told until the next one ends', async () => {
  const { sweep, review, clock, seen } = lab([{}, {}])
  await sweep()
  review.begin()
  expect(review.page().since).toBeNull()
  clock.advance(hour)
  seen.set('box-1', noBackup)
  await sweep()
  for (let more = 0; more < 3; more += 1) {
    clock.advance(hour)
    seen.set('box-1', {})
    await sweep()
  }
  expect(review.page().items).toEqual([])
  const cause = review.page().since?.cameAndWent.map((finding) => finding.cause)
  expect(cause).toContain('backup-old')
  clock.advance(day)
  await sweep()
  review.begin()
  // Somebody has to read it first: it does not end by itself.
  expect(review.page()).toMatchObject({ reviewStartedAtMs: clock.nowMs() })
  expect(review.end()).toEqual({ reviewEnded: true })
  expect(review.page().since).toBeNull()
})

test('what changed just before a trouble is told with it', async () => {
  const { sweep, review, clock, seen, inventory, boxes } = lab([{}])
  await sweep()
  clock.advance(hour)
  inventory.editBox({ boxId: boxes[0]!.boxId, fields: { user: 'kit' } })
  clock.advance(hour)
  seen.set('box-1', noBackup)
  await sweep()
  expect(review.page().items[0]?.changedBefore).toEqual([
    { atMs: clock.nowMs() - hour, sentence: 'box-1 was edited', who: 'you' },
  ])
})
