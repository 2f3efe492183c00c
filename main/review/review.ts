import { DateTime } from 'luxon'
import type {
  BoxId,
  ClientId,
  ClientSpan,
  FindingId,
  ReviewId,
  ReviewItem,
  ReviewPage,
  ReviewSession,
  Settings,
} from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { newId } from '../base/ids.ts'
import type { Facts } from '../facts/facts.ts'
import type { Findings } from '../findings/findings.ts'
import type { InventoryReads, Undone } from '../inventory/inventory.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Outside } from '../outside/outside.ts'
import type { Store } from '../store/store.ts'
import { endWords } from './end-words.ts'
import { missedDays } from './missed-days.ts'
import { buildReview, type Fleet } from './page.ts'
import { createRows, type RunningReview } from './rows.ts'
import { createSince } from './since.ts'

export { waits } from './sections.ts'
export { didAnswer, isAway } from './seen.ts'

export interface ReviewParts {
  readonly store: Store
  readonly ledger: Ledger
  readonly inventory: Pick<InventoryReads, 'boxes' | 'clients' | 'clientSpans'>
  readonly findings: Findings
  readonly facts: Facts
  readonly outside: Pick<Outside, 'changesBetween'>
  readonly clock: Clock
  readonly changes: Changes
  readonly settings: () => Pick<Settings, 'reviewDays'>
  readonly demo: boolean
}

/** The operator's daily round: what asks for them, what they looked at, and when they were through. */
export interface Review {
  page(): ReviewPage
  /** A person looks at it: the clock starts. Does nothing while a review runs, or when there is nothing to look at. */
  begin(): void
  /** Marks rows; the last one ends the review. Marks hold for the operator's day. */
  mark(keys: readonly string[], seen: boolean): { reviewEnded: boolean }
  /** Ends a review in which no row is left to mark. */
  end(): { reviewEnded: boolean }
  /** Puts rows off with all their troubles; putting off the last one ends the review. @throws FaultError as `findings.snooze`. */
  snooze(input: { keys: readonly string[]; untilMs: number; reason: string }): Undone<{ reviewEnded: boolean }>
  /** @throws FaultError as `findings.wake`. */
  wake(keys: readonly string[]): Undone<object>
  /** Newest first. */
  history(limit: number): ReviewSession[]
}

/** Within this time after its end a review goes on instead of a new one beginning: something was taken back. */
const goesOnMs = 10 * 60_000

