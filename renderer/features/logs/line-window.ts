import type { LogPosition, LogRecord } from '../../../shared/contract/index.ts'

export type LineRow = Extract<LogRecord, { kind: 'line' }>
export type GapRow = Extract<LogRecord, { kind: 'gap' }>

/** A mark in the list for lines that came too fast to be drawn; the store has them. */
export interface DroppedRow extends LogPosition {
  kind: 'dropped'
  id: string
  count: number
}
export type Row = LogRecord | DroppedRow

export const isError = (row: Row): boolean => row.kind === 'line' && (row.level === 'error' || row.level === 'fatal')

/** Height of every row, px: no row is ever measured. */
export const rowPx = 20

/** The part of all lines that is loaded, oldest first, and what of it is in sight. */
export interface LineWindow {
  readonly rows: readonly Row[]
  /** Nothing older or newer matches. */
  readonly atOldest: boolean
  readonly atNewest: boolean
  /** Pixels of loaded rows above the first pixel in sight. */
  readonly topPx: number
  readonly heightPx: number
}

export const emptyWindow: LineWindow = { rows: [], atOldest: false, atNewest: false, topPx: 0, heightPx: 0 }

/** So many rows stay loaded; beyond it, those farthest from what is in sight are let go. */
export const mostRows = 6_000

/** The total order of lines over all machines. */
export const comparePositions = (a: LogPosition, b: LogPosition): number =>
  a.atMs - b.atMs || (a.boxId < b.boxId ? -1 : a.boxId > b.boxId ? 1 : a.seq - b.seq)

/** Where a position stands or would stand. */
export function placeOf(rows: readonly Row[], position: LogPosition): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row && comparePositions(row, position) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Both in order, each position once. What comes after or before everything loaded costs no comparison of all. */
export function mergeRows(rows: readonly Row[], more: readonly Row[]): readonly Row[] {
  const sorted = more.toSorted(comparePositions)
  const [first, last] = [sorted[0], sorted.at(-1)]
  const [oldest, newest] = [rows[0], rows.at(-1)]
  if (!first || !last) return rows
  if (!oldest || !newest) return unique(sorted)
  if (comparePositions(newest, first) < 0) return [...rows, ...unique(sorted)]
  if (comparePositions(last, oldest) < 0) return [...unique(sorted), ...rows]
  return unique([...rows, ...sorted].sort(comparePositions))
}

const unique = (sorted: readonly Row[]): Row[] =>
  sorted.filter((row, at) => {
    const before = sorted[at - 1]
    return !before || comparePositions(before, row) !== 0
  })

export const fullPx = ({ rows }: Pick<LineWindow, 'rows'>): number => rows.length * rowPx
export const lastTopPx = (window: LineWindow): number => Math.max(0, fullPx(window) - window.heightPx)

const clamped = (window: LineWindow, topPx: number): LineWindow => ({
  ...window,
  topPx: Math.min(lastTopPx(window), Math.max(0, topPx)),
})

export const scrolledTo = clamped
export const scrolledBy = (window: LineWindow, px: number): LineWindow => clamped(window, window.topPx + px)
export const toEnd = (window: LineWindow): LineWindow => clamped(window, Number.MAX_SAFE_INTEGER)
export const isAtEnd = (window: LineWindow): boolean => window.topPx >= lastTopPx(window) - 1

/** A new height keeps the first line in sight; whoever stood at the end stays there. */
export const resized = (window: LineWindow, heightPx: number): LineWindow => {
  const next = { ...window, heightPx }
  return isAtEnd(window) ? toEnd(next) : clamped(next, window.topPx)
}

/** The rows in sight, the last one perhaps in part, and how far the first is pushed out, px. */
export function inSight({ rows, topPx, heightPx }: LineWindow): {
  from: number
  rows: readonly Row[]
  pushedPx: number
} {
  const from = Math.floor(topPx / rowPx)
  const count = Math.ceil((heightPx + (topPx % rowPx)) / rowPx)
  return { from, rows: rows.slice(from, from + count), pushedPx: topPx % rowPx }
}

/** Puts other rows in place of the loaded ones; the first row in sight stays where it is. */
export function withRows(
  window: LineWindow,
  rows: readonly Row[],
  ends: Partial<Pick<LineWindow, 'atOldest' | 'atNewest'>> = {},
  most = mostRows,
): LineWindow {
  const first = window.rows[Math.floor(window.topPx / rowPx)]
  const topPx = first ? placeOf(rows, first) * rowPx + (window.topPx % rowPx) : 0
  return trimmed(clamped({ ...window, ...ends, rows }, topPx), most)
}

/** The same for whoever follows: the newest rows are in sight afterwards, and the oldest are let go. */
export const followed = (
  window: LineWindow,
  rows: readonly Row[],
  ends: Partial<Pick<LineWindow, 'atOldest' | 'atNewest'>> = {},
  most = mostRows,
): LineWindow => trimmed(toEnd({ ...window, ...ends, rows }), most)

function trimmed(window: LineWindow, most: number): LineWindow {
  const { rows } = window
  if (rows.length <= most) return window
  const middle = Math.floor((window.topPx + window.heightPx / 2) / rowPx)
  const from = Math.min(rows.length - most, Math.max(0, middle - Math.floor(most / 2)))
  return {
    ...window,
    rows: rows.slice(from, from + most),
    atOldest: window.atOldest && from === 0,
    atNewest: window.atNewest && from + most === rows.length,
    topPx: window.topPx - from * rowPx,
  }
}

/** Scrolls as little as needed to bring a row whole into sight. */
export function revealed(window: LineWindow, at: number): LineWindow {
  const top = at * rowPx
  if (top < window.topPx) return clamped(window, top)
  if (top + rowPx > window.topPx + window.heightPx) return clamped(window, top + rowPx - window.heightPx)
  return window
}

/** Puts a row a third of the way down, where a reader looks for it. */
export const centred = (window: LineWindow, at: number): LineWindow =>
  clamped(window, at * rowPx - Math.floor(window.heightPx / 3 / rowPx) * rowPx)

/** The line nearest in time; -1: no line is loaded. */
export function nearest(rows: readonly Row[], atMs: number): number {
  let best = -1
  let bestMs = Number.POSITIVE_INFINITY
  for (const [at, row] of rows.entries()) {
    const away = Math.abs(row.atMs - atMs)
    if (row.kind === 'line' && away < bestMs) {
      best = at
      bestMs = away
    }
  }
  return best
}
