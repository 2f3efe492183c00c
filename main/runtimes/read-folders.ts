import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import type { ObservedFolder, ProbeRequest } from './observed.ts'
import { readGit } from './read-git.ts'
import { clip, homeOf, reading, Unreadable } from './reading.ts'

/** A folder inside a checkout counts as that checkout; further up than this nobody would mean it. */
const mostLevels = 6

/** Runs on a box. The folders the operator tracks, each by itself; nothing is written, nothing fetched. */
export function observeFolders({
  folders,
  ownCommandMs,
}: Pick<ProbeRequest, 'folders' | 'ownCommandMs'>): Promise<ObservedFolder[]> {
  return Promise.all(
    folders.map(async ({ id, path: asked }) => {
      const place = placeOf(asked)
      const git = await reading(place, () => readCheckout(place, ownCommandMs))
      return { id, root: clip(checkoutOf(place) ?? place, 4000), git }
    }),
  )
}

/** Where a tracked folder lies. */
export function placeOf(asked: string): string {
  const home = homeOf(process.env, homedir)
  return path.resolve(home, asked.replace(/^~(?=$|[\\/])/, home))
}

async function readCheckout(place: string, ownCommandMs: number) {
  if (!existsSync(place)) throw new Unreadable(`There is no ${place}.`)
  const root = checkoutOf(place)
  if (root === null) throw new Unreadable(`${place} is no git checkout.`)
  return readGit(root, ownCommandMs, true)
}

/** The checkout that a place lies in: the nearest folder, upwards, with a `.git`. */
export function checkoutOf(place: string): string | null {
  let folder = place
  for (let level = 0; level < mostLevels; level++) {
    if (existsSync(path.join(folder, '.git'))) return folder
    const parent = path.dirname(folder)
    if (parent === folder) return null
    folder = parent
  }
  return null
}
