/** A local day for a date field (`YYYY-MM-DD`), so many days from now. */
export function dayField(nowMs: number, days: number): string {
  const at = new Date(nowMs)
  at.setDate(at.getDate() + days)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** The first moment of a local day as a date field gives it; null: no day. */
export function dayStart(day: string): number | null {
  const atMs = new Date(`${day}T00:00`).getTime()
  return Number.isFinite(atMs) ? atMs : null
}
