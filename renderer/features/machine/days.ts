import type { TimelineItem } from '../../../shared/contract/index.ts'
import { longDay, shortDate } from '../../ui/times.ts'

export interface Day {
  name: string
  items: TimelineItem[]
}

/** Lines of a timeline under the day they happened on, newest first as they came. */
export function byDay(items: readonly TimelineItem[], nowMs: number, timeZone?: string): Day[] {
  const days: Day[] = []
  const today = shortDate(nowMs, nowMs, timeZone)
  for (const item of items) {
    const date = shortDate(item.atMs, nowMs, timeZone)
    const week = nowMs - item.atMs < 6 * 86_400_000
    const name = date === today ? 'Today' : week ? longDay(item.atMs, timeZone) : date
    const last = days.at(-1)
    if (last?.name === name) last.items.push(item)
    else days.push({ name, items: [item] })
  }
  return days
}

/** The kinds of lines a person filters by. */
export const kinds = {
  all: { name: 'Everything', of: null },
  changes: { name: 'Changes', of: ['change-found', 'version'] },
  ours: { name: 'What we did', of: ['we-did'] },
  troubles: { name: 'Troubles', of: ['finding-opened', 'finding-closed', 'sweep-failed'] },
  restarts: { name: 'Restarts', of: ['restart'] },
} as const satisfies Record<string, { name: string; of: readonly TimelineItem['kind'][] | null }>
export type KindFilter = keyof typeof kinds

export function ofKind(items: readonly TimelineItem[], filter: KindFilter): TimelineItem[] {
  const wanted: readonly TimelineItem['kind'][] | null = kinds[filter].of
  return wanted === null ? [...items] : items.filter((item) => wanted.includes(item.kind))
}
