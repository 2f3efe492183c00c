import type { Verdict } from '../../shared/contract/index.ts'
import { counted, spanWords } from '../base/words.ts'
import type { ObservedAgent, ObservedGit } from '../runtimes/observed.ts'
import { type Context, dayMs } from './judged.ts'
import { releaseDays, releasesBehind } from './version-list.ts'

export type Install = Extract<ObservedAgent['install'], { read: true }>['value']

/** A count from refs fetched longer ago than this is a lower bound: commits may have come since. */
const freshFetchMs = dayMs

/** As many commits are attention even where their dates say under a week: each is a change nobody tried here. */
const manyCommits = 20

export interface Gap {
  /** Commits or releases; null: nobody knows. */
  readonly count: number | null
  /** True when there may be more than `count`. */
  readonly atLeast: boolean
  readonly unit: 'commit' | 'release'
  readonly days: number | null
  /** When the machine last looked for newer commits; null: never, or not a git install. */
  readonly fetchedAtMs: number | null
  readonly source: string
  readonly raw: unknown
}

function gitGap(git: ObservedGit, context: Context): Gap {
  const fresh = git.fetchedAtMs !== null && context.nowMs - git.fetchedAtMs <= freshFetchMs
  const spanMs =
    git.committedAtMs === null || git.upstreamCommittedAtMs === null
      ? null
      : git.upstreamCommittedAtMs - git.committedAtMs
  return {
    count: git.behind,
    atLeast: !fresh,
    unit: 'commit',
    days: git.behind === 0 && fresh ? 0 : spanMs === null ? null : Math.max(0, Math.floor(spanMs / dayMs)),
    fetchedAtMs: git.fetchedAtMs,
    source: `git on the machine, ${git.branch || 'no branch'} against ${git.upstream || 'no upstream'}`,
    raw: git,
  }
}

/** How far an install is behind; null when it cannot be read at all. Pure; see A07, A08, A11. */
export function versionGap(install: Install, context: Context): Gap | null {
  if (install.kind === 'git' && install.git?.read) return gitGap(install.git.value, context)
  if (!context.newest || !install.version) return null
  const count = releasesBehind(install.version, context.newest.version, context.versions.known)
  return {
    count,
    atLeast: !context.versions.complete && count > 0,
    unit: 'release',
    days: count === 0 ? 0 : releaseDays(install.version, context.newest, context.versions.known),
    fetchedAtMs: null,
    source: context.newest.source,
    raw: { installed: install.version, newest: context.newest.version, installKind: install.kind },
  }
}

/** `unknown` for a count nobody knows, and for "0 behind" from an old look: that says nothing about today. */
export function gapVerdict(gap: Gap, context: Context): Verdict {
  if (gap.count === null) return 'unknown'
  if (gap.count === 0) return gap.atLeast && gap.unit === 'commit' ? 'unknown' : 'ok'
  if (gap.days !== null && gap.days >= context.redDays) return 'bad'
  if (gap.days === null || gap.days >= context.amberDays) return 'warn'
  return gap.unit === 'commit' && gap.count >= manyCommits ? 'warn' : 'ok'
}

export function gapWords(gap: Gap, nowMs: number): string {
  if (gap.count === null) return 'behind, ? commits'
  const looked = gap.fetchedAtMs === null ? 'never looked' : `looked ${spanWords(nowMs - gap.fetchedAtMs)} ago`
  if (gap.count === 0) return gap.atLeast && gap.unit === 'commit' ? `none known, ${looked}` : 'none'
  const count = counted(gap.count, gap.unit)
  if (!gap.atLeast) return count
  return gap.unit === 'commit' ? `at least ${count}, ${looked}` : `at least ${count}`
}
