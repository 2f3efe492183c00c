import { type FormEvent, useState } from 'react'
import { sentenceOf } from '../api/sentence.ts'
import { Button } from './button.tsx'
import { Input } from './field.tsx'

/** Asks why an earlier revision is to hold again, and restores it. */
export function RestoreForm({
  revision,
  restore,
  onLeave,
}: {
  revision: number
  restore: { mutate: (because: string) => void; isPending: boolean; error: Error | null }
  onLeave: () => void
}) {
  const [because, setBecause] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (because.trim() !== '') restore.mutate(because)
  }
  return (
    <form className="ml-9 flex flex-col gap-2" onSubmit={submit}>
      <Input
        label={`Why revision ${revision} again`}
        autoFocus
        maxLength={300}
        value={because}
        onChange={({ target }) => setBecause(target.value)}
        help="No machine is changed by this."
        error={restore.error ? sentenceOf(restore.error) : undefined}
      />
      <div className="flex items-center gap-2">
        <Button small submit look="primary" keys="enter" disabled={because.trim() === '' || restore.isPending}>
          {`Restore revision ${revision}`}
        </Button>
        <Button small onClick={onLeave}>
          Leave it
        </Button>
      </div>
    </form>
  )
}
