import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { clip, run, Unreadable } from '../reading.ts'
import { refuseForeign } from './read-git.ts'

/** An install writes for some minutes; what is younger than that was changed afterwards. */
const installTakesMs = 10 * 60_000
const mostFiles = 30_000

/**
 * Runs on a box. Files that are not as they were shipped: in a checkout by git; in a package by the
 * hashes it carries, else by their time. A change that keeps size and time is not seen.
 */
export async function readPatches(root: string, kind: string): Promise<string[]> {
  if (kind === 'git') {
    refuseForeign(root)
    const args = [
      '-c',
      'core.fsmonitor=false',
      '-c',
      `safe.directory=${root}`,
      '--no-pager',
      'status',
      '--porcelain',
      '-z',
      '--untracked-files=no',
      '--ignore-submodules=all',
    ]
    const { exitCode, stdout } = await run('git', args, {
      timeoutMs: 8000,
      cwd: root,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    })
    if (exitCode !== 0) throw new Unreadable('git gave no answer.')
    return stdout
      .split('\0')
      .filter((entry) => /^[ MADRCUT]{2} /.test(entry))
      .map((entry) => clip(entry.slice(3), 4000))
      .slice(0, 50)
  }
  if (kind !== 'package') throw new Unreadable('It is not known how this was installed.')
  const settledAtMs = statSync(path.join(root, 'package.json')).ctimeMs + installTakesMs
  const shipped = shippedFiles(root)
  const changed =
    shipped === null
      ? youngFiles(root, settledAtMs)
      : shipped.filter((file) => !isAsShipped(root, file, settledAtMs)).map((file) => file.path)
  return changed.slice(0, 50).map((file) => clip(file, 4000))
}

interface Shipped {
  readonly path: string
  readonly sha256: string
  readonly size: number
}

/** Newer packages carry the hash of each file of `dist`. Null: this one does not. */
function shippedFiles(root: string): Shipped[] | null {
  try {
    const list: unknown = JSON.parse(
      readFileSync(path.join(root, 'dist', 'postinstall-content-inventory.json'), 'utf8'),
    )
    return Array.isArray(list)
      ? list
          .filter(
            (file): file is Shipped =>
              typeof file?.path === 'string' && typeof file.sha256 === 'string' && typeof file.size === 'number',
          )
          .slice(0, mostFiles)
      : null
  } catch {
    return null
  }
}

/** Size first; the content only of files that were touched after the install. A missing file is not as shipped. */
function isAsShipped(root: string, { path: name, sha256, size }: Shipped, settledAtMs: number): boolean {
  try {
    const file = path.join(root, name)
    const found = statSync(file)
    if (found.size !== size) return false
    if (found.mtimeMs <= settledAtMs && found.ctimeMs <= settledAtMs) return true
    return createHash('sha256').update(readFileSync(file)).digest('hex') === sha256
  } catch {
    return false
  }
}

/** Without hashes: files changed after the install had settled. */
function youngFiles(root: string, settledAtMs: number): string[] {
  const changed: string[] = []
  let seen = 0
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (changed.length >= 50 || seen++ > mostFiles) return
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== 'docs') walk(file)
      } else if (entry.isFile() && /\.(m?js|cjs|json|sh)$/.test(entry.name) && statSync(file).mtimeMs > settledAtMs)
        changed.push(path.relative(root, file))
    }
  }
  walk(root)
  return changed
}
