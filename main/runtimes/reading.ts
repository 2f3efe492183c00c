import { execFile } from 'node:child_process'
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import type { Read } from './observed.ts'

/** Runs on a box. `text` cut to what the answer's schema allows. */
export const clip = (text: unknown, maxChars = 500): string => {
  const whole = typeof text === 'string' ? text : text === null || text === undefined ? '' : String(text)
  return whole.length <= maxChars ? whole : `${whole.slice(0, maxChars - 1)}…`
}

/** Why something could not be read, as one line. */
export const why = (error: unknown): string => {
  if (error instanceof Unreadable) return clip(error.message)
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === 'ENOENT') return 'There is no such file.'
  if (code === 'EACCES' || code === 'EPERM') return 'This login may not read it.'
  return clip(error instanceof Error ? error.message.split('\n')[0] : error)
}

/** Thrown by a reader that knows why it cannot answer; its message is a sentence for the operator. */
export class Unreadable extends Error {}

export const readable = <T>(value: T, source: string): Read<T> => ({ read: true, value, source: clip(source) })
export const unreadable = (reason: string, source: string): Read<never> => ({
  read: false,
  why: clip(reason),
  source: clip(source),
})

/** Runs on a box. One reading that fails alone: whatever it throws becomes its reason. */
export async function reading<T>(source: string, read: () => T | Promise<T>): Promise<Read<T>> {
  try {
    return readable(await read(), source)
  } catch (error) {
    return unreadable(why(error), source)
  }
}

/**
 * Runs on a box. A whole plain file; a pipe in its place does not hold the probe up.
 * @throws Unreadable when it is none, or larger than `mostBytes`; else the file system's own error.
 */
export function readPlainFile(
  file: string,
  mostBytes: number,
): { bytes: Buffer; modifiedAtMs: number; ownerUid: number } {
  // Windows has no such flag, and no such pipes.
  const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const found = fstatSync(handle)
    if (!found.isFile()) throw new Unreadable('It is no plain file.')
    if (found.size > mostBytes) throw new Unreadable(`It is larger than ${Math.ceil(mostBytes / 1_000_000)} MB.`)
    return { bytes: readFileSync(handle), modifiedAtMs: found.mtimeMs, ownerUid: found.uid }
  } finally {
    closeSync(handle)
  }
}

/** Runs on a box. The last `bytes` of a plain file as text; its first line may be cut. @throws Unreadable when it is none. */
export function readTail(file: string, bytes: number): string {
  const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const found = fstatSync(handle)
    if (!found.isFile()) throw new Unreadable('It is no plain file.')
    const length = Math.min(found.size, bytes)
    const buffer = Buffer.alloc(length)
    readSync(handle, buffer, 0, length, found.size - length)
    return buffer.toString('utf8')
  } finally {
    closeSync(handle)
  }
}

/** Runs on a box. Does a file or folder belong to someone else than this login? Windows does not say. */
export const isForeign = (file: string): boolean => {
  const own = process.getuid?.()
  return own !== undefined && statSync(file).uid !== own
}

/** How a command that only reads ended; it never throws. `exitCode` null: it could not be started, or was killed. */
export interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs on a box. Starts a command without a shell and without input, and kills it after `timeoutMs` or beyond `mostBytes` (1 MB when not said). */
export const run = (
  command: string,
  args: readonly string[],
  options: { timeoutMs: number; mostBytes?: number; cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<Ran> =>
  new Promise((resolve) => {
    try {
      const child = execFile(
        command,
        [...args],
        {
          cwd: options.cwd,
          env: options.env,
          timeout: options.timeoutMs,
          killSignal: 'SIGKILL',
          maxBuffer: options.mostBytes ?? 1_000_000,
          windowsHide: true,
        },
        (error, stdout, stderr) => {
          const code = (error as { code?: unknown } | null)?.code
          resolve({
            exitCode: error === null ? 0 : typeof code === 'number' ? code : null,
            stdout,
            stderr: stderr || (typeof code === 'string' ? code : ''),
          })
        },
      )
      child.stdin?.end()
    } catch (error) {
      resolve({ exitCode: null, stdout: '', stderr: why(error) })
    }
  })

/** Where this login's own files are; the program may run with an environment of its own. */
export const homeOf = (env: NodeJS.ProcessEnv, fallback: () => string): string =>
  env.HOME || env.USERPROFILE || fallback()
