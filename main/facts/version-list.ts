import { compare, compareBuild, parse } from 'semver'

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

/** The newest finished version of a list; null when it holds none. */
export function newestOf(known: readonly KnownVersion[]): KnownVersion | null {
  return (
    known
      .filter(({ version }) => isStable(version))
      .sort((a, b) => compareVersions(a.version, b.version))
      .at(-1) ?? null
  )
}

/** How many finished versions lie after `installed`, up to and including `newest`. */
export function releasesBehind(installed: string, newest: string, known: readonly KnownVersion[]): number {
  const between = new Set(
    known
      .map(({ version }) => version)
      .filter(
        (version) =>
          isStable(version) && compareVersions(version, installed) > 0 && compareVersions(version, newest) <= 0,
      ),
  )
  if (compareVersions(newest, installed) > 0) between.add(newest)
  return between.size
}

/** Whole days between the publishing of two versions; null when either date is unknown. Never negative. */
export function releaseDays(installed: string, newest: KnownVersion, known: readonly KnownVersion[]): number | null {
  const from = known.find(({ version }) => version === installed)?.publishedAtMs ?? null
  if (from === null || newest.publishedAtMs === null) return null
  return Math.max(0, Math.floor((newest.publishedAtMs - from) / 86_400_000))
}
