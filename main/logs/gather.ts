import { linesOf, type Part, partOf } from './block.ts'
import type { StoredLine } from './stored-line.ts'

/** How many bytes of text a sealed block holds at least. */
export const blockBytes = 256 * 1024
/** Lines this far apart are not put into one block: one wrong time would make a block that spans years. */
const apartMs = 7 * 24 * 3_600_000
/** Groups of columns smaller than this, on average, are not worth keeping: they are made anew. */
const worthKeeping = 64

export const inOrderOfTime = (a: StoredLine, b: StoredLine): number => a.atMs - b.atMs || a.seq - b.seq

/**
 * Cuts lines, in order of time, into blocks; what does not fill one is the rest. Pure.
 *
 * @param all nothing may rest.
 */
export function cutIntoBlocks(
  lines: readonly StoredLine[],
  all: boolean,
): { blocks: readonly (readonly StoredLine[])[]; rest: readonly StoredLine[] } {
  const blocks: StoredLine[][] = []
  let current: StoredLine[] = []
  let bytes = 0
  const close = () => {
    if (current.length > 0) blocks.push(current)
    current = []
    bytes = 0
  }
  for (const line of lines) {
    const last = current.at(-1)
    if (last && line.atMs - last.atMs > apartMs) close()
    current.push(line)
    bytes += Buffer.byteLength(line.line) + 1
    if (bytes >= blockBytes) close()
  }
  if (all) close()
  return { blocks, rest: current }
}

/** Lines of one box, in any order, in parts of which none is larger than a block or spans more than it may. Pure. */
export const cutIntoParts = (lines: readonly StoredLine[]): Part[] =>
  cutIntoBlocks([...lines].sort(inOrderOfTime), true).blocks.map(partOf)

/**
 * Puts parts of one box together into blocks; what does not fill one is the rest. Parts that follow each other stay as
 * they are, the lines of others are sorted. Pure.
 *
 * @param parts in the order in which they came.
 * @param all nothing may rest.
 */
export function gather(parts: readonly Part[], all: boolean): { blocks: readonly Part[]; rest: readonly Part[] } {
  if (!follow(parts)) {
    const { blocks, rest } = cutIntoBlocks(parts.flatMap(linesOf).sort(inOrderOfTime), all)
    return { blocks: blocks.map(partOf), rest: rest.length > 0 ? [partOf(rest)] : [] }
  }
  const blocks: Part[] = []
  let current: Part[] = []
  let bytes = 0
  const close = () => {
    if (current.length > 0) blocks.push(join(current))
    current = []
    bytes = 0
  }
  for (const part of parts) {
    const last = current.at(-1)
    if (last && part.meta.fromAt - last.meta.toAt > apartMs) close()
    current.push(part)
    bytes += part.meta.rawBytes + 1
    if (bytes >= blockBytes) close()
  }
  if (all) close()
  return { blocks, rest: current.length > 0 ? [join(current)] : [] }
}

const follow = (parts: readonly Part[]): boolean =>
  parts.every(({ meta }, index) => meta.fromAt >= (parts[index - 1]?.meta.toAt ?? meta.fromAt))

/** One part of several that follow each other. */
function join(parts: readonly Part[]): Part {
  const [first] = parts
  const last = parts.at(-1)
  if (!first || !last) throw new Error('nothing to join')
  if (parts.length === 1) return first
  const groups = parts.flatMap((part) => part.groups)
  const sum = (of: (meta: Part['meta']) => number): number => parts.reduce((all, { meta }) => all + of(meta), 0)
  const lines = sum((meta) => meta.lines)
  if (lines < groups.length * worthKeeping) return partOf(parts.flatMap(linesOf))
  const text = Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part.text] : [lineBreak, part.text])))
  return {
    meta: {
      boxId: first.meta.boxId,
      fromAt: first.meta.fromAt,
      toAt: last.meta.toAt,
      firstSeq: parts.reduce((least, { meta }) => Math.min(least, meta.firstSeq), first.meta.firstSeq),
      lastSeq: parts.reduce((most, { meta }) => Math.max(most, meta.lastSeq), first.meta.lastSeq),
      lines,
      errors: sum((meta) => meta.errors),
      warns: sum((meta) => meta.warns),
      infos: sum((meta) => meta.infos),
      rawBytes: text.length,
    },
    text,
    groups,
  }
}

const lineBreak = Buffer.from('\n')
