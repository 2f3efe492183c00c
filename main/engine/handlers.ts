import { implement } from '@orpc/server'
import { type AppState, contract } from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import { FaultError } from '../base/fault-error.ts'
import { changesFeed } from './changes-feed.ts'
import type { EngineOptions } from './engine.ts'
import type { House } from './house.ts'

export interface HandlerParts {
  readonly options: EngineOptions
  readonly changes: Changes
  /** The domains. @throws FaultError why the store cannot be used. */
  readonly house: () => House
  readonly state: () => AppState
  readonly recover: (from: 'backup' | 'empty') => Promise<AppState>
  /** Fires when the engine ends: streams end with it. */
  readonly closing: AbortSignal
  /** Turns what a stream throws into the contract's error; calls are turned outside. */
  readonly guardStream: <T>(stream: AsyncGenerator<T>) => AsyncGenerator<T>
}

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
      ofBox: os.findings.ofBox.handler(({ input }) => parts.house().findings.ofBox(input.boxId, input.limit)),
    },
    ledger: {
      entries: os.ledger.entries.handler(({ input }) => parts.house().ledger.entries(input)),
      verify: os.ledger.verify.handler(() => parts.house().ledger.verify()),
    },
    pages: pageHandlers(parts),
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
  'sweep.start',
  'sweep.cancel',
  'pages.markSeen',
  'inventory.addClient',
  'inventory.editClient',
  'inventory.removeClient',
  'inventory.addBox',
  'inventory.editBox',
  'inventory.removeBox',
  'inventory.setChannelKind',
  'inventory.removeChannel',
  'inventory.saveWorkflow',
  'inventory.removeWorkflow',
  'inventory.saveNote',
  'inventory.removeNote',
  'inventory.setTestHandles',
  'inventory.undo',
  'inventory.importRows',
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

function inventoryHandlers({ house }: HandlerParts) {
  const inventory = () => house().inventory
  const pinned = <Box extends { boxId: Parameters<House['ssh']['trust']>[0] }>(box: Box) => ({
    ...box,
    pinned: house().ssh.trust(box.boxId).pin?.fingerprint ?? null,
  })
  const withPin = <Done extends { box: Parameters<typeof pinned>[0] }>(done: Done) => ({
    ...done,
    box: pinned<Done['box']>(done.box),
  })
  return {
    clients: os.inventory.clients.handler(() => inventory().clients()),
    client: os.inventory.client.handler(({ input }) => inventory().client(input.clientId)),
    addClient: os.inventory.addClient.handler(({ input }) => inventory().addClient(input)),
    editClient: os.inventory.editClient.handler(({ input }) => {
      const done = inventory().editClient(input)
      if (input.fields.amberDays !== undefined || input.fields.redDays !== undefined) house().facts.rejudge()
      return done
    }),
    removeClient: os.inventory.removeClient.handler(({ input }) => inventory().removeClient(input)),
    holidays: os.inventory.holidays.handler(({ input }) => inventory().holidays(input)),
    checkHandle: os.inventory.checkHandle.handler(({ input }) => inventory().checkHandle(input)),
    boxes: os.inventory.boxes.handler(() => inventory().boxes().map(pinned)),
    addBox: os.inventory.addBox.handler(({ input }) => withPin(inventory().addBox(input))),
    editBox: os.inventory.editBox.handler(({ input }) => {
      const done = withPin(inventory().editBox(input))
      house().ssh.drop(input.boxId)
      return done
    }),
    removeBox: os.inventory.removeBox.handler(({ input }) => {
      const done = inventory().removeBox(input)
      house().ssh.drop(input.boxId)
      return done
    }),
    agents: os.inventory.agents.handler(({ input }) => inventory().agents(input.boxId)),
    channels: os.inventory.channels.handler(({ input }) => inventory().channels(input)),
    setChannelKind: os.inventory.setChannelKind.handler(({ input }) => inventory().setChannelKind(input)),
    removeChannel: os.inventory.removeChannel.handler(({ input }) => inventory().removeChannel(input)),
    workflows: os.inventory.workflows.handler(({ input }) => inventory().workflows(input)),
    saveWorkflow: os.inventory.saveWorkflow.handler(({ input }) => inventory().saveWorkflow(input)),
    removeWorkflow: os.inventory.removeWorkflow.handler(({ input }) => inventory().removeWorkflow(input)),
    notes: os.inventory.notes.handler(({ input }) => inventory().notes(input)),
    saveNote: os.inventory.saveNote.handler(({ input }) => inventory().saveNote(input)),
    removeNote: os.inventory.removeNote.handler(({ input }) => inventory().removeNote(input)),
    testHandles: os.inventory.testHandles.handler(() => inventory().testHandles()),
    setTestHandles: os.inventory.setTestHandles.handler(({ input }) => inventory().setTestHandles(input)),
    undo: os.inventory.undo.handler(({ input }) => inventory().undo(input)),
    readSshCommand: os.inventory.readSshCommand.handler(({ input }) => inventory().readSshCommand(input)),
    previewImport: os.inventory.previewImport.handler(({ input }) => inventory().previewImport(input)),
    importRows: os.inventory.importRows.handler(({ input }) => inventory().importRows(input)),
  }
}

function trustHandlers({ house }: HandlerParts) {
  return {
    state: os.trust.state.handler(({ input }) => house().trust.state(input)),
    offeredKey: os.trust.offeredKey.handler(({ input, signal }) => house().trust.offeredKey(input, signal)),
    accept: os.trust.accept.handler(({ input, signal }) => house().trust.accept(input, signal)),
    forget: os.trust.forget.handler(({ input }) => house().trust.forget(input)),
    knownHosts: os.trust.knownHosts.handler(({ input }) => house().trust.knownHosts(input)),
    acceptKnownHosts: os.trust.acceptKnownHosts.handler(({ input }) => house().trust.acceptKnownHosts(input)),
    /** Leaving the call does not stop an enrolment: it ends by its own deadlines. */
    enrol: os.trust.enrol.handler(({ input }) => house().onboarding.enrol(input)),
    cancelEnrol: os.trust.cancelEnrol.handler(({ input }) => {
      house().onboarding.cancel(input.boxId)
      return {}
    }),
    enrolProgress: os.trust.enrolProgress.handler(({ input }) => house().onboarding.enrolProgress(input.boxId)),
  }
}

function sweepHandlers({ house, guardStream }: HandlerParts) {
  const sweeps = () => house().facts.sweeps
  return {
    start: os.sweep.start.handler(({ input }) => {
      for (const boxId of input.boxIds ?? []) house().inventory.box(boxId)
      return { sweepId: house().sweep(input.boxIds) }
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

function pageHandlers({ house }: HandlerParts) {
  return {
    review: os.pages.review.handler(() => house().pages.review()),
    fleet: os.pages.fleet.handler(() => house().pages.fleet()),
    machine: os.pages.machine.handler(({ input }) => house().pages.machine(input.boxId)),
    factHistory: os.pages.factHistory.handler(({ input }) => house().pages.factHistory(input)),
    markSeen: os.pages.markSeen.handler(({ input }) => house().pages.markSeen(input.keys, input.seen)),
  }
}

/** @throws FaultError `read-only` when the procedure changes something. */
export function refuseWrites(procedure: string): void {
  if (writes.has(procedure))
    throw new FaultError({ code: 'read-only', detail: 'This console was opened for reading only.' })
}
