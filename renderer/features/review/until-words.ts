import { clockTime, longDay, shortDate } from '../../ui/times.ts'

const dayMs = 24 * 3_600_000

const startOfDay = (atMs: number): number => new Date(atMs).setHours(0, 0, 0, 0)

/** When something that waits is back, after "until": "14:00", "tomorrow", "Thursday", "4 December". */
export function untilText(untilMs: number, nowMs: number): string {
  const days = Math.round((startOfDay(untilMs) - startOfDay(nowMs)) / dayMs)
  if (days === 0) return clockTime(untilMs)
  if (days === 1) return 'tomorrow'
  if (days > 1 && days < 7) return longDay(untilMs).split(' ')[0] ?? ''
  return shortDate(untilMs, nowMs)
}
