import { DateTime } from 'luxon'
import type { SweepSummary } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'

/**
 * The newest planned time at or before `nowMs`; null when none is planned.
 *
 * @param sweepAt local times of this computer, `HH:MM`.
 */
export function newestSlotMs(nowMs: number, sweepAt: readonly string[]): number | null {
  const today = DateTime.fromMillis(nowMs).startOf('day')
  const slots = [0, 1].flatMap((daysAgo) =>
    sweepAt.map((time) => {
      const [hour = 0, minute = 0] = time.split(':').map(Number)
      return today.minus({ days: daysAgo }).set({ hour, minute }).toMillis()
    }),
  )
  const begun = slots.filter((atMs) => atMs <= nowMs)
  return begun.length === 0 ? null : Math.max(...begun)
}

/** Is a planned sweep due that has not begun? */
export function isSweepDue(nowMs: number, sweepAt: readonly string[], newestFullSweepMs: number | null): boolean {
  const slot = newestSlotMs(nowMs, sweepAt)
  return slot !== null && (newestFullSweepMs === null || newestFullSweepMs < slot)
}

const dayMs = 24 * 3_600_000

/** Is it a day since the last copy? */
export const isBackupDue = (nowMs: number, lastMs: number | null): boolean =>
  lastMs === null || Math.abs(nowMs - lastMs) >= dayMs

export interface ScheduleParts {
  readonly clock: Clock
  readonly log: Log
  readonly sweepAt: () => readonly string[]
  /** When the newest sweep of the whole fleet began; null: never. */
  readonly newestFullSweepMs: () => number | null
  readonly sweep: (reason: SweepSummary['reason']) => void
  readonly lastBackupMs: () => number | null
  readonly backup: () => Promise<unknown>
}

export interface Schedule {
  suspend(): void
  resume(): void
  stop(): void
}

/** Looked at this often; a planned sweep begins at most so late. */
const lookMs = 30_000
/** A laptop that wakes needs a moment for its network; nobody waits for a sweep that soon. */
export const afterWakeMs = 10_000
/** Nothing is begun in the first moments: the window comes first. */
const afterStartMs = 5_000

/** Begins planned sweeps and the daily backup. Nothing is begun while the computer sleeps; what was missed is caught up after. */
export function startSchedule(parts: ScheduleParts): Schedule {
  const { clock, log } = parts
  let asleep = false
  let stopped = false
  let cancel = () => {}
  let reason: SweepSummary['reason'] = 'start'
  let copying = false

  const look = () => {
    if (stopped || asleep) return
    const nowMs = clock.nowMs()
    try {
      if (isSweepDue(nowMs, parts.sweepAt(), parts.newestFullSweepMs())) parts.sweep(reason)
      reason = 'schedule'
      if (!copying && isBackupDue(nowMs, parts.lastBackupMs())) {
        copying = true
        parts.backup().then(
          () => {
            copying = false
          },
          // A full disk is not tried again every half minute: `copying` stays set until the next start.
          (error: unknown) => log.error('backup.failed', error),
        )
      }
    } catch (error) {
      log.error('schedule.failed', error)
    }
    again(lookMs)
  }
  const again = (delayMs: number) => {
    cancel()
    cancel = clock.after(delayMs, look, true)
  }
  again(afterStartMs)
  return {
    suspend() {
      asleep = true
      cancel()
    },
    resume() {
      if (!asleep) return
      asleep = false
      reason = 'wake'
      again(afterWakeMs)
    },
    stop() {
      stopped = true
      cancel()
    },
  }
}
