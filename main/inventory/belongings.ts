import type { BoxId, ClientId, Handle, Note, NoteId, Workflow, WorkflowId } from '../../shared/contract/index.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { newId } from '../base/ids.ts'
import type { Db } from '../store/store.ts'
import { normaliseHandles } from './handles.ts'
import type { Recorder, Undone } from './record.ts'
import { type boxRows, type clientRows, noteRows, testHandleRows, workflowRows } from './rows.ts'

/** What hangs under clients and boxes: workflows, quirk notes; and the operator's own test handles. */
export interface Belongings {
  workflows(query: { clientId?: ClientId | undefined }): Workflow[]
  saveWorkflow(
    input: Omit<Workflow, 'workflowId'> & { workflowId?: WorkflowId | undefined },
  ): Undone<{ workflow: Workflow }>
  removeWorkflow(input: { workflowId: WorkflowId }): Undone<object>
  notes(query: { boxId?: BoxId | undefined; clientId?: ClientId | undefined }): Note[]
  saveNote(input: Omit<Note, 'noteId' | 'updatedAtMs'> & { noteId?: NoteId | undefined }): Undone<{ note: Note }>
  removeNote(input: { noteId: NoteId }): Undone<object>
  testHandles(): Handle[]
  setTestHandles(input: { handles: Handle[] }): Undone<object>
}

interface Parts {
  readonly db: Db
  readonly boxes: ReturnType<typeof boxRows>
  readonly clients: ReturnType<typeof clientRows>
  readonly record: Recorder
  readonly clock: Clock
}

export function createBelongings(parts: Parts): Belongings {
  return { ...workflowChanges(parts), ...noteChanges(parts), ...testHandleChanges(parts) }
}

function workflowChanges({
  db,
  clients,
  record,
  clock,
}: Parts): Pick<Belongings, 'workflows' | 'saveWorkflow' | 'removeWorkflow'> {
  const rows = workflowRows(db)
  const refuseTaken = (workflow: Workflow) => {
    const same = rows.list(workflow.clientId).find((other) => other.name.toLowerCase() === workflow.name.toLowerCase())
    if (same && same.workflowId !== workflow.workflowId)
      throw new FaultError({ code: 'already-exists', what: 'workflow', name: same.name })
  }
  const one = (workflowId: WorkflowId) => {
    const found = rows.one(workflowId)
    if (!found) throw new FaultError({ code: 'not-found', what: 'workflow' })
    return found
  }
  return {
    workflows: ({ clientId }) => rows.list(clientId),
    saveWorkflow: (input) =>
      record.make(() => {
        const before = input.workflowId === undefined ? null : one(input.workflowId)
        if (!clients.one(input.clientId)) throw new FaultError({ code: 'not-found', what: 'client' })
        const workflow: Workflow = {
          ...input,
          name: input.name.trim(),
          workflowId: input.workflowId ?? newId<WorkflowId>(),
        }
        refuseTaken(workflow)
        rows.put(workflow)
        const { clientId, name } = workflow
        return {
          result: { workflow },
          said: {
            clientId,
            kind: 'workflow.saved',
            words: `The workflow “${name}” of {client} was saved.`,
            sentence: `${name} was saved.`,
          },
          inverse: {
            clientId,
            kind: 'workflow.save-undone',
            words: `A change of the workflow “${name}” of {client} was taken back.`,
            sentence: before ? `${before.name} is as it was before.` : `${name} is gone again.`,
            act: () => (before ? rows.put(before) : rows.mark(workflow.workflowId, clock.nowMs())),
          },
        }
      }),
    removeWorkflow: ({ workflowId }) =>
      record.make(() => {
        const before = one(workflowId)
        const { clientId, name } = before
        rows.mark(workflowId, clock.nowMs())
        return {
          result: {},
          said: {
            clientId,
            kind: 'workflow.removed',
            words: `The workflow “${name}” of {client} was removed.`,
            sentence: `${name} was removed.`,
          },
          inverse: {
            clientId,
            kind: 'workflow.remove-undone',
            words: `Removing the workflow “${name}” of {client} was taken back.`,
            sentence: `${name} is back.`,
            act: () => {
              refuseTaken(before)
              rows.mark(workflowId, null)
            },
          },
        }
      }),
  }
}

function noteChanges({
  db,
  boxes,
  clients,
  record,
  clock,
}: Parts): Pick<Belongings, 'notes' | 'saveNote' | 'removeNote'> {
  const rows = noteRows(db)
  const one = (noteId: NoteId) => {
    const found = rows.one(noteId)
    if (!found) throw new FaultError({ code: 'not-found', what: 'note' })
    return found
  }
  const subject = ({ boxId }: Note) => (boxId === null ? '{client}' : '{box}')
  return {
    notes: ({ boxId, clientId }) => rows.list(boxId, clientId),
    saveNote: (input) =>
      record.make(() => {
        const before = input.noteId === undefined ? null : one(input.noteId)
        const { boxId, clientId } = input
        if (boxId === null && clientId === null)
          throw new FaultError({
            code: 'invalid-input',
            field: 'note',
            detail: 'A note belongs to a machine or a client.',
          })
        if (boxId !== null && !boxes.one(boxId)) throw new FaultError({ code: 'not-found', what: 'machine' })
        if (clientId !== null && !clients.one(clientId)) throw new FaultError({ code: 'not-found', what: 'client' })
        const note: Note = { ...input, noteId: input.noteId ?? newId<NoteId>(), updatedAtMs: clock.nowMs() }
        rows.put(note)
        return {
          result: { note },
          said: {
            boxId,
            clientId,
            kind: 'note.saved',
            words: `A note about ${subject(note)} was saved.`,
            sentence: 'The note was saved.',
          },
          inverse: {
            boxId,
            clientId,
            kind: 'note.save-undone',
            words: `A change of a note about ${subject(note)} was taken back.`,
            sentence: before ? 'The note is as it was before.' : 'The note is gone again.',
            act: () => (before ? rows.put(before) : rows.mark(note.noteId, clock.nowMs())),
          },
        }
      }),
    removeNote: ({ noteId }) =>
      record.make(() => {
        const before = one(noteId)
        const { boxId, clientId } = before
        rows.mark(noteId, clock.nowMs())
        return {
          result: {},
          said: {
            boxId,
            clientId,
            kind: 'note.removed',
            words: `A note about ${subject(before)} was removed.`,
            sentence: 'The note was removed.',
          },
          inverse: {
            boxId,
            clientId,
            kind: 'note.remove-undone',
            words: `Removing a note about ${subject(before)} was taken back.`,
            sentence: 'The note is back.',
            act: () => rows.mark(noteId, null),
          },
        }
      }),
  }
}

function testHandleChanges({ db, record }: Parts): Pick<Belongings, 'testHandles' | 'setTestHandles'> {
  const rows = testHandleRows(db)
  return {
    testHandles: () => rows.all(),
    setTestHandles: ({ handles }) =>
      record.make(() => {
        const before = rows.all()
        rows.replace(normaliseHandles(handles, '', before))
        return {
          result: {},
          said: {
            kind: 'test-handles.set',
            words: 'The own test handles were changed.',
            sentence: 'Your test handles were changed.',
          },
          inverse: {
            kind: 'test-handles.set-undone',
            words: 'A change of the own test handles was taken back.',
            sentence: 'Your test handles are as they were before.',
            act: () => rows.replace(before),
          },
        }
      }),
  }
}
