import type { LogSource } from '../../shared/contract/index.ts'
import { type Followed, followFiles } from './follow-files.ts'
import { goneFile, isGone } from './log-cursors.ts'
import { type LogFile, NoLog, openLog } from './log-files.ts'
import type { LogCursor, LogGap, LogLine } from './log-lines.ts'

/** Logs of one kind of one agent: the files that are written now, and what was rotated away. */
export interface LogFamily {
  readonly source: LogSource
  /** Looks for them anew. */
  readonly files: () => Iterable<string>
  /** Lines are still added to it; when it is gone without a trace, some were lost. */
  readonly isActive: (file: string) => boolean
  /** A file is one line: a report. */
  readonly whole: boolean
}

/** A line as the adapter reads it, already without what must not leave the box. */
export type ReadLine = (raw: string, source: LogSource) => Omit<LogLine, 'offset' | 'source' | 'file'>

export interface ReadOptions {
  /** Bytes of log that may be read. */
  readonly budgetBytes: number
  /** Leaves out at once what is more than the budget, oldest first. */
  readonly first: boolean
  /** Bytes of answer that the lines may take. */
  readonly roomBytes: number
  readonly readLine: ReadLine
  /** For a line that is a part of a private key, whose first line came before. */
  readonly hideKey: (raw: string) => string
}

export interface LogsRead {
  readonly lines: LogLine[]
  readonly cursors: LogCursor[]
  readonly gaps: LogGap[]
  readonly more: boolean
  readonly bytesRead: number
  /** What the lines take in the answer. */
  readonly roomBytes: number
}

const chunkBytes = 1_000_000
/** A longer line is cut. */
const longestLine = 1_000_000
/** What is read of a line that is cut, and what of it is left out at the cut, for half a secret may stand there. */
const cutBytes = 64_000
const cutEdge = 4096
/** How far back the beginning of a private key is looked for. */
const keyBytes = 8192
const newline = 10
/** What a line costs beside its words. */
const lineOverhead = 260

interface Stream extends Followed<LogFile> {
  readonly family: LogFamily
  at: number
  end: number
}

/**
 * Runs on a box. The whole lines after the cursors, files in the order they were written. Survives rotation, also
 * during the reading (a file that is open stays what it was), truncation, copies and packing; what cannot be read is
 * named. Only as much of a file is read as there was when it was opened.
 */
export async function readLogs(
  families: readonly LogFamily[],
  cursors: readonly LogCursor[],
  options: ReadOptions,
): Promise<LogsRead> {
  const out: LogsRead & { more: boolean; bytesRead: number; roomBytes: number } = {
    lines: [],
    cursors: [],
    gaps: [],
    more: false,
    bytesRead: 0,
    roomBytes: 0,
  }
  const streams: Stream[] = []
  try {
    for (const family of families)
      streams.push(
        ...(await openFamily(
          family,
          cursors.filter(({ source }) => source === family.source),
          out,
        )),
      )
    if (options.first) await leaveOut(streams, options, out)
    for (const stream of streams.sort((a, b) => a.file.modifiedMs - b.file.modifiedMs)) {
      await readStream(stream, options, out)
      out.cursors.push(cursorOf(stream, stream.at))
    }
  } finally {
    for (const { file } of streams) file.close()
  }
  return out
}

const cursorOf = ({ family, file, identity }: Stream, offset: number): LogCursor => ({
  source: family.source,
  file: file.path.slice(0, 1000),
  identity,
  offset,
})

const gapOf = (
  { source, file }: { source: LogSource; file: string },
  reason: LogGap['reason'],
  fromOffset: number,
  toOffset: number,
): LogGap => ({
  source,
  file: file.slice(0, 1000),
  reason,
  fromOffset,
  toOffset,
  bytes: Math.max(0, toOffset - fromOffset),
  fromAt: null,
  toAt: null,
})

const unreadable = 'unreadable:'

/** Between two looks a file may get its next name; more often than this nobody rotates. */
const mostLooks = 5

interface Looked {
  /** Met under a name for the first time, and open. */
  readonly opened: readonly LogFile[]
  readonly empty: ReadonlySet<string>
  readonly refused: readonly LogCursor[]
}

function lookAt({ files, source }: LogFamily, known: readonly LogFile[]): Looked {
  const opened: LogFile[] = []
  const empty = new Set<string>()
  const refused: LogCursor[] = []
  for (const path of files()) {
    try {
      const file = openLog(path)
      // Rotated between two looks it is met under both of its names.
      if (file && [...known, ...opened].some(({ node }) => node === file.node)) file.close()
      else if (file) opened.push(file)
      else empty.add(path)
    } catch (error) {
      const why = error instanceof NoLog ? error.message : 'unreadable'
      if (why !== 'ENOENT')
        refused.push({ source, file: path.slice(0, 1000), identity: unreadable + why.slice(0, 40), offset: 0 })
    }
  }
  return { opened, empty, refused }
}

