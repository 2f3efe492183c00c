import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import { answer, factsLab, sweepAll, unreachable } from '../testing/facts-lab.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { startNotifier } from './notifier.ts'

function lab(startIso: string) {
  const clock = fakeClock(DateTime.fromISO(startIso).toMillis())
  const away = new Set<string>()
  const here = factsLab(
    async (name) => {
      if (away.has(name)) throw unreachable(name)
      return answer(clock)
    },
    { clock, boxes: 3 },
  )
  const told: string[] = []
  const how = { silent: false, notify: true }
  const stop = startNotifier({
    clock,
    log: silentLog,
    changes: here.changes,
    findings: here.findings,
    settings: () => ({ notify: how.notify, quietFrom: '22:00', quietTo: '07:00' }),
    silent: () => how.silent,
    tell: (notice) => told.push(notice.title),
  })
  const sweep = async (...gone: string[]) => {
    away.clear()
    for (const name of gone) away.add(name)
    await sweepAll(here.facts)
    clock.advance(5_000)
  }
  return { ...here, clock, told, how, stop, sweep }
}

test('a red finding is told once while it stands, and its recovery once', async () => {
  using here = lab('2026-11-20T12:00')
  await here.sweep('box-1')
  await here.sweep('box-1')
  await here.sweep()
  await here.sweep()
  here.clock.advance(3_600_000)
  expect(here.told).toEqual(['box-1', 'box-1: over'])
})

test('what was told before a restart of the console is not told after it', async () => {
  using here = lab('2026-11-20T12:00')
  await here.sweep('box-1')
  here.stop()
  await here.sweep('box-1', 'box-2')
  const again: string[] = []
  startNotifier({
    clock: here.clock,
    log: silentLog,
    changes: here.changes,
    findings: here.findings,
    settings: () => ({ notify: true, quietFrom: '22:00', quietTo: '07:00' }),
    silent: () => false,
    tell: (notice) => again.push(notice.title),
  })
  here.clock.advance(5_000)
  expect([here.told, again]).toEqual([['box-1'], ['box-2']])
})

test('quiet hours hold back, and their end sums up without anything else happening', async () => {
  using here = lab('2026-11-20T22:30')
  await here.sweep('box-1', 'box-2')
  here.clock.advance(8 * 3_600_000)
  expect(here.told).toEqual([])
  here.clock.advance(3_600_000)
  expect(here.told).toEqual(['2 troubles began in the quiet hours'])
})

test('silence tells nothing, then or later: the first seeding of the demo, or notices turned off', async () => {
  using here = lab('2026-11-20T12:00')
  here.how.silent = true
  await here.sweep('box-1')
  here.how.silent = false
  here.how.notify = false
  await here.sweep('box-1', 'box-2')
  here.how.notify = true
  await here.sweep('box-1', 'box-2', 'box-3')
  expect(here.told).toEqual([])
  await here.sweep('box-1', 'box-2')
  await here.sweep('box-1')
  expect(here.told).toEqual(['box-2: over'])
})
