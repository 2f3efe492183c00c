import { compare, compareBuild, parse, type SemVer } from 'semver'

export interface KnownVersion {
  readonly version: string
  /** From the registry's publish times; null when only the fleet knows the version. */
  readonly publishedAtMs: number | null
}

/** Versions of the runtime known to the console, any order. */
export interface VersionList {
  readonly known: readonly KnownVersion[]
  /** True when the list came from the registry, false when only machines of the fleet filled it. */
  readonly complete: boolean
}

export interface Newest extends KnownVersion {
  /** In words, such as "the npm registry, asked 20 Nov 2026 12:00". */
  readonly source: string
}

/** OpenClaw's versions are year.month.number: valid semver, so that precedence is semver's (semver.org §11). */
export function compareVersions(a: string, b: string): number {
  const left = parse(a)
  const right = parse(b)
  if (!left || !right) return left ? 1 : right ? -1 : a.localeCompare(b)
  return compare(left, right) || compareBuild(left, right)
}

/** A finished version: `2026.9.6`, not `2026.9.6-beta.1`. */
export const isStable = (version: string): boolean => parse(version)?.prerelease.length === 0

const sorted = new WeakMap<readonly KnownVersion[], readonly { readonly known: KnownVersion; readonly at: SemVer }[]>()

/** The finished versions of a list, oldest first; parsed once a list, because every box of a sweep asks. */
function stableOf(known: readonly KnownVersion[]) {
  const before = sorted.get(known)
  if (before) return before
  const stable = known
    .map((one) => ({ known: one, at: parse(one.version) }))
    .filter((one): one is { known: KnownVersion; at: SemVer } => one.at !== null && one.at.prerelease.length === 0)
    .sort((a, b) => compare(a.at, b.at))
  sorted.set(known, stable)
  return stable
}

/** The newest finished version of a list; null when it holds none. */
export const newestOf = (known: readonly KnownVersion[]): KnownVersion | null => stableOf(known).at(-1)?.known ?? null

/** How many finished versions lie after `installed`, up to and including `newest`. */
export function releasesBehind(installed: string, newest: string, known: readonly KnownVersion[]): number {
  const [from, to] = [parse(installed), parse(newest)]
  if (!from || !to || compare(to, from) <= 0) return 0
  const between = stableOf(known).filter(({ at }) => compare(at, from) > 0 && compare(at, to) <= 0)
  return between.length + (between.some(({ known: one }) => one.version === newest) ? 0 : 1)
}

/** Whole days between the publishing of two versions; null when either date is unknown. Never negative. */
export function releaseDays(installed: string, newest: KnownVersion, known: readonly KnownVersion[]): number | null {
  const from = known.find(({ version }) => version === installed)?.publishedAtMs ?? null
  if (from === null || newest.publishedAtMs === null) return null
  return Math.max(0, Math.floor((newest.publishedAtMs - from) / 86_400_000))
}
