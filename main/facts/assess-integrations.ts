import { dateWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { type Evidence, fine, trouble } from './assess-rules.ts'
import { integrationWords, isFailing } from './judge-integrations.ts'
import type { Context } from './judged.ts'

const names = { email: 'e-mail', calendar: 'calendar', crm: 'CRM', other: 'service' } as const

/** One finding for all that fails at an agent: they often fail together, of one cause. */
export function assessIntegrations(
  { integrations }: ObservedAgent,
  evidence: Evidence,
  context: Context,
): Assessment[] {
  if (!integrations.read) return []
  const failing = integrations.value.filter(isFailing)
  const [first] = failing
  if (first === undefined)
    return [fine('integration-failing', evidence.agentId, 'What failed before works again, or is not used any more.')]
  const since = failing
    .map(({ workedAtMs, failedAtMs }) => workedAtMs ?? failedAtMs ?? context.nowMs)
    .reduce((a, b) => Math.min(a, b))
  const worked = failing.some(({ workedAtMs }) => workedAtMs !== null)
  const told = failing.map(({ kind, name }) => `${names[kind]} (${name})`)
  const few = told.length > 2 ? `${told.slice(0, 2).join(', ')} and ${told.length - 2} more` : told.join(' and ')
  return [
    trouble('integration-failing', evidence.agentId, {
      severity: 'attention',
      state: 'Failing',
      sentence: worked
        ? `cannot use its ${few}: nothing worked since ${dateWords(since)}`
        : `cannot use its ${few}: nothing was ever seen working`,
      detail: first.failure,
      sinceMs: since,
      evidence: failing.slice(0, 5).map((each) => ({
        name: `${names[each.kind]} ${each.name}`,
        value: integrationWords(each),
        takenAtMs: context.nowMs,
      })),
      nextStep: /login/.test(first.failure)
        ? 'Log in to it again on the machine, then let the agent try once.'
        : 'Try it once by hand on the machine.',
    }),
  ]
}
