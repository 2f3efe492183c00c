import type { Box, BoxId, Client, UndoId } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { undoChanges } from '../../api/undo.ts'
import { type MachineForm, newClient, readForm, type UnknownHop } from './form.ts'

export interface SavedMachine {
  box: Box
  sentence: string
  undoIds: UndoId[]
}

/**
 * Saves a machine, and first its client where that is named but not there yet. A client of that name already there is
 * taken. What was saved before a step fails is taken back.
 */
export async function saveMachine(
  boxId: BoxId | null,
  form: MachineForm,
  clients: readonly Client[],
): Promise<SavedMachine> {
  const undoIds: UndoId[] = []
  const { fields } = readForm(form)
  try {
    let { clientId } = fields
    if (form.client === newClient) {
      const name = form.newClient.trim()
      const known = clients.find((each) => each.name.toLowerCase() === name.toLowerCase())
      clientId = known?.clientId ?? null
      if (!known) {
        const added = await client.inventory.addClient({ name })
        undoIds.push(added.undoId)
        clientId = added.client.clientId
      }
    }
    const whole = { ...fields, clientId }
    const saved =
      boxId === null ? await client.inventory.addBox(whole) : await client.inventory.editBox({ boxId, fields: whole })
    undoIds.push(saved.undoId)
    return { box: saved.box, sentence: saved.sentence, undoIds }
  } catch (error) {
    await undoChanges(undoIds)
    throw error
  }
}

/** Adds a jump host of a pasted command as a machine of its own; it logs in the way the machine behind it does. */
export async function addHop(hop: UnknownHop, form: MachineForm): Promise<SavedMachine> {
  const { fields } = readForm(form)
  const saved = await client.inventory.addBox({
    name: hop.name,
    host: hop.host,
    port: hop.port,
    user: hop.user || fields.user,
    auth: fields.auth.kind === 'key' && fields.auth.path === '' ? { kind: 'agent' } : fields.auth,
    jumpOnly: true,
    clientId: fields.clientId,
  })
  return { box: saved.box, sentence: saved.sentence, undoIds: [saved.undoId] }
}
