import { useMutation } from '@tanstack/react-query'
import type { KeyBox, KeyRun, KeyRunId, KeyState, KeyStep } from '../../../shared/contract/index.ts'
import { faultText } from '../../../shared/fault-text.ts'
import { client } from '../../api/client.ts'
import { keepKeyRun, useKeyRun } from '../../api/rotating.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { askToRotate, closeRotating } from '../../state/rotating.ts'
import { useRunningNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { elapsedText } from '../../ui/times.ts'
import { LeftOut } from './new-key.tsx'

const icons: Record<KeyState, StateWordText> = {
  waiting: 'Waiting',
  running: 'Working',
  rotated: 'OK',
  kept: 'Failing',
  both: 'Changed',
  unknown: 'Not seen',
  'not-attempted': 'Paused',
}

const steps: Record<KeyStep, string> = {
  looking: 'Looking which keys stand there',
  adding: 'Adding the new key',
  proving: 'Logging in with the new key',
  switching: 'Using the new key from here on',
  removing: 'Taking the old key out',
  checking: 'Logging in once more with each',
}

const ends: Record<KeyRun['state'], string> = {
  running: '',
  done: 'Done.',
  stopped: 'Stopped: not every machine has the new key.',
  interrupted: 'The console ended meanwhile. Ask the machines how they stand.',
}

/** A change of the key, machine by machine, and what can be done about it. */
export function KeyRunView({ runId }: { runId: KeyRunId }) {
  const run = useKeyRun(runId)
  const act = useMutation({ mutationFn: (work: () => Promise<KeyRun>) => work(), onSuccess: keepKeyRun })
  const stop = useMutation({ mutationFn: () => client.keys.stop({ runId }) })
  const now = useRunningNow(run?.endedAtMs === null, 100)
  if (run === null) return null
  const running = run.state === 'running'
  const has = (...states: KeyState[]) => run.boxes.some(({ state }) => states.includes(state))
  const rotated = run.boxes.filter(({ state }) => state === 'rotated').length
  const problem = act.error ?? stop.error
  const busy = running || act.isPending
  return (
    <div className="readable flex flex-col gap-4">
      <p role="status">
        <span className="figures">{`${rotated} of ${run.boxes.length}`}</span>
        <span className="figures text-text2">{` · ${elapsedText((run.endedAtMs ?? now) - run.begunAtMs)}`}</span>
        {ends[run.state] && <span className="text-text2">{` · ${ends[run.state]}`}</span>}
        <span className="block text-meta text-text3">
          {run.reverts === null ? '' : 'Each machine gets its earlier key back. '}
          {run.newFingerprint !== null && <span className="mono break-all">{run.newFingerprint}</span>}
        </span>
      </p>
      <section aria-label="Machines" className="flex flex-col gap-1">
        <SectionLabel count={run.boxes.length}>Machines</SectionLabel>
        <ul className="max-h-[320px] overflow-y-auto">
          {run.boxes.map((box) => (
            <BoxLine key={box.boxId} box={box} />
          ))}
        </ul>
      </section>
      <LeftOut leftOut={run.leftOut} />
      {problem && (
        <p role="alert" className="text-critical">
          {sentenceOf(problem)}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {running && (
          <Button disabled={stop.isPending} onClick={() => stop.mutate()}>
            Begin no further machine
          </Button>
        )}
        {!running && run.state !== 'done' && (
          <Button look="primary" disabled={busy} onClick={() => act.mutate(() => client.keys.continue({ runId }))}>
            Go on
          </Button>
        )}
        {!running && has('unknown', 'both', 'kept') && (
          <Button disabled={busy} onClick={() => act.mutate(() => client.keys.ask({ runId }))}>
            Ask the machines
          </Button>
        )}
        {!running && run.reverts === null && has('rotated', 'both') && (
          <Button disabled={busy} onClick={() => act.mutate(() => client.keys.revert({ runId }))}>
            Give the earlier key back
          </Button>
        )}
        {!running && (
          <Button disabled={busy} onClick={() => askToRotate(null)}>
            Another key
          </Button>
        )}
        <Button keys="escape" onClick={closeRotating}>
          {running ? 'Leave it running' : 'Close'}
        </Button>
      </div>
    </div>
  )
}

function BoxLine({ box }: { box: KeyBox }) {
  const { boxName, wave, state, step, words, fault, nextStep, tookMs } = box
  const at =
    state === 'waiting' ? 'Waiting' : state === 'running' ? (step === null ? 'Connecting' : steps[step]) : words
  const more = [fault === null ? '' : faultText(fault).sentence, nextStep].filter(Boolean).join(' ')
  return (
    <li className="flex min-h-7 gap-3 py-1">
      <span className="flex h-5 items-center">
        <StateIcon word={icons[state]} />
      </span>
      <span className="figures w-5 shrink-0 text-text3">{wave}</span>
      <span className="w-[140px] shrink-0 truncate">
        <MachineName name={boxName} className="max-w-[140px]" />
      </span>
      <span className="min-w-0 flex-1 break-words text-text2">
        <UntrustedText text={at} maxChars={600} />
        {more && (
          <span className="block text-meta text-text3">
            <UntrustedText text={more} maxChars={600} />
          </span>
        )}
      </span>
      {tookMs !== null && <span className="figures shrink-0 text-meta text-text3">{elapsedText(tookMs)}</span>}
    </li>
  )
}
