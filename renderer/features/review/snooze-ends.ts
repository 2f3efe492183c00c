/** When mornings begin for what was put off: early enough for the first coffee. */
const morningHour = 8

export interface SnoozeEnd {
  readonly words: string
  readonly untilMs: number
}

function morning(nowMs: number, days: number): number {
  const at = new Date(nowMs)
  at.setDate(at.getDate() + days)
  at.setHours(morningHour, 0, 0, 0)
  return at.getTime()
}

/** The ends offered for a snooze, in the order of their keys 1, 2, 3. Local time of this computer. */
export function snoozeEnds(nowMs: number): SnoozeEnd[] {
  const toMonday = (8 - new Date(nowMs).getDay()) % 7 || 7
  return [
    { words: 'Tomorrow morning', untilMs: morning(nowMs, 1) },
    { words: toMonday === 7 ? 'Monday next week' : 'Monday', untilMs: morning(nowMs, toMonday) },
    { words: 'In a week', untilMs: morning(nowMs, 7) },
  ]
}

/** The morning of a day as a date field gives it (`YYYY-MM-DD`); null: no day, or one that has begun. */
export function morningOf(day: string, nowMs: number): number | null {
  const atMs = new Date(`${day}T0${morningHour}:00`).getTime()
  return Number.isFinite(atMs) && atMs > nowMs ? atMs : null
}
