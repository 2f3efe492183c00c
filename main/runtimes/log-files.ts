import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  createReadStream,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs'
import path from 'node:path'
import { createGunzip, gunzipSync, constants as zlib } from 'node:zlib'

/** Bytes of the first line that tell one log from another. */
const headBytes = 256
const newline = 10

/** A log file as it is found, open for reading. Whoever opens it closes it. */
export interface LogFile {
  readonly path: string
  /** Device and inode. */
  readonly node: string
  /** Hash of the first line's first bytes. */
  readonly head: string
  /** Bytes of text; of a packed file as its end says. */
  readonly size: number
  readonly modifiedMs: number
  readonly packed: boolean
  /** At most `most` bytes from `offset`; fewer than asked only at the end. */
  read(offset: number, most: number): Promise<Buffer>
  close(): void
}

/** Why a file cannot be read, in a word that stays the same from sweep to sweep. */
export class NoLog extends Error {}

/**
 * Runs on a box. Opens a log. Null: it has no whole line yet.
 * @throws NoLog when it belongs to someone else, is no plain file, or this login may not read it.
 */
export function openLog(file: string): LogFile | null {
  const handle = open(file)
  try {
    const found = fstatSync(handle)
    const own = process.getuid?.()
    if (!found.isFile()) throw new NoLog('no-file')
    // Root may read what it finds; any other login reads its own.
    if (own !== undefined && own !== 0 && found.uid !== own) throw new NoLog('foreign')
    const packed = file.endsWith('.gz')
    const begin = packed ? beginOfPacked(handle, found.size) : take(handle, 0, headBytes)
    const head = headOf(begin)
    if (head === null) {
      closeSync(handle)
      return null
    }
    return {
      path: file,
      node: `${found.dev}:${found.ino}`,
      head,
      size: packed ? sizeOfPacked(handle, found.size) : found.size,
      modifiedMs: found.mtimeMs,
      packed,
      read: packed ? (offset, most) => unpack(file, offset, most) : async (offset, most) => take(handle, offset, most),
      close: () => closeSync(handle),
    }
  } catch (error) {
    closeSync(handle)
    throw error instanceof NoLog ? error : new NoLog(String((error as NodeJS.ErrnoException).code ?? 'unreadable'))
  }
}

function open(file: string): number {
  try {
    // A pipe in its place does not hold the program up. Windows has no such flag, and no such pipes.
    return openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    throw new NoLog(String((error as NodeJS.ErrnoException).code ?? 'unreadable'))
  }
}

function take(handle: number, offset: number, most: number): Buffer {
  const buffer = Buffer.alloc(most)
  let length = 0
  while (length < most) {
    const got = readSync(handle, buffer, length, most - length, offset + length)
    if (got === 0) break
    length += got
  }
  return buffer.subarray(0, length)
}

/** Lines are only added to a log, so the first one names it for good. */
function headOf(begin: Buffer): string | null {
  const end = begin.indexOf(newline)
  if (end < 0 && begin.length < headBytes) return null
  const line = begin.subarray(0, end < 0 ? headBytes : Math.min(end, headBytes))
  return createHash('sha256').update(line).digest('hex').slice(0, 24)
}

function beginOfPacked(handle: number, size: number): Buffer {
  const text = gunzipSync(take(handle, 0, Math.min(size, 65_536)), { finishFlush: zlib.Z_SYNC_FLUSH })
  return text.subarray(0, headBytes)
}

/** The last four bytes say how long the text is; of more than one part, or over 4 GB, too little, and then the rest is not read. */
function sizeOfPacked(handle: number, size: number): number {
  const end = take(handle, Math.max(0, size - 4), 4)
  return end.length === 4 ? end.readUInt32LE(0) : 0
}

async function unpack(file: string, offset: number, most: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let passed = 0
  let length = 0
  const stream = createReadStream(file)
  const text = stream.pipe(createGunzip())
  stream.on('error', (error) => text.destroy(error))
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      const from = Math.max(0, offset - passed)
      passed += chunk.length
      if (from >= chunk.length) continue
      parts.push(chunk.subarray(from))
      length += chunk.length - from
      if (length >= most) break
    }
  } catch {
    // A packed file that breaks off ends there.
  }
  stream.destroy()
  text.destroy()
  return Buffer.concat(parts).subarray(0, most)
}

/** Runs on a box. A log and what was rotated away from it, in its folder: `x.log`, `x.1.log`, `x.log.2.gz`, `x.log-20261128`. */
export function withRotated(file: string): string[] {
  const { dir, name, ext } = path.parse(file)
  const stem = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const end = ext.replace('.', '\\.')
  const family = new RegExp(`^${stem}(\\.\\d{1,3})?${end}(\\.\\d{1,3}|-\\d{8}(-\\d{1,6})?)?(\\.gz)?$`)
  return filesIn(dir, (each) => family.test(each))
}

/** At most 60, by name. */
export function filesIn(folder: string, wanted: (name: string) => boolean): string[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
  return entries
    .filter((entry) => !entry.isDirectory() && wanted(entry.name))
    .map(({ name }) => path.join(folder, name))
    .sort()
    .slice(-60)
}
