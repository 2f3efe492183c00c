import type { SweepProgress } from '../../shared/contract/index.ts'
import { useRunningNow } from './age.tsx'
import { KeyCap } from './key-cap.tsx'
import { elapsedText } from './times.ts'

const namedAfterMs = 10_000
/** No sweep lasts so long: its start was told by another clock, as while the demo's past is made. */
const otherClockMs = 3_600_000

/** A running sweep as a number: "7 of 12 · 1.2 s · Esc stops"; after ten seconds also who is being waited for. */
export function SweepLine({ sweep }: { sweep: SweepProgress }) {
  const now = useRunningNow(true, 100)
  const elapsed = now - sweep.startedAtMs
  const isTold = elapsed < otherClockMs
  const working = sweep.boxes.filter((box) => box.state === 'working').map((box) => box.boxName)
  const named = isTold && elapsed > namedAfterMs && working.length > 0 && working.length <= 3
  return (
    <span
      role="progressbar"
      aria-label="Sweep"
      aria-valuemin={0}
      aria-valuemax={sweep.total}
      aria-valuenow={sweep.done}
      aria-valuetext={`${sweep.done} of ${sweep.total}`}
      className="inline-flex items-center gap-1"
    >
      <span className="figures">
        {sweep.done} of {sweep.total}
        {isTold && ` · ${elapsedText(elapsed)}`}
      </span>
      {named && <span className="truncate">· waiting for {working.join(', ')}</span>}
      <span>·</span> <KeyCap keys="escape" /> stops
    </span>
  )
}
