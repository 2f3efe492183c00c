import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'

/**
 * Makes a folder and those above it that are not there yet, for this user alone.
 * Node's own recursive `mkdirSync` tries for ever where a folder that is there answers ENOENT, as `/proc` does.
 * @throws what the system says, such as EACCES, EROFS, ENOENT, and ENOTDIR for a file in the place of a folder.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = []
  let at = path.resolve(folder)
  while (statSync(at, { throwIfNoEntry: false }) === undefined && path.dirname(at) !== at) {
    missing.push(at)
    at = path.dirname(at)
  }
  if (missing.length === 0 && !statSync(at).isDirectory())
    throw Object.assign(new Error(`${at} is no folder`), { code: 'ENOTDIR' })
  for (const one of missing.reverse()) makeOne(one)
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another console may have made it just now.
    const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false
    if (!isThere) throw error
  }
}
