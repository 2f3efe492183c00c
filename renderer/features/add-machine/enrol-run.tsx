import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Box, EnrolStep } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { type Said, said, wasCancelled } from '../../api/fault.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { Button } from '../../ui/button.tsx'
import { FaultLines } from '../../ui/fault-lines.tsx'
import { middleCut } from '../../ui/middle-cut.ts'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { elapsedText } from '../../ui/times.ts'
import { Elapsed } from './elapsed.tsx'
import { Secrets, type SecretsGiven } from './secrets.tsx'
import { allSteps, askFor, shownDetail, stepWords } from './steps.ts'

/** Logs in and reads the machine for the first time, step by step. `startNow`: begin without being asked. */
export function EnrolRun({ box, startNow }: { box: Box; startNow: boolean }) {
  const [running, setRunning] = useState<AbortController | null>(null)
  const [failed, setFailed] = useState<Said | null>(null)
  const [ended, setEnded] = useState<{ steps: EnrolStep[]; enrolled: boolean } | null>(null)
  const progress = useQuery(orpc.trust.enrolProgress.queryOptions({ input: { boxId: box.boxId } }))
  const steps = allSteps(running ? (progress.data ?? []) : (ended?.steps ?? progress.data ?? []), box.hops.length > 0)
  const began = running !== null || ended !== null || failed !== null
  const failedStep = steps.find(({ state }) => state === 'failed')
  const done = ended ? ended.enrolled : failedStep === undefined && failed === null && box.launcher !== null

  const run = async (secrets: SecretsGiven) => {
    const giveUp = new AbortController()
    setFailed(null)
    setEnded(null)
    setRunning(giveUp)
    try {
      setEnded(await client.trust.enrol({ boxId: box.boxId, ...secrets }, { signal: giveUp.signal }))
    } catch (error) {
      if (!wasCancelled(error)) setFailed(said(error))
    } finally {
      await queryClient.invalidateQueries({ queryKey: orpc.trust.key() })
      setRunning(null)
    }
  }
  const cancel = () => {
    running?.abort()
    client.trust.cancelEnrol({ boxId: box.boxId }).catch((error: unknown) => setFailed(said(error)))
  }
  const started = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, right after the key was accepted
  useEffect(() => {
    if (!startNow || started.current) return
    started.current = true
    void run({})
  }, [startNow])
  useActions(
    'Enrolment',
    [{ title: 'Cancel the enrolment', keys: 'escape', run: cancel, keysOnly: true }].filter(() => running !== null),
  )

  const stopped = failedStep?.fault ?? failed?.fault ?? null
  const ask = stopped ? askFor(stopped, box.auth.kind) : null
  return (
    <section className="flex flex-col gap-3" aria-labelledby="login-title">
      <h2 id="login-title" className="text-lead font-semibold">
        {done && !running ? 'Enrolled' : 'Log in and read it'}
      </h2>
      {(began || steps.some(({ state }) => state !== 'waiting')) && <StepList steps={steps} />}
      {failed && <FaultLines sentence={failed.sentence} nextStep={failed.nextStep} />}
      {running ? (
        <div>
          <Button small keys="escape" onClick={cancel}>
            Cancel
          </Button>
        </div>
      ) : done ? (
        <Enrolled box={box} />
      ) : (
        <Secrets
          box={box}
          ask={ask}
          words={began || failedStep ? 'Try again' : 'Log in and read it'}
          onStart={(secrets) => void run(secrets)}
        />
      )}
    </section>
  )
}

const icons: Record<EnrolStep['state'], StateWordText> = {
  waiting: 'Waiting',
  working: 'Working',
  ok: 'OK',
  failed: 'Failing',
}
const spoken: Record<EnrolStep['state'], string> = {
  waiting: 'waiting',
  working: 'working',
  ok: 'done',
  failed: 'failed',
}

function StepList({ steps }: { steps: readonly EnrolStep[] }) {
  return (
    <ol className="flex max-w-[880px] flex-col" aria-label="Steps of the enrolment">
      {steps.map(({ step, state, detail, tookMs }) => (
        <li
          key={step}
          data-step={step}
          data-state={state}
          className="grid min-h-7 grid-cols-[16px_184px_1fr_64px] items-start gap-x-3 py-1"
        >
          <span className="pt-0.5">
            <StateIcon word={icons[state]} label={spoken[state]} />
          </span>
          <span className={state === 'waiting' ? 'text-text3' : ''}>{stepWords[step]}</span>
          <UntrustedText
            className={`readable min-w-0 break-words ${state === 'failed' ? 'text-critical' : 'text-text2'}`}
            text={shownDetail(step, state, detail)}
            maxChars={600}
          />
          <span className="figures text-right text-meta leading-5 text-text3">
            {state === 'working' ? <Elapsed /> : tookMs === null ? '' : tookMs < 100 ? '< 0.1 s' : elapsedText(tookMs)}
          </span>
        </li>
      ))}
    </ol>
  )
}

function Enrolled({ box }: { box: Box }) {
  const boxes = useQuery(orpc.inventory.boxes.queryOptions())
  const behind = boxes.data?.find((other) => other.hops.includes(box.boxId) && other.launcher === null)
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-[72ch]">
        {box.jumpOnly
          ? 'It is trusted and can be passed through.'
          : 'It answered and takes part in every sweep from now on.'}
      </p>
      <div className="flex gap-2">
        {behind && (
          <Button look="primary" keys="enter" autoFocus onClick={() => go({ page: 'add', boxId: behind.boxId })}>
            <span>
              Go on with <UntrustedText text={middleCut(behind.name, 32)} />
            </span>
          </Button>
        )}
        <Button
          look={behind ? 'default' : 'primary'}
          {...(behind ? {} : { keys: 'enter', autoFocus: true })}
          onClick={() => go({ page: 'machine', boxId: box.boxId })}
        >
          Open its page
        </Button>
        <Button onClick={() => go({ page: 'add' })}>Add another machine</Button>
        <Button keys="g f" onClick={() => go({ page: 'fleet' })}>
          Fleet
        </Button>
      </div>
    </div>
  )
}
