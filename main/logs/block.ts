import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { BoxId } from '../../shared/contract/index.ts'
import { type Group, groupsOf, idWords, type OpenColumns, openGroups, readGroups, writeGroups } from './columns.ts'
import { levelNumber, loudness, type StoredLine } from './stored-line.ts'

/** What pages are planned by. Times are corrected. */
export interface BlockMeta {
  readonly boxId: BoxId
  readonly fromAt: number
  readonly toAt: number
  readonly firstSeq: number
  readonly lastSeq: number
  readonly lines: number
  readonly errors: number
  readonly warns: number
  readonly infos: number
  readonly rawBytes: number
}

/** Lines of one box in order of time, ready to be kept. */
export interface Part {
  readonly meta: BlockMeta
  /** A line each. */
  readonly text: Buffer
  readonly groups: readonly Group[]
}

/** A part as it is kept: compressed when it is sealed. */
export interface BlockData {
  readonly meta: BlockMeta
  readonly text: Buffer
  readonly columns: Buffer
}

export interface SealedBlock extends BlockData {
  /** For the word index. */
  readonly words: string
}

/** @param lines of one box, at least one, in order of time. */
export function partOf(lines: readonly StoredLine[]): Part {
  const [first] = lines
  const last = lines.at(-1)
  if (!first || !last) throw new Error('a block holds lines')
  let firstSeq = first.seq
  let lastSeq = first.seq
  let errors = 0
  let warns = 0
  let infos = 0
  for (const { seq, level } of lines) {
    if (seq < firstSeq) firstSeq = seq
    if (seq > lastSeq) lastSeq = seq
    const loud = loudness(level)
    if (loud === info) infos += 1
    else if (loud === warn) warns += 1
    else if (loud > warn) errors += 1
  }
  const text = Buffer.from(lines.map(({ line }) => line).join('\n'))
  return {
    meta: {
      boxId: first.boxId,
      fromAt: first.atMs,
      toAt: last.atMs,
      firstSeq,
      lastSeq,
      lines: lines.length,
      errors,
      warns,
      infos,
      rawBytes: text.length,
    },
    text,
    groups: groupsOf(lines),
  }
}

const info = levelNumber('info')
const warn = levelNumber('warn')

/** The lines of a part, in order of time. */
export function linesOf({ meta, text, groups }: Part): StoredLine[] {
  const lines = text.toString('utf8').split('\n')
  const columns = openGroups(meta.boxId, groups)
  return lines.map((line, index) => ({ ...columns.of(index), line }))
}

/** As it is kept until there is enough for a sealed block. */
export const openBlock = ({ meta, text, groups }: Part): BlockData => ({
  meta,
  text,
  columns: Buffer.from(writeGroups(groups)),
})

/** The part that {@link openBlock} kept. */
export const partFrom = ({ meta, text, columns }: BlockData): Part => ({
  meta,
  text,
  groups: readGroups(columns.toString('utf8')),
})

export function sealBlock({ meta, text, groups }: Part): SealedBlock {
  return {
    meta,
    text: zstdCompressSync(text, packing),
    columns: zstdCompressSync(writeGroups(groups), packing),
    words: `${text.toString('utf8')}\n${idWords(groups).join(' ')}`,
  }
}

/** Of 3 and 9 the second takes five times as long for a twentieth less. */
const packing = { params: { [constants.ZSTD_c_compressionLevel]: 3 } }

/** Strings of this size are made and dropped several times as fast as ones of a whole block. */
const pieceBytes = 64 * 1024

/** The lines of a block, a line each, in pieces that are cut between lines. */
export function openText({ text, sealed, rawBytes }: { text: Buffer; sealed: boolean; rawBytes: number }): string[] {
  const bytes = sealed ? zstdDecompressSync(text, { chunkSize: Math.max(rawBytes, 64) }) : text
  const pieces: string[] = []
  let start = 0
  while (bytes.length - start > pieceBytes) {
    const end = bytes.lastIndexOf(10, start + pieceBytes)
    if (end <= start) break
    pieces.push(bytes.toString('utf8', start, end))
    start = end + 1
  }
  pieces.push(bytes.toString('utf8', start))
  return pieces
}

export function openColumns(boxId: BoxId, columns: Buffer, sealed: boolean): OpenColumns {
  const bytes = sealed ? zstdDecompressSync(columns, { chunkSize: 256 * 1024 }) : columns
  return openGroups(boxId, readGroups(bytes.toString('utf8')))
}
