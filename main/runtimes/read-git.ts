import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ObservedGit } from './observed.ts'
import { clip, isForeign, run, Unreadable } from './reading.ts'

/** Nothing is fetched, no index is refreshed, no hook or pager runs, no prompt waits. */
export const quiet = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PAGER: 'cat',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: '',
  LC_ALL: 'C',
}
export const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-pager']
/** For all that is asked of one checkout; a console that waits longer for its boxes leaves git more. */
const usualMs = 8000
const gitMs = (ownCommandMs: number) => Math.max(usualMs, Math.round(ownCommandMs / 2))
const mostNames = 50

type Git = (...args: string[]) => Promise<string | null>

/**
 * Runs on a box. git inside one checkout; null where a command refuses.
 * @throws Unreadable for a checkout of someone else, where git is missing, and after its time.
 */
function gitIn(root: string, deadlineMs = usualMs): Git {
  refuseForeign(root)
  const until = performance.now() + deadlineMs
  return async (...args) => {
    const { exitCode, stdout, stderr } = await run('git', [...safe, '-c', `safe.directory=${root}`, ...args], {
      timeoutMs: Math.max(1, Math.ceil(until - performance.now())),
      cwd: root,
      env: { ...process.env, ...quiet },
    })
    if (exitCode === null)
      throw new Unreadable(
        stderr.includes('ENOENT')
          ? 'This login has no git.'
          : `git did not answer within ${Math.round(deadlineMs / 1000)} seconds.`,
      )
    return exitCode === 0 ? stdout.replace(/\n$/, '') : null
  }
}

/**
 * Runs on a box. A checkout by its own cached refs: an old fetch can make `behind` too small, so `fetchedAtMs`
 * belongs beside it.
 *
 * @param ownCommandMs how long a command may take on this box.
 * @param untracked counts files too that git does not know yet: in a folder of own code they are work nobody committed.
 */
