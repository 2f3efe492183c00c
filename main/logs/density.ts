import type { LogBucket, LogQuery } from '../../shared/contract/index.ts'
import { matcherOf } from './match.ts'
import { reachOf } from './reach.ts'
import type { ReadRows } from './rows.ts'
import { levelNumber } from './stored-line.ts'

interface Stretch {
  readonly fromAt: number
  readonly toAt: number
  readonly lines: number
  readonly warns: number
  readonly errors: number
}

/**
 * Spreads what lies in stretches of time evenly over buckets of one length. Whole numbers, whose sums are those of the
 * stretches within the time. Pure.
 */
export function spread(stretches: Iterable<Stretch>, fromMs: number, toMs: number, buckets: number): LogBucket[] {
  const length = Math.max(1, Math.ceil((toMs - fromMs) / buckets))
  const counts = {
    lines: new Float64Array(buckets),
    warns: new Float64Array(buckets),
    errors: new Float64Array(buckets),
  }
  const names = ['lines', 'warns', 'errors'] as const
  for (const stretch of stretches) {
    const span = stretch.toAt - stretch.fromAt + 1
    const first = Math.max(0, Math.floor((stretch.fromAt - fromMs) / length))
    const last = Math.min(buckets - 1, Math.floor((stretch.toAt - fromMs) / length))
    for (let bucket = first; bucket <= last; bucket += 1) {
      const start = Math.max(stretch.fromAt, fromMs + bucket * length)
      const end = Math.min(stretch.toAt + 1, fromMs + (bucket + 1) * length)
      const share = Math.max(0, end - start) / span
      for (const name of names) counts[name][bucket] = (counts[name][bucket] ?? 0) + stretch[name] * share
    }
  }
  const carried = { lines: 0, warns: 0, errors: 0 }
  const whole = (name: (typeof names)[number], bucket: number): number => {
    const exact = (counts[name][bucket] ?? 0) + carried[name]
    const rounded = Math.round(exact + 1e-9)
    carried[name] = exact - rounded
    return Math.max(0, rounded)
  }
  return [...Array(buckets).keys()].map((bucket) => ({
    fromMs: fromMs + bucket * length,
    toMs: fromMs + (bucket + 1) * length,
    lines: whole('lines', bucket),
    warns: whole('warns', bucket),
    errors: whole('errors', bucket),
  }))
}

/** How many lines lie where, from what blocks say of themselves: none is opened. Empty where nothing is stored. */
export function readDensity({ query, buckets }: { query: LogQuery; buckets: number }, rows: ReadRows): LogBucket[] {
  const plain: LogQuery = {
    boxIds: query.boxIds,
    sinceMs: query.sinceMs,
    untilMs: query.untilMs,
    level: query.level,
    afterSeq: query.afterSeq,
  }
  const matcher = matcherOf(plain)
  const reach = reachOf(plain, matcher, 'oldest', 'newer')
  const stretches: Stretch[] = [...rows.sealed(reach), ...rows.open(reach)].map(
    ({ fromAt, toAt, lines, errors, warns, infos }) => ({
      fromAt,
      toAt,
      errors,
      warns: matcher.minimum > levelNumber('warn') ? 0 : warns,
      lines:
        matcher.minimum >= levelNumber('error')
          ? errors
          : matcher.minimum === levelNumber('warn')
            ? errors + warns
            : matcher.minimum === levelNumber('info')
              ? errors + warns + infos
              : lines,
    }),
  )
  if (stretches.length === 0) return []
  const fromMs = query.sinceMs ?? stretches.reduce((least, { fromAt }) => Math.min(least, fromAt), Infinity)
  const toMs = query.untilMs ?? stretches.reduce((most, { toAt }) => Math.max(most, toAt), -Infinity) + 1
  return spread(stretches, fromMs, Math.max(toMs, fromMs + 1), buckets)
}
