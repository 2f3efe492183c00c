import type { BoxId, LogSource } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'
import type { BlockData, BlockMeta, SealedBlock } from './block.ts'
import type { StoredGap, StoredLine } from './stored-line.ts'

export interface StoredCursor {
  readonly agent: string
  readonly source: LogSource
  readonly file: string
  readonly identity: string
  readonly offset: number
  readonly lastAtMs: number | null
}

/** Where a block is kept. */
export interface BlockPlace {
  readonly blockId: number
  /** Not among the open ones. */
  readonly sealed: boolean
}

export interface BlockRow extends BlockMeta, BlockPlace {}

export interface BlockText {
  readonly boxId: BoxId
  readonly rawBytes: number
  readonly text: Buffer
}

/** Which blocks and rows a question can be about, and which way they are read. */
export interface Reach {
  readonly boxIds: readonly BoxId[]
  readonly direction: 'older' | 'newer'
  /** Times of lines lie within, both included. */
  readonly fromAt: number
  readonly toAt: number
  readonly afterSeq: number
  /** Least loudness; 0: any. */
  readonly minimum: number
  /** FTS5 expression; null: any. */
  readonly words: string | null
}

export interface Totals {
  readonly lines: number
  readonly oldestMs: number | null
  readonly newestMs: number | null
}

export interface StoredReceipt {
  readonly receiptId: number
  readonly atMs: number
  readonly beforeMs: number
  readonly lines: number
  readonly fromMs: number
  readonly toMs: number
}

const hotColumns = `seq, box_id as boxId, agent_id as agentId, at_ms as atMs, raw_at as rawAt, level, source, file, subsystem,
  run_id as runId, session_id as sessionId, channel, line`
const gapColumns = `seq, box_id as boxId, agent_id as agentId, at_ms as atMs, raw_at as rawAt, source, file, reason, bytes,
  from_at as fromAtMs, to_at as toAtMs`
const blockColumns = `block_id as blockId, box_id as boxId, from_at as fromAt, to_at as toAt, first_seq as firstSeq,
  last_seq as lastSeq, lines, errors, warns, infos, raw_bytes as rawBytes`

