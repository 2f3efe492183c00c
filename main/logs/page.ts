import type { LogPage, LogPosition, LogQuery, LogRecord, LogStart } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { findInText, holdsAll, type Matcher, matcherOf, wantsGaps } from './match.ts'
import type { OpenBlock, OpenBlocks } from './open-blocks.ts'
import { inTurn, reachOf } from './reach.ts'
import type { BlockRow, ReadRows } from './rows.ts'
import { type StoredGap, toGapRecord, toRecord } from './stored-line.ts'

export interface PageInput {
  readonly query: LogQuery
  readonly at: LogStart
  readonly direction: 'older' | 'newer'
  readonly limit: number
}

/** A page looks for so long; what it did not come to, it leaves to the next. */
const patienceMs = 120

const compare = (a: LogPosition, b: LogPosition): number =>
  a.atMs - b.atMs || (a.boxId < b.boxId ? -1 : a.boxId > b.boxId ? 1 : a.seq - b.seq)

/** Is a line on the right side of where the page begins? */
function isBeyond(at: LogStart, direction: 'older' | 'newer'): (place: LogPosition) => boolean {
  if (typeof at === 'string') return () => true
  if (!('seq' in at)) return direction === 'older' ? ({ atMs }) => atMs <= at.atMs : ({ atMs }) => atMs > at.atMs
  return direction === 'older' ? (place) => compare(place, at) < 0 : (place) => compare(place, at) > 0
}

/** The moment nearest to where a page begins that is in it: a time is in the older page only. */
const firstMs = (at: Exclude<LogStart, string>, direction: 'older' | 'newer'): number =>
  direction === 'newer' && !('seq' in at) ? at.atMs + 1 : at.atMs

/** Takes gaps, which come in order, until there are enough. */
function takeGaps(gaps: Iterable<StoredGap>, wanted: (gap: StoredGap) => boolean, limit: number): LogRecord[] {
  const taken: LogRecord[] = []
  for (const gap of gaps) {
    if (wanted(gap)) taken.push(toGapRecord(gap))
    if (taken.length >= limit) break
  }
  return taken
}

/** Lines of one way from a place. In one transaction, so that a line that is sealed meanwhile is neither lost nor there twice. */
export function readPage(input: PageInput, rows: ReadRows, blocks: OpenBlocks, clock: Clock): LogPage {
  const { query, at, direction, limit } = input
  const lastSeq = rows.lastSeq()
  if (at === (direction === 'older' ? 'oldest' : 'newest')) return { records: [], ended: true, next: null, lastSeq }
  const matcher = matcherOf(query)
  const reach = reachOf(query, matcher, at, direction)
  const beyond = isBeyond(at, direction)
  const nearestFirst = direction === 'older' ? (a: LogPosition, b: LogPosition) => compare(b, a) : compare
  const deadlineMs = clock.monotonicMs() + patienceMs

  /** Of what is new, with `afterSeq`: how much lies beyond a page that is full. */
  const leftOf = (records: readonly LogRecord[]): { left?: number } => {
    if (query.afterSeq === undefined) return {}
    const asksNothing = at === 'newest' && holdsAll(query)
    let count = 0
    for (const block of inTurn(rows, reach)) {
      count += asksNothing && block.firstSeq > query.afterSeq ? block.lines : countOf(block, matcher, blocks, beyond)
      if (clock.monotonicMs() > deadlineMs + patienceMs) break
    }
    return { left: Math.max(0, count - records.filter(({ kind }) => kind === 'line').length) }
  }

  let found: LogRecord[] = wantsGaps(query) ? takeGaps(rows.gaps(reach), beyond, limit) : []

  const edgeOf = (block: BlockRow): number => (direction === 'older' ? block.toAt : block.fromAt)
  const isPast = (atMs: number, edge: number): boolean => (direction === 'older' ? atMs > edge : atMs < edge)
  let startAt = typeof at === 'object' ? firstMs(at, direction) : null
  let leftAt: number | null = null
  for (const block of inTurn(rows, reach)) {
    const edge = edgeOf(block)
    startAt ??= edge
    const farthest = found[limit - 1]
    if (farthest && isPast(farthest.atMs, edge)) break
    // Blocks that lie across the start are always read: the next page could not begin elsewhere.
    if (clock.monotonicMs() > deadlineMs && isPast(startAt, edge)) {
      leftAt = edge
      break
    }
    const wanted = farthest ? (place: LogPosition) => nearestFirst(place, farthest) < 0 : () => true
    const taken = ofBlock(block, matcher, blocks, { beyond, wanted, limit, direction })
    found = [...found, ...taken].sort(nearestFirst).slice(0, limit)
  }
  if (leftAt !== null) {
    const edge = leftAt
    const sure = found.filter(({ atMs }) => isPast(atMs, edge))
    // What lies at the edge itself belongs to the next page, whole.
    const next = { atMs: direction === 'older' ? edge : edge - 1 }
    return { records: inOrder(sure, direction), ended: false, next, lastSeq, ...leftOf(sure) }
  }
  const last = found.length >= limit ? found[limit - 1] : undefined
  const records = found.slice(0, limit)
  const next = last ? { atMs: last.atMs, boxId: last.boxId, seq: last.seq } : null
  const left = next === null ? {} : leftOf(records)
  return { records: inOrder(records, direction), ended: next === null, next, lastSeq, ...left }
}

