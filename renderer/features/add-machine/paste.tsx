import { type FormEvent, useState } from 'react'
import { Button, TextButton } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'

export interface PasteProps {
  command: string
  onCommand: (command: string) => void
  onRead: (command: string) => void
  /** What was wrong with the command; empty while nothing is. */
  problem: string
  onByHand: () => void
  /** Whether the fields stand below already. */
  filled: boolean
}

/** The one line a machine begins with. Pasting reads it at once; Enter reads what was typed. */
export function PasteCommand({ command, onCommand, onRead, problem, onByHand, filled }: PasteProps) {
  const [focused, setFocused] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onRead(command)
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-2">
      <div className="flex max-w-[640px] items-start gap-2 [&>div]:max-w-none [&>div]:grow">
        <Input
          mono
          autoFocus={!filled}
          label="Paste the ssh command you use today"
          placeholder="ssh -p 2222 -J bastion dana@10.0.0.5"
          value={command}
          maxLength={2000}
          error={problem}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
          onChange={(event) => onCommand(event.target.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text/plain').trim()
            const field = event.currentTarget
            const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length
            if (pasted === '' || !whole) return
            event.preventDefault()
            onCommand(pasted.replace(/\s*\n\s*/g, ' '))
            onRead(pasted.replace(/\s*\n\s*/g, ' '))
          }}
        />
        <Button
          submit
          className="mt-5"
          disabled={command.trim() === ''}
          keys={focused && command.trim() !== '' ? 'enter' : undefined}
        >
          {filled ? 'Read again' : 'Read it'}
        </Button>
      </div>
      {!filled && (
        <p className="text-meta text-text3">
          Nothing is sent yet. <TextButton onClick={onByHand}>Fill in by hand instead</TextButton>
        </p>
      )}
    </form>
  )
}
