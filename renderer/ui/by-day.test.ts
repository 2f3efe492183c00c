import { expect, it } from 'vitest'
import { byDay } from './by-day.ts'

const now = Date.UTC(2026, 10, 20, 8)
const item = (hoursAgo: number) => ({ atMs: now - hoursAgo * 3_600_000 })

it('puts lines under the day they happened on, in the zone given', () => {
  const days = byDay([item(1), item(7), item(9), item(24 * 10)], now, 'UTC')
  expect(days.map(({ name, items }) => [name, items.length])).toEqual([
    ['Today', 2],
    ['Thursday 19 November', 1],
    ['10 November', 1],
  ])
  expect(byDay([item(9)], now, 'America/New_York')[0]?.name).toBe('Thursday 19 November')
})
