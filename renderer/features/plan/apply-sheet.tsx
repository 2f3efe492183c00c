import { useMutation, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { AgentPlan, WayBack } from '../../../shared/contract/index.ts'
import { applyPlan } from '../../api/applying.ts'
import { client } from '../../api/client.ts'
import { said, wasCancelled } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { type ApplyRun, forgetRun, useApplying } from '../../state/applying.ts'
import { Age } from '../../ui/age.tsx'
import { ApplySteps } from '../../ui/apply-steps.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Diff } from '../../ui/diff.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { PrimaryByKey } from '../../ui/primary-by-key.tsx'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { Source } from './agent-pane.tsx'
import { changesCounted, shortHash } from './words.ts'

/** One machine's change before it goes: what, whether it may, and how it comes back; then how it went. */
export function ApplySheet({ plan, onClose }: { plan: AgentPlan; onClose: () => void }) {
  const run = useApplying(({ runs }) => runs[plan.agentId])
  const close = () => {
    if (run && (run.error !== null || (run.job !== null && run.job.state !== 'running'))) forgetRun(plan.agentId)
    onClose()
  }
  const whose = [plan.clientName, plan.version].filter(Boolean).join(' · ')
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && close()}
      title={`Apply to ${plan.name}`}
      {...(whose === '' ? {} : { description: whose })}
      width={640}
    >
      <PrimaryByKey>
        {run && run.job !== null ? (
          <Going plan={plan} run={run} onClose={close} />
        ) : (
          <Before plan={plan} run={run} onClose={close} />
        )}
      </PrimaryByKey>
    </Sheet>
  )
}

function Before({ plan, run, onClose }: { plan: AgentPlan; run: ApplyRun | undefined; onClose: () => void }) {
  const [shown, setShown] = useState(plan)
  const { boxId } = plan
  const wayBack = useQuery(orpc.apply.wayBack.queryOptions({ input: { boxId } }))
  const moved = plan.hash !== shown.hash
  const asking = run !== undefined && run.error === null
  const proven = wayBack.data?.proven === true
  const refused = run && run.error !== null && !wasCancelled(run.error) ? said(run.error) : null
  const missing = moved
    ? 'The machine’s plan is another by now.'
    : shown.hash === ''
      ? 'There is nothing to send.'
      : !proven
        ? 'The drill comes first.'
        : asking
          ? 'A dialog of the system asks whether to do it.'
          : ''
  return (
    <>
      <section aria-label="What changes" className="flex flex-col gap-2">
        <SectionLabel count={shown.changes.length}>What changes</SectionLabel>
        <Diff changes={shown.changes} about={(change) => <Source change={change} />} />
      </section>
      <section aria-label="Before it goes" className="flex flex-col gap-3">
        <SectionLabel>Before it goes</SectionLabel>
        <ul className="flex flex-col gap-3">
          <RulesCheck plan={shown} />
          {shown.cannot.length > 0 && (
            <Check
              state="Behind"
              words={`${changesCounted(shown.cannot.length).replace('change', 'thing')} it cannot be given`}
              evidence={shown.cannot[0]?.words ?? ''}
            />
          )}
          {shown.foundAtMs !== null && (
            <Check
              state={shown.old ? 'Not seen' : 'OK'}
              words={
                <>
                  {'Read '}
                  <Age atMs={shown.foundAtMs} inSentence className="" />
                </>
              }
              evidence="If its config is another by then, nothing is changed."
            />
          )}
          <WayBackCheck boxId={boxId} wayBack={wayBack.data} />
        </ul>
      </section>
      {refused && <FaultLines sentence={refused.sentence} nextStep={refused.nextStep} />}
      {run?.error != null && !refused && <p role="status">It was not confirmed, so nothing was sent.</p>}
      <div className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-3">
          <Button
            look="primary"
            keys="mod+enter"
            data-primary
            disabled={missing !== ''}
            onClick={() => void applyPlan(shown)}
          >
            Make the change
          </Button>
          <Button keys="escape" onClick={onClose}>
            Don’t change
          </Button>
          {missing && (
            <span role="status" className="text-meta text-text3">
              {missing}
            </span>
          )}
          {moved && <TextButton onClick={() => setShown(plan)}>Show the new one</TextButton>}
        </div>
        <p className="text-meta text-text3">
          {`Fingerprint ${shortHash(shown.hash)} · holds while the config on the machine stays as it is`}
        </p>
      </div>
    </>
  )
}