async function openFamily(family: LogFamily, cursors: readonly LogCursor[], out: LogsRead): Promise<Stream[]> {
  const { source } = family
  const isRefusal = ({ identity }: LogCursor) => identity.startsWith(unreadable)
  const asked = cursors.filter((cursor) => !isRefusal(cursor) && !isGone(cursor))
  const files: LogFile[] = []
  let found: Awaited<ReturnType<typeof followFiles<LogFile>>>
  let looked: Looked
  let looks = 0
  // Names are tried one after the other: a file that is rotated meanwhile can be missed under all of them, and is not gone.
  do {
    looked = lookAt(family, files)
    files.push(...looked.opened)
    found = await followFiles(files, asked, cursors, endsLine)
    looks++
  } while (found.gone.length > 0 && looks < mostLooks && (looks === 1 || looked.opened.length > 0))
  const { followed, gone: lost } = found
  const { empty, refused } = looked
  for (const each of refused) {
    // It is told once, not in every sweep.
    const told = cursors.some(({ file, identity }) => file === each.file && identity === each.identity)
    if (!told) out.gaps.push(gapOf(each, 'unreadable', 0, 0))
    out.cursors.push(each)
  }
  for (const { file, truncated } of followed) {
    if (truncated === null) continue
    out.gaps.push(gapOf({ source, file: file.path }, 'truncated', truncated.offset, truncated.offset))
    out.cursors.push({ ...truncated, file: goneFile(truncated.file) })
  }
  for (const cursor of lost) {
    if (!family.whole && family.isActive(cursor.file) && !isRefused(refused, cursor))
      out.gaps.push(gapOf(cursor, empty.has(cursor.file) ? 'truncated' : 'rotated-away', cursor.offset, cursor.offset))
    // It is told once; a file that begins alike is another one from here on.
    out.cursors.push({ ...cursor, file: goneFile(cursor.file) })
  }
  return followed.map((each) => ({ ...each, family, at: each.from, end: each.file.size }))
}

const isRefused = (refused: readonly LogCursor[], { file }: LogCursor): boolean =>
  refused.some((each) => each.file === file)

/** Newest first: a file gets what the newer ones left of the budget, and its older part is a gap. */
async function leaveOut(
  streams: readonly Stream[],
  { budgetBytes, readLine }: ReadOptions,
  out: LogsRead,
): Promise<void> {
  let left = budgetBytes
  for (const stream of [...streams].sort((a, b) => b.file.modifiedMs - a.file.modifiedMs)) {
    const unread = stream.end - stream.at
    const takes = Math.min(unread, left)
    left -= takes
    if (unread <= takes) continue
    const from = stream.at
    const to = stream.family.whole ? stream.end : await lineNear(stream, stream.end - takes)
    if (to === from) continue
    const { source } = stream.family
    const gap = gapOf({ source, file: stream.file.path }, 'too-much', from, to)
    const timeAt = async (offset: number): Promise<number | null> => {
      const text = (await stream.file.read(offset, cutBytes)).toString('utf8')
      return readLine(text.slice(0, Math.max(0, text.indexOf('\n'))), source).at
    }
    out.gaps.push({ ...gap, fromAt: await timeAt(from), toAt: to < stream.end ? await timeAt(to) : null })
    stream.at = to
  }
}

const endsLine = async (file: LogFile, offset: number): Promise<boolean> =>
  (await file.read(offset - 1, 1))[0] === newline

/** Where the first line after `offset` begins; where none does, the last one. */
async function lineNear({ file, at, end }: Stream, offset: number): Promise<number> {
  const next = await nextLine(file, offset, end)
  if (next < end || (await endsLine(file, end))) return next
  for (let to = end; to > at; to -= chunkBytes) {
    const from = Math.max(at, to - chunkBytes)
    const found = (await file.read(from, to - from)).lastIndexOf(newline)
    if (found >= 0) return from + found + 1
  }
  return at
}

async function nextLine(file: LogFile, offset: number, end: number): Promise<number> {
  for (let at = offset; at < end; at += chunkBytes) {
    const chunk = await file.read(at, Math.min(chunkBytes, end - at))
    const found = chunk.indexOf(newline)
    if (found >= 0) return at + found + 1
    if (chunk.length === 0) break
  }
  return end
}

