import type { AgentId } from '../../shared/contract/index.ts'
import { counted, dateWords } from '../base/words.ts'
import { failingNow } from '../facts/facts.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedActivity } from '../runtimes/observed.ts'
import { judgeRefused, judgeWedged } from './judge-stuck.ts'
import { evidence, patienceMs, type SilenceContext } from './traffic.ts'

/** From so many on, it is not one odd message any more. */
const redUnanswered = 3

/** The last real exchange: a good reply, or where the source tells no replies, a message that nobody waits on. Null: none known. */
export const lastExchangeMs = (activity: ObservedActivity): number | null =>
  activity.lastReplyAtMs ?? (activity.unanswered === 0 ? activity.lastInboundAtMs : null)

const tried = (activity: ObservedActivity): string =>
  activity.unanswered > 0
    ? `they tried: ${counted(activity.unanswered, 'message')} came in and ${activity.unanswered === 1 ? 'was' : 'none was'} ${activity.unanswered === 1 ? 'not answered' : 'answered'}`
    : 'they did not write'

/**
 * Silence in its first, simple form (A05): not one real exchange since before the newest full business day began.
 * Attention, never red: red needs a baseline.
 */
function judgeSilence(agentId: AgentId, activity: ObservedActivity, context: SilenceContext): Assessment[] {
  const { client, businessDay } = context
  if (!client || context.building || context.paused || !businessDay) return []
  const last = lastExchangeMs(activity)
  if (last !== null && last >= businessDay.fromMs)
    return [
      {
        cause: 'silent',
        agentId,
        trouble: null,
        recovery: `They talk again: the last exchange was ${dateWords(last)}.`,
      },
    ]
  const neverAndNew = last === null && activity.unanswered === 0 && context.knownSinceMs > businessDay.fromMs
  if (neverAndNew) return []
  return [
    {
      cause: 'silent',
      agentId,
      trouble: {
        severity: 'attention',
        state: 'Silent',
        sentence: last === null ? 'has never had an exchange' : `has been silent since ${dateWords(last)}`,
        detail: tried(activity),
        sinceMs: last,
        evidence: evidence(activity, context),
        nextStep:
          activity.unanswered > 0
            ? 'Look at why nothing goes out: the log at the first unanswered message.'
            : 'Ask them whether they stopped on purpose, and look at whether their channel is still linked.',
      },
    },
  ]
}

function judgeUnanswered(agentId: AgentId, activity: ObservedActivity, context: SilenceContext): Assessment[] {
  const { nowMs } = context
  const since = activity.unansweredSinceMs
  if (activity.unanswered === 0)
    return [{ cause: 'unanswered', agentId, trouble: null, recovery: 'Every message is answered.' }]
  if (since !== null && nowMs - since < patienceMs) return []
  const count = activity.unanswered
  return [
    {
      cause: 'unanswered',
      agentId,
      trouble: {
        severity: count >= redUnanswered ? 'red' : 'attention',
        state: 'Failing',
        sentence: `has ${counted(count, 'message')} without an answer${since === null ? '' : ` since ${dateWords(since)}`}`,
        detail: tried(activity),
        sinceMs: since,
        evidence: evidence(activity, context).slice(0, 4),
        nextStep: 'Look at the log at the first of them.',
      },
    },
  ]
}

/** An error text sent to the client is a failure, not a reply. */
function judgeFailing(agentId: AgentId, activity: ObservedActivity, context: SilenceContext): Assessment[] {
  if (!failingNow(activity))
    return [{ cause: 'failing', agentId, trouble: null, recovery: 'A good reply went out after the last error.' }]
  const at = activity.lastFailureAtMs
  return [
    {
      cause: 'failing',
      agentId,
      trouble: {
        severity: 'red',
        state: 'Failing',
        sentence: `answers with errors${at === null ? '' : `, the last ${dateWords(at)}`}`,
        detail: activity.lastFailure || 'the runtime does not say why',
        sinceMs: activity.unansweredSinceMs ?? at,
        evidence: evidence(activity, context).slice(0, 4),
        nextStep: 'Read its log at the last failure.',
      },
    },
  ]
}

/** What the activity of one agent says: silent, left without an answer, answering with errors, refused by its model, wedged. Pure. */
export const judgeActivity = (agentId: AgentId, activity: ObservedActivity, context: SilenceContext): Assessment[] => [
  ...judgeSilence(agentId, activity, context),
  ...judgeUnanswered(agentId, activity, context),
  ...judgeFailing(agentId, activity, context),
  ...judgeRefused(agentId, activity, context),
  ...judgeWedged(agentId, activity, context),
]
