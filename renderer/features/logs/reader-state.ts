import type { StoreApi } from 'zustand'
import type { LogBucket, LogPosition, LogQuery, LogStart } from '../../../shared/contract/index.ts'
import { emptyWindow, type LineWindow, type Row } from './line-window.ts'
import type { Density } from './scroll-mapping.ts'

/** What the reader asks of the engine. */
export interface Asks {
  /**
   * Rows on one side of a place; `atEnd`: beyond them nothing matches. `lastSeq`: the newest that is stored. `left`: of
   * what is asked after a number, lines that match and were not handed over.
   */
  page(
    query: LogQuery,
    at: LogStart,
    direction: 'older' | 'newer',
    limit: number,
    signal: AbortSignal,
  ): Promise<{ rows: readonly Row[]; atEnd: boolean; lastSeq: number; left: number }>
  density(query: LogQuery, signal: AbortSignal): Promise<readonly LogBucket[]>
  /** Hits, newest first, as they are found; `mostHits` of them. */
  search(query: LogQuery, signal: AbortSignal): AsyncIterable<Found>
}

export interface Found {
  rows: readonly Row[]
  /** Hits so far, with those that are not handed over. */
  found: number
  scanned: number
  total: number
  done: boolean
}

/** How a search stands; what arrived stays whatever becomes of it. */
export interface SearchState {
  found: number
  scanned: number
  total: number
  state: 'running' | 'done' | 'stopped'
}

export interface ReaderState {
  window: LineWindow
  /** Null until it was counted. */
  density: Density | null
  /** Id of the present line. */
  chosen: string | null
  /** New lines are shown as they come. */
  following: boolean
  /** Lines that came since it stopped to follow. */
  newLines: number
  /** Null: all lines of the machines, level and time are shown, nothing is searched. */
  search: SearchState | null
  error: unknown
  /** False until the first answer to the present question. */
  ready: boolean
}

/** Where a reading begins. A moment or a place comes a third of the way down, its nearest line is the present one. */
export type Start = 'newest' | { atMs: number } | LogPosition

/** Rows asked for at once. */
export const pageRows = 300
/** Hits shown at most; the newest. */
export const mostHits = 20_000

export const begin: ReaderState = {
  window: emptyWindow,
  density: null,
  chosen: null,
  following: true,
  newLines: 0,
  search: null,
  error: null,
  ready: false,
}

/** What was read before, to go back to without asking again; a search that had not ended begins anew. */
export interface Kept {
  query: LogQuery
  lastSeq: number
  state: ReaderState
}

export interface Reader {
  readonly state: StoreApi<ReaderState>
  /** Asks another question; what is shown stays until its first answer. `searching`: hits stream in instead of pages. */
  open(query: LogQuery, start: Start, searching: boolean): void
  scrollBy(px: number): void
  /** The thumb was dragged to this share of its way. */
  dragTo(at: number): void
  resize(heightPx: number): void
  /** Makes the row so many rows away the present one. */
  step(rows: number): void
  /** Moves what is in sight by so many heights. */
  turn(heights: number): void
  toOldest(): void
  toNewest(): void
  toMoment(atMs: number): void
  toPosition(position: LogPosition): void
  /** The nearest error on one side of the present line; it may lie millions of lines away. */
  toError(direction: 'older' | 'newer'): void
  choose(id: string | null): void
  stopSearch(): void
  /** The store has lines it had not. */
  changed(): void
  /** Null while the present question has no answer yet. */
  keep(): Kept | null
  question(): LogQuery | null
  restore(kept: Kept): void
  close(): void
}
