const parts = (version: string): number[] =>
  (/^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version.trim()) ?? []).slice(1).map((part) => Number(part ?? 0))

/** Calendar versions (`2026.9.6`) in order. Text that is no version is older than everything. */
export function isAtLeast(version: string, floor: string): boolean {
  const [left, right] = [parts(version), parts(floor)]
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1)
    if (difference !== 0) return difference > 0
  }
  return true
}

/** From 2026.8.1 on sessions live in SQLite and agents are a map (openclaw.md §0). */
export const isSqliteEra = (version: string): boolean => isAtLeast(version, '2026.8.0')
