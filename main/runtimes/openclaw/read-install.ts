import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedAgent } from '../observed.ts'
import { clip, reading, Unreadable } from '../reading.ts'
import type { FoundInstall } from './find-install.ts'
import { readGit } from './read-git.ts'

type Install = Extract<ObservedAgent['install'], { read: true }>['value']

/** Runs on a box. What is installed, as its own package file says. The runtime itself is not started. */
export async function readInstall(install: FoundInstall | null, updateChannel: string): Promise<Install> {
  if (install === null) throw new Unreadable('No OpenClaw was found in the usual places of this login.')
  const file = path.join(install.root, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown; engines?: { node?: unknown } }
  const isGit = existsSync(path.join(install.root, '.git'))
  return {
    kind: isGit ? 'git' : install.root.split(path.sep).includes('node_modules') ? 'package' : 'unknown',
    root: clip(install.root, 4000),
    version: clip(manifest.version, 60),
    packageManager: isGit ? 'git' : packageManagerOf(install.root),
    needsNode: clip(manifest.engines?.node),
    installedAtMs: Math.round(statSync(file).ctimeMs),
    channel: clip(updateChannel || (isGit ? 'dev' : 'stable'), 40),
    git: isGit ? await reading('git', () => readGit(install.root)) : null,
  }
}

/** By where the package lies; npm when nothing speaks for another. */
export function packageManagerOf(root: string): string {
  const parts = root.split(/[\\/]/)
  if (parts.includes('.pnpm') || parts.includes('pnpm')) return 'pnpm'
  if (parts.includes('.bun')) return 'bun'
  if (parts.includes('.volta')) return 'volta'
  return 'npm'
}
