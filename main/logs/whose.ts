import type { AgentId } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'

/** A clock this far off is right. */
const sameClockMs = 2000

/** How far ahead a box's clock is for its lines: a little is what the way of the answer took. */
export const rightSkew = (skewMs: number): number => (Math.abs(skewMs) < sameClockMs ? 0 : skewMs)

/** Whose lines a batch brings; null: of none that is known here. */
export function agentOf(
  { agent }: { readonly agent: string },
  agents: readonly { readonly agentId: AgentId; readonly stateDir: string }[],
): AgentId | null {
  const stateDir = untrusted(agent, 4000)
  return agents.find((one) => one.stateDir === stateDir)?.agentId ?? null
}
