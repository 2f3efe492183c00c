import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { staleBeforeMs } from './freshness.ts'

const at = (iso: string) => DateTime.fromISO(iso).toMillis()
const iso = (ms: number) => DateTime.fromMillis(ms).toFormat("yyyy-MM-dd'T'HH:mm")

test.each([
  ['2026-11-20T09:00', ['07:00'], '2026-11-19T07:00'],
  ['2026-11-20T06:59', ['07:00'], '2026-11-18T07:00'],
  ['2026-11-20T12:30', ['07:00', '12:00', '18:00'], '2026-11-20T07:00'],
  ['2026-11-20T06:00', ['07:00', '18:00'], '2026-11-19T07:00'],
  ['2026-11-20T09:00', [], '2026-11-18T09:00'],
])('at %s with sweeps at %o, facts of before %s are older than two sweeps', (now, sweepAt, before) => {
  expect(iso(staleBeforeMs(at(now), sweepAt))).toBe(before)
})
