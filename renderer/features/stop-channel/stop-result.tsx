import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { ChannelStop } from '../../../shared/contract/index.ts'
import { stopChannel } from '../../api/stopping.ts'
import type { StopRun } from '../../state/stopping.ts'
import { useRunningNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { agoText, elapsedText } from '../../ui/times.ts'
import { resultsOf } from './words.ts'

const tellWithinS = 30

/** What the machines were seen to do. Nothing but an answer that it is off reads as stopped. */
export function StopResult({
  run,
  onStartAgain,
  onClose,
}: {
  run: StopRun
  onStartAgain: (stop: ChannelStop) => void
  onClose: () => void
}) {
  const now = useRunningNow(true, run.ended === null ? 100 : 1_000)
  const whole = useRef<HTMLDivElement>(null)
  useEffect(() => whole.current?.focus(), [])
  const { failed, off, problem } = resultsOf(run.ended)
  const [only] = off
  const again = off.length === 1 && failed.length === 0 && only ? () => onStartAgain(only) : null
  const retry = failed.length > 0 ? () => void tryAgain(failed, run.what) : null
  const press = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.target instanceof HTMLButtonElement) return
    if (event.key === 's' && again) again()
    else if (event.key === 'Enter' && retry) retry()
    else if (event.key === 'Enter' && run.ended !== null) onClose()
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of its own buttons, from anywhere in it
    <div ref={whole} tabIndex={-1} onKeyDown={press} className="readable flex flex-col gap-4 outline-none">
      {run.ended === null && (
        <p role="status">
          Stopping. <span className="figures text-text2">{elapsedText(now - run.startedAtMs)}</span>
          <span className="block text-meta text-text3">
            {`The machine says within ${tellWithinS} s what became of it. Closing this cancels nothing.`}
          </span>
        </p>
      )}
      {problem && (
        <Told icon="Failing" words={`NOT STOPPED. ${problem}`} nextStep="Try again, or call someone there." loud />
      )}
      {failed.map((stop) => (
        <Told key={stop.boxId + stop.agentId} icon="Failing" words={stop.words} nextStep={stop.nextStep} loud />
      ))}
      {off.map((stop) => (
        <Told
          key={stop.boxId + stop.agentId}
          icon="OK"
          words={`${stop.words} Checked ${agoText(stop.atMs, now)}.`}
          nextStep={stop.nextStep}
        />
      ))}
      <div className="flex flex-wrap items-center gap-2">
        {retry && (
          <Button look="critical-filled" keys="enter" onClick={retry}>
            Try again
          </Button>
        )}
        {again && (
          <Button keys="s" onClick={again}>
            Start it again
          </Button>
        )}
        <Button keys="escape" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  )
}

async function tryAgain(failed: readonly ChannelStop[], what: string): Promise<void> {
  const [first] = failed
  if (!first) return
  const one = failed.length === 1
  await stopChannel({ boxId: one ? first.boxId : null, channel: first.channel, account: first.account, what })
}

function Told({
  icon,
  words,
  nextStep,
  loud = false,
}: {
  icon: 'OK' | 'Failing'
  words: string
  nextStep: string
  loud?: boolean
}) {
  return (
    <div role={loud ? 'alert' : 'status'} className="flex gap-3">
      <span className="flex h-5 shrink-0 items-center">
        <StateIcon word={icon} />
      </span>
      <div className="min-w-0 break-words">
        <p className={loud ? 'font-semibold text-critical' : ''}>
          <UntrustedText text={words} maxChars={600} />
        </p>
        {nextStep && <p className="text-text2">{nextStep}</p>}
      </div>
    </div>
  )
}
