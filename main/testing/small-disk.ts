import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
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

/**
 * Mounts one; null where this process may not (it is not root on Linux). `looksLarge`: it says that it has 64 GB, until it is
 * filled, so that nobody minds before.
 */
export function mountSmallDisk({ looksLarge = false } = {}): SmallDisk | null {
  const dir = tempDir()
  const mounted = (...options: string[]) => spawnSync('mount', options).status === 0
  if (
    process.platform !== 'linux' ||
    !mounted('-t', 'tmpfs', '-o', `size=${looksLarge ? '64g' : '2m'}`, 'tmpfs', dir)
  ) {
    rmSync(dir, { recursive: true })
    return null
  }
  const ballast = path.join(dir, 'ballast')
  const shrink = () => {
    const { blocks, bfree, bsize } = statfsSync(dir)
    if (!mounted('-o', `remount,size=${(blocks - bfree) * bsize + 65_536}`, dir))
      throw new Error('it cannot be made small')
  }
  return {
    dir,
    fill: () => {
      if (looksLarge) shrink()
      const file = openSync(ballast, 'a')
      for (const size of [65_536, 4096, 1]) fillWith(file, size)
      closeSync(file)
    },
    free: () => {
      rmSync(ballast, { force: true })
      if (looksLarge) mounted('-o', 'remount,size=64g', dir)
    },
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
