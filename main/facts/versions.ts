import type { Clock } from '../base/clock.ts'
import { dateWords } from '../base/words.ts'
import type { BranchRows } from './branch-rows.ts'
import { isDue, type Registry } from './registry.ts'
import { isStable, type Newest, newestOf, type VersionList } from './version-list.ts'
import type { VersionRows } from './version-rows.ts'

export interface Versions {
  list(): VersionList
  /** The registry's newest where it was asked, else the newest seen in the fleet (design §4). Null: none known. */
  newest(): Newest | null
  /** A machine of the fleet has this version. True: it was not known before. */
  seenInFleet(version: string, atMs: number): boolean
  /** What was read may have been rolled back: read it again. */
  forget(): void
  /** Asks the registry when a day has passed; true when something new was learnt. */
  askIfDue(signal: AbortSignal): Promise<boolean>
}

export interface VersionsParts {
  readonly rows: VersionRows
  readonly needs: Pick<BranchRows, 'putNeed'>
  readonly clock: Clock
  readonly registry: Registry
  /** The operator's setting, and no word against it in the environment. */
  readonly mayAsk: () => boolean
  readonly write: (work: () => void) => void
}

export function createVersions({ rows, needs, clock, registry, mayAsk, write }: VersionsParts): Versions {
  // Every box of a sweep asks; the table changes once a day.
  let read: { list: VersionList; newest: Newest | null } | null = null
  const current = () => {
    read ??= readNow()
    return read
  }
  const readNow = () => {
    const all = rows.all()
    const known = all.map(({ version, publishedAtMs }) => ({ version, publishedAtMs }))
    const list: VersionList = { known, complete: all.some(({ fromRegistry }) => fromRegistry === 1) }
    const asked = rows.asked()
    const fleet = newestOf(all.filter(({ fromRegistry }) => fromRegistry === 0))
    const said = asked?.newest ? known.find(({ version }) => version === asked.newest) : undefined
    // A machine's own word never outranks the registry: one box claiming a version from the future would put all others behind.
    if (said && asked) {
      return { list, newest: { ...said, source: `the npm registry, asked ${dateWords(asked.askedAtMs)}` } }
    }
    const best = fleet ?? newestOf(known)
    return {
      list,
      newest: best
        ? { version: best.version, publishedAtMs: best.publishedAtMs, source: 'the newest seen in this fleet' }
        : null,
    }
  }
  return {
    list: () => current().list,
    newest: () => current().newest,
    seenInFleet(version, atMs) {
      if (!isStable(version) || current().list.known.some((known) => known.version === version)) return false
      rows.put(version, null, false, atMs)
      read = null
      return true
    },
    forget() {
      read = null
    },
    async askIfDue(signal) {
      const asked = rows.asked()
      if (!mayAsk() || !isDue(asked?.askedAtMs ?? null, clock.nowMs())) return false
      const answer = await registry.ask(signal)
      const atMs = clock.nowMs()
      if (signal.aborted) return false
      write(() => {
        rows.ask(atMs, answer?.newest ?? null)
        if (answer?.needsNode) needs.putNeed(answer.newest, answer.needsNode)
        for (const { version, publishedAtMs } of answer?.versions ?? []) rows.put(version, publishedAtMs, true, atMs)
      })
      read = null
      return answer !== null
    },
  }
}
