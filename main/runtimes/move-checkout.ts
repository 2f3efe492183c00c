import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, readlinkSync, rmdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { type RunningGroup, runGroup } from './openclaw/run-group.ts'
import { checkoutOf, placeOf } from './read-folders.ts'
import { quiet, refuseForeign, safe } from './read-git.ts'
import { clip, Unreadable } from './reading.ts'

/** A tracked folder that is to be at a commit, in words of the console. */
export interface FolderOrder {
  readonly name: string
  readonly path: string
  /** A whole commit, or a tag as `refs/tags/v2`. */
  readonly to: string
  /** Commit at which it has to be now; null: at any. */
  readonly at: string | null
  /** It stands on this branch afterwards, if that is at the same commit; empty: on none. */
  readonly branch: string
}

/** One checkout from the commit, and branch, that it had to another. */
export interface CheckoutMove {
  readonly name: string
  readonly root: string
  readonly from: string
  /** Empty: it stood on none. */
  readonly fromBranch: string
  readonly to: string
  readonly toBranch: string
}

const refPattern = /^([0-9a-f]{40}|[0-9a-f]{64}|refs\/tags\/[A-Za-z0-9][A-Za-z0-9._/-]{0,150})$/
const askMs = 30_000
/** For all files of a checkout to be written. */
export const moveMs = 120_000
const mostNames = 5

interface Said {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}
interface Options {
  readonly timeoutMs?: number
  readonly isRemote?: boolean
  /** Told its process, so that another program can end it. */
  readonly started?: ((pid: number) => void) | undefined
}

let running: RunningGroup | null = null
/** Runs on a box. Ends the git that runs now, and everything it started. */
export const endGit = (): void => running?.kill()

/** git without hooks, submodules, prompts, pager or its own care for the repository. What reaches the remote is the owner's own. */
async function git(
  root: string,
  args: readonly string[],
  { timeoutMs = askMs, isRemote = false, started }: Options = {},
) {
  const none = [
    '-c',
    'submodule.recurse=false',
    '-c',
    'gc.auto=0',
    '-c',
    'maintenance.auto=false',
    '-c',
    'advice.detachedHead=false',
  ]
  const group = runGroup('git', [...safe, ...none, '-c', `safe.directory=${root}`, ...args], {
    timeoutMs,
    cwd: root,
    env: { ...process.env, ...quiet, ...(isRemote ? { GIT_ALLOW_PROTOCOL: 'https:ssh:file' } : {}) },
  })
  running = group
  if (group.pid !== undefined) started?.(group.pid)
  try {
    const { exitCode, stdout, stderr, timedOut } = await group.ended
    if (timedOut) throw new Unreadable(`git did not end within ${Math.round(timeoutMs / 1000)} seconds.`)
    if (exitCode === null) throw new Unreadable(stderr.includes('ENOENT') ? 'This login has no git.' : 'git was ended.')
    return { exitCode, stdout: stdout.replace(/\n$/, ''), stderr } satisfies Said
  } finally {
    running = null
  }
}

/** Null: it refuses. */
async function asked(root: string, ...args: string[]): Promise<string | null> {
  const { exitCode, stdout } = await git(root, args)
  return exitCode === 0 ? stdout : null
}

const commitOf = (root: string, ref: string): Promise<string | null> =>
  asked(root, 'rev-parse', '-q', '--verify', '--end-of-options', `${ref}^{commit}`)
