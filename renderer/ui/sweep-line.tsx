import type { SweepProgress } from '../../shared/contract/index.ts'
import { useRunningNow } from './age.tsx'
import { KeyCap } from './key-cap.tsx'
import { elapsedText } from './times.ts'

const namedAfterMs = 10_000

/** A running sweep as a number: "7 of 12 · 1.2 s · Esc stops"; after ten seconds also who is being waited for. */
export function SweepLine({ sweep }: { sweep: SweepProgress }) {
  const now = useRunningNow(true, 100)
  const elapsed = now - sweep.startedAtMs
  const working = sweep.boxes.filter((box) => box.state === 'working').map((box) => box.boxName)
  const named = elapsed > namedAfterMs && working.length > 0 && working.length <= 3
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
        {sweep.done} of {sweep.total} · {elapsedText(elapsed)}
      </span>
      {named && <span className="truncate">· waiting for {working.join(', ')}</span>}
      <span>·</span> <KeyCap keys="escape" /> stops
    </span>
  )
}
