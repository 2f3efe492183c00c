import { useQuery } from '@tanstack/react-query'
import type { Fact } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { Age, useNow } from '../../ui/age.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { ageText, agoText } from '../../ui/times.ts'
import { factName } from './facts-view.ts'

const rawShown = 4_000

/** Where a fact comes from and what it read before. */
export function EvidenceSheet({
  fact,
  open,
  onOpenChange,
}: {
  fact: Fact
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title={factName(fact)}>
      <div className="readable flex flex-col gap-6">
        <section className="flex flex-col gap-1">
          <p className={fact.stale ? 'text-text3' : ''}>
            <UntrustedText text={fact.text || 'not seen'} maxChars={1_000} />
          </p>
          <p className="text-meta text-text3">
            Read <Age atMs={fact.takenAtMs} inSentence className="" />
            {fact.stale && ', older than two sweeps'}
          </p>
        </section>
        <section className="flex flex-col gap-2">
          <SectionLabel>What said so</SectionLabel>
          <p className="break-words text-text2">
            <UntrustedText text={fact.evidence.source} maxChars={400} />
          </p>
          {fact.evidence.raw && (
            <div className="max-h-[240px] overflow-auto bg-sunken px-3 py-2">
              <Copyable text={untrusted(fact.evidence.raw, rawShown)} />
            </div>
          )}
        </section>
        <History fact={fact} />
      </div>
    </Sheet>
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
      <SectionLabel>What it read before</SectionLabel>
      <ol className="flex flex-col gap-1">
        {data.map((span) => (
          <li key={`${span.fromMs} ${span.text}`} className="flex gap-3">
            <span className="w-[132px] shrink-0 text-text2">{ageText(span.fromMs, now)}</span>
            <span className="min-w-0 flex-1 break-words">
              <UntrustedText text={span.text || 'not seen'} />
            </span>
            <span className="shrink-0 text-meta leading-5 text-text3">
              until {agoText(span.toMs, now).replace(/^on /, '')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
