import { expect, it } from 'vitest'
import type { TimelineItem } from '../../../shared/contract/index.ts'
import { ofKind } from './days.ts'

const now = Date.UTC(2026, 10, 20, 8)
const item = (hoursAgo: number, kind: TimelineItem['kind'] = 'we-did'): TimelineItem => ({
  atMs: now - hoursAgo * 3_600_000,
  kind,
  sentence: '',
  detail: '',
})

it('filters by kind', () => {
  const items = [item(1, 'restart'), item(2, 'version'), item(3, 'finding-opened')]
  expect(ofKind(items, 'changes')).toHaveLength(1)
  expect(ofKind(items, 'all')).toHaveLength(3)
})
