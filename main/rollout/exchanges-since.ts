import { FaultError } from '../base/fault-error.ts'
import type { CheckWork } from './checks.ts'
import { since } from './judge-exchanges.ts'
import type { RunsParts } from './run-parts.ts'

/** For connection and answer together. */
const askMs = 60_000
/** Asked for before it as well: the machine's clock may be another. */
const slackMs = 15 * 60_000

type Parts = Pick<RunsParts, 'inventory' | 'onbox' | 'clock'>

/** Asks an agent's machine what came in since a moment, the operator's own tests too. No content is asked for. */
export const exchangesSince =
  ({ inventory, onbox, clock }: Parts): CheckWork['exchanges'] =>
  async ({ boxId, agentId, sinceMs }, signal) => {
    const agent = inventory.agents(boxId).find((one) => one.agentId === agentId)
    if (!agent) throw new FaultError({ code: 'not-found', what: 'agent' })
    const fromMs = clock.nowMs()
    const request = {
      stateDir: agent.stateDir,
      withinMs: Math.max(0, fromMs - sinceMs) + slackMs,
      testHandles: inventory.testHandles().map(({ value }) => value),
    }
    const answer = await onbox.exchanges(boxId, request, { deadlineMs: askMs, signal })
    return since(answer, sinceMs, { fromMs, toMs: clock.nowMs() })
  }
