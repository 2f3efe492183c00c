import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import type { SweepSummary } from '../../shared/contract/index.ts'
import { answer, factsLab, unreachable } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { got, sampleAgent } from '../testing/observed-sample.ts'

const minuteMs = 60_000

/** A fleet of three, of which box-1 may be away, asked at light-sweep pace. */
function lab(startIso = '2026-11-20T12:00') {
  const clock = fakeClock(DateTime.fromISO(startIso).toMillis())
  let away = false
  let running = true
  const here = factsLab(
    async (name) => {
      if (away && name === 'box-1') throw unreachable(name)
      const service = {
        kind: 'launchd',
        running,
        pid: 71,
        startedAtMs: clock.nowMs(),
        port: 18789,
        detail: '',
      } as const
      return answer(clock, { agents: [sampleAgent(clock.nowMs(), { service: got(service) })] })
    },
    { clock, boxes: 3 },
  )
  const look = async (afterMin: number, how: { kind?: SweepSummary['kind']; reason?: SweepSummary['reason'] } = {}) => {
    clock.advance(afterMin * minuteMs)
    here.facts.sweeps.start({ reason: how.reason ?? 'schedule', kind: how.kind ?? 'light' })
    await here.facts.sweeps.idle()
  }
  return {
    ...here,
    clock,
    look,
    away: (is: boolean) => {
      away = is
    },
    running: (is: boolean) => {
      running = is
    },
    causes: () => here.findings.open().map(({ boxName, cause }) => `${boxName} ${cause}`),
  }
}

test('a machine that misses one look is doubted, not offline; the second look in a row opens it, its answer closes it', async () => {
  using here = lab()
  await here.look(0, { kind: 'full' })
  here.away(true)
  await here.look(10)
  expect(here.causes()).toEqual([])
  expect(here.findings.oldestDoubtMs()).toBe(here.clock.nowMs())
  here.away(false)
  await here.look(5)
  expect(here.findings.oldestDoubtMs()).toBeNull()
  here.away(true)
  await here.look(10)
  await here.look(5)
  expect(here.causes()).toEqual(['box-1 offline'])
  expect(here.findings.oldestDoubtMs()).toBeNull()
  here.away(false)
  await here.look(10)
  expect(here.causes()).toEqual([])
  expect(here.findings.ofBox(here.idOf('box-1'), 10)).toHaveLength(1)
})

test('a planned full sweep waits for the second look as well; the operator’s own does not', async () => {
  using here = lab()
  here.away(true)
  await here.look(0, { kind: 'full', reason: 'schedule' })
  expect(here.causes()).toEqual([])
  await here.look(1, { kind: 'full', reason: 'operator' })
  expect(here.causes()).toEqual(['box-1 offline'])
})

test('what came and went while nobody looked is told; what the operator saw or still stands is not', async () => {
  using here = lab()
  await here.look(0, { kind: 'full' })
  const fromMs = here.clock.nowMs()
  here.away(true)
  await here.look(10)
  await here.look(10)
  here.away(false)
  await here.look(10)
  const closedMs = here.clock.nowMs()
  here.running(false)
  await here.look(10)
  await here.look(10)
  expect(here.findings.open()).toHaveLength(3)
  const told = here.findings.cameAndWent(fromMs, here.clock.nowMs())
  expect(told).toMatchObject([{ cause: 'offline', boxName: 'box-1', open: false, closedAtMs: closedMs }])
  expect(here.findings.cameAndWent(closedMs, here.clock.nowMs())).toEqual([])
  here.store.db
    .prepare(
      'insert into review_session (review_id, begun_at_ms, rows_seen, rows_left, all_quiet) values (?, ?, 0, 0, 0)',
    )
    .run('r', here.clock.nowMs())
  here.store.db
    .prepare('insert into review_finding (review_id, finding_id, seen_at_ms, left_over) values (?, ?, ?, 0)')
    .run('r', told[0]?.findingId, here.clock.nowMs())
  expect(here.findings.cameAndWent(fromMs, here.clock.nowMs())).toEqual([])
})

test('a machine with hours is offline only well inside of them, and not on a day its client is closed', async () => {
  using here = lab('2026-11-25T08:35')
  const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 9 * 60, toMinute: 17 * 60 }))
  const { client } = here.inventory.addClient({ name: 'Elm Realty', region: 'US-CA' })
  here.inventory.editBox({
    boxId: here.idOf('box-1'),
    fields: { clientId: client.clientId, expectedOn: { kind: 'hours', spans: weekdays } },
  })
  here.away(true)
  for (let n = 0; n < 5; n++) await here.look(10)
  expect(here.facts.attempts().get(here.idOf('box-1'))?.outcome).toBe('not-expected')
  expect(here.causes()).toEqual([])
  await here.look(10)
  expect(here.causes()).toEqual([])
  await here.look(10)
  expect(here.causes()).toEqual(['box-1 offline'])
  here.away(false)
  await here.look(10)
  here.away(true)
  for (let n = 0; n < 20; n++) await here.look(120)
  expect(DateTime.fromMillis(here.clock.nowMs()).toFormat('d LLLL')).toBe('27 November')
  const sinceThanksgiving = here.findings
    .ofBox(here.idOf('box-1'), 10)
    .filter(({ noticedAtMs }) => DateTime.fromMillis(noticedAtMs).day === 26)
  expect(sinceThanksgiving).toEqual([])
})

test('a doubt of the evening does not count in the morning', async () => {
  using here = lab('2026-11-24T16:20')
  const spans = [2, 3].map((weekday) => ({ weekday, fromMinute: 9 * 60, toMinute: 17 * 60 }))
  here.inventory.editBox({ boxId: here.idOf('box-1'), fields: { expectedOn: { kind: 'hours', spans } } })
  await here.look(0)
  here.away(true)
  await here.look(8)
  expect(here.findings.oldestDoubtMs()).not.toBeNull()
  for (let n = 0; n < 17; n++) await here.look(60)
  expect(DateTime.fromMillis(here.clock.nowMs()).toFormat('cccc HH:mm')).toBe('Wednesday 09:28')
  await here.look(4)
  expect(here.causes()).toEqual([])
})
