import { minVersion, satisfies, validRange } from 'semver'
import { type Context, fact, type Judged, unread } from './judged.ts'
import type { Install } from './version-gap.ts'
import { compareVersions } from './version-list.ts'

/** What the next version asks for that the machine lacks. */
export interface Need {
  readonly version: string
  /** Smallest Node that would do, such as `24.16`; null: the machine's own is good enough. */
  readonly node: string | null
  readonly has: string
}

const short = (version: string): string => version.replace(/\.0$/, '')

/** The version an update would bring: the lab machine's where that is newer, else the newest known; null: none is newer. */
function nextVersion(install: Install, { lab, newest }: Context): string | null {
  for (const version of [lab?.version, newest?.version])
    if (version !== undefined && compareVersions(version, install.version) > 0) return version
  return null
}

/** Null: nothing newer is known; `unknown`: nobody said what it asks for. Pure. */
export function needOf(install: Install, context: Context): Need | 'unknown' | null {
  const version = nextVersion(install, context)
  if (version === null) return null
  const range = context.needsOf(version)
  const has = context.nodeVersion.replace(/^v/, '')
  if (range === null || range === '' || !validRange(range)) return 'unknown'
  return {
    version,
    node: satisfies(has, range) ? null : short(minVersion(range)?.version ?? range),
    has: short(has),
  }
}

/** Node first (openclaw.md §3): an update that finds an old one refuses in the middle. */
export function judgeNeeds(install: Install, source: string, context: Context): Judged {
  const need = needOf(install, context)
  const next = nextVersion(install, context)
  const raw = { next, range: next === null ? null : context.needsOf(next), has: context.nodeVersion }
  if (need === 'unknown') return unread('version.needs', `nobody said yet what ${next ?? 'it'} asks for`, source)
  if (need === null)
    return fact('version.needs', { verdict: 'ok', text: 'nothing: no newer version is known', value: '', source, raw })
  if (need.node === null)
    return fact('version.needs', {
      verdict: 'ok',
      text: `nothing: Node ${need.has} will do for ${need.version}`,
      value: '',
      source,
      raw,
    })
  return fact('version.needs', {
    verdict: 'warn',
    text: `Node ${need.node} for ${need.version}, has ${need.has}`,
    value: need.node,
    source,
    raw,
  })
}
