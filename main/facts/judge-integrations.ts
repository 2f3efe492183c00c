import type { FactKey } from '../../shared/contract/index.ts'
import { counted, dateWords } from '../base/words.ts'
import type { ObservedAgent, ObservedIntegration } from '../runtimes/observed.ts'
import { type Context, dayMs, fact, type Judged, unread } from './judged.ts'

const integrationKeys = {
  email: 'integration.email',
  calendar: 'integration.calendar',
  crm: 'integration.crm',
  other: 'integration.other',
} as const satisfies Record<ObservedIntegration['kind'], FactKey>

/** What worked longer ago says little about today. */
const provedForDays = 14
/** One failure may be a bad request; so many without a success between them is a trouble. */
const failingRuns = 2

/** It failed since it last worked, and more than once. */
export const isFailing = ({ failuresSince }: ObservedIntegration): boolean => failuresSince >= failingRuns

function verdictOf(integration: ObservedIntegration, nowMs: number): Judged['verdict'] {
  if (isFailing(integration)) return 'bad'
  if (integration.failuresSince > 0) return 'warn'
  const { workedAtMs } = integration
  return workedAtMs !== null && nowMs - workedAtMs <= provedForDays * dayMs ? 'ok' : 'unknown'
}

/** "worked 20 Nov 2026 08:12"; "failed 3 times, last 20 Nov 2026 08:12: its login was refused; worked 18 Nov …". */
export function integrationWords({
  workedAtMs,
  failedAtMs,
  failure,
  failuresSince,
  cannotTell,
}: ObservedIntegration): string {
  const worked = workedAtMs === null ? '' : `worked ${dateWords(workedAtMs)}`
  if (failuresSince === 0) return worked || `set up; ${cannotTell || 'nothing shows whether it works'}`
  const last = failedAtMs === null ? '' : `, last ${dateWords(failedAtMs)}`
  const why = failure === '' ? '' : `: ${failure}`
  return `failed ${counted(failuresSince, 'time')}${last}${why}; ${worked || 'never seen working'}`
}

/** What the agent reaches besides its channels: each with its last proof. Unused is unknown, never green. */
export function judgeIntegrations({ integrations }: ObservedAgent, context: Context): Judged[] {
  if (!integrations.read) return [unread('integration.other', integrations.why, integrations.source, 'all of them')]
  return integrations.value.map((integration) =>
    fact(integrationKeys[integration.kind], {
      verdict: verdictOf(integration, context.nowMs),
      text: integrationWords(integration),
      value: integration.workedAtMs === null ? null : Math.round(integration.workedAtMs),
      source: integration.because || integrations.source,
      raw: integration,
      instance: integration.name,
    }),
  )
}
