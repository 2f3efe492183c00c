import type { BoxId, LogRecord } from '../../shared/contract/index.ts'
import { findInText, matcherOf } from './match.ts'
import type { OpenBlocks } from './open-blocks.ts'
import { inTurn, reachOf } from './reach.ts'
import type { ReadRows } from './rows.ts'
import { toGapRecord, toRecord } from './stored-line.ts'

const byTime = (a: LogRecord, b: LogRecord): number => a.atMs - b.atMs || a.seq - b.seq

/** A run that wrote more than this shows its beginning. */
const mostOfRun = 5000

/** All lines of one run, oldest first. */
export function readRun(
  { boxId, runId }: { boxId: BoxId; runId: string },
  rows: ReadRows,
  blocks: OpenBlocks,
): LogRecord[] {
  const query = { boxIds: [boxId], runId }
  const matcher = matcherOf(query)
  const reach = reachOf(query, matcher, 'oldest', 'newer')
  const found: LogRecord[] = []
  for (const row of inTurn(rows, reach)) {
    const block = blocks.open(row)
    if (!block) continue
    for (const { index, line } of findInText(matcher, block.text())) {
      const about = block.columns().of(index)
      if (matcher.columns(about)) found.push(toRecord({ ...about, line }))
    }
    if (found.length >= mostOfRun) break
  }
  return found.sort(byTime).slice(0, mostOfRun)
}

/** Records by their numbers, oldest first; those that are gone are not in it. */
export function readSeqs(
  { boxId, seqs }: { boxId: BoxId; seqs: readonly number[] },
  rows: ReadRows,
  blocks: OpenBlocks,
): LogRecord[] {
  const wanted = new Set(seqs)
  const found: LogRecord[] = rows.gapsOfSeqs(boxId, seqs).map(toGapRecord)
  const fromSeq = seqs.reduce((least, seq) => Math.min(least, seq), Number.MAX_SAFE_INTEGER)
  const toSeq = seqs.reduce((most, seq) => Math.max(most, seq), 0)
  for (const row of rows.blocksOfSeqs(boxId, fromSeq, toSeq)) {
    if (!seqs.some((seq) => seq >= row.firstSeq && seq <= row.lastSeq)) continue
    const block = blocks.open(row)
    if (!block) continue
    for (const [index, line] of block
      .text()
      .flatMap((piece) => piece.split('\n'))
      .entries()) {
      const about = block.columns().of(index)
      if (wanted.has(about.seq)) found.push(toRecord({ ...about, line }))
    }
  }
  return found.sort(byTime)
}
