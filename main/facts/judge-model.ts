import type { ObservedActivity, ObservedAgent } from '../runtimes/observed.ts'
import { failingNow } from './judge-channels.ts'
import { type Context, dayMs, type Judged, judgeRead } from './judged.ts'

/** Why a model did not answer, by the runtime's own words. `key`: not accepted. `money`: no credit or quota left. `network`: it was not reached. */
type ModelTrouble = 'key' | 'money' | 'network' | 'other'

const money =
  /\b402\b|billing|insufficient[ _-]?(credits?|balance|funds|quota)|credit balance|payment required|run out of credits|quota (exceeded|exhausted)|exceeded your current quota|(usage|spend(ing)?) limit|resource[ _]exhausted/i
const key =
  /\b40[13]\b|(invalid|incorrect|expired|revoked|missing|no)[ _-](x[ _-])?api[ _-]?key|authentication(_error| failed| error)|unauthori[sz]ed|permission[ _]denied|token (has )?expired|invalid_grant|re-?authenticate|could not resolve auth/i
const network =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|fetch failed|getaddrinfo|socket hang up|network (error|is unreachable)|connection error|certificate/i

/** Money first: a provider may say 401 or 403 about an account that has not paid (seen in the runtime's own classes). Pure. */
function modelTrouble(words: string): ModelTrouble {
  if (money.test(words)) return 'money'
  if (key.test(words)) return 'key'
  return network.test(words) ? 'network' : 'other'
}

/** The trouble with the model that is on now: no good reply came after it. Null: none. */
export const modelTroubleNow = (activity: ObservedActivity): ModelTrouble | null =>
  failingNow(activity) ? modelTrouble(activity.lastFailure) : null

export const isRefusal = (trouble: ModelTrouble | null): trouble is 'key' | 'money' =>
  trouble === 'key' || trouble === 'money'

/** An old reply proves nothing of today's key. */
const provedForMs = 7 * dayMs

const words: Record<ModelTrouble, string> = {
  key: 'refuses its key',
  money: 'refuses it: no credit or quota is left',
  network: 'is not reached',
  other: 'fails',
}

/** Whether the model takes the agent's requests. */
export function judgeModel(agent: ObservedAgent, context: Context): Judged {
  return judgeRead('agent.model', agent.activity, (activity) => {
    const trouble = modelTroubleNow(activity)
    const raw = {
      lastReplyAtMs: activity.lastReplyAtMs,
      lastFailureAtMs: activity.lastFailureAtMs,
      lastFailure: activity.lastFailure,
    }
    if (trouble !== null)
      return {
        // A run that failed for another reason says nothing about the model.
        verdict: trouble === 'other' ? 'unknown' : 'bad',
        text: `${words[trouble]}${activity.lastFailure ? `: ${activity.lastFailure}` : ''}`,
        value: trouble,
        raw,
      }
    const last = activity.lastReplyAtMs
    if (last !== null && context.nowMs - last < provedForMs)
      return { verdict: 'ok', text: 'takes its requests', value: 'answers', raw }
    return { verdict: 'unknown', text: 'not proved: no reply within 7 days', value: null, raw }
  })
}
