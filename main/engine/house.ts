import type { BoxId, SweepId } from '../../shared/contract/index.ts'
import { type Activity, createActivity } from '../activity/activity.ts'
import type { Changes } from '../base/changes.ts'
import { createFacts, type Facts, type Registry } from '../facts/facts.ts'
import { createFindings, type Findings } from '../findings/findings.ts'
import { createInventory, type Inventory } from '../inventory/inventory.ts'
import { createLedger, type Ledger } from '../ledger/ledger.ts'
import { createOnboarding, type Onboarding } from '../onboarding/onboarding.ts'
import { createOnbox } from '../onbox/onbox.ts'
import { createPages, type Pages } from '../pages/pages.ts'
import { acceptedOnCommandLine, createSsh, createTrustHandlers, type Ssh } from '../ssh/ssh.ts'
import { createSettings, type SettingsStore, type Store } from '../store/store.ts'
import type { EngineOptions } from './engine.ts'
import { afterWakeMs, type Schedule, startSchedule } from './schedule.ts'

/** Every domain over one open store. */
export interface House {
  readonly store: Store
  readonly settings: SettingsStore
  readonly ledger: Ledger
  readonly inventory: Inventory
  readonly findings: Findings
  readonly ssh: Ssh
  readonly trust: ReturnType<typeof createTrustHandlers>
  readonly facts: Facts
  readonly activity: Activity
  readonly onboarding: Onboarding
  readonly pages: Pages
  readonly schedule: Schedule | null
  sweep(boxIds: BoxId[] | undefined): SweepId
  /** The computer goes to sleep: a running sweep is interrupted, so that cut connections are not taken for dead machines. */
  suspend(): void
  /** It woke: connections of before are dropped, and boxes that were not asked are asked after a moment. */
  resume(): void
  close(): Promise<void>
}

/** Composes every domain once, in ladder order. */
export function buildHouse(store: Store, options: EngineOptions, changes: Changes, registry?: Registry): House {
  const { clock, log, homeDir } = options
  const settings = createSettings(store)
  const ledger = createLedger({ store, clock, log, host: options.host })
  const inventory = createInventory({ store, ledger, changes, clock, homeDir })
  const findings = createFindings({
    store,
    ledger,
    inventory,
    changes,
    workflowsOf: (clientId) => inventory.workflows({ clientId }).map((workflow) => workflow.name),
  })
  const keepWarm = () => settings.get().keepWarm
  const ssh = createSsh({
    store,
    ledger,
    inventory,
    clock,
    log,
    vault: options.vault,
    changes,
    homeDir,
    dial: options.dial,
    actor: options.host === 'cli' ? 'cli' : 'operator',
    keepWarm,
  })
  const deadlineMs = () => settings.get().boxDeadlineS * 1000
  // The demo trusts its own made-up machines: nobody compared a key.
  const source = options.demo ? 'the demo' : options.host === 'cli' ? acceptedOnCommandLine : undefined
  const trust = createTrustHandlers({ ssh, inventory, store, homeDir, deadlineMs, source })
  const onbox = createOnbox({ ssh, inventory, clock, log, boxProgramsDir: options.boxProgramsDir, keepWarm })
  const activity = createActivity({ store, inventory })
  const facts = createFacts({
    store,
    ledger,
    inventory,
    findings,
    onbox,
    clock,
    changes,
    log,
    // The made-up fleet never leaves this computer: it is measured against itself.
    settings: () => (options.demo ? { ...settings.get(), askRegistry: false } : settings.get()),
    testHandles: () => inventory.testHandles().map((handle) => handle.value),
    judgeMore: activity.judge,
    registry,
  })
  const byHand = options.host === 'cli' ? 'cli' : 'operator'
  const onboarding = createOnboarding({
    ssh,
    onbox,
    inventory,
    ledger,
    store,
    clock,
    changes,
    log,
    vault: options.vault,
    actor: byHand,
    sweepOne: (boxId, signal) => facts.sweeps.askOne(boxId, signal),
    deadlineMs,
  })
  const pages = createPages({ store, ledger, inventory, findings, facts, ssh, clock, changes, demo: options.demo })

  const newestFull = () => {
    const boxes = inventory.boxes().filter((box) => !box.jumpOnly).length
    return (
      facts.sweeps.history(20).find((sweep) => sweep.reason !== 'enrolment' && sweep.total >= boxes)?.startedAtMs ??
      null
    )
  }
  const scheduled = options.host === 'desktop' && store.writable
  const schedule = scheduled
    ? startSchedule({
        clock,
        log,
        sweepAt: () => settings.get().sweepAt,
        newestFullSweepMs: newestFull,
        sweep: (reason) => {
          if (inventory.boxes().length > 0) facts.sweeps.start({ reason })
        },
        lastBackupMs: () => store.lastBackupAtMs(),
        backup: () => store.backup(),
      })
    : null

  let notAsked: BoxId[] = []
  let cancelWake = () => {}

  return {
    store,
    settings,
    ledger,
    inventory,
    findings,
    ssh,
    trust,
    facts,
    activity,
    onboarding,
    pages,
    schedule,
    sweep: (boxIds) => facts.sweeps.start({ boxIds, reason: byHand }),
    suspend() {
      schedule?.suspend()
      cancelWake()
      const current = facts.sweeps.current()
      if (!current || current.endedAtMs !== null) return
      notAsked = current.boxes.filter((box) => box.state !== 'done').map((box) => box.boxId)
      facts.sweeps.interrupt().catch((error: unknown) => log.error('sweep.not-interrupted', error))
    },
    resume() {
      // Only a timeout would say that connections of before the sleep are dead.
      ssh.drop()
      schedule?.resume()
      if (notAsked.length === 0) return
      const boxIds = notAsked
      notAsked = []
      cancelWake = clock.after(afterWakeMs, () => facts.sweeps.start({ boxIds, reason: 'wake' }), true)
    },
    async close() {
      cancelWake()
      schedule?.stop()
      await onboarding.close()
      await facts.sweeps.close()
      onbox.close()
      ssh.close()
      store.close()
    },
  }
}
