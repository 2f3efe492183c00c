import { type FormEvent, useState } from 'react'
import type { Except } from '../../../shared/contract/index.ts'
import { useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { dayField, dayStart } from '../../ui/day-fields.ts'
import { DayInput } from '../../ui/day-input.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'

const usualDays = 14

/** Leaves a value on the machines as it is until a day, with the reason. It is saved with the other edits. */
export function ExceptSheet({
  path,
  label,
  onExcept,
  onClose,
}: {
  path: string
  /** Of the layer. */
  label: string
  onExcept: (except: Except) => void
  onClose: () => void
}) {
  const now = useNow()
  const [until, setUntil] = useState(() => dayField(now, usualDays))
  const [because, setBecause] = useState('')
  const untilMs = dayStart(until)
  const missing =
    untilMs === null
      ? 'A day is missing, such as 5 December.'
      : untilMs <= now
        ? 'It ends before it begins.'
        : because.trim() === ''
          ? 'A reason is missing.'
          : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (missing !== null || untilMs === null) return
    onExcept({ path, untilMs, because: because.trim() })
    onClose()
  }
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title="Except until"
      description={`${path} is left on the machines of ${label} as it is, whatever the layers say. It ends by itself.`}
      width={440}
    >
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label="Until">
          {(wiring) => <DayInput {...wiring} min={dayField(now, 1)} value={until} onChange={setUntil} />}
        </Field>
        <Input
          label="Because"
          maxLength={300}
          autoFocus
          value={because}
          onChange={({ target }) => setBecause(target.value)}
        />
        <div className="flex items-center gap-3">
          <Button submit look="primary" keys="enter" disabled={missing !== null}>
            Leave it as it is
          </Button>
          {missing && <span className="text-meta text-text3">{missing}</span>}
        </div>
      </form>
    </Sheet>
  )
}
