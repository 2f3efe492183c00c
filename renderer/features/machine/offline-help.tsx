import type { MachinePage } from '../../../shared/contract/index.ts'
import { Age } from '../../ui/age.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { sinceText } from '../../ui/times.ts'
import { contactOf, messageDraft } from './draft.ts'

/** On top of a machine that does not answer: what was tried, whom to ask, and a message ready to send by hand. */
export function OfflineHelp({ data, nowMs }: { data: MachinePage; nowMs: number }) {
  const contact = contactOf(data.client)
  const finding = data.findings.find((each) => each.open && each.state === 'Offline')
  const since = finding ? sinceText(finding.sinceMs, nowMs) : null
  const lastFact = data.facts.reduce((newest, fact) => Math.max(newest, fact.takenAtMs), 0)
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
          Everything below is from <Age atMs={lastFact} inSentence className="" /> or older.
        </p>
      )}
      {contact ? (
        <div className="flex flex-col gap-1">
          <SectionLabel>Ask there</SectionLabel>
          <p>
            {contact.name}
            {contact.role && <span className="text-text2">, {contact.role}</span>}{' '}
            {contact.handle && <Copyable text={contact.handle} />}
          </p>
          <p className="mt-1 max-w-[72ch]">
            <Copyable
              text={messageDraft(contact.name, data.box.name, since)}
              label="Copy the message"
              keys="m"
              mono={false}
            />
          </p>
        </div>
      ) : (
        data.client && (
          <p className="text-text2">No contact is known for {data.client.name}, so there is nobody to ask from here.</p>
        )
      )}
    </section>
  )
}
