import { DateTime } from 'luxon'
import type { DemoBox } from './spec.ts'

/** Whether somebody has switched the machine on, by the hours it is expected on. */
export function isOnAt({ expectedOn }: DemoBox['box'], timeZone: string, atMs: number): boolean {
  if (expectedOn?.kind !== 'hours') return true
  const at = DateTime.fromMillis(atMs, { zone: timeZone })
  const minute = at.hour * 60 + at.minute
  return expectedOn.spans.some(
    (span) => span.weekday === at.weekday && minute >= span.fromMinute && minute < span.toMinute,
  )
}
