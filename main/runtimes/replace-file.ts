import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'

/** SHA-256 of bytes, hex. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** SHA-256 of a file as it is now; empty: there is none, or it cannot be read. */
export function sha256OfFile(file: string): string {
  try {
    return sha256Of(readFileSync(file))
  } catch {
    return ''
  }
}

/** Runs on a box. Writes a new file whole and durable; it must not be there. Owner as of `like`, where this login may say so. */
export function writeNewFile(file: string, bytes: Uint8Array, mode: number, like?: string): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    let at = 0
    while (at < bytes.length) at += writeSync(handle, bytes, at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  if (like !== undefined && process.getuid?.() === 0) {
    const { uid, gid } = statSync(like)
    chownSync(file, uid, gid)
  }
  chmodSync(file, mode)
}

/** Runs on a box. Renames in one step and makes that durable. Windows refuses while somebody has the file open: it is tried again. */
export function moveOver(from: string, to: string): void {
  for (let tries = 1; ; tries++) {
    try {
      renameSync(from, to)
      break
    } catch (error) {
      const held =
        process.platform === 'win32' && /^(EPERM|EBUSY|EACCES)$/.test(String((error as { code?: unknown }).code))
      if (!held || tries === 50) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
  if (process.platform === 'win32') return
  const folder = openSync(path.dirname(to), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
