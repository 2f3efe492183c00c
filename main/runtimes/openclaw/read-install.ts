import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedAgent } from '../observed.ts'
import { readGit } from '../read-git.ts'
import { clip, reading, readPlainFile, Unreadable, unreadable } from '../reading.ts'
import { remembered } from '../remember.ts'
import type { FoundInstall } from './find-install.ts'
import { builtCommit } from './read-build.ts'

type Install = Extract<ObservedAgent['install'], { read: true }>['value']

/** A package file of the runtime has some tens of kilobytes. */
const largestManifest = 2_000_000

/**
 * Runs on a box. What is installed, as its own package file says. The runtime itself is not started.
 *
 * @param gitMs git is asked too, which starts some processes: how long a command may take; null: it is not asked.
 */
export async function readInstall(
  install: FoundInstall | null,
  updateChannel: string,
  gitMs: number | null,
): Promise<Install> {
  if (install === null) throw new Unreadable('No OpenClaw was found in the usual places of this login.')
  const { manifest, installedAtMs, isGit, built } = readManifest(install.root)
  return {
    kind: isGit ? 'git' : install.root.split(path.sep).includes('node_modules') ? 'package' : 'unknown',
    root: clip(install.root, 4000),
    version: clip(manifest.version, 60),
    packageManager: isGit ? 'git' : packageManagerOf(install.root),
    needsNode: clip(manifest.engines?.node),
    installedAtMs,
    channel: clip(updateChannel || (isGit ? 'dev' : 'stable'), 40),
    builtCommit: built,
    git: isGit ? await gitOf(install.root, gitMs) : null,
  }
}

const gitOf = (
  root: string,
  gitMs: number | null,
): NonNullable<Install['git']> | Promise<NonNullable<Install['git']>> =>
  gitMs !== null ? reading('git', () => readGit(root, gitMs)) : unreadable('Looked at in a full sweep only.', 'git')

function readManifest(root: string) {
  const [file, git] = [path.join(root, 'package.json'), path.join(root, '.git')]
  return remembered(`manifest ${root}`, (watch) => {
    watch(file)
    watch(git)
    return {
      manifest: JSON.parse(readPlainFile(file, largestManifest).bytes.toString()) as {
        version?: unknown
        engines?: { node?: unknown }
      },
      installedAtMs: Math.round(statSync(file).ctimeMs),
      isGit: existsSync(git),
      built: builtCommit(root, watch),
    }
  })
}

/** By where the package lies; npm when nothing speaks for another. */
export function packageManagerOf(root: string): string {
  const parts = root.split(/[\\/]/)
  if (parts.includes('.pnpm') || parts.includes('pnpm')) return 'pnpm'
  if (parts.includes('.bun')) return 'bun'
  if (parts.includes('.volta')) return 'volta'
  return 'npm'
}
