import type { BoxId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'
import { openBlock, type Part, partFrom, sealBlock } from './block.ts'
import { blockBytes, cutIntoParts, gather } from './gather.ts'
import { createLearner } from './learn.ts'
import { type Arrived, prepare } from './prepare.ts'
import { type StoredCursor, type StoredReceipt, writeRows } from './rows.ts'
import type { StoredLine } from './stored-line.ts'

/** Lines that wait longer are sealed, however few they are. */
const sealAfterMs = 24 * 3_600_000
/** All boxes together leave at most so much unsealed: the index does not know it, and every search reads it. */
const mostOpenBytes = 32 * 1024 * 1024
/** A box that writes little leaves many small batches: so many are put together. */
const mostOpen = 32
/** A file that no batch has named for so long is gone from its box. */
const cursorsForMs = 400 * 24 * 3_600_000

/** All that changes `logs.db`: on one thread, each call one transaction. */
export interface Writer {
  /** @returns what of each batch was new. */
  append(batches: readonly Arrived[]): { lines: number; gaps: number }[]
  cursors(boxId: BoxId): StoredCursor[]
  /** Removes what ended before then, and leaves a receipt for the diary. */
  purge(input: { beforeMs: number; nowMs: number }): StoredReceipt[]
  receipts(): StoredReceipt[]
  /** The receipt stands in the diary. */
  receiptTold(receiptId: number): void
}

export function createWriter(db: Db): Writer {
  const rows = writeRows(db)
  const learner = createLearner(db)
  const write = <T>(work: () => T): T => {
    try {
      return db.transaction(work).immediate()
    } catch (error) {
      learner.reset()
      throw error
    }
  }

  const hold = (boxId: BoxId, parts: readonly Part[], bytes: number, sinceMs: number): void => {
    for (const part of parts) rows.putOpen(openBlock(part))
    rows.putPile(boxId, bytes, sinceMs)
  }
  const bytesOf = (parts: readonly Part[]): number => parts.reduce((sum, { meta }) => sum + meta.rawBytes + 1, 0)
  /** Makes as few blocks as can be of what is open and these; seals what fills one, or all of it. */
  const gatherAll = (boxId: BoxId, parts: readonly Part[], all: boolean, sinceMs: number): void => {
    const { blocks, rest } = gather([...rows.open(boxId).map(partFrom), ...parts], all)
    rows.dropOpen(boxId)
    rows.dropPile(boxId)
    for (const block of blocks) rows.putBlock(sealBlock(block))
    if (rest.length > 0) hold(boxId, rest, bytesOf(rest), sinceMs)
  }
  const add = (boxId: BoxId, lines: readonly StoredLine[], nowMs: number): void => {
    if (lines.length === 0) return
    const parts = cutIntoParts(lines)
    const pile = rows.pile(boxId)
    const bytes = (pile?.bytes ?? 0) + bytesOf(parts)
    const isFull = bytes >= blockBytes
    const sinceMs = isFull ? nowMs : (pile?.sinceMs ?? nowMs)
    if (isFull || rows.countOpen(boxId) >= mostOpen) gatherAll(boxId, parts, false, sinceMs)
    else hold(boxId, parts, bytes, sinceMs)
  }
  const sealWhatWaits = (nowMs: number): void => {
    for (const boxId of rows.oldPiles(nowMs - sealAfterMs)) gatherAll(boxId, [], true, nowMs)
    const piles = rows.largestPiles()
    let sum = piles.reduce((bytes, pile) => bytes + pile.bytes, 0)
    for (const { boxId, bytes } of piles) {
      if (sum <= mostOpenBytes) return
      gatherAll(boxId, [], true, nowMs)
      sum -= bytes
    }
  }
  write(() => {
    for (const boxId of rows.hotBoxes()) {
      for (const lines of cutIntoParts(rows.hot(boxId))) rows.putBlock(sealBlock(lines))
      rows.dropHot(boxId)
      rows.dropPile(boxId)
    }
  })

  return {
    append: (batches) =>
      write(() => {
        let seq = rows.lastSeq()
        const stored = batches.map((arrived) => {
          const { boxId, nowMs } = arrived
          const { lines, gaps, cursors, lastSeq } = prepare(arrived, rows.cursors(boxId), seq)
          seq = lastSeq
          add(boxId, lines, nowMs)
          learner.learn(boxId, arrived.agentId, lines)
          for (const gap of gaps) rows.putGap(gap)
          for (const cursor of cursors) rows.putCursor(boxId, cursor, nowMs)
          return { lines: lines.length, gaps: gaps.length }
        })
        rows.setLastSeq(seq)
        const last = batches.at(-1)
        if (last) sealWhatWaits(last.nowMs)
        return stored
      }),
    cursors: (boxId) => rows.cursors(boxId),
    purge: ({ beforeMs, nowMs }) =>
      write(() => {
        const blocks = rows.blocksBefore(beforeMs)
        const lines = blocks.reduce((sum, block) => sum + block.lines, 0)
        for (const block of blocks) rows.dropBlock(block)
        rows.dropGapsBefore(beforeMs)
        learner.purge(beforeMs)
        rows.forgetCursors(nowMs - cursorsForMs)
        if (lines > 0) {
          const fromMs = blocks.reduce((least, { fromAt }) => Math.min(least, fromAt), Infinity)
          const toMs = blocks.reduce((most, { toAt }) => Math.max(most, toAt), -Infinity)
          rows.putReceipt({ atMs: nowMs, beforeMs, lines, fromMs, toMs })
        }
        return rows.receipts()
      }),
    receipts: () => rows.receipts(),
    receiptTold: (receiptId) => rows.dropReceipt(receiptId),
  }
}
