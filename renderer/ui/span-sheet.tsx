import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ClientId, ClientSpan } from '../../shared/contract/index.ts'
import { client } from '../api/client.ts'
import { sentenceOf } from '../api/sentence.ts'
import { offerUndoOf } from '../api/undo.ts'
import { useNow } from './age.tsx'
import { Button } from './button.tsx'
import { dayField, dayStart } from './day-fields.ts'
import { DayInput } from './day-input.tsx'
import { Sheet } from './dialog.tsx'
import { Field, Input } from './field.tsx'

const words: Record<ClientSpan['kind'], { title: string; about: string; save: string }> = {
  pause: {
    title: 'Pause',
    about:
      'The client is away: no machine is expected on, and neither silence nor a machine that is off is an alarm. It ends by itself.',
    save: 'Pause',
  },
  hold: {
    title: 'Hold',
    about:
      'Nothing is changed at this client until the day given; machines are still read and backed up. It ends by itself.',
    save: 'Hold',
  },
}

/** Says that a client is away from–to, or that nothing may be changed there until a day; with a reason. */
export function SpanSheet({
  kind,
  clientId,
  name,
  onClose,
}: {
  kind: ClientSpan['kind']
  clientId: ClientId
  name: string
  onClose: () => void
}) {
  const { title, about } = words[kind]
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={`${title} ${name}`} description={about} width={440}>
      <SpanForm kind={kind} clientId={clientId} onClose={onClose} />
    </Sheet>
  )
}

function SpanForm({ kind, clientId, onClose }: { kind: ClientSpan['kind']; clientId: ClientId; onClose: () => void }) {
  const now = useNow()
  const today = dayField(now, 0)
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState(() => dayField(now, 7))
  const [reason, setReason] = useState('')
  const fromMs = dayStart(from)
  const untilMs = dayStart(until)
  const save = useMutation({
    mutationFn: (end: number) =>
      kind === 'pause'
        ? client.inventory.pauseClient({
            clientId,
            untilMs: end,
            reason,
            ...(fromMs !== null && from > today ? { fromMs } : {}),
          })
        : client.inventory.holdClient({ clientId, untilMs: end, reason }),
    onSuccess: ({ sentence, undoId }) => {
      offerUndoOf(sentence, [undoId])
      onClose()
    },
  })
  const late = untilMs !== null && untilMs <= Math.max(now, kind === 'pause' ? (fromMs ?? 0) : 0)
  const missing =
    untilMs === null || (kind === 'pause' && fromMs === null)
      ? 'A day is missing, such as 5 December.'
      : late
        ? 'It ends before it begins.'
        : reason.trim() === ''
          ? 'A reason is missing.'
          : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (missing === null && untilMs !== null) save.mutate(untilMs)
  }
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      {kind === 'pause' && (
        <Field label="Away from">
          {(wiring) => <DayInput {...wiring} min={today} value={from} onChange={setFrom} />}
        </Field>
      )}
      <Field label={kind === 'pause' ? 'Back on' : 'No changes until'}>
        {(wiring) => <DayInput {...wiring} min={dayField(now, 1)} value={until} onChange={setUntil} />}
      </Field>
      <Input
        label="Reason"
        maxLength={200}
        autoFocus
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        help="Yours alone; it is not written into the diary."
        error={save.error ? sentenceOf(save.error) : undefined}
      />
      <div className="flex items-center gap-3">
        <Button submit look="primary" keys="enter" disabled={missing !== null || save.isPending}>
          {words[kind].save}
        </Button>
        {missing && <span className="text-meta text-text3">{missing}</span>}
      </div>
    </form>
  )
}
