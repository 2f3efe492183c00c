import type { AgentId, Finding } from '../../shared/contract/index.ts'
import { counted, dateWords } from '../base/words.ts'
import { failingNow, isRefusal, modelTroubleNow } from '../facts/facts.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedActivity } from '../runtimes/observed.ts'
import { evidence, patienceMs, type SilenceContext } from './traffic.ts'

const evidenceOfModel = (activity: ObservedActivity, context: SilenceContext): Finding['evidence'] => [
  { name: 'What the model said', value: activity.lastFailure || 'not told', takenAtMs: context.nowMs },
  ...evidence(activity, context).slice(0, 4),
]

/** The model refuses the agent itself: no message will be answered until somebody mends the account. */
export function judgeRefused(agentId: AgentId, activity: ObservedActivity, context: SilenceContext): Assessment[] {
  const why = modelTroubleNow(activity)
  if (!isRefusal(why))
    return [{ cause: 'model-refused', agentId, trouble: null, recovery: 'The model takes its requests again.' }]
  return [
    {
      cause: 'model-refused',
      agentId,
      trouble: {
        severity: 'red',
        state: 'Failing',
        sentence:
          why === 'key'
            ? 'is refused by its model: the key is not accepted'
            : 'is refused by its model: no credit or quota is left',
        detail: activity.lastFailure || 'the runtime does not say why',
        sinceMs: activity.unansweredSinceMs ?? activity.lastFailureAtMs,
        evidence: evidenceOfModel(activity, context),
        nextStep:
          why === 'key'
            ? 'Renew its key for the model, then send it a message from your own handle.'
            : 'Top up the model account or raise its limit, then send it a message from your own handle.',
      },
    },
  ]
}

/** From so many messages without an answer on, an agent that says it is ready does not merely think. */
const wedgedUnanswered = 2

/**
 * Up, ready and connected, messages come in, and nothing goes out: neither an answer nor an error. Its queue stands
 * still, or several messages wait with no good reply after the first of them.
 */
export function judgeWedged(agentId: AgentId, activity: ObservedActivity, context: SilenceContext): Assessment[] {
  const { nowMs } = context
  const ended = (recovery: string): Assessment[] => [{ cause: 'wedged', agentId, trouble: null, recovery }]
  if (context.up === null) return []
  if (!context.up) return ended('It is not up; that is the trouble now.')
  if (failingNow(activity)) return ended('Errors go out for answers; that is the trouble now.')
  const since = activity.unansweredSinceMs
  const stuck = activity.queue !== null && activity.queue.waiting > 0
  const left =
    activity.unanswered >= wedgedUnanswered &&
    since !== null &&
    nowMs - since >= patienceMs &&
    (activity.lastReplyAtMs ?? 0) < since
  if (!stuck && !left) return ended('It answers again.')
  const count = Math.max(activity.unanswered, activity.queue?.waiting ?? 0)
  const begun = [since, activity.queue?.waitingSinceMs ?? null].filter((atMs) => atMs !== null)
  const sinceMs = begun.length === 0 ? null : Math.min(...begun)
  return [
    {
      cause: 'wedged',
      agentId,
      trouble: {
        severity: 'red',
        state: 'Failing',
        sentence: `says it is ready and answers nothing: ${counted(count, 'message')} came in${sinceMs === null ? '' : ` since ${dateWords(sinceMs)}`}`,
        detail: stuck
          ? `${counted(activity.queue?.waiting ?? 0, 'message')} stand in its queue and are not taken`
          : 'neither an answer nor an error went out',
        sinceMs,
        evidence: evidence(activity, context).slice(0, 4),
        nextStep: 'Keep its log of that time, then restart the gateway and send it a message from your own handle.',
      },
    },
  ]
}
