import { expect, test } from 'vitest'
import { planMorning } from './morning.ts'

const hourMs = 3_600_000
const monday = Date.UTC(2026, 10, 23)

test.each(Array.from({ length: 14 * 8 }, (_, number) => monday + number * 3 * hourMs + 5 * 60_000))(
  'every trouble begins after the last evening and some time before now: %i',
  (nowMs) => {
    const { setUpMs, eveningMs, hostKeyMs, crashedMs, recoveredMs, ...later } = planMorning(nowMs)
    expect(new Date(eveningMs).getDay()).toBeGreaterThan(0)
    expect(new Date(eveningMs).getDay()).toBeLessThan(6)
    expect(nowMs - eveningMs).toBeGreaterThanOrEqual(50 * hourMs)
    expect(nowMs - eveningMs).toBeLessThan(5 * 24 * hourMs + 2 * hourMs)
    expect([setUpMs, hostKeyMs, eveningMs, crashedMs, recoveredMs]).toEqual(
      [setUpMs, hostKeyMs, eveningMs, crashedMs, recoveredMs].sort((a, b) => a - b),
    )
    const { nowMs: now, ...begins } = later
    for (const [name, atMs] of Object.entries(begins)) {
      expect(atMs, name).toBeGreaterThan(recoveredMs + hourMs)
      expect(now - atMs, name).toBeGreaterThan(hourMs)
    }
    expect(later.editedMs).toBeLessThan(later.wedgedMs)
  },
)
