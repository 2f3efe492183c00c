import { useQuery } from '@tanstack/react-query'
import type { Fact } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { Age, useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { evidenceText } from '../../ui/evidence-text.ts'
import { momentOfFact } from '../../ui/fact-moment.ts'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { ageText, agoText, clockTime } from '../../ui/times.ts'
import type { FactLine } from './fact-line.ts'
import { factName } from './facts-view.ts'

/** Where a fact comes from and what it read before. */
export function EvidenceSheet({
  fact,
  line,
  open,
  onLog,
  onOpenChange,
}: {
  fact: Fact
  /** What shows it by hand; null where the machine itself cannot. */
  line: FactLine | null
  open: boolean
  /** Goes to the log at the moment the fact speaks of. */
  onLog: () => void
  onOpenChange: (open: boolean) => void
}) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title={factName(fact)} pageKeys>
      <div className="readable flex flex-col gap-6">
        <section className="flex flex-col gap-1">
          <p className={fact.stale ? 'text-text3' : ''}>
            <UntrustedText text={fact.text || 'not seen'} maxChars={1_000} />
          </p>
          <p className="text-meta text-text3">
            Read <Age atMs={fact.takenAtMs} inSentence className="" />
            {fact.stale && ', older than two sweeps'}
          </p>
          <div className="mt-1">
            <Button small keys="l" onClick={onLog}>
              Log at {clockTime(momentOfFact(fact))}
            </Button>
          </div>
        </section>
        <section className="flex flex-col gap-2">
          <SectionLabel>What said so</SectionLabel>
          <p className="break-words text-text2">
            <UntrustedText text={fact.evidence.source} maxChars={400} />
          </p>
          {fact.evidence.raw && (
            <div className="max-h-[240px] overflow-auto bg-sunken px-3 py-2">
              <Copyable text={evidenceText(fact.evidence.raw)} />
            </div>
          )}
        </section>
        {line && <ByHand line={line} />}
        <History fact={fact} />
      </div>
    </Sheet>
  )
}

/** The line for a terminal here. */
function ByHand({ line }: { line: FactLine }) {
  return (
    <section aria-label="See it by hand" className="flex flex-col gap-2">
      <SectionLabel>See it by hand</SectionLabel>
      <div>
        <Copyable text={line.text} keys="y" />
      </div>
      {line.note && (
        <p className="text-text2">
          <UntrustedText text={line.note} maxChars={400} />
        </p>
      )}
      {line.shell === 'cmd' && (
        <p className="text-meta text-text3">
          In the words of Windows’ cmd. Nobody has run this form on a real machine yet.
        </p>
      )}
    </section>
  )
}

function History({ fact }: { fact: Fact }) {
  const { boxId, agentId, key, instance } = fact
  const { data, error } = useQuery(orpc.pages.factHistory.queryOptions({ input: { boxId, agentId, key, instance } }))
  const now = useNow()
  if (error) return <p className="text-critical">{sentenceOf(error)}</p>
  if (!data) return null
  if (data.length === 0) return <p className="text-text2">It has never read differently.</p>
  return (
    <section className="flex flex-col gap-2">
      <SectionLabel>How it read, newest first</SectionLabel>
      <ol className="flex flex-col gap-1">
        {data.map((span, at) => (
          <li key={`${span.fromMs} ${span.text}`} className="flex gap-3">
            <span className="w-[132px] shrink-0 text-text2">{ageText(span.fromMs, now)}</span>
            <span className="min-w-0 flex-1 break-words">
              <UntrustedText text={span.text || 'not seen'} />
            </span>
            <span className="shrink-0 text-meta leading-5 text-text3">
              {at === 0 ? 'still' : `until ${agoText(span.toMs, now).replace(/^on /, '')}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
