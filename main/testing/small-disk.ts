import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { tempDir } from './temp-store.ts'

/** A real disk of 2 MB that can be filled to the last byte. */
export interface SmallDisk {
  readonly dir: string
  fill(): void
  free(): void
  /** Unmounts and removes it. */
  stop(): void
}

/** Mounts one; null where this process may not (it is not root on Linux). */
export function mountSmallDisk(): SmallDisk | null {
  const dir = tempDir()
  const options = ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir]
  if (process.platform !== 'linux' || spawnSync('mount', options).status !== 0) {
    rmSync(dir, { recursive: true })
    return null
  }
  const ballast = path.join(dir, 'ballast')
  return {
    dir,
    fill: () => {
      const file = openSync(ballast, 'a')
      for (const size of [65_536, 4096, 1]) fillWith(file, size)
      closeSync(file)
    },
    free: () => rmSync(ballast),
    stop: () => {
      spawnSync('umount', [dir])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function fillWith(file: number, size: number): void {
  try {
    for (;;) if (writeSync(file, Buffer.alloc(size)) < size) return
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error
  }
}