export function createReview(parts: ReviewParts): Review {
  const { store, ledger, inventory, findings, facts, clock, changes } = parts
  const rows = createRows(store.db)
  const since = createSince(parts)

  const dayStart = (nowMs: number) => DateTime.fromMillis(nowMs).startOf('day').toMillis()
  const running = (nowMs: number): RunningReview | null => rows.running(dayStart(nowMs))

  /** Pauses or holds that hold now, by client. */
  const spans = (kind: ClientSpan['kind'], nowMs: number): Map<ClientId, ClientSpan> =>
    new Map(
      inventory
        .clientSpans({})
        .filter((span) => span.kind === kind && span.fromMs <= nowMs)
        .map((span) => [span.clientId, span]),
    )

  const fleet = (nowMs: number): Fleet =>
    buildReview({
      nowMs,
      demo: parts.demo,
      boxes: inventory.boxes().filter((box) => !box.jumpOnly),
      clients: inventory.clients(),
      findings: findings.open(),
      marked: rows.marked(dayStart(nowMs)),
      pauses: spans('pause', nowMs),
      holds: spans('hold', nowMs),
      attempts: facts.attempts(),
      oldest: facts.oldest(),
      staleBeforeMs: facts.staleBeforeMs(),
      lastSweep: facts.sweeps.last(),
      noNetworkSinceMs: facts.watch.noNetworkSinceMs(),
    })

  const asking = ({ items }: Fleet) => items.filter((item) => item.section !== 'later')
  const isDone = (now: Fleet): boolean => asking(now).every((item) => item.seen)

  /** The end of the review before the running one, or of the newest. */
  const lastEnd = (current: RunningReview | null, nowMs: number): number | null =>
    rows.ended(current?.begunAtMs ?? nowMs, 1)[0]?.endedAtMs ?? null

  function start(nowMs: number): RunningReview {
    const current = running(nowMs)
    if (current) return current
    const [last] = rows.ended(nowMs, 1)
    if (last && nowMs - last.endedAtMs < goesOnMs) {
      rows.goOn(last.reviewId)
      ledger.append({ actor: 'operator', kind: 'review.went-on', words: 'The review goes on.' })
      return last
    }
    const begun = { reviewId: newId<ReviewId>(), begunAtMs: nowMs }
    rows.begin(begun)
    return begun
  }

  function finish({ reviewId, begunAtMs }: RunningReview, nowMs: number): void {
    const now = fleet(nowMs)
    const left = now.items.flatMap((item) => [item.finding, ...item.others].map(({ findingId }) => findingId))
    const missed = missedDays(lastEnd({ reviewId, begunAtMs }, nowMs), nowMs, parts.settings().reviewDays)
    const ended = {
      reviewId,
      endedAtMs: nowMs,
      seen: seenRows(now, rows.seenIn(reviewId)),
      left: now.items.length,
      allQuiet: now.allQuiet,
    }
    rows.end(ended, left)
    const later = now.items.length - asking(now).length
    ledger.append({
      actor: 'operator',
      kind: 'review.ended',
      words: endWords({
        ...ended,
        tookMs: nowMs - begunAtMs,
        later,
        notSeen: now.notSeen.length,
        missedDays: missed,
      }),
    })
  }

  const finishIfDone = (nowMs: number): boolean => {
    const current = running(nowMs)
    if (!current || !isDone(fleet(nowMs))) return false
    finish(current, nowMs)
    return true
  }

  const picked = (keys: readonly string[], nowMs: number): FindingId[] => {
    const wanted = new Set(keys)
    return fleet(nowMs)
      .items.filter((item) => wanted.has(item.key))
      .flatMap((item) => [item.finding, ...item.others].map(({ findingId }) => findingId))
  }

  return {
    page() {
      const nowMs = clock.nowMs()
      const now = fleet(nowMs)
      const current = running(nowMs)
      const fromMs = lastEnd(current, nowMs)
      const [newest] = current ? [] : rows.ended(nowMs, 1)
      return {
        ...now,
        items: now.items.map((item): ReviewItem => ({ ...item, changedBefore: since.changedBefore(item.finding) })),
        reviewStartedAtMs: current?.begunAtMs ?? null,
        reviewEnded: newest && newest.endedAtMs >= dayStart(nowMs) ? newest : null,
        since: since.lastReview(fromMs, nowMs),
        missedDays: missedDays(fromMs, nowMs, parts.settings().reviewDays),
      }
    },
    begin() {
      const nowMs = clock.nowMs()
      if (running(nowMs)) return
      const now = fleet(nowMs)
      const [last] = rows.ended(nowMs, 1)
      const doneToday = last !== undefined && last.endedAtMs >= dayStart(nowMs)
      if (isDone(now) && (doneToday || now.answered === 0)) return
      store.write(() => {
        const begun = start(nowMs)
        if (isDone(now) && since.lastReview(lastEnd(begun, nowMs), nowMs) === null) finish(begun, nowMs)
      })
      changes.publish('review', 'ledger')
    },
    mark(keys, seen) {
      const nowMs = clock.nowMs()
      const reviewEnded = store.write(() => {
        const findingIds = picked(keys, nowMs)
        if (findingIds.length === 0) return false
        const { reviewId } = start(nowMs)
        for (const findingId of findingIds) {
          if (seen) rows.mark(reviewId, findingId, nowMs)
          else rows.unmark(findingId, dayStart(nowMs))
        }
        return seen && finishIfDone(nowMs)
      })
      changes.publish('review', 'ledger')
      return { reviewEnded }
    },
    end() {
      const nowMs = clock.nowMs()
      const reviewEnded = store.write(() => finishIfDone(nowMs))
      changes.publish('review', 'ledger')
      return { reviewEnded }
    },
    snooze({ keys, untilMs, reason }) {
      const nowMs = clock.nowMs()
      const answer = store.write(() => {
        const findingIds = picked(keys, nowMs)
        const done = findings.snooze({ findingIds, untilMs, reason })
        const { reviewId } = start(nowMs)
        for (const findingId of findingIds) rows.mark(reviewId, findingId, nowMs)
        return { ...done, reviewEnded: finishIfDone(nowMs) }
      })
      changes.publish('findings', 'review', 'ledger')
      return answer
    },
    wake(keys) {
      const done = findings.wake({ findingIds: picked(keys, clock.nowMs()) })
      changes.publish('findings', 'review', 'ledger')
      return done
    },
    history: (limit) => rows.ended(clock.nowMs(), limit),
  }
}

/** Rows that were looked at: those still there, and machines whose trouble was over before the end. */
function seenRows({ items }: Fleet, seen: readonly { findingId: FindingId; boxId: BoxId }[]): number {
  const ids = new Set(seen.map(({ findingId }) => findingId))
  const there = items.filter((item) => [item.finding, ...item.others].some(({ findingId }) => ids.has(findingId)))
  const listed = new Set(items.flatMap((item) => [item.finding, ...item.others].map(({ boxId }) => boxId)))
  return there.length + new Set(seen.filter(({ boxId }) => !listed.has(boxId)).map(({ boxId }) => boxId)).size
}
