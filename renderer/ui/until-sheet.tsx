import { type FormEvent, type ReactNode, useState } from 'react'
import { sentenceOf } from '../api/sentence.ts'
import { useNow } from './age.tsx'
import { Button } from './button.tsx'
import { dayField, dayStart } from './day-fields.ts'
import { DayInput } from './day-input.tsx'
import { Sheet } from './dialog.tsx'
import { Field, Input } from './field.tsx'

const usualDays = 14

/** Asks until which day something is left as it is, and why; Enter does it. */
export function UntilSheet({
  title,
  description,
  action,
  busy = false,
  error = null,
  onSubmit,
  onClose,
  children,
}: {
  title: string
  description: string
  /** What the button does. */
  action: string
  busy?: boolean
  error?: unknown
  onSubmit: (untilMs: number, because: string) => void
  onClose: () => void
  /** What there is to choose, above the day. */
  children?: ReactNode
}) {
  const now = useNow()
  const [until, setUntil] = useState(() => dayField(now, usualDays))
  const [typed, setTyped] = useState('')
  const because = typed.trim()
  const untilMs = dayStart(until)
  const missing =
    untilMs === null
      ? 'A day is missing, such as 5 December.'
      : untilMs <= now
        ? 'It ends before it begins.'
        : because === ''
          ? 'A reason is missing.'
          : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (missing === null && untilMs !== null && !busy) onSubmit(untilMs, because)
  }
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={title} description={description} width={440}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        {children}
        <Field label="Until">
          {(wiring) => <DayInput {...wiring} min={dayField(now, 1)} value={until} onChange={setUntil} />}
        </Field>
        <Input
          label="Because"
          maxLength={300}
          autoFocus
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          error={error ? sentenceOf(error) : undefined}
        />
        <div className="flex items-center gap-3">
          <Button submit look="primary" keys="enter" disabled={missing !== null || busy}>
            {action}
          </Button>
          {missing && <span className="text-meta text-text3">{missing}</span>}
        </div>
      </form>
    </Sheet>
  )
}
