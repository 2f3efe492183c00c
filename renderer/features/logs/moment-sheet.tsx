import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { momentFields, momentOf } from '../../ui/moment-fields.ts'
import { MomentInput } from '../../ui/moment-input.tsx'
import { show } from './logs-state.ts'

/** Goes to the lines of a moment. */
export function MomentSheet({ atMs, onGo }: { atMs: number; onGo: (atMs: number) => void }) {
  const [fields, setFields] = useState(() => momentFields(atMs))
  const wanted = momentOf(fields)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wanted === null || wanted === undefined) return
    show(null)
    onGo(wanted)
  }
  return (
    <Sheet open onOpenChange={(open) => !open && show(null)} title="Go to a moment" width={440}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <MomentInput label="Date and time, yours" autoFocus value={fields} onChange={setFields} nearMs={atMs} />
        <div className="flex items-center gap-3">
          <Button submit look="primary" keys="enter" disabled={wanted === null || wanted === undefined}>
            Go there
          </Button>
          {wanted === null && <span className="text-meta text-text3">A day is missing.</span>}
        </div>
      </form>
    </Sheet>
  )
}
