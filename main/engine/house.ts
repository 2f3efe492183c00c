import type { BoxId, SweepId } from '../../shared/contract/index.ts'
import { type Activity, createActivity } from '../activity/activity.ts'
import { type Apply, armedForS, createApply, createFileDifferences, usualTimes } from '../apply/apply.ts'
import { type Backups, createBackups } from '../backup/backup.ts'
import type { Changes } from '../base/changes.ts'
import { createFacts, type Facts, type Registry } from '../facts/facts.ts'
import { createFindings, createFlags, type Findings, type Flags } from '../findings/findings.ts'
import { createOperatorGit } from '../git/git.ts'
import { createHandOver, type HandOver } from '../handover/handover.ts'
import { createInventory, type Inventory } from '../inventory/inventory.ts'
import { createKeys, type Keys } from '../keys/keys.ts'
import { createLedger, type Ledger } from '../ledger/ledger.ts'
import { type Collector, createCollector, createLogs, createTails, type Logs, type Tails } from '../logs/logs.ts'
import { createOnboarding, type Onboarding } from '../onboarding/onboarding.ts'
import { createOnbox } from '../onbox/onbox.ts'
import { createOutside, type Outside } from '../outside/outside.ts'
import { createOverlay, type Overlay } from '../overlay/overlay.ts'
import { createPages, type Pages } from '../pages/pages.ts'
import { createPatches, type Patches } from '../patch/patch.ts'
import { createReview, type Review } from '../review/review.ts'
import { createRollouts, createRuns, type Rollouts, type Runs, usualSoak } from '../rollout/rollout.ts'
import { createRules, type Rules } from '../rules/rules.ts'
import { createSchemas, type Schemas } from '../schemas/schemas.ts'
import { createAfterwards, createShell, runOnce, type Shell } from '../shell/shell.ts'
import { createSnapshots, type Snapshots } from '../snapshot/snapshot.ts'
import { acceptedOnCommandLine, createSsh, createTrustHandlers, type Ssh } from '../ssh/ssh.ts'
import { createSettings, type SettingsStore, type Store } from '../store/store.ts'
import { createTriages, type Triages } from '../triage/triage.ts'
import { startByItself } from './by-itself.ts'
import type { EngineOptions } from './engine.ts'
import { afterWakeMs } from './schedule.ts'

/** Every domain over one open store. */
export interface House {
  readonly store: Store
  readonly settings: SettingsStore
  readonly ledger: Ledger
  readonly inventory: Inventory
  readonly findings: Findings
  readonly flags: Flags
  readonly ssh: Ssh
  readonly trust: ReturnType<typeof createTrustHandlers>
  readonly backups: Backups
  readonly keys: Keys
  readonly logs: Logs
  readonly collector: Collector
  readonly tails: Tails
  readonly facts: Facts
  readonly activity: Activity
  readonly triage: Triages
  readonly outside: Outside
  readonly rules: Rules
  readonly overlay: Overlay
  readonly schemas: Schemas
  readonly apply: Apply
  readonly fileDifferences: ReturnType<typeof createFileDifferences>
  readonly patches: Patches
  readonly snapshots: Snapshots
  readonly rollouts: Rollouts
  readonly runs: Runs
  readonly handOver: HandOver
  readonly onboarding: Onboarding
  readonly shell: Shell
  readonly review: Review
  readonly pages: Pages
  sweep(asked: { boxIds?: BoxId[]; light?: boolean; unattended?: boolean }): SweepId
  /** The computer goes to sleep: a running sweep is interrupted, so that cut connections are not taken for dead machines. */
  suspend(): void
  /** It woke: connections of before are dropped, and boxes that were not asked are asked after a moment. */
  resume(): void
  close(): Promise<void>
}

