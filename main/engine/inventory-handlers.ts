import { implement } from '@orpc/server'
import { contract } from '../../shared/contract/index.ts'
import type { HandlerParts } from './handler-parts.ts'
import type { House } from './house.ts'

const os = implement(contract)

export function inventoryHandlers({ house }: HandlerParts) {
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
    clientSpans: os.inventory.clientSpans.handler(({ input }) => inventory().clientSpans(input)),
    pauseClient: os.inventory.pauseClient.handler(({ input }) => inventory().pauseClient(input)),
    holdClient: os.inventory.holdClient.handler(({ input }) => inventory().holdClient(input)),
    endClientSpan: os.inventory.endClientSpan.handler(({ input }) => inventory().endClientSpan(input)),
    boxes: os.inventory.boxes.handler(() => inventory().boxes().map(pinned)),
    addBox: os.inventory.addBox.handler(({ input }) => withPin(inventory().addBox(input))),
    editBox: os.inventory.editBox.handler(({ input }) => {
      const done = withPin(inventory().editBox(input))
      house().ssh.drop(input.boxId)
      if (input.fields.ring !== undefined || input.fields.name !== undefined) house().facts.rejudge()
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
    folders: os.inventory.folders.handler(({ input }) => inventory().folders(input)),
    saveFolder: os.inventory.saveFolder.handler(({ input }) => inventory().saveFolder(input)),
    removeFolder: os.inventory.removeFolder.handler(({ input }) => inventory().removeFolder(input)),
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

export function trustHandlers({ house }: HandlerParts) {
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
