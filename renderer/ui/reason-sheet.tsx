import { type FormEvent, type ReactNode, useState } from 'react'
import { sentenceOf } from '../api/sentence.ts'
import { Button } from './button.tsx'
import { Sheet } from './dialog.tsx'
import { Input } from './field.tsx'

/** Asks for the operator's words before something is done; Enter does it. */
export function ReasonSheet({
  title,
  description,
  label = 'Reason',
  missing = 'A reason is missing.',
  action,
  maxLength = 500,
  busy,
  error,
  onSubmit,
  onClose,
  children,
}: {
  title: string
  description: string
  label?: string
  /** Said beside the button while nothing is typed. */
  missing?: string
  /** What the button does. */
  action: string
  maxLength?: number
  busy: boolean
  error: unknown
  onSubmit: (words: string) => void
  onClose: () => void
  /** What there is to choose, above the words. */
  children?: ReactNode
}) {
  const [typed, setTyped] = useState('')
  const words = typed.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (words !== '') onSubmit(words)
  }
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={title} description={description} width={440}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        {children}
        <Input
          label={label}
          maxLength={maxLength}
          autoFocus
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          error={error ? sentenceOf(error) : undefined}
        />
        <div className="flex items-center gap-3">
          <Button submit look="primary" keys="enter" disabled={words === '' || busy}>
            {action}
          </Button>
          {words === '' && <span className="text-meta text-text3">{missing}</span>}
        </div>
      </form>
    </Sheet>
  )
}
