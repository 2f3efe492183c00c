import { longDay, shortDate } from './times.ts'

export interface Day<T> {
  name: string
  items: T[]
}

/** Lines under the day they happened on, newest first as they came. */
export function byDay<T extends { atMs: number }>(items: readonly T[], nowMs: number, timeZone?: string): Day<T>[] {
  const days: Day<T>[] = []
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