const inOrder = (records: readonly LogRecord[], direction: 'older' | 'newer'): LogRecord[] =>
  direction === 'older' ? [...records].reverse() : [...records]

/** How many lines of a block match, without handing one over. */
function countOf(row: BlockRow, matcher: Matcher, blocks: OpenBlocks, beyond: Which['beyond']): number {
  const block = blocks.open(row)
  if (!block) return 0
  const columns = block.columns()
  let count = 0
  for (const { index } of candidatesOf(row, matcher, block, 'newer')) {
    const about = columns.of(index)
    if (beyond(about) && matcher.columns(about)) count += 1
  }
  return count
}

/** Lines whose text matches, from the near end on; where nothing is asked of the text, it is not looked at: null. */
function* candidatesOf(
  { lines }: BlockRow,
  matcher: Matcher,
  block: OpenBlock,
  direction: Which['direction'],
): Generator<{ index: number; line: string | null }> {
  if (matcher.asksText) {
    const found = [...findInText(matcher, block.text())]
    yield* direction === 'older' ? found.reverse() : found
    return
  }
  for (let passed = 0; passed < lines; passed += 1)
    yield { index: direction === 'older' ? lines - 1 - passed : passed, line: null }
}

interface Which {
  readonly beyond: (place: LogPosition) => boolean
  /** Nearer than what there is already: false also for whatever comes after. */
  readonly wanted: (place: LogPosition) => boolean
  readonly limit: number
  readonly direction: 'older' | 'newer'
}

/** The lines of one block that match, nearest first, at most `limit`. */
function ofBlock(
  row: BlockRow,
  matcher: Matcher,
  blocks: OpenBlocks,
  { beyond, wanted, limit, direction }: Which,
): LogRecord[] {
  const block = blocks.open(row)
  if (!block) return []
  const columns = block.columns()
  const taken: LogRecord[] = []
  let texts: string[] | null = null
  const textOf = (index: number): string => {
    texts ??= block.text().flatMap((piece) => piece.split('\n'))
    return texts[index] ?? ''
  }
  for (const { index, line } of candidatesOf(row, matcher, block, direction)) {
    const about = columns.of(index)
    if (!wanted(about)) break
    if (!beyond(about) || !matcher.columns(about)) continue
    taken.push(toRecord({ ...about, line: line ?? textOf(index) }))
    if (taken.length >= limit) break
  }
  return taken
}
