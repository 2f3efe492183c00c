import type { Client, ClientId, NoteId, UndoId, WorkflowId } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { said } from '../../api/fault.ts'
import { undoChanges } from '../../api/undo.ts'
import type { CheckHandle } from '../../ui/handle-list.tsx'
import { type HandleRow, settleHandle, uncheckedHandles } from '../../ui/handles.ts'
import { type ClientForm, noteChanges, readForm, workflowChanges } from './form.ts'

/** The engine's check of one handle, as the list of handles wants it. `region` helps with local phone numbers. */
export function checkWith(region: string): CheckHandle {
  return async (kind, value) => {
    try {
      return { handle: await client.inventory.checkHandle({ kind, value, region: region.trim().toUpperCase() }) }
    } catch (error) {
      const { fault, sentence } = said(error)
      return { problem: fault?.code === 'invalid-input' ? fault.detail : sentence }
    }
  }
}

/** Asks about every handle nobody has checked yet; the answers stand in the rows. */
export async function checkRows(rows: readonly HandleRow[], check: CheckHandle): Promise<HandleRow[]> {
  let settled = [...rows]
  for (const row of uncheckedHandles(rows)) settled = settleHandle(settled, row, await check(row.kind, row.value))
  return settled
}

export interface Saved {
  client: Client
  sentence: string
  /** What takes this save back, oldest first. */
  undoIds: UndoId[]
}

/**
 * Saves the client, then its workflows and notes. What was saved before a step fails is taken back, so that a
 * save is whole or did not happen.
 */
export async function saveClient(clientId: ClientId | null, before: ClientForm, form: ClientForm): Promise<Saved> {
  const { fields } = readForm(form)
  const undoIds: UndoId[] = []
  const done = <T extends { undoId: UndoId }>(answer: T): T => {
    undoIds.push(answer.undoId)
    return answer
  }
  try {
    const saved = done(
      clientId === null
        ? await client.inventory.addClient(fields)
        : await client.inventory.editClient({ clientId, fields }),
    )
    const of = saved.client.clientId
    const workflows = workflowChanges(before.workflows, form.workflows)
    for (const workflowId of workflows.remove)
      done(await client.inventory.removeWorkflow({ workflowId: workflowId as WorkflowId }))
    for (const { workflowId, name, description } of workflows.save) {
      const known = workflowId ? { workflowId: workflowId as WorkflowId } : {}
      done(await client.inventory.saveWorkflow({ ...known, clientId: of, name, description }))
    }
    const notes = noteChanges(before.notes, form.notes)
    for (const noteId of notes.remove) done(await client.inventory.removeNote({ noteId: noteId as NoteId }))
    for (const { noteId, text } of notes.save) {
      const known = noteId ? { noteId: noteId as NoteId } : {}
      done(await client.inventory.saveNote({ ...known, clientId: of, boxId: null, text }))
    }
    return { client: saved.client, sentence: saved.sentence, undoIds }
  } catch (error) {
    await undoChanges(undoIds)
    throw error
  }
}