/** What the writing thread does to `logs.db`. */
export function writeRows(db: Db) {
  const cursors = db.prepare<[string], StoredCursor>(
    `select agent, source, file, identity, offset, last_at_ms as lastAtMs from cursor where box_id = ? order by agent, source, file`,
  )
  const putCursor = db.prepare<[StoredCursor & { boxId: string; movedMs: number }]>(
    `insert into cursor (box_id, agent, identity, source, file, offset, last_at_ms, moved_ms)
     values (:boxId, :agent, :identity, :source, :file, :offset, :lastAtMs, :movedMs)
     on conflict do update set file = excluded.file, offset = excluded.offset, last_at_ms = excluded.last_at_ms, moved_ms = excluded.moved_ms`,
  )
  const forgetCursors = db.prepare<[number]>('delete from cursor where moved_ms < ?')
  const lastSeq = db.prepare<[], number>('select seq from last_seq').pluck()
  const setLastSeq = db.prepare<[number]>('update last_seq set seq = ?')
  const hotBoxes = db.prepare<[], BoxId>('select distinct box_id from hot').pluck()
  const hotOf = db.prepare<[string], StoredLine>(`select ${hotColumns} from hot where box_id = ? order by at_ms, seq`)
  const dropHot = db.prepare<[string]>('delete from hot where box_id = ?')
  const open = db.prepare<[string], BlockMeta & { blockId: number; text: Buffer; columns: Buffer }>(
    `select ${blockColumns}, text, columns from open_block where box_id = ? order by block_id`,
  )
  const countOpen = db.prepare<[string], number>('select count(*) from open_block where box_id = ?').pluck()
  const putOpen = db.prepare<[BlockMeta & { text: Buffer; columns: Buffer }]>(
    `insert into open_block (box_id, from_at, to_at, first_seq, last_seq, lines, errors, warns, infos, raw_bytes, text, columns)
     values (:boxId, :fromAt, :toAt, :firstSeq, :lastSeq, :lines, :errors, :warns, :infos, :rawBytes, :text, :columns)`,
  )
  const dropOpen = db.prepare<[string]>('delete from open_block where box_id = ?')
  const pile = db.prepare<[string], { bytes: number; sinceMs: number }>(
    'select bytes, since_ms as sinceMs from pile where box_id = ?',
  )
  const putPile = db.prepare<[string, number, number]>(
    'insert into pile (box_id, bytes, since_ms) values (?, ?, ?) on conflict do update set bytes = excluded.bytes, since_ms = excluded.since_ms',
  )
  const dropPile = db.prepare<[string]>('delete from pile where box_id = ?')
  const oldPiles = db.prepare<[number], BoxId>('select box_id from pile where since_ms < ? order by since_ms').pluck()
  const largestPiles = db.prepare<[], { boxId: BoxId; bytes: number }>(
    'select box_id as boxId, bytes from pile order by bytes desc',
  )
  const putBlock = db.prepare<[BlockMeta]>(
    `insert into block (box_id, from_at, to_at, first_seq, last_seq, lines, errors, warns, infos, raw_bytes)
     values (:boxId, :fromAt, :toAt, :firstSeq, :lastSeq, :lines, :errors, :warns, :infos, :rawBytes)`,
  )
  const putData = db.prepare<[number | bigint, Buffer, Buffer]>(
    'insert into block_data (block_id, text, columns) values (?, ?, ?)',
  )
  const putWords = db.prepare<[number | bigint, string]>('insert into word (rowid, text) values (?, ?)')
  const putGap = db.prepare<[StoredGap]>(
    `insert into gap (seq, box_id, agent_id, at_ms, raw_at, source, file, reason, bytes, from_at, to_at)
     values (:seq, :boxId, :agentId, :atMs, :rawAt, :source, :file, :reason, :bytes, :fromAtMs, :toAtMs)`,
  )
  const before = db.prepare<
    [{ atMs: number }],
    { blockId: number; lines: number; fromAt: number; toAt: number; open: 0 | 1 }
  >(
    `select block_id as blockId, lines, from_at as fromAt, to_at as toAt, 0 as open from block where to_at < :atMs
     union all
     select block_id as blockId, lines, from_at as fromAt, to_at as toAt, 1 as open from open_block where to_at < :atMs`,
  )
  const dropOpenBlock = db.prepare<[number]>('delete from open_block where block_id = ?')
  const dropBlock = db.prepare<[number]>('delete from block where block_id = ?')
  const dropData = db.prepare<[number]>('delete from block_data where block_id = ?')
  const dropWords = db.prepare<[number]>('delete from word where rowid = ?')
  const dropGapsBefore = db.prepare<[number]>('delete from gap where at_ms < ?')
  const putReceipt = db.prepare<[Omit<StoredReceipt, 'receiptId'>]>(
    'insert into receipt (at_ms, before_ms, lines, from_ms, to_ms) values (:atMs, :beforeMs, :lines, :fromMs, :toMs)',
  )
  const receipts = db.prepare<[], StoredReceipt>(
    `select receipt_id as receiptId, at_ms as atMs, before_ms as beforeMs, lines, from_ms as fromMs, to_ms as toMs
     from receipt order by receipt_id`,
  )
  const dropReceipt = db.prepare<[number]>('delete from receipt where receipt_id = ?')

  return {
    cursors: (boxId: BoxId): StoredCursor[] => cursors.all(boxId),
    putCursor: (boxId: BoxId, cursor: StoredCursor, movedMs: number): void => {
      putCursor.run({ ...cursor, boxId, movedMs })
    },
    forgetCursors: (movedBeforeMs: number): void => {
      forgetCursors.run(movedBeforeMs)
    },
    lastSeq: (): number => lastSeq.get() ?? 0,
    setLastSeq: (seq: number): void => {
      setLastSeq.run(seq)
    },
    /** What an older console kept a row each: its boxes, and the lines of one of them, in order of time. */
    hotBoxes: (): BoxId[] => hotBoxes.all(),
    hot: (boxId: BoxId): StoredLine[] => hotOf.all(boxId),
    dropHot: (boxId: BoxId): void => {
      dropHot.run(boxId)
    },
    /** What of a box is not sealed yet, in the order in which it came. */
    open: (boxId: BoxId): BlockData[] =>
      open.all(boxId).map(({ text, columns, blockId: _, ...meta }) => ({ meta, text, columns })),
    countOpen: (boxId: BoxId): number => countOpen.get(boxId) ?? 0,
    putOpen: ({ meta, text, columns }: BlockData): void => {
      putOpen.run({ ...meta, text, columns })
    },
    dropOpen: (boxId: BoxId): void => {
      dropOpen.run(boxId)
    },
    pile: (boxId: BoxId): { bytes: number; sinceMs: number } | null => pile.get(boxId) ?? null,
    putPile: (boxId: BoxId, bytes: number, sinceMs: number): void => {
      putPile.run(boxId, bytes, sinceMs)
    },
    dropPile: (boxId: BoxId): void => {
      dropPile.run(boxId)
    },
    /** Boxes whose first unsealed line came before then. */
    oldPiles: (sinceBeforeMs: number): BoxId[] => oldPiles.all(sinceBeforeMs),
    largestPiles: (): { boxId: BoxId; bytes: number }[] => largestPiles.all(),
    putBlock: ({ meta, text, columns, words }: SealedBlock): void => {
      const { lastInsertRowid } = putBlock.run(meta)
      putData.run(lastInsertRowid, text, columns)
      putWords.run(lastInsertRowid, words)
    },
    putGap: (gap: StoredGap): void => {
      putGap.run(gap)
    },
    /** `open`: not sealed yet. */
    blocksBefore: (atMs: number) => before.all({ atMs }),
    dropBlock: ({ blockId, open }: { blockId: number; open: 0 | 1 }): void => {
      if (open === 1) return void dropOpenBlock.run(blockId)
      dropWords.run(blockId)
      dropData.run(blockId)
      dropBlock.run(blockId)
    },
    dropGapsBefore: (atMs: number): void => {
      dropGapsBefore.run(atMs)
    },
    putReceipt: (receipt: Omit<StoredReceipt, 'receiptId'>): void => {
      putReceipt.run(receipt)
    },
    receipts: (): StoredReceipt[] => receipts.all(),
    dropReceipt: (receiptId: number): void => {
      dropReceipt.run(receiptId)
    },
  }
}

