import type { AgentId } from '../../shared/contract/index.ts'
import type { Assessment } from '../findings/findings.ts'
import type { Observed, ObservedAgent } from '../runtimes/observed.ts'
import { assessAccess } from './assess-access.ts'
import { assessAgent } from './assess-agent.ts'
import { assessIntegrations } from './assess-integrations.ts'
import { assessLogs } from './assess-logs.ts'
import { assessAnswered } from './assess-reach.ts'
import { evidenceOf } from './assess-rules.ts'
import { assessSystem } from './assess-system.ts'
import { assessVersions } from './assess-versions.ts'
import { withoutBarelyFine } from './gap.ts'
import type { Context, Judged } from './judged.ts'

export const assessMachine = (observed: Observed, judged: readonly Judged[], context: Context): Assessment[] => [
  ...assessAnswered(),
  ...withoutBarelyFine(assessSystem(observed, evidenceOf(judged, null, context.nowMs)), observed, context),
]

export function assessOneAgent(
  agent: ObservedAgent,
  agentId: AgentId,
  judged: readonly Judged[],
  context: Context,
): Assessment[] {
  const evidence = evidenceOf(judged, agentId, context.nowMs)
  return [
    ...assessVersions(agent, evidence, context),
    ...assessAgent(agent, evidence, context),
    ...assessAccess(agent, evidence, context),
    ...assessIntegrations(agent, evidence, context),
    ...assessLogs(agent, evidence, context),
  ]
}
