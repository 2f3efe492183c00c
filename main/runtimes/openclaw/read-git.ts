import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedGit } from '../observed.ts'
import { clip, isForeign, run, Unreadable } from '../reading.ts'

/** Nothing is fetched, no index is refreshed, no hook or pager runs, no prompt waits. */
const quiet = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat', LC_ALL: 'C' }
const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-pager']

/**
 * Runs on a box. A git install by its own cached refs: an old fetch can make `behind` too small, so `fetchedAtMs`
 * belongs beside it.
 */
export async function readGit(root: string): Promise<ObservedGit> {
  refuseForeign(root)
  const git = async (...args: string[]): Promise<string | null> => {
    const { exitCode, stdout, stderr } = await run('git', [...safe, '-c', `safe.directory=${root}`, ...args], {
      timeoutMs: 8000,
      cwd: root,
      env: { ...process.env, ...quiet },
    })
    if (exitCode === null)
      throw new Unreadable(
        stderr.includes('ENOENT') ? 'This login has no git.' : 'git did not answer within 8 seconds.',
      )
    return exitCode === 0 ? stdout.trim() : null
  }
  const commit = await git('rev-parse', 'HEAD')
  if (commit === null) throw new Unreadable('The checkout has no commit.')
  const [branch, upstream, counts, dirty, committed, folder] = await Promise.all([
    git('symbolic-ref', '--short', '-q', 'HEAD'),
    git('rev-parse', '--abbrev-ref', '--symbolic-full-name', '@{upstream}'),
    git('rev-list', '--left-right', '--count', 'HEAD...@{upstream}'),
    git('status', '--porcelain', '--untracked-files=no', '--ignore-submodules=all'),
    git('show', '-s', '--format=%ct', 'HEAD'),
    git('rev-parse', '--absolute-git-dir'),
  ])
  const upstreamCommitted = upstream === null ? null : await git('show', '-s', '--format=%ct', '@{upstream}')
  const [ahead, behind] = (counts ?? '').split(/\s+/).map(Number)
  return {
    commit: clip(commit, 64),
    branch: clip(branch ?? ''),
    upstream: clip(upstream ?? ''),
    ahead: counts === null ? null : (ahead ?? null),
    behind: counts === null ? null : (behind ?? null),
    dirtyFiles: dirty === null ? 0 : dirty.split('\n').filter((line) => line !== '').length,
    committedAtMs: seconds(committed),
    upstreamCommittedAtMs: seconds(upstreamCommitted),
    fetchedAtMs: folder === null ? null : writtenAt(path.join(folder, 'FETCH_HEAD')),
    builtCommit: builtCommit(root),
  }
}

/**
 * git runs programs that a checkout's own settings name, such as filters; `safe.directory` tells it to.
 * @throws Unreadable for a checkout of someone else: theirs would run as this login.
 */
export function refuseForeign(root: string): void {
  if (isForeign(root))
    throw new Unreadable("The checkout belongs to another user; git would run that user's programs as this login.")
}

const seconds = (text: string | null): number | null => (text === null || text === '' ? null : Number(text) * 1000)

function writtenAt(file: string): number | null {
  try {
    return Math.round(statSync(file).mtimeMs)
  } catch {
    return null
  }
}

/** What the build says that it was made of: `dist/build-info.json`, or the stamp beside it. */
export function builtCommit(root: string): string | null {
  for (const [name, key] of [
    ['dist/build-info.json', 'commit'],
    ['dist/.buildstamp', 'head'],
  ] as const) {
    const file = path.join(root, name)
    if (!existsSync(file)) continue
    try {
      const commit = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)[key]
      if (typeof commit === 'string' && commit !== '') return clip(commit, 64)
    } catch {}
  }
  return null
}
