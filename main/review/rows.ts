import type { BoxId, FindingId, ReviewId, ReviewSession } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

export interface RunningReview {
  readonly reviewId: ReviewId
  readonly begunAtMs: number
}

type EndedRow = Omit<ReviewSession, 'allQuiet'> & { allQuiet: 0 | 1 }
const toEnded = (row: EndedRow): ReviewSession => ({ ...row, allQuiet: row.allQuiet === 1 })

/** Reviews, what the operator looked at in them, and what was left open. */
export function createRows(db: Db) {
  const running = db.prepare<[number], RunningReview>(
    `select review_id as reviewId, begun_at_ms as begunAtMs from review_session
     where ended_at_ms is null and begun_at_ms >= ? order by begun_at_ms desc limit 1`,
  )
  const ended = db.prepare<[number, number], EndedRow>(
    `select review_id as reviewId, begun_at_ms as begunAtMs, ended_at_ms as endedAtMs, rows_seen as seen,
       rows_left as "left", all_quiet as allQuiet
     from review_session where ended_at_ms <= ? order by ended_at_ms desc limit ?`,
  )
  const begin = db.prepare(
    'insert into review_session (review_id, begun_at_ms, rows_seen, rows_left, all_quiet) values (?, ?, 0, 0, 0)',
  )
  const end = db.prepare(
    `update review_session set ended_at_ms = @endedAtMs, rows_seen = @seen, rows_left = @left, all_quiet = @allQuiet
     where review_id = @reviewId`,
  )
  const goOn = db.prepare('update review_session set ended_at_ms = null where review_id = ?')
  const nothingLeft = db.prepare('update review_finding set left_over = 0 where review_id = ?')
  const marked = db.prepare<[number], { findingId: FindingId }>(
    'select finding_id as findingId from review_finding where seen_at_ms >= ?',
  )
  const seenIn = db.prepare<[string], { findingId: FindingId; boxId: BoxId }>(
    `select finding_id as findingId, box_id as boxId from review_finding join finding using (finding_id)
     where review_id = ? and seen_at_ms is not null`,
  )
  const mark = db.prepare(
    `insert into review_finding (review_id, finding_id, seen_at_ms, left_over) values (?, ?, ?, 0)
     on conflict do update set seen_at_ms = excluded.seen_at_ms`,
  )
  const unmark = db.prepare('update review_finding set seen_at_ms = null where finding_id = ? and seen_at_ms >= ?')
  const leave = db.prepare(
    `insert into review_finding (review_id, finding_id, seen_at_ms, left_over) values (?, ?, null, 1)
     on conflict do update set left_over = 1`,
  )
  return {
    /** The one that began at or after `fromMs` and was not ended. */
    running: (fromMs: number): RunningReview | null => running.get(fromMs) ?? null,
    /** Newest first, of those that ended by then. */
    ended: (byMs: number, limit: number): ReviewSession[] => ended.all(byMs, limit).map(toEnded),
    begin: ({ reviewId, begunAtMs }: RunningReview): void => {
      begin.run(reviewId, begunAtMs)
    },
    end: (review: Omit<ReviewSession, 'begunAtMs'>, left: readonly FindingId[]): void => {
      end.run({ ...review, allQuiet: review.allQuiet ? 1 : 0 })
      for (const findingId of left) leave.run(review.reviewId, findingId)
    },
    /** It was not the end after all. */
    goOn: (reviewId: ReviewId): void => {
      goOn.run(reviewId)
      nothingLeft.run(reviewId)
    },
    /** Findings marked at or after `fromMs`, in whatever review. */
    marked: (fromMs: number): Set<FindingId> => new Set(marked.all(fromMs).map(({ findingId }) => findingId)),
    seenIn: (reviewId: ReviewId): { findingId: FindingId; boxId: BoxId }[] => seenIn.all(reviewId),
    mark: (reviewId: ReviewId, findingId: FindingId, atMs: number): void => {
      mark.run(reviewId, findingId, atMs)
    },
    unmark: (findingId: FindingId, fromMs: number): void => {
      unmark.run(findingId, fromMs)
    },
  }
}