/** Nothing is said of a machine that was not read. */
function RulesCheck({ plan: { state, why, refusals } }: { plan: AgentPlan }) {
  if (state === 'unread') return null
  if (state !== 'refused')
    return (
      <Check
        state="OK"
        words="No fixed rule refuses it"
        evidence="Judged on what was read. The machine’s own config is judged again, before and after."
      />
    )
  const told = refusals.map(({ path, words }) => [path, words].filter(Boolean).join(': '))
  return <Check state="Failing" words="It is refused" evidence={told.join(' ') || why} />
}

function Check({
  state,
  words,
  evidence,
  action,
}: {
  state: StateWordText
  words: ReactNode
  evidence: string
  action?: ReactNode
}) {
  return (
    <li className="flex gap-3">
      <span className="flex h-5 items-center">
        <StateIcon word={state} />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p>{words}</p>
        {evidence !== '' && (
          <p className="text-meta text-text3">
            <UntrustedText text={evidence} maxChars={400} />
          </p>
        )}
        {action}
      </div>
    </li>
  )
}

/** Whether it was seen that a change goes back by itself there, and the way to see it. */
function WayBackCheck({ boxId, wayBack }: { boxId: AgentPlan['boxId']; wayBack: WayBack | undefined }) {
  const drill = useMutation({
    mutationFn: () => client.apply.drill({ boxId }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: orpc.apply.wayBack.key() }),
  })
  if (wayBack === undefined) return null
  if (wayBack.proven)
    return (
      <Check
        state="OK"
        words="If something goes wrong it goes back by itself"
        evidence={`Seen in a drill. ${wayBack.words}`}
      />
    )
  const refused = drill.error && !wasCancelled(drill.error) ? said(drill.error) : null
  return (
    <Check
      state={wayBack.triedAtMs === null ? 'Not seen' : 'Failing'}
      words={
        wayBack.triedAtMs === null
          ? 'Nobody has seen yet that a change goes back by itself there'
          : 'It did not show that a change goes back by itself'
      }
      evidence={
        wayBack.triedAtMs === null
          ? 'The drill changes a file of its own there and cuts the connection.'
          : wayBack.words
      }
      action={
        <div className="flex flex-col items-start gap-2 pt-1">
          <Button small disabled={drill.isPending} onClick={() => drill.mutate()}>
            {drill.isPending ? 'The drill runs' : 'Run the drill'}
          </Button>
          {drill.isPending && (
            <span role="status" className="text-meta text-text3">
              It takes a few seconds.
            </span>
          )}
          {refused && <FaultLines sentence={refused.sentence} nextStep={refused.nextStep} />}
        </div>
      }
    />
  )
}

function Going({ plan, run, onClose }: { plan: AgentPlan; run: ApplyRun; onClose: () => void }) {
  const lost = run.error !== null && !wasCancelled(run.error) ? said(run.error) : null
  return (
    <>
      <ApplySteps run={run} />
      {lost && <FaultLines sentence={lost.sentence} nextStep={lost.nextStep} />}
      <div className="flex items-center gap-3">
        <Button keys="escape" onClick={onClose}>
          {run.job?.state === 'running' ? 'Leave it running' : 'Close'}
        </Button>
        {run.job?.state === 'running' && (
          <span className="text-meta text-text3">{`It goes on, and stands with ${plan.name} in the plan.`}</span>
        )}
      </div>
    </>
  )
}
