import type { BoxId } from '../../shared/contract/index.ts'
import { dateWords } from '../base/words.ts'
import { isBranch, type RemoteAddress, readAddress } from '../git/git.ts'
import type { ObservedGit } from '../runtimes/observed.ts'
import type { BranchRows } from './branch-rows.ts'
import { dayMs } from './judged.ts'

/** Who knows a tip of a branch: the remote itself, a checkout on this computer, or a checkout on a box. */
export type SaidBy = 'remote' | `reference ${string}` | `box ${string}`

/** The newest commit of a branch by one who knows one. */
export interface KnownTip {
  readonly saidBy: SaidBy
  readonly commit: string
  /** Null: the remote gave its name alone. */
  readonly committedAtMs: number | null
  /** When that one last heard from the remote. */
  readonly lookedAtMs: number
}

/** A commit to measure by. */
export interface Target {
  readonly commit: string
  readonly committedAtMs: number | null
  readonly lookedAtMs: number | null
  /** In words: who says so. */
  readonly source: string
}

/** What the judges know of branches beyond a box's own cached refs. */
export interface BranchKnowledge {
  newest(remote: string, branch: string): Target | null
  /** Exact, and by whom; null: nobody who holds both was asked. */
  count(from: string, to: string): { count: number; source: string } | null
}

/** A remote's own word is taken before all others for a day. */
const wordHoldsMs = dayMs

/**
 * The newest commit of a branch. The remote's own word stands before a box's: one that claims a commit from the future
 * would put all others behind. Without it the latest date counts, a checkout of the operator's before one of a box. Pure.
 */
export function newestTip(tips: readonly KnownTip[], nowMs: number): KnownTip | null {
  const dated = tips.filter((tip) => tip.committedAtMs !== null && tip.committedAtMs <= nowMs + dayMs)
  const dateOf = (commit: string) => dated.find((tip) => tip.commit === commit)?.committedAtMs ?? null
  const said = tips.find(({ saidBy }) => saidBy === 'remote')
  const remote = said ? { ...said, committedAtMs: dateOf(said.commit) } : null
  const trusted = dated.filter(({ saidBy }) => saidBy.startsWith('reference'))
  if (remote && nowMs - remote.lookedAtMs <= wordHoldsMs) {
    const later = latest(trusted.filter((tip) => tip.lookedAtMs > remote.lookedAtMs))
    return later && later.commit !== remote.commit && isAfter(later, remote) ? later : remote
  }
  const best = latest(dated)
  if (!remote) return best
  if (!best) return remote
  return remote.committedAtMs === null
    ? remote.lookedAtMs > best.lookedAtMs
      ? remote
      : best
    : (latest([best, remote]) ?? best)
}

const isAfter = (tip: KnownTip, than: KnownTip): boolean =>
  than.committedAtMs === null || (tip.committedAtMs ?? 0) > than.committedAtMs

const rank = ({ saidBy }: KnownTip): number => (saidBy === 'remote' ? 0 : saidBy.startsWith('reference') ? 1 : 2)

const latest = (tips: readonly KnownTip[]): KnownTip | null =>
  tips.toSorted(
    (a, b) => (b.committedAtMs ?? 0) - (a.committedAtMs ?? 0) || rank(a) - rank(b) || b.lookedAtMs - a.lookedAtMs,
  )[0] ?? null

/** The branch of its remote that a checkout follows; empty where it follows none. */
export function followedBranch(git: Pick<ObservedGit, 'upstream' | 'branch'>): string {
  const branch = git.upstream === '' ? git.branch : git.upstream.slice(git.upstream.indexOf('/') + 1)
  return isBranch(branch) ? branch : ''
}

/** The shared name of what a checkout follows; null where only its own machine knows it. */
export function followed(
  git: Pick<ObservedGit, 'remote' | 'upstream' | 'branch'>,
  here: boolean,
): { address: RemoteAddress; branch: string } | { why: string } {
  const reading = readAddress(git.remote, here)
  if ('problem' in reading) return { why: reading.problem }
  const branch = followedBranch(git)
  return branch === '' ? { why: 'It follows no branch.' } : { address: reading.address, branch }
}

