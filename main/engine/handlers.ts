import { implement } from '@orpc/server'
import { contract } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { catalogue } from '../rules/rules.ts'
import { backupHandlers } from './backup-handlers.ts'
import { changesFeed } from './changes-feed.ts'
import type { HandlerParts } from './handler-parts.ts'
import { inventoryHandlers, trustHandlers } from './inventory-handlers.ts'
import { keyHandlers } from './key-handlers.ts'
import { commandHandlers, terminalHandlers } from './shell-handlers.ts'

const os = implement(contract)

/** Contract name → domain function. Inputs are checked by the contract before, outputs after. */
export function createHandlers(parts: HandlerParts) {
  return os.router({
    app: appHandlers(parts),
    inventory: inventoryHandlers(parts),
    trust: trustHandlers(parts),
    sweep: sweepHandlers(parts),
    findings: {
      open: os.findings.open.handler(() => parts.house().findings.open()),
      untold: os.findings.untold.handler(() => parts.house().findings.untold('command').opened),
      markTold: os.findings.markTold.handler(({ input }) => {
        parts.house().findings.told('command', { opened: input.findingIds, closed: [] })
        return {}
      }),
      ofBox: os.findings.ofBox.handler(({ input }) => parts.house().findings.ofBox(input.boxId, input.limit)),
    },
    flags: {
      open: os.flags.open.handler(({ input }) => {
        parts.house().inventory.box(input.boxId)
        return parts.house().flags.open(input.boxId)
      }),
      raise: os.flags.raise.handler(({ input }) => parts.house().flags.raise(input)),
      done: os.flags.done.handler(({ input }) => parts.house().flags.done(input)),
    },
    outside: {
      ofBox: os.outside.ofBox.handler(({ input }) => parts.house().outside.ofBox(input.boxId, input.limit)),
      decide: os.outside.decide.handler(({ input }) => parts.house().outside.decide(input.changeIds, input.as)),
      undecide: os.outside.undecide.handler(({ input }) => parts.house().outside.undecide(input.changeIds)),
    },
    overlay: overlayHandlers(parts),
    plan: {
      of: os.plan.of.handler(({ input }) => parts.house().overlay.plans.of(input)),
      preview: os.plan.preview.handler(({ input }) => parts.house().overlay.plans.preview(input)),
      fileDifference: os.plan.fileDifference.handler(({ input, signal }) =>
        parts.house().fileDifferences.of(input, signal),
      ),
      adoption: os.plan.adoption.handler(({ input }) => parts.house().overlay.plans.adoption(input)),
      adopt: os.plan.adopt.handler(({ input }) => parts.house().overlay.plans.adopt(input)),
    },
    drift: {
      references: os.drift.references.handler(({ signal }) => parts.house().facts.references(signal)),
      checkReference: os.drift.checkReference.handler(({ input, signal }) =>
        parts.house().facts.checkReference(input.path, signal),
      ),
      suggestions: os.drift.suggestions.handler(({ input }) => parts.house().facts.suggestions(input.boxId)),
    },
    ledger: {
      entries: os.ledger.entries.handler(({ input }) => parts.house().ledger.entries(input)),
      verify: os.ledger.verify.handler(() => parts.house().ledger.verify()),
    },
    logs: logHandlers(parts),
    patterns: {
      list: os.patterns.list.handler(({ input }) => parts.house().pages.patterns(input)),
      mute: os.patterns.mute.handler(({ input }) => parts.house().logs.patterns.mute(input.patternIds, input.reason)),
      unmute: os.patterns.unmute.handler(({ input }) => parts.house().logs.patterns.unmute(input.patternIds)),
    },
    pages: pageHandlers(parts),
    review: reviewHandlers(parts),
    settings: {
      known: os.settings.known.handler(() => parts.house().schemas.known()),
      learn: os.settings.learn.handler(({ input }) => parts.house().schemas.learn(input.agentId)),
      search: os.settings.search.handler(({ input }) => parts.house().schemas.search(input)),
      check: os.settings.check.handler(({ input }) => parts.house().schemas.check(input)),
    },
    access: {
      list: os.access.list.handler(() => parts.house().rules.access()),
      door: os.access.door.handler(({ input }) => parts.house().rules.door(input)),
      showPeople: os.access.showPeople.handler(({ input, signal }) => parts.house().rules.showPeople(input, signal)),
      lookedAfter: os.access.lookedAfter.handler(({ input }) => parts.house().rules.lookedAfter(input)),
    },
    rules: {
      catalogue: os.rules.catalogue.handler(() => [...catalogue]),
      check: os.rules.check.handler(({ input }) => parts.house().rules.check(input.boxId)),
      floors: os.rules.floors.handler(() => parts.house().rules.floors()),
      setFloor: os.rules.setFloor.handler(({ input }) => parts.house().rules.setFloor(input)),
      removeFloor: os.rules.removeFloor.handler(({ input }) => parts.house().rules.removeFloor(input.version)),
    },
    triage: {
      ofBox: os.triage.ofBox.handler(({ input }) => parts.house().triage.ofBox(input.boxId)),
    },
    terminal: terminalHandlers(parts),
    commands: commandHandlers(parts),
    backups: backupHandlers(parts),
    keys: keyHandlers(parts),
    apply: applyHandlers(parts),
    channel: channelHandlers(parts),
    patch: patchHandlers(parts),
    snapshot: snapshotHandlers(parts),
    rollout: rolloutHandlers(parts),
    handover: { ansible: os.handover.ansible.handler(({ input }) => parts.house().handOver.ansible(input)) },
  })
}

