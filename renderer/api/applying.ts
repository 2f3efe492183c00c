import type { AgentPlan, ApplyJob } from '../../shared/contract/index.ts'
import { setRun } from '../state/applying.ts'
import { client } from './client.ts'
import { orpc, queryClient } from './queries.ts'
import { followApply } from './stopping.ts'

/** Makes exactly the change that this plan shows; how it goes stands in the state `applying`. */
export async function applyPlan({ agentId, boxId, operations, files, baseSha256, hash }: AgentPlan): Promise<void> {
  setRun(agentId, () => ({ job: null, steps: [], error: null }))
  const tell = (job: ApplyJob) =>
    setRun(agentId, (before) => {
      const steps = before?.steps ?? []
      const isNew = steps.at(-1)?.step !== job.step
      return { job, steps: isNew ? [...steps, { step: job.step, atMs: Date.now() }] : steps, error: null }
    })
  try {
    const begun = await client.apply.start({ boxId, agentId, changes: operations, files, baseSha256, hash })
    tell(begun)
    await followApply(begun.applyId, tell)
  } catch (error) {
    setRun(agentId, (before) => ({ job: before?.job ?? null, steps: before?.steps ?? [], error }))
  }
  await queryClient.invalidateQueries({ queryKey: orpc.apply.key() })
}