const demoSoakS = 5

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
    clock,
    changes,
    workflowsOf: (clientId) => inventory.workflows({ clientId }).map((workflow) => workflow.name),
  })
  const flags = createFlags({ store, inventory, findings, clock })
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
  const byHand = options.host === 'cli' ? 'cli' : 'operator'
  const outside = createOutside({
    store,
    ledger,
    findings,
    clock,
    changes,
    actor: byHand,
    madeSince: (boxId, sinceMs) => apply.madeSince(boxId, sinceMs),
  })
  const rules = createRules({
    store,
    ledger,
    inventory,
    findings,
    onbox,
    clock,
    changes,
    actor: byHand,
    declaredOf: (agentId) => overlay.declaredOf(agentId),
    staleBeforeMs: () => facts.staleBeforeMs(),
    testHandles: () => inventory.testHandles().map((handle) => handle.value),
    deadlineMs,
  })
  const schemas = createSchemas({ store, inventory, onbox, clock, log })
  const overlay = createOverlay({
    store,
    inventory,
    clock,
    changes,
    actor: byHand,
    outsideOf: (boxId) => outside.ofBox(boxId, 200),
    schemaOf: schemas.ofVersion,
    staleBeforeMs: () => facts.staleBeforeMs(),
  })
  const logs = createLogs({ store, ledger, inventory, clock, log, changes })
  // A made-up past is lived through in seconds; its logs are read when it is over.
  const wanted = () => (options.doing?.() ?? null) === null
  const collector = createCollector({
    store,
    logs,
    onbox,
    inventory,
    findings,
    clock,
    log,
    wanted,
  })
  const tails = createTails({
    logs,
    onbox,
    inventory,
    collector,
    clock,
    log,
    changes,
    wanted,
    deadlineMs,
  })
  const facts = createFacts({
    store,
    ledger,
    inventory,
    findings,
    onbox,
    git: createOperatorGit({ clock, homeDir }),
    clock,
    changes,
    log,
    // The made-up fleet never leaves this computer: it is measured against itself.
    settings: () => (options.demo ? { ...settings.get(), askRegistry: false, askRemotes: false } : settings.get()),
    testHandles: () => inventory.testHandles().map((handle) => handle.value),
    judgeMore: (landed) => {
      overlay.landed(landed)
      return [...activity.judge(landed), ...outside.judge(landed), ...rules.judge(landed), ...runs.judge(landed)]
    },
    allowed: rules.mayBeAnswered,
    answered: (boxId, observed) => {
      collector.answered(boxId, observed.machine.nowMs - clock.nowMs())
      apply.observed(boxId, observed.changes?.read ? observed.changes.value : [])
      // A command ends before such an answer comes.
      if (options.host === 'desktop' && store.writable) schemas.answered(boxId, observed)
    },
    registry,
  })
  const confirm = options.confirm ?? (async () => options.host === 'cli')
  const sweepOne = async (boxId: BoxId, signal: AbortSignal) => {
    await facts.sweeps.askOne(boxId, signal)
  }
  const backups = createBackups({
    store,
    ledger,
    inventory,
    onbox,
    ssh,
    clock,
    changes,
    log,
    sweepOne,
    lastOf: (agentId) => {
      const { boxId } = inventory.agents().find((agent) => agent.agentId === agentId) ?? {}
      return boxId === undefined
        ? undefined
        : facts.ofBox(boxId).find((fact) => fact.key === 'backup.last' && fact.agentId === agentId)
    },
    ...(options.backupTimes ? { times: options.backupTimes } : {}),
  })
  const keys = createKeys({ store, ledger, inventory, onbox, ssh, clock, changes, log, confirm })
  const times = { ...usualTimes, ...options.applyTimes }
  const afterwards = createAfterwards({ sweepOne, log, waitAtClose: false })
  const fileContent = (sha256: string): Buffer | null => {
    const content = overlay.fileContent(sha256) ?? patches.fileContent(sha256)
    return content === null ? null : Buffer.from(content)
  }
  const apply = createApply({
    store,
    ledger,
    inventory,
    onbox,
    ssh,
    clock,
    changes,
    log,
    confirm,
    sectionsOf: (agentId) => overlay.merged({ agentId }).content.sections,
    lastRead(agentId) {
      const subject = rules.subjectOf(agentId)
      const found = overlay.foundOf(agentId)
      if (subject === null || found === null) return 'It was never read. Sweep it first.'
      if (found.settings === null || found.sha256 === '') return `${found.problem || 'Its config was not read'}.`
      const { platform, version, sha256: baseSha256, takenAtMs: readAtMs } = found
      const schema = schemas.ofVersion(version)
      return {
        subject: { ...subject, version },
        found: found.settings,
        pairing: subject.pairing,
        platform,
        schema,
        baseSha256,
        readAtMs,
      }
    },
    fileContent,
    lookAt: afterwards.lookAt,
    times,
  })
  const fileDifferences = createFileDifferences({
    inventory,
    onbox,
    planOf: overlay.plans.ofAgent,
    fileContent: overlay.fileContent,
    clock,
    deadlineMs,
  })
  const patches = createPatches({
    store,
    inventory,
    overlay,
    schemas,
    nodeFor: facts.needsNode,
    clock,
    actor: byHand,
  })
  const snapshots = createSnapshots({
    store,
    ledger,
    inventory,
    overlay,
    patches,
    onbox,
    look: facts.sweeps.askOne,
    deadlineMs,
    clock,
    changes,
    actor: byHand,
  })
  const rollouts = createRollouts({
    store,
    ledger,
    findings,
    activity,
    inventory,
    overlay,
    patches,
    schemas,
    facts,
    apply,
    onbox,
    limits: () => ({ atOnce: settings.get().sweepConcurrency, deadlineMs: deadlineMs() }),
    // Nobody waits ten minutes for a made-up canary.
    soakOf: options.soakOf ?? (options.demo ? () => demoSoakS : usualSoak),
    clock,
    actor: byHand,
  })
  const runs: Runs = createRuns({
    store,
    ledger,
    inventory,
    onbox,
    overlay,
    patches,
    rollouts,
    apply,
    backups,
    findings,
    facts,
    activity,
    look: sweepOne,
    collected: collector.idle,
    logs,
    runOnce: (...asked) => runOnce({ ssh, clock }, ...asked),
    confirm,
    clock,
    changes,
    log,
    actor: byHand,
    armedForS: (of) => armedForS(times, of),
  })
  const { boxProgramsDir } = options
  const handOver = createHandOver({
    inventory,
    rollouts,
    overlay,
    apply,
    ssh,
    fileContent,
    clock,
    boxProgramsDir,
    times,
  })
  const triage = createTriages({ inventory, facts, findings, ssh, clock })
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
    sweepOne,
    ...(options.demo ? {} : { drill: apply.drill }),
    deadlineMs,
  })
  const shell = createShell({
    store,
    ledger,
    inventory,
    ssh,
    clock,
    changes,
    log,
    confirm,
    sweepOne,
    waitAtClose: options.host === 'cli',
    atOnce: () => settings.get().sweepConcurrency,
    deadlineMs,
  })
  const review = createReview({
    store,
    ledger,
    inventory,
    findings,
    facts,
    outside,
    clock,
    changes,
    settings: settings.get,
    demo: options.demo,
  })
  const pages = createPages({
    ledger,
    inventory,
    findings,
    facts,
    logs,
    outside,
    activity,
    ssh,
    clock,
    demo: options.demo,
  })

  const byItself = startByItself({ options, store, settings, inventory, findings, facts, logs, runs, backups, changes })

  let notAsked: BoxId[] = []
  let cancelWake = () => {}
  const letGo = () => {
    facts.sweeps.interrupt().catch((error: unknown) => log.error('sweep.not-interrupted', error))
  }

  return {
    store,
    settings,
    ledger,
    inventory,
    findings,
    flags,
    ssh,
    trust,
    backups,
    keys,
    logs,
    collector,
    tails,
    facts,
    activity,
    triage,
    outside,
    rules,
    overlay,
    schemas,
    apply,
    fileDifferences,
    patches,
    snapshots,
    rollouts,
    runs,
    handOver,
    onboarding,
    shell,
    review,
    pages,
    sweep: ({ boxIds, light, unattended }) =>
      facts.sweeps.start({
        ...(boxIds ? { boxIds } : {}),
        kind: light ? 'light' : 'full',
        reason: unattended ? 'schedule' : byHand,
      }),
    suspend() {
      runs.suspend()
      byItself.schedule?.suspend()
      tails.suspend()
      cancelWake()
      if (store.writable) facts.watch.asleep()
      const current = facts.sweeps.current()
      if (!current || current.endedAtMs !== null) return letGo()
      notAsked = current.boxes.filter((box) => box.state !== 'done').map((box) => box.boxId)
      letGo()
    },
    resume() {
      // Only a timeout would say that connections of before the sleep are dead.
      ssh.drop()
      tails.resume()
      byItself.schedule?.resume()
      if (notAsked.length === 0) return
      const boxIds = notAsked
      notAsked = []
      cancelWake = clock.after(afterWakeMs, () => facts.sweeps.start({ boxIds, reason: 'wake' }), true)
    },
    async close() {
      cancelWake()
      byItself.stop()
      await onboarding.close()
      await runs.close()
      await backups.close()
      await keys.close()
      await apply.close()
      await afterwards.close()
      await shell.close()
      await facts.sweeps.close()
      facts.watch.leave()
      await tails.close()
      // Whoever sweeps by command line alone has no other time for the logs.
      if (options.host === 'cli') await collector.idle()
      await collector.close()
      await logs.close()
      onbox.close()
      ssh.close()
      store.close()
    },
  }
}
