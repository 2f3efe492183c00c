import { execFileSync } from 'node:child_process'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** git of this computer in a folder, with a person of its own and nobody's settings. @throws Error with its words. */
export const gitIn =
  (folder: string) =>
  (...args: string[]): string =>
    execFileSync('git', ['-c', 'commit.gpgsign=false', '-c', 'protocol.file.allow=always', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: 'Kit',
        GIT_AUTHOR_EMAIL: 'kit@example.org',
        GIT_COMMITTER_NAME: 'Kit',
        GIT_COMMITTER_EMAIL: 'kit@example.org',
      },
    }).trim()

/** A bare remote whose branch main can be moved on. */
export interface TestRemote {
  readonly path: string
  readonly tip: () => string
  /** Adds commits, each dated a little after the one before, the newest at `lastMs`. */
  advance(commits: number, lastMs: number): string
}

export function makeRemote(
  folder: string,
  firstMs: number,
  files: Readonly<Record<string, string>> = { 'README.md': 'Begin\n' },
): TestRemote {
  const work = path.join(folder, 'maker')
  const remote = path.join(folder, 'remote.git')
  mkdirSync(work, { recursive: true })
  const git = gitIn(work)
  git('init', '-q', '-b', 'main')
  git('init', '-q', '--bare', '-b', 'main', remote)
  git('remote', 'add', 'origin', remote)
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(work, name), content)
  git('add', '-A')
  const tree = git('write-tree')
  let tip = dated(work, firstMs, 'commit-tree', tree, '-m', 'Begin')
  git('push', '-q', 'origin', `${tip}:refs/heads/main`)
  return {
    path: remote,
    tip: () => tip,
    advance(commits, lastMs) {
      for (let number = commits - 1; number >= 0; number--)
        tip = dated(work, lastMs - number * 60_000, 'commit-tree', tree, '-p', tip, '-m', `Change ${number}`)
      git('push', '-q', 'origin', `${tip}:refs/heads/main`)
      return tip
    },
  }
}

const at = (ms: number): string => `${Math.floor(ms / 1000)} +0000`

function dated(folder: string, ms: number, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      GIT_AUTHOR_NAME: 'Kit',
      GIT_AUTHOR_EMAIL: 'kit@example.org',
      GIT_COMMITTER_NAME: 'Kit',
      GIT_COMMITTER_EMAIL: 'kit@example.org',
      GIT_AUTHOR_DATE: at(ms),
      GIT_COMMITTER_DATE: at(ms),
    },
  }).trim()
}

/** A clone whose last look at its remote was at `lookedMs`. */
export function cloneAt(remote: string, folder: string, lookedMs: number, ...args: string[]): string {
  mkdirSync(path.dirname(folder), { recursive: true })
  gitIn(path.dirname(folder))('clone', '-q', ...args, remote, folder)
  looked(folder, lookedMs)
  return folder
}

/** Fetches, unless told not to, and dates the look. */
export function looked(folder: string, lookedMs: number, { fetch = true } = {}): void {
  if (fetch) gitIn(folder)('fetch', '-q', 'origin')
  else writeFileSync(path.join(folder, '.git', 'FETCH_HEAD'), '')
  for (const name of [
    'FETCH_HEAD',
    'logs/refs/remotes/origin/main',
    'logs/refs/remotes/origin/HEAD',
    'packed-refs',
    'refs/remotes/origin/main',
  ]) {
    try {
      utimesSync(path.join(folder, '.git', name), lookedMs / 1000, lookedMs / 1000)
    } catch {
      // This git keeps no such file here.
    }
  }
}
