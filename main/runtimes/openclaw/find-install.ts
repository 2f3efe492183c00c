import { existsSync, readdirSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { readPlainFile } from '../reading.ts'
import { remembered, type Watch } from '../remember.ts'

/** Where one OpenClaw is installed on the box: its package folder, and the Node its service uses, when that is known. */
export interface FoundInstall {
  readonly root: string
  readonly entry: string
  /** What pointed to it: a service file, an entry found at enrolment, or a place where it is usually installed. */
  readonly foundBy: string
}

const packageNames = ['openclaw', 'clawdbot']

/**
 * Runs on a box. The install one agent runs from: what its service starts, else what was found at enrolment, else the
 * first of the usual places. A login over SSH has no PATH of brew, nvm or volta, so the places are looked at directly.
 */
export function findInstall(
  home: string,
  env: NodeJS.ProcessEnv,
  serviceCommand: readonly string[],
  entries: readonly string[],
): FoundInstall | null {
  const key = ['install', home, ...serviceCommand, '', ...entries].join('\0')
  return remembered(key, (watch) => {
    const started = serviceCommand.filter(
      (word) => path.isAbsolute(word) && /(openclaw|clawdbot|entry|index)(\.\w+)?$/.test(word),
    )
    return (
      firstInstall('service file', started, watch) ??
      firstInstall('found at enrolment', entries, watch) ??
      firstInstall('usual places', usualEntries(home, env, watch), watch)
    )
  })
}

function firstInstall(foundBy: string, files: readonly string[], watch: Watch): FoundInstall | null {
  for (const file of files) {
    watch(file)
    const root = packageRoot(file)
    if (root === null) continue
    const entry = entryOf(root)
    for (const known of [path.join(root, 'package.json'), entry]) watch(known)
    return { root, entry, foundBy }
  }
  return null
}

/** The folder of the package that `file` belongs to, links followed; null when it is not OpenClaw's. */
export function packageRoot(file: string): string | null {
  let folder: string
  try {
    folder = path.dirname(realpathSync(file))
  } catch {
    return null
  }
  for (let depth = 0; depth < 6; depth++) {
    if (packageNames.includes(nameOfPackage(folder))) return folder
    const parent = path.dirname(folder)
    if (parent === folder) return null
    folder = parent
  }
  return null
}

function nameOfPackage(folder: string): string {
  try {
    return String(
      (JSON.parse(readPlainFile(path.join(folder, 'package.json'), 2_000_000).bytes.toString()) as { name?: unknown })
        .name,
    )
  } catch {
    return ''
  }
}

export const entryOf = (root: string): string =>
  ['openclaw.mjs', 'clawdbot.mjs', 'dist/entry.js', 'dist/index.js']
    .map((name) => path.join(root, name))
    .find((file) => existsSync(file)) ?? path.join(root, 'openclaw.mjs')

/** The usual launchers, in the order a login shell would most likely meet them (openclaw.md §6). */
function usualEntries(home: string, env: NodeJS.ProcessEnv, watch: Watch): string[] {
  const folders = [
    ...(env.PATH ?? env.Path ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    '/opt/homebrew/bin',
    '/usr/local/bin',
    path.join(home, '.npm-global/bin'),
    path.join(home, '.local/bin'),
    path.join(home, 'bin'),
    path.join(home, '.volta/bin'),
    path.join(home, '.bun/bin'),
    path.join(home, '.local/share/pnpm'),
    path.join(home, 'Library/pnpm'),
    ...children(path.join(home, '.nvm/versions/node'), watch).map((folder) => path.join(folder, 'bin')),
    ...children(path.join(home, '.fnm/node-versions'), watch).map((folder) => path.join(folder, 'installation/bin')),
  ]
  const modules = [
    ...folders.map((folder) => path.join(folder, '../lib/node_modules')),
    ...(env.APPDATA ? [path.join(env.APPDATA, 'npm/node_modules')] : []),
    path.join(home, 'node_modules'),
    path.join(home, '.openclaw/node_modules'),
  ]
  const checkouts = ['openclaw', 'src/openclaw', 'code/openclaw', 'git/openclaw', 'Projects/openclaw'].map((folder) =>
    path.join(home, folder),
  )
  const places = [
    ...folders.flatMap((folder) => packageNames.map((name) => path.join(folder, name))),
    ...modules.flatMap((folder) => packageNames.map((name) => path.join(folder, name, 'package.json'))),
    ...checkouts.map((folder) => path.join(folder, 'package.json')),
  ]
  return [...new Set(places)]
}

function children(folder: string, watch: Watch): string[] {
  watch(folder)
  try {
    return readdirSync(folder)
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => path.join(folder, name))
  } catch {
    return []
  }
}
