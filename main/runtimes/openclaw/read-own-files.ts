import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, type Stats } from 'node:fs'
import path from 'node:path'
import { deepestSkill, madeFolders, steeringFiles } from '../carried-files.ts'
import type { ObservedAgent } from '../observed.ts'
import { clip, readPlainFile } from '../reading.ts'
import { type Settings, textAt } from './settings.ts'

type OwnFiles = Extract<ObservedAgent['ownFiles'], { read: true }>['value']

const mostFiles = 2000
const listed = 300
/** Larger files are told apart by their size. */
const largest = 2_000_000

interface Found {
  readonly path: string
  readonly file: string
  readonly stat: Stats
}

/** Content of files that were not touched since is not read again. */
const known = new Map<string, { stamp: string; sha256: string }>()

/** Where the agent works: its own folder, or the one its config names. */
export function workspaceOf(home: string, stateDir: string, settings: Settings): string {
  const named = textAt(settings, 'agents', 'defaults', 'workspace')
  return named === '' ? path.join(stateDir, 'workspace') : path.resolve(home, named.replace(/^~(?=$|[\\/])/, home))
}

/** Runs on a box. Links are not followed: what one leads to is not this agent's. */
export function readOwnFiles(home: string, stateDir: string, settings: Settings): OwnFiles {
  const workspace = workspaceOf(home, stateDir, settings)
  const found: Found[] = [
    ...steeringFiles.flatMap((name) => fileAt(path.join(workspace, name), name)),
    ...filesBelow(path.join(workspace, 'skills'), 'skills'),
    ...filesBelow(path.join(stateDir, 'skills'), 'managed skills'),
  ]
  const files = found
    .slice(0, mostFiles)
    .map((each) => ({
      path: clip(each.path, 300),
      sha256: hashOf(each),
      ...(process.platform === 'win32' ? {} : { mode: each.stat.mode & 0o777 }),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const whole = createHash('sha256')
  for (const { path: name, sha256 } of files) whole.update(`${name}\0${sha256}\0`)
  return {
    files: files.slice(0, listed),
    total: files.length,
    digest: whole.digest('hex'),
    modifiedAtMs: found.length === 0 ? null : Math.round(Math.max(...found.map(({ stat }) => stat.mtimeMs))),
  }
}

function fileAt(file: string, name: string): Found[] {
  try {
    const stat = lstatSync(file)
    return stat.isFile() ? [{ path: name, file, stat }] : []
  } catch {
    return []
  }
}

function filesBelow(folder: string, name: string, depth = 0): Found[] {
  if (depth > deepestSkill) return []
  let names: string[]
  try {
    if (!lstatSync(folder).isDirectory()) return []
    names = readdirSync(folder).slice(0, mostFiles)
  } catch {
    return []
  }
  const found: Found[] = []
  for (const each of names) {
    if (found.length >= mostFiles) break
    if (madeFolders.has(each)) continue
    const own = fileAt(path.join(folder, each), `${name}/${each}`)
    found.push(...(own.length > 0 ? own : filesBelow(path.join(folder, each), `${name}/${each}`, depth + 1)))
  }
  return found
}

function hashOf({ file, stat }: Found): string {
  const stamp = `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino}`
  const before = known.get(file)
  if (before?.stamp === stamp) return before.sha256
  const sha256 = contentHash(file, stat.size)
  if (known.size > 10_000) known.clear()
  known.set(file, { stamp, sha256 })
  return sha256
}

function contentHash(file: string, size: number): string {
  if (size > largest) return `${size} bytes`
  try {
    return createHash('sha256').update(readPlainFile(file, largest).bytes).digest('hex')
  } catch {
    return 'not readable'
  }
}
