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

/** While this computer has no network, it is tried this often: nobody should wait for the next light sweep. */
const noNetworkTryMs = 2 * 60_000

/** A trouble that was seen once is looked at again so long after: soon, and late enough for a blip to be over. */
const secondLookMs = 5 * 60_000

export interface FleetAsked {
  readonly everyMinutes: number
  /** When the whole fleet was last asked, by whatever sweep; null: never. */
  readonly lastAskedMs: number | null
  readonly noNetwork: boolean
  /** When a trouble that is not believed yet was last seen; null: none. */
  readonly doubtMs: number | null
}

/** Is it time for a light sweep? With 0 minutes only for a second look. */
export function isLightSweepDue(nowMs: number, { everyMinutes, lastAskedMs, noNetwork, doubtMs }: FleetAsked): boolean {
  const agoMs = lastAskedMs === null ? Number.POSITIVE_INFINITY : Math.abs(nowMs - lastAskedMs)
  if (doubtMs !== null && !noNetwork && nowMs - doubtMs >= secondLookMs && agoMs >= secondLookMs) return true
  if (everyMinutes === 0) return false
  return agoMs >= (noNetwork ? Math.min(noNetworkTryMs, everyMinutes * 60_000) : everyMinutes * 60_000)
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
  readonly asked: () => FleetAsked
  readonly lightSweep: () => void
  /** The console is awake; called at each look. */
  readonly alive: () => void
  readonly lastBackupMs: () => number | null
  readonly backup: () => Promise<unknown>
  /** Removes what is older than it is kept; soon after the start, then once a day. */
  readonly tidy: () => Promise<unknown>
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

/** Begins planned sweeps, light ones between them, and the daily backup. Nothing is begun while the computer sleeps; what was missed is caught up after. */
export function startSchedule(parts: ScheduleParts): Schedule {
  const { clock, log } = parts
  let asleep = false
  let stopped = false
  let cancel = () => {}
  let reason: SweepSummary['reason'] = 'start'
  let copying = false
  let tidiedMs: number | null = null

  const look = () => {
    if (stopped || asleep) return
    const nowMs = clock.nowMs()
    try {
      parts.alive()
      if (isSweepDue(nowMs, parts.sweepAt(), parts.newestFullSweepMs())) parts.sweep(reason)
      else if (isLightSweepDue(nowMs, parts.asked())) parts.lightSweep()
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
      if (isBackupDue(nowMs, tidiedMs)) {
        tidiedMs = nowMs
        parts.tidy().catch((error: unknown) => log.error('tidy.failed', error))
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
