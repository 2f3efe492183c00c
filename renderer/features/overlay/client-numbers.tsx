import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Client, ClientId } from '../../../shared/contract/index.ts'
import { client as engine } from '../../api/client.ts'
import { said } from '../../api/fault.ts'
import { orpc } from '../../api/queries.ts'
import { offerUndoOf } from '../../api/undo.ts'
import { go } from '../../state/navigation.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { guessKind } from '../../ui/handles.ts'
import { UntrustedText } from '../../ui/text.tsx'
import { useLayerForm } from './layer-form.ts'

/** Whose numbers a layer is about; null: of many clients, or of none. */
function useClientOf(): ClientId | null {
  const { layer, reach } = useLayerForm().page
  const { data: boxes } = useQuery(orpc.inventory.boxes.queryOptions())
  if (layer.kind === 'client') return layer.key as ClientId
  if (layer.kind !== 'box' && layer.kind !== 'agent') return null
  const boxId = layer.kind === 'box' ? layer.key : reach.agents[0]?.boxId
  return boxes?.find((box) => box.boxId === boxId)?.clientId ?? null
}

/** Who is answered on an account of the client's own: the numbers the inventory has of the client, and nobody else. */
export function ClientNumbers() {
  const clientId = useClientOf()
  return (
    <div className="flex max-w-[496px] flex-col gap-1">
      <span className="text-meta text-text2">Who it answers</span>
      {clientId === null ? (
        <>
          <p>Each client’s own numbers, and nobody else.</p>
          <p className="text-meta text-text3">They stand with each client; no layer names them.</p>
        </>
      ) : (
        <NumbersOf clientId={clientId} />
      )}
    </div>
  )
}

function NumbersOf({ clientId }: { clientId: ClientId }) {
  const { data: client } = useQuery(orpc.inventory.client.queryOptions({ input: { clientId } }))
  const { held } = useLayerForm()
  const [adding, setAdding] = useState(false)
  if (!client) return null
  return (
    <>
      <ul aria-label="Who it answers" className="rounded-control border border-line">
        {client.handles.length === 0 && (
          <li className="px-3 py-2 text-text2">No number of {client.name} is known, so it answers nobody.</li>
        )}
        {client.handles.map(({ kind, value, label, trust }) => (
          <li
            key={`${kind} ${value}`}
            className="flex min-h-9 items-baseline gap-3 border-line px-3 py-2 not-first:border-t"
          >
            <span className="figures">
              <UntrustedText text={value} />
            </span>
            <span className={`text-meta ${trust === 'proved' ? 'text-text3' : 'text-warning'}`}>
              {[label, trust === 'proved' ? 'proved' : 'not proved yet'].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      {adding ? (
        <AddNumber client={client} onDone={() => setAdding(false)} />
      ) : (
        held === undefined && (
          <div>
            <Button small onClick={() => setAdding(true)}>
              Add another number of the client
            </Button>
          </div>
        )
      )}
      <p className="text-meta text-text3">
        From client <UntrustedText text={client.name} /> ·{' '}
        <TextButton onClick={() => go({ page: 'edit-client', clientId })}>edit the client</TextButton>
      </p>
    </>
  )
}

/** One more number, checked and written in its normal form. It is saved with the client at once. */
function AddNumber({ client, onDone }: { client: Client; onDone: () => void }) {
  const [value, setValue] = useState('')
  const [label, setLabel] = useState('')
  const add = useMutation({
    mutationFn: async () => {
      const kind = guessKind(value, /^\d{5,15}$/.test(value.trim()) ? 'telegram' : 'phone')
      const handle = await engine.inventory.checkHandle({ kind, value, region: client.region })
      const handles = [...client.handles, { ...handle, label: label.trim() }]
      return engine.inventory.editClient({ clientId: client.clientId, fields: { handles } })
    },
    onSuccess: ({ sentence, undoId }) => {
      offerUndoOf(sentence, [undoId])
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (value.trim() !== '') add.mutate()
  }
  return (
    <form className="flex flex-col gap-2 pt-1" onSubmit={submit}>
      <Input
        label="Number, address or chat id of the client"
        autoFocus
        value={value}
        onChange={({ target }) => setValue(target.value)}
        error={add.error ? refusal(value, add.error) : undefined}
        help="Saved with the client at once, with an undo. It counts as not proved until a real exchange."
      />
      <Input label="Whose it is" value={label} maxLength={100} onChange={({ target }) => setLabel(target.value)} />
      <div className="flex gap-2">
        <Button small submit keys="enter" disabled={value.trim() === '' || add.isPending}>
          Add it
        </Button>
        <Button small onClick={onDone}>
          Leave it
        </Button>
      </div>
    </form>
  )
}

/** What stands for everyone is no number of anybody: that is said first. */
function refusal(value: string, error: unknown): string {
  const { fault, sentence, nextStep } = said(error)
  if (!/[\p{L}\p{N}]/u.test(value))
    return `${JSON.stringify(value.trim())} is no number of the client, and “everyone” cannot be saved here. Add another number of the client instead.`
  return fault?.code === 'invalid-input' ? fault.detail : `${sentence} ${nextStep}`
}
