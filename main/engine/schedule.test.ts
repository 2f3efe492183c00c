import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { isLightSweepDue, isSweepDue, newestSlotMs, startSchedule } from './schedule.ts'

const at = (iso: string) => DateTime.fromISO(iso).toMillis()

test('the newest planned time is the one that has come', () => {
  expect(newestSlotMs(at('2026-11-20T09:00'), ['07:00', '12:00'])).toBe(at('2026-11-20T07:00'))
  expect(newestSlotMs(at('2026-11-20T06:00'), ['07:00', '12:00'])).toBe(at('2026-11-19T12:00'))
  expect(newestSlotMs(at('2026-11-20T06:00'), [])).toBeNull()
})

test('a planned sweep is due until one has begun after its time', () => {
  const nine = at('2026-11-20T09:00')
  expect(isSweepDue(nine, ['07:00'], null)).toBe(true)
  expect(isSweepDue(nine, ['07:00'], at('2026-11-20T06:59'))).toBe(true)
  expect(isSweepDue(nine, ['07:00'], at('2026-11-20T07:01'))).toBe(false)
  expect(isSweepDue(nine, [], null)).toBe(false)
})

const minuteMs = 60_000
test.each<[string, { every?: number; agoMin: number | null; noNetwork?: boolean; doubtMin?: number }, boolean]>([
  ['nobody was ever asked', { agoMin: null }, true],
  ['nine minutes ago', { agoMin: 9 }, false],
  ['ten minutes ago', { agoMin: 10 }, true],
  ['long ago, but they are turned off', { every: 0, agoMin: 500 }, false],
  ['two minutes ago without a network', { agoMin: 2, noNetwork: true }, true],
  ['one minute ago without a network', { agoMin: 1, noNetwork: true }, false],
  ['in the future, because the clock went back', { agoMin: -30 }, true],
  ['five minutes ago, and a trouble was seen then', { agoMin: 5, doubtMin: 5 }, true],
  ['four minutes ago, and a trouble was seen then', { agoMin: 4, doubtMin: 4 }, false],
  ['five minutes ago with a trouble, although they are turned off', { every: 0, agoMin: 5, doubtMin: 5 }, true],
])('a light sweep when the fleet was asked: %s', (_, { every = 10, agoMin, noNetwork = false, doubtMin }, due) => {
  const nowMs = at('2026-11-20T09:00')
  const ago = (minutes: number | null | undefined) =>
    minutes === null || minutes === undefined ? null : nowMs - minutes * minuteMs
  const asked = { everyMinutes: every, lastAskedMs: ago(agoMin), noNetwork, doubtMs: ago(doubtMin) }
  expect(isLightSweepDue(nowMs, asked)).toBe(due)
})

function lab(sweepAt: string[], startIso: string, lightSweepMinutes = 0) {
  const clock = fakeClock(at(startIso))
  const sweeps: string[] = []
  let newest: number | null = null
  let asked: number | null = null
  let alive = 0
  let tidied = 0
  let backups = 0
  const schedule = startSchedule({
    clock,
    log: silentLog,
    sweepAt: () => sweepAt,
    newestFullSweepMs: () => newest,
    sweep: (reason) => {
      newest = clock.nowMs()
      asked = newest
      sweeps.push(`${DateTime.fromMillis(clock.nowMs()).toFormat('HH:mm')} ${reason}`)
    },
    asked: () => ({ everyMinutes: lightSweepMinutes, lastAskedMs: asked, noNetwork: false, doubtMs: null }),
    lightSweep: () => {
      asked = clock.nowMs()
      sweeps.push(`${DateTime.fromMillis(asked).toFormat('HH:mm')} light`)
    },
    alive: () => {
      alive = clock.nowMs()
    },
    lastBackupMs: () => (backups === 0 ? null : clock.nowMs()),
    tidy: async () => {
      tidied += 1
    },
    backup: async () => {
      backups += 1
    },
  })
  return { clock, sweeps, schedule, backups: () => backups, tidied: () => tidied, alive: () => alive }
}

test('a sweep begins at its time, once', () => {
  const here = lab(['07:00'], '2026-11-20T06:58')
  here.clock.advance(10 * 60_000)
  expect(here.sweeps).toEqual(['06:58 start', '07:00 schedule'])
})

test('light sweeps fill the time between the full ones, and the pulse goes on', () => {
  const here = lab(['07:00'], '2026-11-20T06:44', 10)
  here.clock.advance(32 * minuteMs)
  expect(here.sweeps).toEqual(['06:44 start', '06:54 light', '07:00 schedule', '07:10 light'])
  expect(here.clock.nowMs() - here.alive()).toBeLessThan(minuteMs)
})

test('nothing begins on a sleeping laptop; what was missed is caught up once after it wakes', () => {
  const here = lab(['07:00', '08:00'], '2026-11-20T06:30')
  here.clock.advance(60_000)
  here.sweeps.length = 0
  here.schedule.suspend()
  here.clock.advance(3 * 3_600_000)
  expect(here.sweeps).toEqual([])
  here.schedule.resume()
  expect(here.sweeps).toEqual([])
  here.clock.advance(60_000)
  expect(here.sweeps).toEqual(['09:31 wake'])
})

test('the store is copied and old logs are removed once a day, and nothing happens after the end', async () => {
  const here = lab([], '2026-11-20T06:30')
  here.clock.advance(60_000)
  expect([here.backups(), here.tidied()]).toEqual([1, 1])
  await Promise.resolve()
  here.clock.advance(3_600_000)
  expect([here.backups(), here.tidied()]).toEqual([1, 1])
  here.clock.advance(23 * 3_600_000)
  expect(here.tidied()).toBe(2)
  here.schedule.stop()
  here.clock.advance(48 * 3_600_000)
  expect(here.sweeps).toEqual([])
  expect(here.tidied()).toBe(2)
})
