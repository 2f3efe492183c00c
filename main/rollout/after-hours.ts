/** When the business hours that run now are over; at once where they are not open, or never close. Pure. */
export function afterHours({ open, untilMs }: { open: boolean; untilMs: number | null }, nowMs: number): number {
  return open && untilMs !== null ? Math.max(untilMs, nowMs) : nowMs
}
