import { useState } from 'react'
import { go } from '../../state/navigation.ts'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { EmptyLine } from '../../ui/text.tsx'

/** A fleet without machines: one field that takes the command used today, and the way to an import. */
export function EmptyFleet({ readOnly }: { readOnly: boolean }) {
  const [command, setCommand] = useState('')
  if (readOnly)
    return (
      <div className="px-6 pt-4">
        <EmptyLine>No machines. This console was started to read only, so none can be added here.</EmptyLine>
      </div>
    )
  return (
    <form
      className="flex flex-col gap-4 px-6 pt-4"
      onSubmit={(event) => {
        event.preventDefault()
        go(command.trim() ? { page: 'add', command: command.trim() } : { page: 'add' })
      }}
    >
      <EmptyLine>No machines yet. Paste the ssh command you use today, or import.</EmptyLine>
      <Input
        label="ssh command"
        mono
        value={command}
        onChange={(event) => setCommand(event.target.value)}
        help="Such as ssh -p 2222 -J bastion dana@10.0.0.5"
      />
      <div className="flex gap-2">
        <Button submit look="primary">
          Read it
        </Button>
        <Button onClick={() => go({ page: 'import' })}>Import a file</Button>
      </div>
    </form>
  )
}