/** Procedures that change something: a console opened for reading answers them with `read-only` before anything is tried. */
export const writes: ReadonlySet<string> = new Set([
  'app.setSettings',
  'app.backupNow',
  'app.recoverStore',
  'trust.accept',
  'trust.forget',
  'trust.acceptKnownHosts',
  'trust.enrol',
  'trust.cancelEnrol',
  'findings.markTold',
  'flags.raise',
  'flags.done',
  'logs.keep',
  'logs.unkeep',
  'logs.tail',
  'patterns.mute',
  'patterns.unmute',
  'sweep.start',
  'sweep.cancel',
  'access.showPeople',
  'access.lookedAfter',
  'rules.setFloor',
  'rules.removeFloor',
  'outside.decide',
  'outside.undecide',
  'overlay.save',
  'overlay.restore',
  'overlay.reset',
  'overlay.except',
  'overlay.endExcept',
  'overlay.importFiles',
  'patch.save',
  'patch.confirm',
  'patch.restore',
  'patch.importFiles',
  'snapshot.take',
  'snapshot.remove',
  'snapshot.compare',
  'snapshot.save',
  'rollout.look',
  'rollout.choose',
  'rollout.justify',
  'rollout.start',
  'rollout.pause',
  'rollout.continue',
  'rollout.stop',
  'rollout.retry',
  'rollout.revert',
  'overlay.putFile',
  'overlay.keepFile',
  'settings.learn',
  'plan.adopt',
  'review.begin',
  'review.mark',
  'review.end',
  'review.snooze',
  'review.wake',
  'inventory.addClient',
  'inventory.editClient',
  'inventory.removeClient',
  'inventory.pauseClient',
  'inventory.holdClient',
  'inventory.endClientSpan',
  'inventory.addBox',
  'inventory.editBox',
  'inventory.removeBox',
  'inventory.setChannelKind',
  'inventory.removeChannel',
  'inventory.saveWorkflow',
  'inventory.removeWorkflow',
  'inventory.saveFolder',
  'inventory.removeFolder',
  'inventory.saveNote',
  'inventory.removeNote',
  'inventory.setTestHandles',
  'inventory.undo',
  'inventory.importRows',
  'terminal.open',
  'terminal.write',
  'terminal.resize',
  'terminal.close',
  'commands.start',
  'commands.retry',
  'commands.cancel',
  'keys.start',
  'keys.stop',
  'keys.continue',
  'keys.ask',
  'keys.revert',
  'backups.start',
  'backups.cancel',
  'commands.saveSnippet',
  'commands.removeSnippet',
  'apply.start',
  'apply.fix',
  'apply.ask',
  'apply.drill',
  'channel.stop',
  'channel.startPreview',
  'channel.start',
])

function appHandlers({ options, changes, house, state, recover, closing, guardStream }: HandlerParts) {
  return {
    state: os.app.state.handler(() => state()),
    settings: os.app.settings.handler(() => house().settings.get()),
    setSettings: os.app.setSettings.handler(({ input }) => {
      const { settings, facts } = house()
      const after = settings.set(input)
      if (input.amberDays !== undefined || input.redDays !== undefined) facts.rejudge()
      changes.publish('settings')
      return after
    }),
    changes: os.app.changes.handler(({ signal }) =>
      guardStream(changesFeed(changes, options.clock, signal ? AbortSignal.any([signal, closing]) : closing)),
    ),
    recoverStore: os.app.recoverStore.handler(({ input }) => recover(input.from)),
    backupNow: os.app.backupNow.handler(async () => {
      const made = await house().store.backup()
      changes.publish('store')
      return made
    }),
  }
}

