import type { Client, Finding } from '../../shared/contract/index.ts'
import { counted, dateWords } from '../base/words.ts'
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
  /** Up, ready, and none of its channels held back or away; null: not known. */
  readonly up: boolean | null
  /** The client is away by the operator's word: silence says nothing then. */
  readonly paused: boolean
}

/** A message may wait this long before it counts as unanswered: a model may think, a queue may be full. */
export const patienceMs = 30 * 60_000

/** What every trouble of traffic shows. */
export function evidence(activity: ObservedActivity, { nowMs, businessDay }: SilenceContext): Finding['evidence'] {
  const moment = (atMs: number | null) => (atMs === null ? 'none known' : dateWords(atMs))
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
