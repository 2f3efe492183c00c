import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { isSweepDue, newestSlotMs, startSchedule } from './schedule.ts'

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

function lab(sweepAt: string[], startIso: string) {
  const clock = fakeClock(at(startIso))
  const sweeps: string[] = []
  let newest: number | null = null
  let backups = 0
  const schedule = startSchedule({
    clock,
    log: silentLog,
    sweepAt: () => sweepAt,
    newestFullSweepMs: () => newest,
    sweep: (reason) => {
      newest = clock.nowMs()
      sweeps.push(`${DateTime.fromMillis(clock.nowMs()).toFormat('HH:mm')} ${reason}`)
    },
    lastBackupMs: () => (backups === 0 ? null : clock.nowMs()),
    backup: async () => {
      backups += 1
    },
  })
  return { clock, sweeps, schedule, backups: () => backups }
}

test('a sweep begins at its time, once', () => {
  const here = lab(['07:00'], '2026-11-20T06:58')
  here.clock.advance(10 * 60_000)
  expect(here.sweeps).toEqual(['06:58 start', '07:00 schedule'])
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

test('the store is copied once a day, and nothing happens after the end', async () => {
  const here = lab([], '2026-11-20T06:30')
  here.clock.advance(60_000)
  expect(here.backups()).toBe(1)
  await Promise.resolve()
  here.clock.advance(3_600_000)
  expect(here.backups()).toBe(1)
  here.schedule.stop()
  here.clock.advance(48 * 3_600_000)
  expect(here.sweeps).toEqual([])
})
