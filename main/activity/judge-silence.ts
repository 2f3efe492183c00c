import type { AgentId, Client, Finding } from '../../shared/contract/index.ts'
import { counted, standingWords } from '../base/words.ts'
import { failingNow } from '../facts/facts.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedActivity } from '../runtimes/observed.ts'

export interface SilenceContext {
  readonly nowMs: number
  /** Null: a lab machine, which nobody is expected to write to. */
  readonly client: Client | null
  /** The newest full business day of the client, or null when none is known. */
  readonly businessDay: { readonly fromMs: number; readonly toMs: number; readonly date: string } | null
  /** Since when the console reads this agent's activity. */
  readonly knownSinceMs: number
  /** True until the client's go-live day: silence is expected then. */
  readonly building: boolean
}

/** A message may wait this long before it counts as unanswered: a model may think, a queue may be full. */
const patienceMs = 30 * 60_000

/** From so many on, it is not one odd message any more. */
const redUnanswered = 3

/** The last real exchange: a good reply, or where the source tells no replies, a message that nobody waits on. Null: none known. */
export const lastExchangeMs = (activity: ObservedActivity): number | null =>
  activity.lastReplyAtMs ?? (activity.unanswered === 0 ? activity.lastInboundAtMs : null)

function evidence(activity: ObservedActivity, { nowMs, businessDay }: SilenceContext): Finding['evidence'] {
  const moment = (atMs: number | null) => (atMs === null ? 'none known' : standingWords(atMs, nowMs))
  return [
    { name: 'Last good reply', value: moment(activity.lastReplyAtMs), takenAtMs: nowMs },
    { name: 'Last message in', value: moment(activity.lastInboundAtMs), takenAtMs: nowMs },
    {
      name: 'Unanswered',
      value: activity.unanswered === 0 ? 'none' : counted(activity.unanswered, 'message'),
      takenAtMs: nowMs,
    },
    {
      name: 'Failed replies',
      value:
        activity.failures === 0
          ? 'none'
          : `${activity.failures}${activity.lastFailure ? `: ${activity.lastFailure}` : ''}`,
      takenAtMs: nowMs,
    },
    { name: 'Business day without one', value: businessDay?.date ?? 'not known', takenAtMs: nowMs },
  ]
}

const tried = (activity: ObservedActivity): string =>
  activity.unanswered > 0
    ? `they tried: ${counted(activity.unanswered, 'message')} came in and ${activity.unanswered === 1 ? 'was' : 'none was'} ${activity.unanswered === 1 ? 'not answered' : 'answered'}`
    : 'they did not write'

/**
 * Silence in its first, simple form (A05): not one real exchange since before the newest full business day began.
 * Attention, never red: red needs a baseline.
 */
function judgeSilence(agentId: AgentId, activity: ObservedActivity, context: SilenceContext): Assessment[] {
  const { client, businessDay, nowMs } = context
  if (!client || context.building || !businessDay) return []
  const last = lastExchangeMs(activity)
  if (last !== null && last >= businessDay.fromMs)
    return [
      {
        cause: 'silent',
        agentId,
        trouble: null,
        recovery: `They talk again: the last exchange was ${standingWords(last, nowMs)}.`,
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
        sentence: last === null ? 'has never had an exchange' : `has been silent since ${standingWords(last, nowMs)}`,
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
  // Errors went out for answers: that is one trouble, and `failing` tells it.
  if (failingNow(activity))
    return [
      { cause: 'unanswered', agentId, trouble: null, recovery: 'Errors go out for answers; that is the trouble now.' },
    ]
  if (since !== null && nowMs - since < patienceMs) return []
  const count = activity.unanswered
  return [
    {
      cause: 'unanswered',
      agentId,
      trouble: {
        severity: count >= redUnanswered ? 'red' : 'attention',
        state: 'Failing',
        sentence: `has ${counted(count, 'message')} without an answer${since === null ? '' : ` since ${standingWords(since, nowMs)}`}`,
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
        sentence: `answers with errors${at === null ? '' : `, the last ${standingWords(at, context.nowMs)}`}`,
        detail: activity.lastFailure || 'the runtime does not say why',
        sinceMs: activity.unansweredSinceMs ?? at,
        evidence: evidence(activity, context).slice(0, 4),
        nextStep: /\b(401|403|api key|auth)/i.test(activity.lastFailure)
          ? 'Renew its key for the model.'
          : 'Read its log at the last failure.',
      },
    },
  ]
}

/** What the activity of one agent says: silent, left without an answer, answering with errors. Pure. */
export const judgeActivity = (agentId: AgentId, activity: ObservedActivity, context: SilenceContext): Assessment[] => [
  ...judgeSilence(agentId, activity, context),
  ...judgeUnanswered(agentId, activity, context),
  ...judgeFailing(agentId, activity, context),
]
