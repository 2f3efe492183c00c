import type { TimelineItem } from '../../../shared/contract/index.ts'

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
