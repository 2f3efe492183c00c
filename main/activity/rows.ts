import type { AgentId, BoxId } from '../../shared/contract/index.ts'
import type { ObservedActivity } from '../runtimes/observed.ts'
import type { Db } from '../store/store.ts'

export interface ActivityDay {
  readonly day: string
  readonly inbound: number
  readonly replies: number
  /** Half of the replies came sooner; null: not read. */
  readonly replyMs: number | null
}

export function createRows(db: Db) {
  // A day's counts only grow, and a source may forget old rows: the larger number is the truer one.
  const putDay = db.prepare(
    `insert into activity_day (box_id, agent_id, day, inbound, replies, reply_ms)
     values (@boxId, @agentId, @day, @inbound, @replies, @replyMs)
     on conflict do update set inbound = max(inbound, excluded.inbound),
       reply_ms = case when excluded.replies >= replies then coalesce(excluded.reply_ms, reply_ms) else reply_ms end,
       replies = max(replies, excluded.replies)`,
  )
  const days = db.prepare<[string, number], ActivityDay>(
    'select day, inbound, replies, reply_ms as replyMs from activity_day where agent_id = ? order by day desc limit ?',
  )
  const put = db.prepare(
    `insert into activity_seen (agent_id, box_id, taken_at_ms, source, last_inbound_at_ms, last_reply_at_ms, unanswered,
       unanswered_since_ms, failures, last_failure_at_ms, last_failure, first_taken_at_ms)
     values (@agentId, @boxId, @atMs, @source, @lastInboundAtMs, @lastReplyAtMs, @unanswered,
       @unansweredSinceMs, @failures, @lastFailureAtMs, @lastFailure, @atMs)
     on conflict do update set taken_at_ms = excluded.taken_at_ms, source = excluded.source,
       last_inbound_at_ms = excluded.last_inbound_at_ms, last_reply_at_ms = excluded.last_reply_at_ms,
       unanswered = excluded.unanswered, unanswered_since_ms = excluded.unanswered_since_ms, failures = excluded.failures,
       last_failure_at_ms = excluded.last_failure_at_ms, last_failure = excluded.last_failure`,
  )
  const seen = db.prepare<[string], { atMs: number }>(
    'select taken_at_ms as atMs from activity_seen where agent_id = ?',
  )
  const known = db.prepare<[string], { atMs: number }>(
    'select first_taken_at_ms as atMs from activity_seen where agent_id = ?',
  )
  return {
    put(boxId: BoxId, agentId: AgentId, activity: ObservedActivity, atMs: number): void {
      const {
        source,
        lastInboundAtMs,
        lastReplyAtMs,
        unanswered,
        unansweredSinceMs,
        failures,
        lastFailureAtMs,
        lastFailure,
      } = activity
      put.run({
        boxId,
        agentId,
        atMs: Math.round(atMs),
        source,
        lastInboundAtMs: whole(lastInboundAtMs),
        lastReplyAtMs: whole(lastReplyAtMs),
        unanswered,
        unansweredSinceMs: whole(unansweredSinceMs),
        failures,
        lastFailureAtMs: whole(lastFailureAtMs),
        lastFailure,
      })
      for (const { day, inbound, replies, replyMs } of activity.days)
        putDay.run({ boxId, agentId, day, inbound, replies, replyMs: whole(replyMs) })
    },
    days: (agentId: AgentId, limit: number): ActivityDay[] => days.all(agentId, limit),
    readAtMs: (agentId: AgentId): number | null => seen.get(agentId)?.atMs ?? null,
    knownSinceMs: (agentId: AgentId): number | null => known.get(agentId)?.atMs ?? null,
  }
}

/** STRICT columns take whole numbers only; a box may say 1.5. */
const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms))
