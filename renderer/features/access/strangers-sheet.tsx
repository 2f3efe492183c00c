import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { AccessRow, HeardPerson } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { orpc, queryClient } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerSentence } from '../../state/said.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { Input } from '../../ui/field.tsx'
import { strangerTimes } from './words.ts'

export type StrangersAsked = 'show' | 'looked-after'

const words = {
  show: {
    title: 'Show who was answered',
    description: 'Their handles are read from the machine now and kept nowhere; the reason stands in the diary.',
    button: 'Read them',
  },
  'looked-after': {
    title: 'They were looked after',
    description: 'The finding closes until somebody else is answered; the reason stands in the diary.',
    button: 'Looked after',
  },
} as const

/** Asks for a reason, then shows who was answered, or closes the matter. What was shown goes with the sheet. */
export function StrangersSheet({
  asked,
  row,
  onClose,
}: {
  asked: StrangersAsked
  row: AccessRow
  onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const [pending, setPending] = useState(false)
  const [problem, setProblem] = useState<string | undefined>()
  const [people, setPeople] = useState<readonly HeardPerson[] | null>(null)
  const leave = useRef(new AbortController())
  useEffect(() => () => leave.current.abort(), [])
  const act = async () => {
    setPending(true)
    setProblem(undefined)
    try {
      const input = { agentId: row.agentId, reason }
      if (asked === 'show') setPeople(await client.access.showPeople(input, { signal: leave.current.signal }))
      else {
        const { sentence } = await client.access.lookedAfter(input)
        await queryClient.invalidateQueries({ queryKey: orpc.access.key() })
        offerSentence(sentence, 'plain')
        onClose()
      }
    } catch (error) {
      if (!leave.current.signal.aborted) setProblem(sentenceOf(error))
    } finally {
      setPending(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim() !== '' && !pending) void act()
  }
  const { title, description, button } = words[asked]
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={title} description={description}>
      {people === null ? (
        <form className="flex flex-col gap-4" onSubmit={submit}>
          <Input
            label="Reason"
            maxLength={200}
            autoFocus
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            error={problem}
          />
          <div className="flex items-center gap-3">
            <Button submit look="primary" keys="enter" disabled={reason.trim() === '' || pending}>
              {button}
            </Button>
            {reason.trim() === '' && <span className="text-meta text-text3">A reason is missing.</span>}
            {pending && <span className="text-meta text-text3">{`Asking ${row.boxName}.`}</span>}
          </div>
        </form>
      ) : (
        <Heard people={people} />
      )}
    </Sheet>
  )
}

function Heard({ people }: { people: readonly HeardPerson[] }) {
  if (people.length === 0) return <p className="text-text2">The machine names nobody any more.</p>
  return (
    <ul aria-label="People who were answered" className="flex flex-col gap-3">
      {people.map((person) => (
        <li key={`${person.mark} ${person.channel} ${person.account} ${person.how}`} className="flex flex-col">
          <Copyable text={person.handle} />
          <span className="text-meta text-text3">
            {`${strangerTimes(person)}, last `}
            <Age atMs={person.lastAtMs} inSentence className="" />
          </span>
        </li>
      ))}
    </ul>
  )
}
