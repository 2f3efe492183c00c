import { useStops } from '../../api/stopping.ts'
import { askToStop, putRunAway, putStopAway, useStopping } from '../../state/stopping.ts'
import { useRunningNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Strip } from '../../ui/strip.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { elapsedText } from '../../ui/times.ts'
import { resultsOf } from './words.ts'

/** Under every header: a stop that is under way behind a closed dialog, and one that failed, until it is put away. */
export function StopStrip() {
  const { asked, run, putAway } = useStopping()
  const failed = useStops().filter(({ stopped, atMs }) => !stopped && !putAway.has(atMs))
  const now = useRunningNow(run?.ended === null, 100)
  if (asked) return null
  if (run?.ended === null)
    return (
      <Strip
        action={
          <Button small keys="shift+k" onClick={() => askToStop()}>
            Show
          </Button>
        }
      >
        <span>{`Stopping ${run.what}.`}</span>
        <span className="figures">{elapsedText(now - run.startedAtMs)}</span>
      </Strip>
    )
  const { problem } = resultsOf(run?.ended ?? null)
  if (problem)
    return (
      <Strip
        look="critical"
        action={
          <Button small onClick={putRunAway}>
            Put away
          </Button>
        }
      >
        <span className="font-semibold">{`NOT STOPPED: ${run?.what}. ${problem}`}</span>
      </Strip>
    )
  const [first] = failed
  if (!first) return null
  return (
    <Strip
      look="critical"
      action={
        <span className="flex shrink-0 gap-2">
          <Button small look="critical" onClick={() => askToStop({ boxId: first.boxId })}>
            Stop it
          </Button>
          <Button small onClick={() => putStopAway(first.atMs)}>
            Put away
          </Button>
        </span>
      }
    >
      <span className="font-semibold">
        <UntrustedText text={first.words} maxChars={400} />
      </span>
      <span>{first.nextStep}</span>
      {failed.length > 1 && <span>{`${failed.length - 1} more were not stopped.`}</span>}
    </Strip>
  )
}
