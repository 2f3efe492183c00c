import type { AgentId } from '../../shared/contract/index.ts'
import { standingWords } from '../base/words.ts'
import type { Assessment } from '../findings/findings.ts'
import type { Observed, ObservedAgent } from '../runtimes/observed.ts'
import { assessAccess } from './assess-access.ts'
import { assessAgent } from './assess-agent.ts'
import { assessAnswered } from './assess-reach.ts'
import { evidenceOf, trouble } from './assess-rules.ts'
import { assessSystem } from './assess-system.ts'
import { assessVersions } from './assess-versions.ts'
import type { Context, Judged } from './judged.ts'

export const assessMachine = (observed: Observed, judged: readonly Judged[], context: Context): Assessment[] => [
  ...assessAnswered(),
  ...assessSystem(observed, evidenceOf(judged, null, context.nowMs), context.nowMs),
]

export function assessOneAgent(
  agent: ObservedAgent,
  agentId: AgentId,
  nodeVersion: string,
  judged: readonly Judged[],
  context: Context,
): Assessment[] {
  const evidence = evidenceOf(judged, agentId, context.nowMs)
  return [
    ...assessVersions(agent, nodeVersion, evidence, context),
    ...assessAgent(agent, evidence, context),
    ...assessAccess(agent, evidence, context),
  ]
}

/**
 * The config differs from what the last sweep read, and this console changes none: somebody else did. The finding
 * stays until the operator looked at it; an unchanged config on the next sweep closes nothing.
 */
export function assessChange(
  agent: ObservedAgent,
  agentId: AgentId,
  before: { hash: string; takenAtMs: number } | null,
  judged: readonly Judged[],
  context: Context,
): Assessment[] {
  if (!before || !agent.config.read || !agent.config.value.fingerprint) return []
  if (agent.config.value.fingerprint === before.hash) return []
  const writes = agent.configWrites.read
    ? agent.configWrites.value.filter((write) => write.atMs > before.takenAtMs)
    : []
  const atMs = writes[0]?.atMs ?? agent.config.value.modifiedAtMs
  const who = writes[0]?.by ? `, by "${writes[0].by}"` : ''
  const evidence = evidenceOf(judged, agentId, context.nowMs)
  return [
    trouble('changed-outside', agentId, {
      severity: 'attention',
      state: 'Changed',
      sentence: `changed without you: its config, ${standingWords(atMs, context.nowMs)}${who}`,
      detail: writes.length > 1 ? `${writes.length} writes since the last sweep` : 'not done from this console',
      sinceMs: atMs,
      evidence: [
        ...evidence.show('config.hash', 'config.changed', 'config.valid', 'access.answers'),
        { name: 'Fingerprint before', value: before.hash.slice(0, 12), takenAtMs: before.takenAtMs },
      ].slice(0, 5),
      nextStep: 'Look at who it answers now, and ask whoever was there.',
    }),
  ]
}
