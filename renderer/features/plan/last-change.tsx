import { useMutation, useQuery } from '@tanstack/react-query'
import type { AgentPlan } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { said, wasCancelled } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { Age } from '../../ui/age.tsx'
import { outcomeOf } from '../../ui/apply-step-lines.ts'
import { JobEnd } from '../../ui/apply-steps.tsx'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { SectionLabel } from '../../ui/text.tsx'

/** The newest change made from here, and the way to ask the machine where its end was not seen. */
export function LastChange({ plan: { boxId, agentId }, readOnly }: { plan: AgentPlan; readOnly: boolean }) {
  const { data: jobs } = useQuery(orpc.apply.recent.queryOptions({ input: { boxId, limit: 10 } }))
  const ask = useMutation({
    mutationFn: () => client.apply.ask({ boxId }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: orpc.apply.key() }),
  })
  const job = jobs?.find((each) => each.agentId === agentId && each.state !== 'running')
  if (!job) return null
  const isOpen = outcomeOf(job)?.state === 'Not seen'
  const refused = ask.error && !wasCancelled(ask.error) ? said(ask.error) : null
  return (
    <section aria-label="Last change from here" className="flex flex-col gap-2">
      <div className="flex items-baseline gap-2">
        <SectionLabel>Last change from here</SectionLabel>
        <Age atMs={job.endedAtMs ?? job.begunAtMs} inSentence className="text-meta text-text3" />
      </div>
      <JobEnd job={job} />
      {isOpen && !readOnly && (
        <div className="flex items-center gap-3 pl-7">
          <Button small disabled={ask.isPending} onClick={() => ask.mutate()}>
            Ask the machine
          </Button>
          {ask.isPending && <span className="text-meta text-text3">It is asked how it stands.</span>}
        </div>
      )}
      {refused && <FaultLines sentence={refused.sentence} nextStep={refused.nextStep} />}
    </section>
  )
}
