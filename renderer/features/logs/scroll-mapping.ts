import type { LogBucket } from '../../../shared/contract/index.ts'
import { fullPx, type LineWindow, lastTopPx, rowPx } from './line-window.ts'

/** All lines of a query by time: what the scrollbar stands for. */
export interface Density {
  readonly buckets: readonly LogBucket[]
  /** Lines before each bucket. */
  readonly before: readonly number[]
  readonly total: number
}

export function densityOf(buckets: readonly LogBucket[]): Density {
  const before: number[] = []
  let total = 0
  for (const { lines } of buckets) {
    before.push(total)
    total += lines
  }
  return { buckets, before, total }
}

/** Before anything was counted. */
export const uncounted: Density = { buckets: [], before: [], total: 0 }

/** About how many lines are older than a moment; inside a bucket they count as evenly spread. */
export function linesBefore({ buckets, before, total }: Density, atMs: number): number {
  const at = buckets.findIndex(({ toMs }) => atMs < toMs)
  const bucket = buckets[at]
  if (!bucket) return total
  const share = (atMs - bucket.fromMs) / Math.max(1, bucket.toMs - bucket.fromMs)
  return (before[at] ?? 0) + bucket.lines * Math.min(1, Math.max(0, share))
}

/** The moment at which so many lines are older: {@link linesBefore} the other way round. Null: there is no line. */
export function momentAt({ buckets, before, total }: Density, lines: number): number | null {
  if (total === 0) return null
  const wanted = Math.min(total, Math.max(0, lines))
  const at = buckets.findLastIndex((bucket, index) => bucket.lines > 0 && (before[index] ?? 0) <= wanted)
  const bucket = buckets[at] ?? buckets.find(({ lines }) => lines > 0)
  if (!bucket) return null
  const share = (wanted - (before[Math.max(0, at)] ?? 0)) / bucket.lines
  return Math.round(bucket.fromMs + (bucket.toMs - bucket.fromMs) * Math.min(1, Math.max(0, share)))
}

/** Where the thumb stands, as shares of the track: `at` is how far down of what it can travel. */
export interface Thumb {
  at: number
  size: number
}

const wholeIn = ({ atOldest, atNewest }: LineWindow): boolean => atOldest && atNewest

/** Ends are exact, and so is everything while all lines are loaded; between them the time counts. */
export function thumbOf(window: LineWindow, density: Density): Thumb {
  const most = lastTopPx(window)
  if (window.rows.length === 0 || (wholeIn(window) && most === 0)) return { at: 0, size: 1 }
  if (wholeIn(window)) return { at: window.topPx / most, size: window.heightPx / fullPx(window) }
  const total = Math.max(density.total, window.rows.length + 1)
  const seen = window.heightPx / rowPx
  const size = Math.min(1, seen / total)
  const above = window.topPx / rowPx
  const below = window.rows.length - above
  const first = window.rows[Math.floor(above)]
  const before = window.atOldest
    ? above
    : window.atNewest
      ? total - below
      : first
        ? linesBefore(density, first.atMs)
        : 0
  return { at: Math.min(1, Math.max(0, before / Math.max(1, total - seen))), size }
}

/** What a place of the thumb means. */
export type Target =
  | { kind: 'px'; topPx: number }
  | { kind: 'oldest' }
  | { kind: 'newest' }
  | { kind: 'moment'; atMs: number }

/** The place a thumb was dragged to, `at` as in {@link Thumb}. */
export function targetOf(at: number, window: LineWindow, density: Density): Target {
  if (wholeIn(window)) return { kind: 'px', topPx: at * lastTopPx(window) }
  if (at <= 0) return { kind: 'oldest' }
  if (at >= 1) return { kind: 'newest' }
  const atMs = momentAt(density, at * Math.max(1, density.total - window.heightPx / rowPx))
  return atMs === null ? { kind: 'newest' } : { kind: 'moment', atMs }
}

/** Places on the track, 0 to 1, of the buckets that pass. */
export const ticksOf = ({ buckets, before, total }: Density, passes: (bucket: LogBucket) => boolean): number[] =>
  total === 0
    ? []
    : buckets.flatMap((bucket, at) => (passes(bucket) ? [((before[at] ?? 0) + bucket.lines / 2) / total] : []))
