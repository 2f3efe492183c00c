import type { Verdict } from '../../shared/contract/index.ts'
import { counted, spanWords } from '../base/words.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { type Distance, distanceTo, distanceToNewest, freshLookMs } from './distance.ts'
import type { Context } from './judged.ts'
import { compareVersions, releaseDays, releasesBehind } from './version-list.ts'

export type Install = Extract<ObservedAgent['install'], { read: true }>['value']

/** As many commits are attention even where their dates say under a week: each is a change nobody tried here. */
const manyCommits = 20

export interface Gap extends Omit<Distance, 'target'> {
  readonly unit: 'commit' | 'release'
  /** When the machine itself last looked for newer commits; null: never, or not a git install. */
  readonly fetchedAtMs: number | null
  readonly raw: unknown
}

const isOlderThan = (installed: string, other: string | undefined): boolean =>
  installed !== '' && other !== undefined && compareVersions(installed, other) < 0

/** Its commits; where nobody can count them, its version still tells whether something newer is out. */
function gitGap(install: Install, context: Context): Gap | null {
  if (!install.git?.read) return null
  const git = install.git.value
  const { target, ...distance } = distanceToNewest(git, context)
  const older = !distance.behind && target === null && isOlderThan(install.version, context.newest?.version)
  return {
    ...distance,
    ...(older ? { count: null, behind: true } : {}),
    unit: 'commit',
    fetchedAtMs: git.fetchedAtMs,
    raw: { newest: target, git },
  }
}

function releaseGap(
  install: Install,
  newest: { version: string; publishedAtMs: number | null },
  context: Context,
): Omit<Gap, 'source' | 'raw'> {
  const count = releasesBehind(install.version, newest.version, context.versions.known)
  return {
    count,
    atLeast: !context.versions.complete && count > 0,
    behind: count > 0,
    unit: 'release',
    days: count === 0 ? 0 : releaseDays(install.version, newest, context.versions.known),
    lookedAtMs: null,
    fetchedAtMs: null,
  }
}

/** How far an install is behind the newest known; null when it cannot be read at all. Pure; see A07, A08, A11. */
export function versionGap(install: Install, context: Context): Gap | null {
  const git = install.kind === 'git' ? gitGap(install, context) : null
  if (git) return git
  if (!context.newest || !install.version) return null
  return {
    ...releaseGap(install, context.newest, context),
    source: context.newest.source,
    raw: { installed: install.version, newest: context.newest.version, installKind: install.kind },
  }
}

/**
 * How far an install is behind the lab machine; null where there is none to measure by, or it is the lab machine itself.
 * In commits where both run from commits that somebody can count, else in releases.
 */
export function labGap(install: Install, context: Context): Gap | null {
  const { lab } = context
  if (!lab || lab.boxId === context.boxId) return null
  const git = install.kind === 'git' && install.git?.read ? install.git.value : null
  const source = `${lab.boxName}: ${lab.version}${lab.commit ? `, commit ${lab.commit.slice(0, 8)}` : ''}`
  const raw = { lab: { version: lab.version, commit: lab.commit }, installed: install.version, commit: git?.commit }
  if (git && lab.commit) {
    const aim = { commit: lab.commit, committedAtMs: lab.committedAtMs, lookedAtMs: null, source }
    const { target: _, ...distance } = distanceTo(git, aim, context.branches)
    if (distance.count !== null && !distance.atLeast)
      return { ...distance, unit: 'commit', fetchedAtMs: git.fetchedAtMs, raw }
  }
  if (!install.version) return null
  const known = context.versions.known.find(({ version }) => version === lab.version)
  const gap = releaseGap(install, known ?? { version: lab.version, publishedAtMs: null }, context)
  // The same version from different commits: which is ahead, nobody can say.
  const unsure = git !== null && lab.commit !== null && gap.count === 0 && install.version === lab.version
  return { ...gap, ...(unsure ? { count: null, days: null, unit: 'commit' } : {}), source, raw }
}

/** `unknown` where nobody can say, and for "0 behind" that nobody checked lately; known to be behind is never green. */
export function gapVerdict(gap: Gap, context: Context): Verdict {
  if (gap.count === null && !gap.behind) return 'unknown'
  if (gap.count === 0) return gap.unit === 'commit' && !isFresh(gap, context) ? 'unknown' : 'ok'
  if (gap.days !== null && gap.days >= context.redDays) return 'bad'
  if (gap.count === null || gap.days === null || gap.days >= context.amberDays) return 'warn'
  return gap.unit === 'commit' && gap.count >= manyCommits ? 'warn' : 'ok'
}

/** "None" holds while somebody looked lately; against one commit, such as the lab machine's, nobody has to look. */
const isFresh = ({ lookedAtMs, atLeast }: Gap, { nowMs }: Context): boolean =>
  !atLeast && (lookedAtMs === null || nowMs - lookedAtMs <= freshLookMs)

export function gapWords(gap: Gap, context: Context): string {
  const own = lookWords(gap.fetchedAtMs, context.nowMs)
  if (gap.count === null) return gap.behind ? `behind, count unknown, ${own}` : `not known, ${own}`
  if (gap.count === 0)
    return gap.unit === 'commit' && !isFresh(gap, context)
      ? `none known, ${lookWords(gap.lookedAtMs, context.nowMs)}`
      : 'none'
  const count = counted(gap.count, gap.unit)
  if (!gap.atLeast) return count
  return gap.unit === 'commit' ? `at least ${count}, ${own}` : `at least ${count}`
}

/** "none", "3 releases behind lab-mini". */
export function labWords(gap: Gap, labName: string): string {
  if (gap.count === null)
    return gap.behind ? `behind ${labName}, count unknown` : `not known: another build than ${labName}`
  if (gap.count === 0) return `none, it has what ${labName} has`
  return `${gap.atLeast ? 'at least ' : ''}${counted(gap.count, gap.unit)} behind ${labName}`
}

export const lookWords = (atMs: number | null, nowMs: number): string =>
  atMs === null ? 'it never looked' : `last looked ${spanWords(nowMs - atMs)} ago`
