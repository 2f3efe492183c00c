import type { LogQuery, LogRecord, LogSearchProgress } from '../../shared/contract/index.ts'
import { findInText, type Matcher, matcherOf } from './match.ts'
import { createOpenBlocks, type OpenBlock } from './open-blocks.ts'
import { reachOf } from './reach.ts'
import type { Reach, ReadRows } from './rows.ts'
import { toRecord } from './stored-line.ts'

interface Open {
  /** Newest first, at most as many as were wanted. */
  readonly hits: LogRecord[]
  readonly found: number
  readonly lines: number
  /** How many of them in which minute. */
  readonly ticks: LogSearchProgress['ticks']
}

/** What a search has to go through. */
export interface SearchPlan {
  /** Lines that are not sealed: looked through already, for they may be in another block soon. */
  readonly open: Open
  /** Newest end first. */
  readonly blocks: readonly { readonly blockId: number; readonly toAt: number; readonly lines: number }[]
}

export interface BlockHits {
  readonly found: number
  /** Newest first, at most as many as were wanted. */
  readonly hits: LogRecord[]
}

/** The part of a question's answer that is not sealed, and the blocks in which the rest may be. In one transaction. */
export function planSearch({ query, wanted }: { query: LogQuery; wanted: number }, rows: ReadRows): SearchPlan {
  const matcher = matcherOf(query)
  const reach = reachOf(query, matcher, 'newest', 'older')
  return {
    open: scanOpen(matcher, reach, wanted, rows),
    blocks: [...rows.sealed(reach)].map(({ blockId, toAt, lines }) => ({ blockId, toAt, lines })),
  }
}

function scanOpen(matcher: Matcher, reach: Reach, wanted: number, rows: ReadRows): Open {
  const blocks = createOpenBlocks(rows, 1)
  const minutes = new Map<number, number>()
  let hits: LogRecord[] = []
  let found = 0
  let lines = 0
  for (const row of rows.open(reach)) {
    const block = blocks.open(row)
    if (!block) continue
    lines += row.lines
    const columns = block.columns()
    for (const { index, line } of findInText(matcher, block.text())) {
      const about = columns.of(index)
      if (!matcher.columns(about)) continue
      found += 1
      const minute = Math.floor(about.atMs / 60_000)
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1)
      hits.push(toRecord({ ...about, line }))
    }
    if (hits.length > wanted * 2) hits = hits.sort(newestFirst).slice(0, wanted)
  }
  const ticks = [...minutes].map(([minute, count]) => ({ atMs: minute * 60_000, hits: count }))
  return { hits: hits.sort(newestFirst).slice(0, wanted), found, lines, ticks }
}

const newestFirst = (a: LogRecord, b: LogRecord): number =>
  b.atMs - a.atMs || (a.boxId < b.boxId ? 1 : a.boxId > b.boxId ? -1 : b.seq - a.seq)

export interface ScanInput {
  readonly query: LogQuery
  readonly blockIds: readonly number[]
  /** Of each block: which of them are the newest over all is known when all are there. */
  readonly wanted: number
  /** One number; 1: nobody waits for the answer any more. */
  readonly cancelled: SharedArrayBuffer
}

/** Looks through blocks, one after the other. A block that was purged meanwhile has no hits. */
export function scanBlocks({ query, blockIds, wanted, cancelled }: ScanInput, rows: ReadRows): BlockHits[] {
  const matcher = matcherOf(query)
  const flag = new Int32Array(cancelled)
  const blocks = createOpenBlocks(rows, 1)
  const answer: BlockHits[] = []
  for (const blockId of blockIds) {
    if (Atomics.load(flag, 0) === 1) break
    const block = blocks.open({ blockId, sealed: true })
    answer.push(block ? scanBlock(matcher, block, wanted) : { found: 0, hits: [] })
  }
  return answer
}

function scanBlock(matcher: Matcher, block: OpenBlock, wanted: number): BlockHits {
  let found = 0
  const matching: { index: number; line: string }[] = []
  for (const candidate of findInText(matcher, block.text())) {
    if (matcher.asksColumns && !matcher.columns(block.columns().of(candidate.index))) continue
    found += 1
    if (wanted > 0) matching.push(candidate)
  }
  const newest = wanted > 0 ? matching.slice(-wanted).reverse() : []
  return { found, hits: newest.map(({ index, line }) => toRecord({ ...block.columns().of(index), line })) }
}
