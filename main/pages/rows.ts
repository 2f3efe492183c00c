import type { FindingId } from '../../shared/contract/index.ts'
import type { Db } from '../store/store.ts'

/** What the operator marked as seen in a review. */
export function createRows(db: Db) {
  const all = db.prepare<[number], { findingId: FindingId; atMs: number }>(
    'select finding_id as findingId, at_ms as atMs from review_mark where at_ms >= ?',
  )
  const put = db.prepare(
    'insert into review_mark (finding_id, at_ms) values (?, ?) on conflict do update set at_ms = excluded.at_ms',
  )
  const drop = db.prepare('delete from review_mark where finding_id = ?')
  return {
    /** Findings marked at or after `fromMs`. */
    marked: (fromMs: number): Set<FindingId> => new Set(all.all(fromMs).map(({ findingId }) => findingId)),
    mark: (findingId: FindingId, atMs: number): void => {
      put.run(findingId, atMs)
    },
    unmark: (findingId: FindingId): void => {
      drop.run(findingId)
    },
  }
}
