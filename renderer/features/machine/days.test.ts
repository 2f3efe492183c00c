import { expect, it } from 'vitest'
import type { TimelineItem } from '../../../shared/contract/index.ts'
import { byDay, ofKind } from './days.ts'

const now = Date.UTC(2026, 10, 20, 8)
const item = (hoursAgo: number, kind: TimelineItem['kind'] = 'we-did'): TimelineItem => ({
  atMs: now - hoursAgo * 3_600_000,
  kind,
  sentence: '',
  detail: '',
})

it('puts lines under the day they happened on, in the zone given', () => {
  const days = byDay([item(1), item(7), item(9), item(24 * 10)], now, 'UTC')
  expect(days.map(({ name, items }) => [name, items.length])).toEqual([
    ['Today', 2],
    ['Thursday 19 November', 1],
    ['10 November', 1],
  ])
  expect(byDay([item(9)], now, 'America/New_York')[0]?.name).toBe('Thursday 19 November')
})

it('filters by kind', () => {
  const items = [item(1, 'restart'), item(2, 'version'), item(3, 'finding-opened')]
  expect(ofKind(items, 'changes')).toHaveLength(1)
  expect(ofKind(items, 'all')).toHaveLength(3)
})
