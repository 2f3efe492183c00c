import { dayStart } from './day-fields.ts'

/** A moment as it stands in two fields, in the operator's own zone. */
export interface MomentFields {
  /** As `DayInput` keeps it: `YYYY-MM-DD`, empty, or what was typed and is no day. */
  readonly day: string
  /** `14:05:30`, `14:05` or `14`; empty is midnight. */
  readonly time: string
}

export const noMoment: MomentFields = { day: '', time: '' }

const two = (value: number): string => String(value).padStart(2, '0')

export function momentFields(atMs: number): MomentFields {
  const at = new Date(atMs)
  return {
    day: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`,
  }
}

/** What the fields say, Unix milliseconds; null: nothing stands in them; undefined: what stands in them is no moment. */
export function momentOf({ day, time }: MomentFields): number | null | undefined {
  if (day.trim() === '' && time.trim() === '') return null
  const start = dayStart(day)
  const parts = /^(\d{1,2})(?:[:.](\d{2}))?(?:[:.](\d{2}))?$/.exec(time.trim() === '' ? '0' : time.trim())
  if (start === null || !parts) return undefined
  const [hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, number, number]
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  return new Date(start).setHours(hours, minutes, seconds, 0)
}
