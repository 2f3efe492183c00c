import { useState } from 'react'
import type { BoxId, ClientId, Note } from '../../shared/contract/index.ts'
import { client } from '../api/client.ts'
import { sentenceOf } from '../api/sentence.ts'
import { offerUndoOf } from '../api/undo.ts'
import { Age } from './age.tsx'
import { Button, TextButton } from './button.tsx'
import { TextArea } from './field.tsx'
import { SectionLabel } from './text.tsx'

/** Whose notes they are: a machine's or a client's. */
export type NoteSubject = { boxId: BoxId; clientId: null } | { boxId: null; clientId: ClientId }

interface NotesProps {
  subject: NoteSubject
  /** Heading: "Quirks" of a machine, "Notes" of a client. */
  title: string
  /** What is said while there is none: "Nothing is noted about this machine." */
  none: string
  notes: readonly Note[]
  readOnly: boolean
  /** Id of the note being edited; `new` for one not saved yet. */
  editing: string | null
  onEdit: (noteId: string | null) => void
}

/** What the operator knows and no fact says: always in sight, edited where it stands. */
export function Notes({ subject, title, none, notes, readOnly, editing, onEdit }: NotesProps) {
  return (
    <section className="flex flex-col gap-2 px-6 pt-5 pb-4">
      <SectionLabel>{title}</SectionLabel>
      {notes.map((note) =>
        editing === note.noteId ? (
          <NoteEditor key={note.noteId} subject={subject} note={note} onDone={() => onEdit(null)} />
        ) : (
          <NoteText key={note.noteId} note={note} onEdit={readOnly ? undefined : () => onEdit(note.noteId)} />
        ),
      )}
      {editing === 'new' && <NoteEditor subject={subject} note={null} onDone={() => onEdit(null)} />}
      {editing === null && !readOnly && (
        <p>
          {notes.length === 0 && <span className="text-text3">{none} </span>}
          <TextButton onClick={() => onEdit('new')}>Add a note</TextButton>
        </p>
      )}
    </section>
  )
}

function NoteText({ note, onEdit }: { note: Note; onEdit: (() => void) | undefined }) {
  return (
    <div className="flex items-start gap-3">
      <p className="readable min-w-0 flex-1 break-words whitespace-pre-wrap">{note.text}</p>
      <span className="flex shrink-0 gap-3">
        <Age atMs={note.updatedAtMs} />
        {onEdit && <TextButton onClick={onEdit}>Edit</TextButton>}
      </span>
    </div>
  )
}

function NoteEditor({ subject, note, onDone }: { subject: NoteSubject; note: Note | null; onDone: () => void }) {
  const [text, setText] = useState(note?.text ?? '')
  const [refused, setRefused] = useState('')
  const save = async () => {
    try {
      const emptied = text.trim() === ''
      if (emptied && !note) return onDone()
      const { sentence, undoId } =
        emptied && note
          ? await client.inventory.removeNote({ noteId: note.noteId })
          : await client.inventory.saveNote({ ...(note ? { noteId: note.noteId } : {}), ...subject, text })
      offerUndoOf(sentence, [undoId])
      onDone()
    } catch (error) {
      setRefused(sentenceOf(error))
    }
  }
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        autoFocus
        label={note ? 'Note' : 'New note'}
        value={text}
        error={refused || undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault()
            onDone()
          }
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
            event.preventDefault()
            void save()
          }
        }}
        help={note ? 'Saving it empty removes it.' : undefined}
      />
      <div className="flex gap-2">
        <Button small look="primary" keys="mod+enter" onClick={() => void save()}>
          Save
        </Button>
        <Button small keys="escape" onClick={onDone}>
          Leave as it was
        </Button>
      </div>
    </div>
  )
}