/** Which count of a block tells that it holds lines of a loudness, or louder. */
const loudEnough = `(:minimum <= 2 or errors > 0 or (:minimum <= 4 and warns > 0) or (:minimum <= 3 and infos > 0))`
const ofBoxes = (one: boolean): string =>
  one ? 'box_id = :boxIds' : '+box_id in (select value from json_each(:boxIds))'

interface Bound {
  readonly boxIds: string
  readonly fromAt: number
  readonly toAt: number
  readonly afterSeq: number
  readonly minimum: number
  readonly words: string | null
}

/** What reading threads ask of `logs.db`. */
export function readRows(db: Db) {
  /** One box is bound as it is, so that its own index serves; many as JSON. */
  const bind = ({ boxIds, fromAt, toAt, afterSeq, minimum, words }: Reach, one = boxIds.length === 1): Bound => ({
    boxIds: one ? String(boxIds[0]) : JSON.stringify(boxIds),
    fromAt,
    toAt,
    afterSeq,
    minimum,
    words,
  })
  type Kept = BlockMeta & { readonly blockId: number }
  const inReach = `to_at >= :fromAt and from_at <= :toAt and last_seq > :afterSeq and ${loudEnough}`
  const indexedBy = (words: boolean): string =>
    words ? 'and block_id in (select rowid from word where word match :words)' : ''
  const inOrder = (older: boolean): string => (older ? 'to_at desc, block_id desc' : 'from_at, block_id')
  const prepareBlocks = (one: boolean, words: boolean, older: boolean) =>
    db.prepare<[Bound], Kept>(
      `select ${blockColumns} from block where ${ofBoxes(one)} and ${inReach} ${indexedBy(words)} order by ${inOrder(older)}`,
    )
  /** Of what was stored last there is little: found by its numbers, whenever it was written. */
  const prepareLatest = (words: boolean, older: boolean) =>
    db.prepare<[Bound], Kept>(
      `select ${blockColumns} from block indexed by block_by_last_seq
       where ${ofBoxes(false)} and ${inReach} ${indexedBy(words)} order by ${inOrder(older)}`,
    )
  const prepareOpen = (older: boolean) =>
    db.prepare<[Bound], Kept>(
      `select ${blockColumns} from open_block where ${ofBoxes(false)} and ${inReach} order by ${inOrder(older)}`,
    )
  const prepareGaps = (one: boolean, older: boolean) =>
    db.prepare<[Bound], StoredGap>(
      `select ${gapColumns} from gap
       where ${ofBoxes(one).replace('box_id =', '+box_id =')} and at_ms between :fromAt and :toAt and seq > :afterSeq
       order by at_ms ${older ? 'desc, box_id desc, seq desc' : ', box_id, seq'}`,
    )
  const kept = new Map<string, unknown>()
  const once = <T>(key: string, prepare: () => T): T => {
    if (!kept.has(key)) kept.set(key, prepare())
    return kept.get(key) as T
  }
  const shape = ({ boxIds, direction, words }: Reach) => ({
    one: boxIds.length === 1,
    older: direction === 'older',
    indexed: words !== null,
  })
  const text = db.prepare<[number], BlockText>(
    'select box_id as boxId, raw_bytes as rawBytes, text from block join block_data using (block_id) where block_id = ?',
  )
  const openText = db.prepare<[number], BlockText>(
    'select box_id as boxId, raw_bytes as rawBytes, text from open_block where block_id = ?',
  )
  const openColumns = db.prepare<[number], Buffer>('select columns from open_block where block_id = ?').pluck()
  const columns = db.prepare<[number], Buffer>('select columns from block_data where block_id = ?').pluck()
  const ofSeqs = db.prepare<[{ boxId: string; fromSeq: number; toSeq: number }], Kept & { sealed: 0 | 1 }>(
    `select ${blockColumns}, 1 as sealed from block where box_id = :boxId and first_seq <= :toSeq and last_seq >= :fromSeq
     union all
     select ${blockColumns}, 0 as sealed from open_block where box_id = :boxId and first_seq <= :toSeq and last_seq >= :fromSeq`,
  )
  const gapsOfSeqs = db.prepare<[{ boxId: string; seqs: string }], StoredGap>(
    `select ${gapColumns} from gap where box_id = :boxId and seq in (select value from json_each(:seqs))`,
  )
  const lastSeq = db.prepare<[], number>('select seq from last_seq').pluck()
  const totals = db.prepare<[], Totals>(
    `with kept as (select lines, from_at, to_at from block union all select lines, from_at, to_at from open_block)
     select coalesce(sum(lines), 0) as lines, min(from_at) as oldestMs, max(to_at) as newestMs from kept`,
  )
  return {
    /** Sealed blocks that may hold what is asked for: `older` by their end from the newest, `newer` by their start. */
    *sealed(reach: Reach): Generator<BlockRow> {
      const { one, older, indexed } = shape(reach)
      const found =
        reach.afterSeq >= 0
          ? once(`latest ${indexed} ${older}`, () => prepareLatest(indexed, older)).iterate(bind(reach, false))
          : once(`sealed ${one} ${indexed} ${older}`, () => prepareBlocks(one, indexed, older)).iterate(bind(reach))
      for (const block of found) yield { ...block, sealed: true }
    },
    /** Blocks that are not sealed, the same way; the index knows nothing of what is in them. */
    open: (reach: Reach): BlockRow[] => {
      const { older } = shape(reach)
      const found = once(`open ${older}`, () => prepareOpen(older)).all(bind(reach, false))
      return found.map((block) => ({ ...block, sealed: false }))
    },
    gaps: (reach: Reach): IterableIterator<StoredGap> => {
      const { one, older } = shape(reach)
      return once(`gaps ${one} ${older}`, () => prepareGaps(one, older)).iterate(bind(reach))
    },
    /** Null: purged meanwhile. */
    text: ({ blockId, sealed }: BlockPlace): BlockText | null => (sealed ? text : openText).get(blockId) ?? null,
    columns: ({ blockId, sealed }: BlockPlace): Buffer => {
      const found = (sealed ? columns : openColumns).get(blockId)
      if (!found) throw new Error(`block ${blockId} was purged while it was read`)
      return found
    },
    blocksOfSeqs: (boxId: BoxId, fromSeq: number, toSeq: number): BlockRow[] =>
      ofSeqs.all({ boxId, fromSeq, toSeq }).map((block) => ({ ...block, sealed: block.sealed === 1 })),
    gapsOfSeqs: (boxId: BoxId, seqs: readonly number[]): StoredGap[] =>
      gapsOfSeqs.all({ boxId, seqs: JSON.stringify(seqs) }),
    lastSeq: (): number => lastSeq.get() ?? 0,
    totals: (): Totals => totals.get() ?? { lines: 0, oldestMs: null, newestMs: null },
  }
}
export type ReadRows = ReturnType<typeof readRows>
