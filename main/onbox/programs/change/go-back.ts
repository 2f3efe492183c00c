import { findRunnable, settleConfig } from '../../../runtimes/change.ts'
import { endPutBack, putBack, readPlan } from './marker.ts'

/** For the gateway to take the old file again. */
const backMs = 60_000

/**
 * Takes a change back, and waits until the gateway uses the old file: wherever the config is the old one again, whatever
 * became of the files.
 *
 * @returns whether an agent that ran before runs again; null: it did not, or its config was not put back.
 */
export async function goBack(folder: string, fingerprintKey: string): Promise<boolean | null> {
  const back = putBack(folder)
  if (back === null) return null
  const plan = readPlan(folder)
  const agent = back.config === 'back' && plan.kind === 'config' ? await findRunnable(plan.stateDir) : null
  const settled =
    agent === null
      ? null
      : await settleConfig(agent, { fingerprintKey, waitMs: backMs, sinceMs: Date.now(), expect: [], ran: plan.ran })
  endPutBack(folder, back)
  return settled !== null && plan.ran ? settled.running : null
}