function overlayHandlers({ house }: HandlerParts) {
  const overlay = () => house().overlay
  return {
    layers: os.overlay.layers.handler(() => overlay().layers()),
    layer: os.overlay.layer.handler(({ input }) => overlay().layer(input)),
    history: os.overlay.history.handler(({ input }) => overlay().history(input)),
    revision: os.overlay.revision.handler(({ input }) => overlay().revision(input)),
    merged: os.overlay.merged.handler(({ input }) => overlay().merged(input)),
    check: os.overlay.check.handler(({ input }) => overlay().check(input)),
    save: os.overlay.save.handler(({ input }) => overlay().save(input)),
    restore: os.overlay.restore.handler(({ input }) => overlay().restore(input)),
    reset: os.overlay.reset.handler(({ input }) => overlay().reset(input)),
    except: os.overlay.except.handler(({ input }) => overlay().except(input)),
    endExcept: os.overlay.endExcept.handler(({ input }) => overlay().endExcept(input)),
    exportFiles: os.overlay.exportFiles.handler(() => overlay().exportFiles()),
    exportContents: os.overlay.exportContents.handler(() => overlay().exportContents()),
    previewImport: os.overlay.previewImport.handler(({ input }) => overlay().previewImport(input)),
    files: os.overlay.files.handler(({ input }) => overlay().files(input)),
    keepFile: os.overlay.keepFile.handler(({ input }) => overlay().keepFile(input)),
    putFile: os.overlay.putFile.handler(({ input }) => overlay().putFile(input)),
    importFiles: os.overlay.importFiles.handler(({ input }) => overlay().importFiles(input)),
  }
}

function patchHandlers({ house }: HandlerParts) {
  const patches = () => house().patches
  return {
    list: os.patch.list.handler(() => patches().list()),
    get: os.patch.get.handler(({ input }) => patches().get(input)),
    history: os.patch.history.handler(({ input }) => patches().history(input)),
    propose: os.patch.propose.handler(({ input }) => patches().propose(input)),
    save: os.patch.save.handler(({ input }) => patches().save(input)),
    confirm: os.patch.confirm.handler(({ input }) => patches().confirm(input)),
    restore: os.patch.restore.handler(({ input }) => patches().restore(input)),
    exportFiles: os.patch.exportFiles.handler(({ input }) => patches().exportFiles(input)),
    previewImport: os.patch.previewImport.handler(({ input }) => patches().previewImport(input)),
    importFiles: os.patch.importFiles.handler(({ input }) => patches().importFiles(input)),
  }
}

function snapshotHandlers({ house }: HandlerParts) {
  const snapshots = () => house().snapshots
  return {
    list: os.snapshot.list.handler(({ input }) => snapshots().list(input)),
    take: os.snapshot.take.handler(({ input, signal }) => snapshots().take(input, signal)),
    remove: os.snapshot.remove.handler(({ input }) => snapshots().remove(input)),
    compare: os.snapshot.compare.handler(({ input, signal }) => snapshots().compare(input, signal)),
    comparison: os.snapshot.comparison.handler(({ input }) => snapshots().comparison(input)),
    fileText: os.snapshot.fileText.handler(({ input }) => snapshots().fileText(input)),
    preview: os.snapshot.preview.handler(({ input }) => snapshots().preview(input)),
    save: os.snapshot.save.handler(({ input }) => snapshots().save(input)),
  }
}

function sweepHandlers({ house, guardStream }: HandlerParts) {
  const sweeps = () => house().facts.sweeps
  return {
    start: os.sweep.start.handler(({ input }) => {
      for (const boxId of input.boxIds ?? []) house().inventory.box(boxId)
      return { sweepId: house().sweep(input) }
    }),
    cancel: os.sweep.cancel.handler(({ input }) => {
      sweeps().cancel(input.sweepId)
      return {}
    }),
    current: os.sweep.current.handler(() => sweeps().current()),
    history: os.sweep.history.handler(({ input }) => sweeps().history(input.limit)),
    watch: os.sweep.watch.handler(({ input, signal }) => guardStream(sweeps().watch(input.sweepId, signal))),
  }
}

function logHandlers({ house, guardStream, closing }: HandlerParts) {
  const logs = () => house().logs
  return {
    page: os.logs.page.handler(({ input }) => logs().page(input)),
    search: os.logs.search.handler(({ input, signal }) => guardStream(logs().search(input, signal))),
    density: os.logs.density.handler(({ input }) => logs().density(input)),
    run: os.logs.run.handler(({ input }) => logs().run(input)),
    keep: os.logs.keep.handler(({ input }) => {
      house().inventory.box(input.boxId)
      return logs().keep(input)
    }),
    unkeep: os.logs.unkeep.handler(({ input }) => logs().unkeep(input)),
    kept: os.logs.kept.handler(({ input }) => logs().kept(input.boxId)),
    stats: os.logs.stats.handler(() => logs().stats()),
    tail: os.logs.tail.handler(({ input, signal }) =>
      guardStream(house().tails.follow(input.boxIds, signal ? AbortSignal.any([signal, closing]) : closing)),
    ),
    export: os.logs.export.handler(({ input }) => logs().export(input)),
  }
}

