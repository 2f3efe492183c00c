import { statSync } from 'node:fs'
import path from 'node:path'
import { untrusted } from '../../shared/untrusted.ts'
import type { Clock } from '../base/clock.ts'
import { readAddress } from './address.ts'
import { runGit } from './run-git.ts'

/** A branch of a remote as a checkout on this computer knows it. */
export interface Tip {
  /** {@link RemoteAddress.key}. */
  readonly remote: string
  readonly branch: string
  readonly commit: string
  readonly committedAtMs: number
}

/** A checkout on the operator's computer; what it is, or why it cannot be read. */
export interface Reference {
  readonly path: string
  readonly found: boolean
  readonly sentence: string
  readonly remote: string
  readonly branch: string
  readonly commit: string
  readonly newestCommitAtMs: number | null
  readonly lookedAtMs: number | null
  readonly tips: readonly Tip[]
}

export interface ReferenceOptions {
  readonly clock: Clock
  readonly homeDir: string
  readonly signal?: AbortSignal | undefined
}

const deadlineMs = 8000
const mostTips = 500

export const referencePath = (typed: string, homeDir: string): string =>
  path.normalize(typed.replace(/^~(?=$|[\\/])/, homeDir))

const notFound = (typed: string, sentence: string): Reference => ({
  path: typed,
  found: false,
  sentence,
  remote: '',
  branch: '',
  commit: '',
  newestCommitAtMs: null,
  lookedAtMs: null,
  tips: [],
})

/** Reads a folder of this computer with git; it is never written, and nothing is fetched into it. */
export async function readReference(typed: string, options: ReferenceOptions): Promise<Reference> {
  const folder = referencePath(typed, options.homeDir)
  if (!path.isAbsolute(folder)) return notFound(typed, 'The whole path is needed, such as /home/dana/openclaw.')
  if (!isFolder(folder)) return notFound(typed, 'There is no such folder on this computer.')
  const until = options.clock.monotonicMs() + deadlineMs
  const git = async (...args: string[]) =>
    runGit(args, {
      clock: options.clock,
      cwd: folder,
      deadlineMs: Math.max(1, until - options.clock.monotonicMs()),
      signal: options.signal,
      env: { GIT_ALLOW_PROTOCOL: '' },
    })
  const about = await git('rev-parse', '--is-bare-repository', '--absolute-git-dir', '--git-common-dir')
  if (about.missing) return notFound(typed, 'There is no git on this computer, so no checkout can be read.')
  if (about.exitCode === null) return notFound(typed, 'git did not answer within 8 seconds.')
  if (about.exitCode !== 0)
    return notFound(
      typed,
      /dubious ownership/.test(about.stderr)
        ? 'It belongs to another user of this computer, so git does not read it.'
        : 'It is no git checkout.',
    )
  const [bareWord, , common = ''] = about.stdout.split('\n')
  const remotes = remotesOf((await git('config', '--local', '--null', '--get-regexp', '^remote\\..*\\.url$')).stdout)
  if (remotes.length === 0)
    return notFound(typed, 'It is a git checkout without a remote that machines could share: nothing to measure by.')
  const refs = await git(
    'for-each-ref',
    `--count=${mostTips}`,
    '--sort=-committerdate',
    '--format=%(refname)%00%(objectname)%00%(committerdate:unix)%00%(symref)',
    'refs/remotes',
    ...(bareWord === 'true' ? ['refs/heads'] : []),
  )
  const tips = tipsOf(refs.stdout, remotes)
  const own = (await git('symbolic-ref', '--short', '-q', 'HEAD')).stdout.trim()
  const shown = tips.find((tip) => tip.branch === own && tip.remote === remotes[0]?.key) ?? tips[0]
  if (!shown) return notFound(typed, 'It never fetched a branch of its remote. Fetch there once.')
  return {
    path: typed,
    found: true,
    sentence: `It follows ${remotes.map(({ key }) => key).join(', ')}.`,
    remote: shown.remote,
    branch: shown.branch,
    commit: shown.commit,
    newestCommitAtMs: shown.committedAtMs,
    lookedAtMs: lookedAt(path.resolve(folder, common), shown, remotes),
    tips,
  }
}

interface NamedRemote {
  readonly name: string
  readonly key: string
}

function remotesOf(output: string): NamedRemote[] {
  return output.split('\0').flatMap((entry) => {
    const [key = '', url = ''] = entry.split('\n')
    const name = /^remote\.(.+)\.url$/.exec(key)?.[1]
    const reading = readAddress(url, true)
    return name !== undefined && 'address' in reading ? [{ name, key: reading.address.key }] : []
  })
}

function tipsOf(output: string, remotes: readonly NamedRemote[]): Tip[] {
  return output.split('\n').flatMap((line) => {
    const [ref = '', commit = '', seconds = '', symref = ''] = line.split('\0')
    if (symref !== '' || commit === '') return []
    const of = remotes.find(({ name }) => ref.startsWith(`refs/remotes/${name}/`))
    const branch = of ? ref.slice(`refs/remotes/${of.name}/`.length) : /^refs\/heads\/(.+)$/.exec(ref)?.[1]
    const remote = of ?? remotes[0]
    if (branch === undefined || !remote) return []
    return [{ remote: remote.key, branch: untrusted(branch, 200), commit, committedAtMs: Number(seconds) * 1000 }]
  })
}

/** A fetch, or a push that moved the ref, whichever was later. */
function lookedAt(common: string, tip: Tip, remotes: readonly NamedRemote[]): number | null {
  const name = remotes.find(({ key }) => key === tip.remote)?.name ?? 'origin'
  const ref = path.join('refs', 'remotes', name, tip.branch)
  const times = ['FETCH_HEAD', path.join('logs', ref), ref, 'packed-refs']
    .map((file) => modifiedAt(path.join(common, file)))
    .filter((atMs) => atMs !== null)
  return times.length === 0 ? null : Math.max(...times)
}

function modifiedAt(file: string): number | null {
  try {
    return Math.round(statSync(file).mtimeMs)
  } catch {
    return null
  }
}

function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}

const commitName = /^[0-9a-f]{40}([0-9a-f]{24})?$/

/** How many commits lie between two, where this checkout holds both and its history is whole; else null. */
export async function countInReference(
  typed: string,
  { from, to }: { from: string; to: string },
  options: ReferenceOptions,
): Promise<number | null> {
  if (!commitName.test(from) || !commitName.test(to)) return null
  const git = (...args: string[]) =>
    runGit(args, {
      clock: options.clock,
      cwd: referencePath(typed, options.homeDir),
      deadlineMs,
      signal: options.signal,
      env: { GIT_ALLOW_PROTOCOL: '' },
    })
  if ((await git('rev-parse', '--is-shallow-repository')).stdout.trim() !== 'false') return null
  const { exitCode, stdout } = await git('rev-list', '--count', `${from}..${to}`)
  return exitCode === 0 && /^\d+\s*$/.test(stdout) ? Number(stdout) : null
}
