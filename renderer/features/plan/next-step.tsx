import type { AgentPlan } from '../../../shared/contract/index.ts'
import { startSweep, useRunningSweep } from '../../api/sweeping.ts'
import { useApplying } from '../../state/applying.ts'
import { go } from '../../state/navigation.ts'
import { Button } from '../../ui/button.tsx'

/** Why nothing can be sent to this machine now; undefined: it can. */
export const whyNotSent = (plan: AgentPlan, held: string | undefined): string | undefined =>
  plan.state === 'changes'
    ? (held ?? (plan.hash === '' ? 'It was not read well enough to be changed.' : undefined))
    : ''

/** What can be done with the present machine: preview its change, look at it, read it again. */
export function NextStep({ plan, held, onApply }: { plan: AgentPlan; held: string | undefined; onApply: () => void }) {
  const running = useRunningSweep() !== null
  const goesOn = useApplying(({ runs }) => runs[plan.agentId]?.job?.state === 'running')
  const why = whyNotSent(plan, held)
  const said = [why, running ? 'A sweep is running.' : ''].filter(Boolean).join(' ')
  return (
    <section aria-label="Next step" className="sticks-below">
      <div className="flex flex-wrap items-center gap-2 bg-surface px-6 pt-3 pb-4">
        {(goesOn || plan.state === 'changes') && (
          <Button small look="primary" keys="p" disabled={!goesOn && why !== undefined} onClick={onApply}>
            {goesOn ? 'It is being changed' : 'Apply to this machine'}
          </Button>
        )}
        <Button small keys="o" onClick={() => go({ page: 'machine', boxId: plan.boxId })}>
          Open it
        </Button>
        <Button small keys="r" disabled={running} onClick={() => void startSweep([plan.boxId])}>
          Sweep
        </Button>
        {said && <span className="text-meta text-text3">{said}</span>}
      </div>
    </section>
  )
}
