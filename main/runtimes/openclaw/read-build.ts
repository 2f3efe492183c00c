import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { clip } from '../reading.ts'
import type { Watch } from '../remember.ts'

/** Runs on a box. What the build says that it was made of: `dist/build-info.json`, or the stamp beside it. */
export function builtCommit(root: string, watch: Watch): string | null {
  for (const [name, key] of [
    ['dist/build-info.json', 'commit'],
    ['dist/.buildstamp', 'head'],
  ] as const) {
    const file = path.join(root, name)
    watch(file)
    if (!existsSync(file)) continue
    try {
      const commit = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)[key]
      if (typeof commit === 'string' && commit !== '') return clip(commit, 64)
    } catch {}
  }
  return null
}