async function readStream(
  stream: Stream,
  options: ReadOptions,
  out: LogsRead & { more: boolean; bytesRead: number; roomBytes: number },
): Promise<void> {
  const { file, family } = stream
  if (family.whole) return readReport(stream, options, out)
  let insideKey = stream.at > 0 && stream.at < stream.end && opensKey(await before(stream), false)
  while (stream.at < stream.end) {
    if (out.roomBytes >= options.roomBytes || out.bytesRead >= options.budgetBytes) {
      out.more = out.bytesRead < options.budgetBytes
      return
    }
    const chunk = await file.read(stream.at, Math.min(chunkBytes + 1, stream.end - stream.at))
    if (chunk.length === 0) return
    const last = chunk.lastIndexOf(newline)
    if (last < 0) {
      // No whole line yet, or one that is too long.
      if (chunk.length <= longestLine || !(await readLongLine(stream, chunk, options, out))) return
      insideKey = false
      continue
    }
    let from = 0
    while (from <= last && out.roomBytes < options.roomBytes) {
      const to = chunk.indexOf(newline, from)
      const raw = chunk.toString('utf8', from, to > from && chunk[to - 1] === 13 ? to - 1 : to)
      const opened = opensKey(raw, insideKey)
      if (raw.trim() !== '')
        add(insideKey && !raw.startsWith('{') ? options.hideKey(raw) : raw, stream, stream.at + from, options, out)
      insideKey = opened
      from = to + 1
    }
    stream.at += from
    out.bytesRead += from
    // Others who ask this program are answered in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const before = async ({ file, at }: Stream): Promise<string> =>
  (await file.read(Math.max(0, at - keyBytes), Math.min(keyBytes, at))).toString('latin1')

/** Does a private key begin in this text and go on behind it? */
function opensKey(text: string, open: boolean): boolean {
  const begin = text.lastIndexOf('-----BEGIN ')
  const end = text.lastIndexOf('-----END ')
  if (begin < 0 && end < 0) return open
  return begin > end && text.includes('PRIVATE KEY', begin) && !text.startsWith('{')
}

function add(
  raw: string,
  { family, file }: Stream,
  offset: number,
  { readLine }: ReadOptions,
  out: { lines: LogLine[]; roomBytes: number },
): void {
  const line: LogLine = {
    ...readLine(raw, family.source),
    source: family.source,
    file: file.path.slice(0, 1000),
    offset,
  }
  out.lines.push(line)
  out.roomBytes += costOf(line.text) + costOf(line.more ?? '') + file.path.length + lineOverhead
}

/** In JSON, where everything beyond ASCII takes six characters. */
function costOf(text: string): number {
  let cost = text.length
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 126 || code < 32) cost += 5
    else if (code === 34 || code === 92) cost += 1
  }
  return cost
}

/** A line that is too long is redacted, then cut well before the end of what was read of it. False: it has not ended yet. */
async function readLongLine(
  stream: Stream,
  begin: Buffer,
  options: ReadOptions,
  out: LogsRead & { bytesRead: number; roomBytes: number },
): Promise<boolean> {
  const next = await nextLine(stream.file, stream.at + begin.length, stream.end)
  if (!(await endsLine(stream.file, next))) return false
  const { source } = stream.family
  out.gaps.push(gapOf({ source, file: stream.file.path }, 'line-too-long', stream.at, next))
  const parsed = options.readLine(begin.toString('utf8', 0, cutBytes), source)
  const words = parsed.text.slice(0, Math.max(0, parsed.text.length - cutEdge))
  const line = { ...parsed, text: `${words}… (a line of ${next - stream.at} bytes)`.slice(0, 8000), more: null }
  out.lines.push({ ...line, source, file: stream.file.path.slice(0, 1000), offset: stream.at })
  out.roomBytes += costOf(line.text) + lineOverhead
  out.bytesRead += cutBytes
  stream.at = next
  return true
}

const largestReport = 5_000_000

async function readReport(
  stream: Stream,
  options: ReadOptions,
  out: LogsRead & { more: boolean; bytesRead: number; roomBytes: number },
): Promise<void> {
  if (stream.at >= stream.end) return
  if (out.roomBytes >= options.roomBytes) {
    out.more = true
    return
  }
  const { source } = stream.family
  if (stream.end > largestReport)
    out.gaps.push(gapOf({ source, file: stream.file.path }, 'line-too-long', 0, stream.end))
  else add((await stream.file.read(0, stream.end)).toString('utf8'), stream, 0, options, out)
  out.bytesRead += Math.min(stream.end, largestReport)
  stream.at = stream.end
}