function pageHandlers({ house }: HandlerParts) {
  return {
    review: os.pages.review.handler(() => house().review.page()),
    fleet: os.pages.fleet.handler(() => house().pages.fleet()),
    machine: os.pages.machine.handler(({ input }) => house().pages.machine(input.boxId)),
    client: os.pages.client.handler(({ input }) => house().pages.client(input.clientId)),
    factHistory: os.pages.factHistory.handler(({ input }) => house().pages.factHistory(input)),
  }
}

function reviewHandlers({ house }: HandlerParts) {
  const review = () => house().review
  return {
    begin: os.review.begin.handler(() => {
      review().begin()
      return {}
    }),
    mark: os.review.mark.handler(({ input }) => review().mark(input.keys, input.seen)),
    end: os.review.end.handler(() => review().end()),
    snooze: os.review.snooze.handler(({ input }) => review().snooze(input)),
    wake: os.review.wake.handler(({ input }) => review().wake(input.keys)),
    history: os.review.history.handler(({ input }) => review().history(input.limit)),
  }
}

function applyHandlers({ house, guardStream }: HandlerParts) {
  const apply = () => house().apply
  return {
    start: os.apply.start.handler(({ input }) => apply().start(input)),
    previewFix: os.apply.previewFix.handler(({ input }) => apply().previewFix(input)),
    fix: os.apply.fix.handler(({ input }) => apply().fix(input)),
    get: os.apply.get.handler(({ input }) => apply().get(input.applyId)),
    watch: os.apply.watch.handler(({ input, signal }) => guardStream(apply().watch(input.applyId, signal))),
    recent: os.apply.recent.handler(({ input }) => apply().recent(input.boxId ?? null, input.limit)),
    ask: os.apply.ask.handler(({ input }) => apply().ask(input.boxId)),
    wayBack: os.apply.wayBack.handler(({ input }) => apply().wayBack(input.boxId)),
    drill: os.apply.drill.handler(({ input }) => apply().drill(input.boxId)),
  }
}

function rolloutHandlers({ house, guardStream, closing }: HandlerParts) {
  const rollouts = () => house().rollouts
  const runs = () => house().runs
  return {
    preview: os.rollout.preview.handler(({ input }) => rollouts().preview(input)),
    look: os.rollout.look.handler(({ input }) => rollouts().look(input)),
    choose: os.rollout.choose.handler(({ input }) => rollouts().choose(input)),
    justify: os.rollout.justify.handler(({ input }) => rollouts().justify(input)),
    start: os.rollout.start.handler(({ input }) => runs().start(input)),
    get: os.rollout.get.handler(({ input }) => runs().get(input)),
    list: os.rollout.list.handler(({ input }) => runs().list(input)),
    // One that waits for a person may be watched for days.
    watch: os.rollout.watch.handler(({ input, signal }) =>
      guardStream(runs().watch(input.rolloutId, signal ? AbortSignal.any([signal, closing]) : closing)),
    ),
    pause: os.rollout.pause.handler(({ input }) => runs().pause(input)),
    continue: os.rollout.continue.handler(({ input }) => runs().continue(input)),
    stop: os.rollout.stop.handler(({ input }) => runs().stop(input)),
    retry: os.rollout.retry.handler(({ input }) => runs().retry(input)),
    revert: os.rollout.revert.handler(({ input }) => runs().revert(input)),
    report: os.rollout.report.handler(({ input }) => runs().report(input)),
  }
}

function channelHandlers({ house }: HandlerParts) {
  const apply = () => house().apply
  return {
    stop: os.channel.stop.handler(({ input }) => apply().stopChannel(input.boxId, input.channel, input.account)),
    stopped: os.channel.stopped.handler(() => apply().stopped()),
    startPreview: os.channel.startPreview.handler(({ input }) =>
      apply().startPreview(input.boxId, input.agentId, input.channel),
    ),
    start: os.channel.start.handler(({ input }) => apply().startChannel(input)),
  }
}

/** @throws FaultError `read-only` when the procedure changes something. */
export function refuseWrites(procedure: string): void {
  if (writes.has(procedure))
    throw new FaultError({ code: 'read-only', detail: 'This console was opened for reading only.' })
}
