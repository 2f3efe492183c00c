import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'

/** A log is at most this large, in bytes; the last one is kept beside it. */
const limitBytes = 5_000_000
const kept = 3

export interface LogFile {
  readonly path: string
  write(line: string): void
}

/** Lines appended to `dataDir/logs/name`, with `name.1` … `name.3` behind it. A disk that takes no more lines costs the lines only. */
export function openLogFile(dataDir: string, name: string): LogFile {
  const folder = path.join(dataDir, 'logs')
  const file = path.join(folder, name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let bytes = sizeOf(file)
  return {
    path: file,
    write(line) {
      try {
        if (bytes > limitBytes) {
          rotate(file)
          bytes = 0
        }
        appendFileSync(file, `${line}\n`, { mode: 0o600 })
        bytes += Buffer.byteLength(line) + 1
      } catch {
        // Nowhere to say it: the log itself is what failed.
      }
    },
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}

function rotate(file: string): void {
  rmSync(`${file}.${kept}`, { force: true })
  for (let number = kept - 1; number >= 0; number--) {
    const from = number === 0 ? file : `${file}.${number}`
    if (sizeOf(from) > 0) renameSync(from, `${file}.${number + 1}`)
  }
}
