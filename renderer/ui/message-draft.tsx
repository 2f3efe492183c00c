import { useEffect, useRef, useState } from 'react'
import type { Client, Finding } from '../../shared/contract/index.ts'
import { contactOf, type DraftReason, draftReason, messageDraft, unansweredOf } from '../../shared/message-draft.ts'
import { useNow } from './age.tsx'
import { Button, TextButton } from './button.tsx'
import { Copyable, copyText } from './copyable.tsx'
import { Sheet } from './dialog.tsx'
import { Select, TextArea } from './field.tsx'
import { SectionLabel } from './text.tsx'
import { clockTime } from './times.ts'

export interface MessageDraftProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  client: Client
  /** What there is to write about; null: nothing in particular. */
  finding: Pick<Finding, 'cause' | 'sentence' | 'detail' | 'evidence' | 'sinceMs'> | null
  /** Name of the machine where the client has several; empty otherwise. */
  computer: string
}

/** A message to somebody at the client: edited here, copied, and sent by hand. The console sends nothing. */
export function MessageDraft({ open, onOpenChange, ...about }: MessageDraftProps) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title={`Message to ${about.client.name}`}>
      <Draft {...about} />
    </Sheet>
  )
}

const reasonWords: Record<DraftReason, string> = {
  offline: 'The computer is out of reach',
  'nobody-logged-in': 'Nobody has logged in',
  unanswered: 'They wrote and got no answer',
  silent: 'They have not written',
  'model-refused': 'Their AI account was turned away',
  generic: 'Something else',
}

/** ⌘↵ copies from anywhere in the sheet: while it is open, the page's own keys are silent. */
function useCopyKey(copy: () => void): void {
  const latest = useRef(copy)
  latest.current = copy
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

function Draft({ client, finding, computer }: Omit<MessageDraftProps, 'open' | 'onOpenChange'>) {
  const now = useNow()
  const first = contactOf(client)
  const [to, setTo] = useState(Math.max(0, first ? client.contacts.indexOf(first) : 0))
  const [reason, setReason] = useState(() => draftReason(finding))
  const [edited, setEdited] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const contact = client.contacts[to] ?? null
  const draft = messageDraft(
    { reason, sinceMs: finding?.sinceMs ?? null, unanswered: unansweredOf(finding), computer },
    { ...client, contactName: contact?.name ?? '' },
    now,
  )
  const text = edited ?? draft
  const copy = async () =>
    setSaid((await copyText(text)) ? 'Copied. Nothing was sent.' : 'Not copied: the clipboard refused it.')
  useCopyKey(() => void copy())
  return (
    <div className="flex flex-col gap-4">
      <section className="flex flex-col gap-1">
        <SectionLabel>For</SectionLabel>
        {contact ? (
          <p className="readable">
            {contact.name}
            {contact.role && <span className="text-text2">, {contact.role}</span>}{' '}
            {contact.handle ? (
              <Copyable text={contact.handle} />
            ) : (
              <span className="text-text3">no number is known</span>
            )}
          </p>
        ) : (
          <p className="text-text2">No contact is known for {client.name}.</p>
        )}
        <p className="text-meta text-text3">
          {clockTime(now, client.timeZone || undefined)} there now. Times in the message are theirs.
        </p>
      </section>
      {client.contacts.length > 1 && (
        <Select
          label="Write to"
          value={String(to)}
          onChange={(event) => setTo(Number(event.target.value))}
          options={client.contacts.map(({ name, role }, at) => ({
            value: String(at),
            label: role ? `${name}, ${role}` : name,
          }))}
        />
      )}
      <Select
        label="About"
        value={reason}
        onChange={(event) => setReason(event.target.value as DraftReason)}
        options={(Object.keys(reasonWords) as DraftReason[]).map((value) => ({ value, label: reasonWords[value] }))}
      />
      <TextArea
        label="Message"
        rows={10}
        value={text}
        spellCheck
        onChange={(event) => setEdited(event.target.value)}
        help={
          edited === null ? (
            'Change what you like; it is kept nowhere.'
          ) : (
            <>
              Your words stand. <TextButton onClick={() => setEdited(null)}>Take the draft again</TextButton>
            </>
          )
        }
      />
      <div className="flex items-center gap-3">
        <Button look="primary" keys="mod+enter" onClick={() => void copy()}>
          Copy
        </Button>
        <span role="status" className="text-meta text-text2">
          {said || 'Wheelhouse sends nothing. Copy it and send it yourself.'}
        </span>
      </div>
    </div>
  )
}