export async function readGit(root: string, ownCommandMs: number, untracked = false): Promise<ObservedGit> {
  const git = gitIn(root, gitMs(ownCommandMs))
  const head = await git('rev-parse', '--is-shallow-repository', '--absolute-git-dir', 'HEAD')
  if (head === null) throw new Unreadable('The checkout has no commit.')
  const [shallowWord, folder = '', commit = ''] = head.split('\n')
  const shallow = shallowWord === 'true'
  const branch = (await git('symbolic-ref', '--short', '-q', 'HEAD')) ?? ''
  const [upstream, remoteName] = await upstreamOf(git, branch)
  const [counts, changed, url] = await Promise.all([
    upstream === '' ? null : git('rev-list', '--left-right', '--count', `HEAD...${upstream}`),
    git(
      'status',
      '--porcelain',
      '-z',
      '--no-renames',
      `--untracked-files=${untracked ? 'normal' : 'no'}`,
      '--ignore-submodules=all',
    ),
    git('config', '--get', `remote.${remoteName || 'origin'}.url`),
  ])
  const [ahead, behind] = (counts ?? '').split(/\s+/).map(Number)
  const base = ahead === 0 ? commit : upstream === '' ? null : await git('merge-base', 'HEAD', upstream)
  const dates = await datesOf(git, [commit, upstream, base ?? ''])
  // Where the history was cut off, two unconnected ends count everything between them.
  const counted = counts !== null && !(shallow && base === null)
  const entries = (changed ?? '').split('\0').filter((entry) => /^[ MADRCUT?]{2} /.test(entry))
  const edited = entries.filter((entry) => !entry.startsWith('??'))
  return {
    commit: clip(commit, 64),
    branch: clip(branch),
    upstream: clip(upstream.replace(/^refs\/remotes\//, '')),
    remote: clip(withoutSecret(url ?? ''), 1000),
    upstreamCommit: dates.get(upstream)?.commit ?? null,
    baseCommit: base === null ? null : clip(base, 64),
    shallow,
    ahead: counted ? (ahead ?? null) : null,
    behind: counted ? (behind ?? null) : null,
    dirtyFiles: changed === null ? null : edited.length,
    newFiles: changed === null || !untracked ? null : entries.length - edited.length,
    changedNames: entries.slice(0, mostNames).map((entry) => clip(entry.slice(3), 500)),
    committedAtMs: dates.get(commit)?.atMs ?? null,
    baseCommittedAtMs: base === null ? null : (dates.get(base)?.atMs ?? null),
    upstreamCommittedAtMs: dates.get(upstream)?.atMs ?? null,
    fetchedAtMs: folder === '' ? null : fetchTime(folder, upstream),
  }
}

/** The ref that HEAD is compared with, and its remote's name. A detached HEAD has none of its own: the remote's default branch stands for it. */
async function upstreamOf(git: Git, branch: string): Promise<[string, string]> {
  if (branch !== '') {
    const said = await git('for-each-ref', '--format=%(upstream) %(upstream:remotename)', `refs/heads/${branch}`)
    const [upstream = '', name = ''] = (said ?? '').split(' ')
    if (upstream !== '' && (await git('rev-parse', '-q', '--verify', upstream)) !== null) return [upstream, name]
    if (upstream !== '') return ['', name]
  }
  for (const ref of branch === '' ? ['HEAD', 'main', 'master'] : [branch]) {
    const full = await git('rev-parse', '--symbolic-full-name', '-q', '--verify', `refs/remotes/origin/${ref}`)
    if (full) return [full, 'origin']
  }
  return ['', '']
}

/** Commit and time of each of these revisions that exists, by its own name. */
async function datesOf(git: Git, revisions: readonly string[]): Promise<Map<string, { commit: string; atMs: number }>> {
  const found = new Map<string, { commit: string; atMs: number }>()
  for (const revision of new Set(revisions.filter((one) => one !== ''))) {
    const [commit, seconds] = ((await git('show', '-s', '--format=%H %ct', revision)) ?? '').split(' ')
    if (commit && seconds) found.set(revision, { commit: clip(commit, 64), atMs: Number(seconds) * 1000 })
  }
  return found
}

/** An address as git keeps it can carry a password; that stays on the box. */
export const withoutSecret = (url: string): string =>
  url
    .replace(/^(\w[\w+.-]*:\/\/)[^/@]*:[^/@]*@/, '$1')
    .replace(/^(https?:\/\/)[^/@]*@/i, '$1')
    .replace(/[?#].*$/, '')

/**
 * git runs programs that a checkout's own settings name, such as filters; `safe.directory` tells it to.
 * @throws Unreadable for a checkout of someone else: theirs would run as this login.
 */
export function refuseForeign(root: string): void {
  const marker = path.join(root, '.git')
  if (isForeign(root) || (existsSync(marker) && isForeign(marker)))
    throw new Unreadable("The checkout belongs to another user; git would run that user's programs as this login.")
}

/** When it last heard from its remote: a fetch, or a push that moved the ref. */
function fetchTime(folder: string, upstream: string): number | null {
  const common = commonFolder(folder)
  const times = [
    path.join(folder, 'FETCH_HEAD'),
    path.join(common, 'FETCH_HEAD'),
    ...(upstream === '' ? [] : [path.join(common, 'logs', upstream)]),
  ]
    .map(writtenAt)
    .filter((atMs) => atMs !== null)
  return times.length === 0 ? null : Math.max(...times)
}

/** A linked worktree keeps its refs in the main one's folder. */
function commonFolder(folder: string): string {
  try {
    return path.resolve(folder, readFileSync(path.join(folder, 'commondir'), 'utf8').trim())
  } catch {
    return folder
  }
}

function writtenAt(file: string): number | null {
  try {
    return Math.round(statSync(file).mtimeMs)
  } catch {
    return null
  }
}

/** Two commits of one checkout. */
export interface CountRequest {
  readonly root: string
  readonly from: string
  readonly to: string
}

const mostCounts = 20
const commitName = /^[0-9a-f]{40}([0-9a-f]{24})?$/

/** Runs on a box. How many commits lie between two, for each pair; null where this checkout does not hold both. */
export async function countCommits(pairs: readonly CountRequest[]): Promise<(number | null)[]> {
  const counts: (number | null)[] = []
  for (const { root, from, to } of pairs.slice(0, mostCounts)) counts.push(await countOne(root, from, to))
  return counts
}

async function countOne(root: string, from: string, to: string): Promise<number | null> {
  if (!commitName.test(from) || !commitName.test(to)) return null
  try {
    const git = gitIn(root)
    if ((await git('rev-parse', '--is-shallow-repository')) !== 'false') return null
    const count = await git('rev-list', '--count', `${from}..${to}`)
    return count === null || !/^\d+$/.test(count) ? null : Number(count)
  } catch {
    return null
  }
}
