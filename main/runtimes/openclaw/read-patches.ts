import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedAgent } from '../observed.ts'
import { clip, readPlainFile, Unreadable } from '../reading.ts'

type Install = Extract<ObservedAgent['install'], { read: true }>['value']
type Patches = Extract<ObservedAgent['patchedFiles'], { read: true }>['value']

/** An install writes for some minutes; what is younger than that was changed afterwards. */
const installTakesMs = 10 * 60_000
const mostFiles = 30_000

/**
 * Runs on a box. Files that are not as they were shipped: in a checkout by git; in a package by the hashes it carries,
 * else by their dates, which a careful hand can set. A change in the minutes of the install that keeps size is not seen.
 */
export function readPatches({ root, kind, git }: Pick<Install, 'root' | 'kind' | 'git'>): Patches {
  if (kind === 'unknown') throw new Unreadable('It is not known how this was installed.')
  if (kind === 'git') {
    if (!git?.read) throw new Unreadable(git?.why ?? 'git gave no answer.')
    if (git.value.dirtyFiles === null) throw new Unreadable('git did not say which files differ.')
    return { by: 'git', files: git.value.changedNames }
  }
  const settledAtMs = statSync(path.join(root, 'package.json')).ctimeMs + installTakesMs
  const shipped = shippedFiles(root)
  const changed =
    shipped === null
      ? [...missingFiles(root), ...youngFiles(root, settledAtMs)]
      : shipped.filter((file) => !isAsShipped(root, file, settledAtMs)).map((file) => file.path)
  return { by: shipped === null ? 'dates' : 'hashes', files: changed.slice(0, 50).map((file) => clip(file, 4000)) }
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
      readPlainFile(path.join(root, 'dist', 'postinstall-content-inventory.json'), 20_000_000).bytes.toString(),
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

/** Packages without hashes still list the files of `dist`. */
function missingFiles(root: string): string[] {
  try {
    const list: unknown = JSON.parse(readFileSync(path.join(root, 'dist', 'postinstall-inventory.json'), 'utf8'))
    if (!Array.isArray(list)) return []
    return list
      .filter((name): name is string => typeof name === 'string')
      .slice(0, mostFiles)
      .filter((name) => !existsSync(path.join(root, name)))
  } catch {
    return []
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