export interface Branches extends BranchKnowledge {
  /** True: something new. Call it inside `store.write`. */
  learn(remote: string, branch: string, tip: KnownTip): boolean
  learnCount(commits: { from: string; to: string }, count: number, saidBy: SaidBy, atMs: number): boolean
  /** What a box's own cached refs say of a branch. */
  saw(boxId: BoxId, root: string, git: ObservedGit, here: boolean): boolean
  /** Tips of references that are none any more are forgotten. */
  keepReferences(paths: readonly string[]): void
  /** What was read may have been rolled back: read it again. */
  forget(): void
}

export interface BranchesParts {
  readonly rows: BranchRows
  readonly nowMs: () => number
  readonly boxName: (boxId: BoxId) => string | null
}

/** A clock of a box may be wrong, and its look cannot lie in the future. */
const commitName = /^[0-9a-f]{40}([0-9a-f]{24})?$/

export function createBranches({ rows, nowMs, boxName }: BranchesParts): Branches {
  const read = new Map<string, readonly KnownTip[]>()
  const tipsOf = (remote: string, branch: string) => {
    const key = `${remote}\n${branch}`
    const known = read.get(key) ?? rows.tips(remote, branch)
    read.set(key, known)
    return known
  }
  const words = (tip: Pick<KnownTip, 'saidBy' | 'lookedAtMs'>): string => {
    if (tip.saidBy === 'remote') return `its remote, asked ${dateWords(tip.lookedAtMs)}`
    const [kind, name = ''] = splitOnce(tip.saidBy)
    if (kind === 'reference') return `your checkout ${name}`
    const [boxId = ''] = splitOnce(name)
    return `the checkout on ${boxName(boxId as BoxId) ?? 'a machine that was removed'}`
  }
  const learn = (remote: string, branch: string, tip: KnownTip): boolean => {
    const known = tipsOf(remote, branch)
    const before = known.find(({ saidBy }) => saidBy === tip.saidBy)
    const same = before?.commit === tip.commit && before.committedAtMs === tip.committedAtMs
    if (same && before.lookedAtMs >= tip.lookedAtMs) return false
    rows.putTip(remote, branch, tip)
    read.set(`${remote}\n${branch}`, [...known.filter(({ saidBy }) => saidBy !== tip.saidBy), tip])
    return !same || nowMs() - before.lookedAtMs > dayMs
  }
  return {
    newest(remote, branch) {
      const tips = tipsOf(remote, branch)
      const tip = newestTip(tips, nowMs())
      if (!tip) return null
      const lookedAtMs = Math.max(...tips.filter(({ commit }) => commit === tip.commit).map((each) => each.lookedAtMs))
      return { commit: tip.commit, committedAtMs: tip.committedAtMs, lookedAtMs, source: words(tip) }
    },
    count(from, to) {
      const found = rows.count(from, to)
      return found && { count: found.count, source: words({ saidBy: found.saidBy, lookedAtMs: found.atMs }) }
    },
    learn,
    learnCount(commits, count, saidBy, atMs) {
      if (rows.count(commits.from, commits.to)) return false
      rows.putCount(commits, count, saidBy, atMs)
      return true
    },
    saw(boxId, root, git, here) {
      const where = followed(git, here)
      if ('why' in where || git.upstreamCommit === null || !commitName.test(git.upstreamCommit)) return false
      return learn(where.address.key, where.branch, {
        saidBy: `box ${boxId} ${root}`,
        commit: git.upstreamCommit,
        committedAtMs: git.upstreamCommittedAtMs,
        lookedAtMs: Math.min(git.fetchedAtMs ?? 0, nowMs()),
      })
    },
    keepReferences(paths) {
      rows.dropTipsBut(paths.map((path) => `reference ${path}`))
      read.clear()
    },
    forget: () => read.clear(),
  }
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(' ')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
