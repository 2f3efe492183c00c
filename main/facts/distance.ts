import type { ObservedGit } from '../runtimes/observed.ts'
import { type BranchKnowledge, followed, type Target } from './branches.ts'
import { dayMs } from './judged.ts'

/** How far a checkout is from a commit. */
export interface Distance {
  /** Commits; null: nobody knows. */
  readonly count: number | null
  /** There may be more than `count`. */
  readonly atLeast: boolean
  /** It lacks something, however much. */
  readonly behind: boolean
  readonly days: number | null
  /** When anybody last looked for something newer; null: nobody ever. */
  readonly lookedAtMs: number | null
  readonly source: string
  readonly target: Target | null
}

/** A count from a look longer ago than this is a lower bound: commits may have come since. */
export const freshLookMs = dayMs

/** What its own cached refs say, and nobody else: as good as its last look is young. */
function byItself(git: ObservedGit, nowMs: number, why: string): Distance {
  return {
    count: git.behind,
    atLeast: git.shallow || git.fetchedAtMs === null || nowMs - git.fetchedAtMs > freshLookMs,
    behind: (git.behind ?? 0) > 0,
    days: daysBetween(git.baseCommittedAtMs ?? git.committedAtMs, git.upstreamCommittedAtMs),
    lookedAtMs: git.fetchedAtMs,
    source: `git on the machine alone, ${git.branch || 'no branch'} against ${git.upstream || 'no upstream'}: ${why}`,
    target: null,
  }
}

const daysBetween = (fromMs: number | null, toMs: number | null): number | null =>
  fromMs === null || toMs === null ? null : Math.max(0, Math.floor((toMs - fromMs) / dayMs))

/** How far a checkout is behind the newest commit that anybody knows of its branch (A11): never its own cached refs alone. */
export function distanceToNewest(
  git: ObservedGit,
  { branches, here, nowMs }: { branches: BranchKnowledge; here: boolean; nowMs: number },
): Distance {
  const where = followed(git, here)
  if ('why' in where) return byItself(git, nowMs, where.why)
  const newest = branches.newest(where.address.key, where.branch)
  if (!newest) return byItself(git, nowMs, 'Nobody else knows this branch.')
  // It looked later than the one who gave only a name: its own refs are newer.
  if (newest.committedAtMs === null && (git.fetchedAtMs ?? 0) > (newest.lookedAtMs ?? 0))
    return byItself(git, nowMs, 'It looked last.')
  return distanceTo(git, newest, branches)
}

/** How far a checkout is behind one commit: counted exactly where somebody holds both. Pure. */
export function distanceTo(git: ObservedGit, target: Target, knowledge: BranchKnowledge): Distance {
  const from = git.baseCommit ?? git.commit
  const here = {
    days: daysBetween(git.baseCommittedAtMs ?? git.committedAtMs, target.committedAtMs),
    lookedAtMs: target.lookedAtMs,
    source: target.source,
    target,
  }
  if (from === target.commit || git.commit === target.commit)
    return { ...here, count: 0, atLeast: false, behind: false, days: 0 }
  const known = knowledge.count(from, target.commit)
  if (known) {
    const source = known.source === target.source ? target.source : `${target.source}, counted by ${known.source}`
    return {
      ...here,
      source,
      count: known.count,
      atLeast: false,
      behind: known.count > 0,
      days: known.count === 0 ? 0 : here.days,
    }
  }
  if (target.commit === git.upstreamCommit && git.behind !== null)
    return { ...here, count: git.behind, atLeast: git.shallow, behind: git.behind > 0 }
  return { ...here, count: git.behind === 0 ? null : git.behind, atLeast: true, behind: true }
}
