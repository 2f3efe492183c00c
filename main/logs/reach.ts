import type { LogQuery, LogStart } from '../../shared/contract/index.ts'
import type { Matcher } from './match.ts'
import type { BlockRow, Reach, ReadRows } from './rows.ts'

const earliest = -8.64e15
const latest = 8.64e15

/** Which blocks a page can need. */
export function reachOf(query: LogQuery, matcher: Matcher, at: LogStart, direction: 'older' | 'newer'): Reach {
  const startAt = typeof at === 'object' ? at.atMs : null
  const since = query.sinceMs ?? earliest
  const until = query.untilMs === undefined ? latest : query.untilMs - 1
  return {
    boxIds: query.boxIds,
    direction,
    fromAt: direction === 'newer' && startAt !== null ? Math.max(since, startAt) : since,
    toAt: direction === 'older' && startAt !== null ? Math.min(until, startAt) : until,
    afterSeq: query.afterSeq ?? -1,
    minimum: matcher.minimum,
    words: matcher.words,
  }
}

/** All blocks of a reach, sealed or not, in their order: `older` by their end from the newest, `newer` by their start. */
export function* inTurn(rows: ReadRows, reach: Reach): Generator<BlockRow> {
  const open = rows.open(reach)
  const isFirst = (a: BlockRow, b: BlockRow): boolean =>
    reach.direction === 'older' ? a.toAt >= b.toAt : a.fromAt <= b.fromAt
  let next = 0
  for (const sealed of rows.sealed(reach)) {
    for (let one = open[next]; one && isFirst(one, sealed); one = open[next]) {
      next += 1
      yield one
    }
    yield sealed
  }
  yield* open.slice(next)
}
