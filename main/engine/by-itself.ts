import type { Backups } from '../backup/backup.ts'
import type { Changes } from '../base/changes.ts'
import type { Facts } from '../facts/facts.ts'
import type { Findings } from '../findings/findings.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Logs } from '../logs/logs.ts'
import type { Runs } from '../rollout/rollout.ts'
import type { SettingsStore, Store } from '../store/store.ts'
import { startDailyBackups } from './daily-backups.ts'
import type { EngineOptions } from './engine.ts'
import { startNotifier } from './notifier.ts'
import { watchRuns } from './run-watch.ts'
import { type Schedule, startSchedule } from './schedule.ts'

export interface ByItselfParts {
  readonly options: EngineOptions
  readonly store: Store
  readonly settings: SettingsStore
  readonly inventory: Pick<Inventory, 'boxes'>
  readonly findings: Findings
  readonly facts: Facts
  readonly logs: Pick<Logs, 'purgeOld'>
  readonly runs: Pick<Runs, 'list'>
  readonly backups: Pick<Backups, 'startDue'>
  readonly changes: Changes
}

/** What goes on in an open console though nobody asks for it. */
export interface ByItself {
  /** Null on the command line, and where nothing may be written. */
  readonly schedule: Schedule | null
  stop(): void
}

/** True until the demo's own first sweep of a made-up fleet that stands has ended: it comes with its troubles, and they are no news. */
function untilFirstSweep(facts: Facts, { clock, demo, doing }: EngineOptions): () => boolean {
  const bornMs = clock.monotonicMs()
  let waiting = demo
  return () => {
    const was = waiting
    const newest = facts.sweeps.current()
    // By the clock as it is now: the sweeps of a made-up past lie before.
    const beganMs = clock.nowMs() - (clock.monotonicMs() - bornMs)
    const stands = (doing?.() ?? null) === null
    // A planned one may come first, and doubts what it sees once.
    const first = newest?.reason === 'operator' && newest.state === 'done' && newest.startedAtMs >= beganMs
    if (stands && first) waiting = false
    // What that sweep found is looked at once more in silence.
    return was
  }
}

/** Sweeps at their times, the daily copy, notices of findings and of runs, and a computer that stays awake meanwhile. */
export function startByItself(parts: ByItselfParts): ByItself {
  const { options, store, settings, inventory, findings, facts, logs, runs, backups, changes } = parts
  const { clock, log, notify } = options
  const sweepAll = (asked: Parameters<Facts['sweeps']['start']>[0]) => {
    if (inventory.boxes().length > 0) facts.sweeps.start(asked)
  }
  const newestFullSweep = () => {
    const boxes = inventory.boxes().filter((box) => !box.jumpOnly).length
    return facts.sweeps.history(20).find((sweep) => sweep.reason !== 'enrolment' && sweep.total >= boxes) ?? null
  }
  const scheduled = options.host === 'desktop' && store.writable
  const schedule = scheduled
    ? startSchedule({
        clock,
        log,
        sweepAt: () => settings.get().sweepAt,
        newestFullSweepMs: () => newestFullSweep()?.startedAtMs ?? null,
        sweep: (reason) => sweepAll({ reason }),
        asked: () => ({
          everyMinutes: settings.get().lightSweepMinutes,
          lastAskedMs: facts.sweeps.lastAskedMs(),
          noNetwork: facts.watch.noNetworkSinceMs() !== null,
          doubtMs: findings.oldestDoubtMs(),
        }),
        lightSweep: () => sweepAll({ reason: 'schedule', kind: 'light' }),
        alive: () => facts.watch.alive(),
        lastBackupMs: () => store.lastBackupAtMs(),
        backup: () => store.backup(),
        tidy: () => logs.purgeOld(),
      })
    : null
  const silent = untilFirstSweep(facts, options)
  const stopNotifier =
    notify && scheduled
      ? startNotifier({ clock, log, changes, findings, settings: settings.get, silent, tell: notify })
      : () => {}
  const stopBackups = scheduled
    ? startDailyBackups({
        changes,
        log,
        newestFullSweep,
        wanted: () => settings.get().backUpDaily,
        startDue: () => backups.startDue(),
      })
    : () => {}
  const stopRunWatch = watchRuns({
    changes,
    log,
    runs: () => runs.list({ limit: 20 }),
    mayTell: () => settings.get().notify,
    tell: notify ?? (() => {}),
    awake: options.awake ?? (() => {}),
  })
  return {
    schedule,
    stop() {
      stopNotifier()
      stopBackups()
      stopRunWatch()
      schedule?.stop()
    },
  }
}
