const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * `30m`, `1h30m`, `90d` in milliseconds, as OpenClaw reads its durations. Null: it is none, or names no unit, which is
 * another one for each setting.
 */
export function durationMs(text: unknown): number | null {
  if (typeof text !== 'string' || text.length > 60) return null
  const spelled = text.trim().toLowerCase()
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(spelled)) return null
  const parts = [...spelled.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  const sumMs = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0)
  return Number.isSafeInteger(Math.round(sumMs)) ? Math.round(sumMs) : null
}

/** A duration as it stands there already, when that is the same one; else as we spell it. */
export const spelledAsFound = (found: unknown, ours: string): string =>
  typeof found === 'string' && durationMs(found) === durationMs(ours) ? found : ours
