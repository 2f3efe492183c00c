import { statSync } from 'node:fs'

/** Names a file or folder that the answer depends on, whether it is there or not. Called before it is read. */
export type Watch = (file: string) => void

/**
 * What `read` answered before, while everything it watched is as it was; else what it answers now. The answer is
 * shared with those who ask later: nobody changes it. One that throws is not kept.
 *
 * @param key names the reader and all that its answer depends on besides files.
 * @param read calls `watch` with every file or folder before it reads it; a folder stands for its names alone.
 */
export type Remember = <T>(key: string, read: (watch: Watch) => T) => T

/** A file as it was: nothing that is written to it leaves all of these as they were. */
interface Stamp {
  readonly text: string
  /** False: it changed so lately that one more change could leave no trace; some clocks of files tick every 2 s. */
  readonly settled: boolean
}

interface Kept {
  readonly value: unknown
  readonly files: ReadonlyMap<string, Stamp>
  readonly untilMs: number
}

const longestMs = 10 * 60_000
const settledAfterMs = 2000
/** Answers of one program; the oldest goes first. */
const mostKept = 2000

/**
 * A memory of answers by the state of the files they were read from: size, times of content and of status, inode,
 * device. The time of status cannot be set by hand. Whatever it holds is read anew after 10 minutes.
 */
export function createRemember(nowMs: () => number = Date.now): Remember {
  const kept = new Map<string, Kept>()
  return <T>(key: string, read: (watch: Watch) => T): T => {
    const before = kept.get(key)
    if (before !== undefined && isSame(before, nowMs())) return before.value as T
    kept.delete(key)
    const files = new Map<string, Stamp>()
    const value = read((file) => {
      if (!files.has(file)) files.set(file, look(file, nowMs()))
    })
    if ([...files.values()].every(({ settled }) => settled)) {
      kept.set(key, { value, files, untilMs: nowMs() + longestMs })
      if (kept.size > mostKept) kept.delete(kept.keys().next().value ?? '')
    }
    return value
  }
}

function isSame({ files, untilMs }: Kept, nowMs: number): boolean {
  const isFresh = nowMs < untilMs && nowMs > untilMs - 2 * longestMs
  if (!isFresh) return false
  for (const [file, { text }] of files) if (look(file, nowMs).text !== text) return false
  return true
}

function look(file: string, nowMs: number): Stamp {
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found === undefined) return { text: 'none', settled: true }
    const { dev, ino, size, mtimeMs, ctimeMs } = found
    return {
      text: `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`,
      settled: Math.max(mtimeMs, ctimeMs) < nowMs - settledAfterMs,
    }
  } catch (error) {
    return { text: String((error as NodeJS.ErrnoException).code), settled: true }
  }
}

/** Runs on a box. The memory of this program; a program that ends after one answer has none worth the name. */
export const remembered: Remember = createRemember()

/** For what costs a process each and names no file: `look` is asked again after `forMs`. */
export function rememberFor(forMs: number): <T>(name: string, look: () => Promise<T>) => Promise<T> {
  const known = new Map<string, { value: Promise<unknown>; until: number }>()
  return <T>(name: string, look: () => Promise<T>) => {
    const found = known.get(name)
    if (found !== undefined && performance.now() < found.until) return found.value as Promise<T>
    const value = look()
    known.set(name, { value, until: performance.now() + forMs })
    return value
  }
}
