import type { MachinePage } from '../../../shared/contract/index.ts'
import { contactOf } from '../../../shared/message-draft.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { useMachineState } from './machine-state.ts'

/** On top of a machine that does not answer: what was tried, whom to ask, and the way to a message for them. */
export function OfflineHelp({ data }: { data: MachinePage }) {
  const contact = contactOf(data.client)
  // That it did not answer is no reading of it.
  const lastFact = data.facts
    .filter(({ key }) => !key.startsWith('reach.'))
    .reduce((newest, fact) => Math.max(newest, fact.takenAtMs), 0)
  return (
    <section className="readable flex flex-col gap-3 border-b border-line px-6 py-4">
      {data.lastAttempt && (
        <p>
          <UntrustedText text={data.lastAttempt.sentence} maxChars={400} />{' '}
          <span className="text-meta text-text3">
            tried <Age atMs={data.lastAttempt.atMs} inSentence className="" />
          </span>
        </p>
      )}
      {lastFact > 0 && (
        <p className="text-text2">
          Everything below was read <Age atMs={lastFact} inSentence className="" /> or before.
        </p>
      )}
      {contact ? (
        <div className="flex flex-col items-start gap-1">
          <SectionLabel>Ask there</SectionLabel>
          <p>
            {contact.name}
            {contact.role && <span className="text-text2">, {contact.role}</span>}{' '}
            {contact.handle && <Copyable text={contact.handle} />}
          </p>
          <Button small keys="m" className="mt-1" onClick={() => useMachineState.setState({ messageOpen: true })}>
            Write a message
          </Button>
        </div>
      ) : (
        data.client && (
          <p className="text-text2">No contact is known for {data.client.name}, so there is nobody to ask from here.</p>
        )
      )}
    </section>
  )
}
