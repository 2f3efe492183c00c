const written = (day: string, parts: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...parts }).format(new Date(`${day}T12:00:00Z`))

/**
 * Days by name, many by count: "Tuesday and Wednesday", "6 days since 12 November".
 *
 * @param days `YYYY-MM-DD`, oldest first.
 */
export function missedWords(days: readonly string[]): string {
  if (days.length > 3) return `${days.length} days since ${written(days[0] ?? '', { day: 'numeric', month: 'long' })}`
  const names = days.map((day) => written(day, { weekday: 'long' }))
  return [names.slice(0, -1).join(', '), names.at(-1) ?? ''].filter(Boolean).join(' and ')
}
