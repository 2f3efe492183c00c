import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BoxId, UndoId } from '../../shared/contract/index.ts'
import { client } from '../api/client.ts'
import { orpc } from '../api/queries.ts'
import { offerUndoOf } from '../api/undo.ts'
import { Radio, RadioGroup } from './field.tsx'
import { ReasonSheet } from './reason-sheet.tsx'

const shownChars = 300

/** A line of a machine's log, or a kind of them with its newest line. */
export interface NotedLine {
  readonly boxId: BoxId
  readonly text: string
  readonly atMs: number
}

type Place = 'flag' | 'client' | 'machine'

/** Makes of a log line a flag of its client, due the same day, or a note beside the client or the machine. */
export function NoteSheet({ line, onClose }: { line: NotedLine; onClose: () => void }) {
  const { data: boxes = [] } = useQuery(orpc.inventory.boxes.queryOptions())
  const { data: clients = [] } = useQuery(orpc.inventory.clients.queryOptions())
  const box = boxes.find(({ boxId }) => boxId === line.boxId)
  const owner = clients.find(({ clientId }) => clientId === box?.clientId)
  const [picked, setPlace] = useState<Place>('client')
  const place = owner ? picked : 'machine'
  const save = useMutation({
    mutationFn: async (words: string): Promise<{ undoId: UndoId; sentence: string }> =>
      place === 'flag'
        ? client.flags.raise({ boxId: line.boxId, words, line: line.text.slice(0, 2000), lineAtMs: line.atMs })
        : client.inventory.saveNote({
            boxId: place === 'machine' ? line.boxId : null,
            clientId: place === 'client' ? (owner?.clientId ?? null) : null,
            text: `${words}\nLog line: ${line.text.slice(0, shownChars)}`,
          }),
    onSuccess: ({ undoId, sentence }) => {
      offerUndoOf(sentence, [undoId])
      onClose()
    },
  })
  const isFlag = place === 'flag'
  return (
    <ReasonSheet
      title="Note or flag"
      description="The line is added to your words."
      label={isFlag ? 'What has to be put right today' : 'What it means, what to do'}
      missing="Words are missing."
      action={isFlag ? 'Flag' : 'Save'}
      maxLength={isFlag ? 200 : 2000}
      busy={save.isPending}
      error={save.error}
      onSubmit={save.mutate}
      onClose={onClose}
    >
      {owner ? (
        <RadioGroup label="What it becomes">
          <Radio
            name="note-where"
            label={`A note at ${owner.name}`}
            checked={place === 'client'}
            onChange={() => setPlace('client')}
          />
          <Radio
            name="note-where"
            label={`A note at ${box?.name ?? 'the machine'}`}
            checked={place === 'machine'}
            onChange={() => setPlace('machine')}
          />
          <Radio
            name="note-where"
            label={`A flag of ${owner.name}, due today: it stands in the review until it is done`}
            checked={isFlag}
            onChange={() => setPlace('flag')}
          />
        </RadioGroup>
      ) : (
        <p className="text-text2">{`It becomes a note at ${box?.name ?? 'the machine'}, which has no client to flag.`}</p>
      )}
    </ReasonSheet>
  )
}