/** Its whole name: a tag of the same one would change the short one. */
const branchOf = async (root: string): Promise<string> =>
  ((await asked(root, 'symbolic-ref', '-q', 'HEAD')) ?? '').replace(/^refs\/heads\//, '')

interface Dirt {
  readonly name: string
  readonly isNew: boolean
}

/** What differs there from its commit. @throws Unreadable where git does not say. */
async function dirtOf(root: string): Promise<Dirt[]> {
  const said = await asked(
    root,
    'status',
    '--porcelain',
    '-z',
    '--no-renames',
    '--untracked-files=all',
    '--ignore-submodules=all',
  )
  if (said === null) throw new Unreadable('git does not say which files differ.')
  return said
    .split('\0')
    .filter((entry) => /^[ MADRCUT?]{2} /.test(entry))
    .map((entry) => ({ name: entry.slice(3), isNew: entry.startsWith('??') }))
}

/** @throws Unreadable where there is no such checkout of this login. */
function rootOf({ name, path: place }: FolderOrder): string {
  const at = placeOf(place)
  if (!existsSync(at)) throw new Unreadable(`Folder ${name}: there is no ${at}.`)
  const root = checkoutOf(at)
  if (root === null) throw new Unreadable(`Folder ${name}: ${at} is no git checkout.`)
  refuseForeign(root)
  return root
}

/**
 * Runs on a box. Brings the wanted commit into the repository of a folder, from its own remote, if it is not there. Neither its
 * files nor its branches are touched.
 *
 * @throws Unreadable why it cannot be brought.
 */
export async function fetchFor(order: FolderOrder, deadlineMs: number): Promise<void> {
  const root = rootOf(order)
  await refuseInTheWay(order, root)
  const { name, to } = order
  if (!refPattern.test(to)) throw new Unreadable(`Folder ${name}: that is no commit or tag.`)
  if ((await commitOf(root, to)) !== null) return
  const branch = await branchOf(root)
  const remote = (branch === '' ? null : await asked(root, 'config', '--get', `branch.${branch}.remote`)) ?? 'origin'
  if ((await asked(root, 'config', '--get', `remote.${remote}.url`)) === null)
    throw new Unreadable(`Folder ${name}: ${refName(to)} is not there, and it has no remote to fetch it from.`)
  const until = performance.now() + deadlineMs
  const fetch = (...refs: string[]) =>
    git(
      root,
      ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--', remote, ...refs],
      {
        timeoutMs: Math.max(1000, Math.round(until - performance.now())),
        isRemote: true,
      },
    )
  const isTag = to.startsWith('refs/')
  let said = await fetch(isTag ? `${to}:${to}` : to)
  // A remote may give no single commit that it was not told to.
  if (said.exitCode !== 0 && !isTag) said = await fetch()
  if ((await commitOf(root, to)) === null)
    throw new Unreadable(
      `Folder ${name}: ${refName(to)} could not be fetched from ${remote}${said.exitCode === 0 ? ', which does not have it' : `: ${lastLine(said.stderr)}`}.`,
    )
}

const refName = (ref: string): string => (ref.startsWith('refs/tags/') ? ref.slice(10) : ref.slice(0, 8))
const lastLine = (text: string): string =>
  clip((text.trim().split('\n').at(-1) ?? '').replace(/:\/\/[^/@\s]*@/g, '://').replace(/\.$/, ''), 200)

/** @throws Unreadable naming what somebody changed there by hand. */
async function refuseInTheWay({ name }: Pick<FolderOrder, 'name'>, root: string): Promise<void> {
  const dirt = await dirtOf(root)
  if (dirt.length === 0) return
  const names = dirt.slice(0, mostNames).map((each) => each.name)
  const more = dirt.length - names.length
  throw new Unreadable(
    clip(
      `Folder ${name}: local patches are in the way: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}. Commit or remove them there.`,
    ),
  )
}

/**
 * Runs on a box. How a folder comes to the commit that is wanted; null: it is there. Nothing is changed.
 * @throws Unreadable why it is not moved.
 */
export async function findMove(order: FolderOrder): Promise<CheckoutMove | null> {
  const root = rootOf(order)
  const { name, at, branch } = order
  if (!refPattern.test(order.to)) throw new Unreadable(`Folder ${name}: that is no commit or tag.`)
  const from = await commitOf(root, 'HEAD')
  if (from === null) throw new Unreadable(`Folder ${name}: the checkout has no commit.`)
  const to = await commitOf(root, order.to)
  if (to === null) throw new Unreadable(`Folder ${name}: ${refName(order.to)} is not there.`)
  const fromBranch = await branchOf(root)
  if (from === to && (branch === '' || branch === fromBranch)) return null
  if (at !== null && at !== from && from !== to)
    throw new Unreadable(`Folder ${name}: somebody brought it to ${from.slice(0, 8)} since; it is left there.`)
  await refuseInTheWay(order, root)
  return { name, root, from, fromBranch, to, toBranch: branch }
}

interface Switch {
  readonly commit: string
  readonly branch: string
  readonly isForced?: boolean
  readonly started?: ((pid: number) => void) | undefined
}

/** Detached, or on the branch that stands at this commit. An ignored file in the way is the machine's own: git then refuses. */
async function switchTo(root: string, { commit, branch, isForced = false, started }: Switch): Promise<Said> {
  const isOn = branch !== '' && (await commitOf(root, `refs/heads/${branch}`)) === commit
  const how = ['--quiet', '--no-recurse-submodules', '--no-overwrite-ignore', ...(isForced ? ['--force'] : [])]
  const where = isOn ? [branch, '--'] : ['--detach', commit]
  return git(root, ['checkout', ...how, ...where], { timeoutMs: moveMs, started })
}

/** Runs on a box. `started` is told the git that moves it. @throws Unreadable when it is not as it was found, or git cannot. */
export async function moveCheckout(
  { name, root, from, to, toBranch }: CheckoutMove,
  started: (pid: number) => void,
): Promise<void> {
  if ((await commitOf(root, 'HEAD')) !== from) throw new Unreadable(`Folder ${name}: somebody else moved it meanwhile.`)
  await refuseInTheWay({ name }, root)
  const { exitCode, stderr } = await switchTo(root, { commit: to, branch: toBranch, started })
  if (exitCode !== 0)
    throw new Unreadable(`Folder ${name}: git could not bring it to ${to.slice(0, 8)}: ${lastLine(stderr)}.`)
}

/** Runs on a box. Is it still at the commit that it was brought to? */
export const isAt = async ({ root, to }: CheckoutMove): Promise<boolean> => (await commitOf(root, 'HEAD')) === to

const lockMs = 10_000

/**
 * Runs on a box. Brings a folder back to the commit, and branch, that it had, if it is at the one it was brought to and nobody
 * edited a file that git knows; new files stay. May be done again after it was killed at any point.
 *
 * @param isCutOff a move of it may have been cut off in either direction: files are then as the one commit or as the other, or
 *   missing, because git removes a file before it writes it anew.
 * @returns false: it is somebody else's now, or git could not; nothing more was touched.
 */
export async function moveCheckoutBack(
  move: CheckoutMove,
  isCutOff: boolean,
  started: (pid: number) => void,
): Promise<boolean> {
  const { root, from, fromBranch, to } = move
  const back = { commit: from, branch: fromBranch, started }
  try {
    if (isCutOff) await unlock(root)
    const head = await commitOf(root, 'HEAD')
    if (head !== from && head !== to) return false
    const dirt = await dirtOf(root)
    if (!isCutOff && dirt.some(({ isNew }) => !isNew)) return false
    if (!isCutOff) return (await switchTo(root, back)).exitCode === 0
    if (await isInTheWay(move)) return false
    for (const { name, isNew } of dirt) {
      if (!isNew && !existsSync(path.join(root, name))) continue
      const [asTo, asFrom] = [await isAs(root, name, to), await isAs(root, name, from)]
      if (!asTo && !asFrom && !isNew) return false
      if (asTo && isNew && !asFrom) removeWithFolders(root, name)
    }
    return (await switchTo(root, { ...back, isForced: true })).exitCode === 0
  } catch {
    return false
  }
}

/**
 * Does something stand where the old commit has a file and the new one has none, and it is not that file? The machine wrote it
 * there since, and by force it would be gone. @throws Unreadable where git does not say.
 */
async function isInTheWay({ root, from, to }: CheckoutMove): Promise<boolean> {
  const said = await asked(
    root,
    'diff-tree',
    '-r',
    '--name-only',
    '--no-renames',
    '--ignore-submodules=all',
    '--diff-filter=A',
    '-z',
    to,
    from,
  )
  if (said === null) throw new Unreadable('git does not say which files the old commit has.')
  for (const name of said.split('\0').filter((each) => each !== '')) {
    const isThere = lstatSync(path.join(root, name), { throwIfNoEntry: false }) !== undefined
    if (isThere && !(await isAs(root, name, from))) return true
  }
  return false
}

/** A git that was killed leaves its lock; whoever goes back ended that git before. Another one, of a person, ends soon. */
async function unlock(root: string): Promise<void> {
  const file = await asked(root, 'rev-parse', '--git-path', 'index.lock')
  if (file === null) return
  const lock = path.resolve(root, file)
  for (const until = performance.now() + lockMs; existsSync(lock) && performance.now() < until; )
    await new Promise((resolve) => setTimeout(resolve, 100))
  rmSync(lock, { force: true })
}

/** Is a file as a commit has it? Where neither has it, it is. */
async function isAs(root: string, name: string, commit: string): Promise<boolean> {
  const wanted = await asked(root, 'rev-parse', '-q', '--verify', '--end-of-options', `${commit}:${name}`)
  const stat = lstatSync(path.join(root, name), { throwIfNoEntry: false })
  if (stat === undefined || wanted === null) return stat === undefined && wanted === null
  if (stat.isSymbolicLink()) return blobOf(readlinkSync(path.join(root, name)), wanted.length) === wanted
  return stat.isFile() && (await asked(root, 'hash-object', `--path=${name}`, '--', name)) === wanted
}

/** The name that git gives a text (Git, "Git Internals: Git Objects"), in a repository whose names have so many letters. */
const blobOf = (text: string, letters: number): string =>
  createHash(letters === 64 ? 'sha256' : 'sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex')

function removeWithFolders(root: string, name: string): void {
  rmSync(path.join(root, name), { force: true })
  for (let folder = path.dirname(name); folder !== '.'; folder = path.dirname(folder)) {
    try {
      rmdirSync(path.join(root, folder))
    } catch {
      return
    }
  }
}

/**
 * Runs on a box. Is a folder that could not be brought back still as it was left at that moment: where it was brought to, or
 * half-way? Nothing is started for it.
 *
 * @param sinceMs by the clock of the file system. Whoever mends a checkout has git write its index anew.
 */
export function isLeftAt({ root, from, fromBranch, to, toBranch }: CheckoutMove, sinceMs: number): boolean {
  try {
    const marker = path.join(root, '.git')
    const folder = lstatSync(marker).isDirectory()
      ? marker
      : path.resolve(
          root,
          readFileSync(marker, 'utf8')
            .replace(/^gitdir: /, '')
            .trim(),
        )
    const head = readFileSync(path.join(folder, 'HEAD'), 'utf8').trim()
    const stands = (commit: string, branch: string) =>
      head === commit || (branch !== '' && head === `ref: refs/heads/${branch}`)
    if (stands(to, toBranch)) return true
    return stands(from, fromBranch) && !(statSync(path.join(folder, 'index')).mtimeMs > sinceMs)
  } catch {
    return false
  }
}
