import type { AgentPlan } from '../../../shared/contract/index.ts'
import { startSweep, stopSweep, useRunningSweep } from '../../api/sweeping.ts'
import { type Action, useActions } from '../../state/actions.ts'
import { useApplying } from '../../state/applying.ts'
import { go } from '../../state/navigation.ts'
import { clearPlanFilter, usePlanState } from '../../state/plan.ts'
import { offerSentence } from '../../state/said.ts'
import { copyText } from '../../ui/copyable.tsx'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { whyNotSent } from './next-step.tsx'
import { commandOf } from './words.ts'

const set = usePlanState.setState

function step(plans: readonly AgentPlan[], present: AgentPlan | undefined, steps: number): void {
  const at = present ? plans.indexOf(present) : 0
  const next = plans[Math.min(plans.length - 1, Math.max(0, at + steps))]
  if (!next) return
  set({ chosen: next.agentId })
  takeFocusAlong('listbox', 'data-agent', next.agentId)
}

async function copyCommand(plan: AgentPlan): Promise<void> {
  if (await copyText(commandOf(plan))) offerSentence('Copied: the command that does the same.', 'plain')
  else offerSentence('The clipboard refused it, so nothing was copied.')
}

/** What Esc closes first: pane, filter; only then the page. */
function useEscapes(): Action[] {
  const { paneOpen, filter, filterOpen } = usePlanState()
  const running = useRunningSweep() !== null
  const key = { keys: 'escape', keysOnly: true }
  if (filter || filterOpen) return [{ title: 'Clear the filter', ...key, run: clearPlanFilter }]
  if (running) return [{ title: 'Stop the sweep', keys: 'escape', run: () => void stopSweep() }]
  return paneOpen ? [{ title: 'Close the pane', ...key, run: () => set({ paneOpen: false }) }] : []
}

/** Keys of the plan. */
export function usePlanKeys(
  plans: readonly AgentPlan[],
  plan: AgentPlan | undefined,
  { apply, held }: { apply: () => void; held: string | undefined },
): void {
  const goesOn = useApplying(({ runs }) => plan !== undefined && runs[plan.agentId]?.job?.state === 'running')
  const why = plan && !goesOn ? whyNotSent(plan, held) : undefined
  const running = useRunningSweep() !== null
  const none = plan ? undefined : 'No machine is chosen.'
  useActions('Plan', [
    ...useEscapes(),
    { title: 'Next machine', keys: ['j', 'down'], run: () => step(plans, plan, 1), keysOnly: true },
    { title: 'Machine before', keys: ['k', 'up'], run: () => step(plans, plan, -1), keysOnly: true },
    { title: 'Peek', keys: 'space', run: () => set({ paneOpen: true }), unavailable: none, keysOnly: true },
    {
      title: 'Apply to this machine',
      keys: ['p', 'enter'],
      run: apply,
      unavailable: none ?? (why === '' ? 'Nothing can be sent to it.' : why),
    },
    { title: 'Drift', keys: 'd', run: () => go({ page: 'drift' }) },
    {
      title: 'Open the machine',
      keys: 'o',
      run: () => plan && go({ page: 'machine', boxId: plan.boxId }),
      unavailable: none,
    },
    { title: 'Copy the command', keys: 'y', run: () => plan && void copyCommand(plan), unavailable: none },
    {
      title: 'Sweep this machine',
      keys: 'r',
      run: () => plan && void startSweep([plan.boxId]),
      unavailable: running ? 'A sweep is running.' : none,
    },
    {
      title: 'Filter',
      keys: '/',
      run: () => set({ filterOpen: true }),
      unavailable: plans.length === 0 && usePlanState.getState().filter === '' ? 'There is no plan yet.' : undefined,
    },
  ])
}
