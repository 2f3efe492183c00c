import type { ReactNode } from 'react'
import type { BoxId, Finding, ReviewPage, ReviewSince } from '../../../shared/contract/index.ts'
import { missedWords } from '../../../shared/missed-words.ts'
import { go } from '../../state/navigation.ts'
import { useNow } from '../../ui/age.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { sinceText, spanText, whenText } from '../../ui/times.ts'
import { ofSeveral } from './order.ts'
import { foldedTroubles, networkOf, spanWords, unwatchedOf } from './since-words.ts'

const whyWords = { 'app closed': 'the app was closed', asleep: 'this computer was asleep', 'no network': '' } as const

/** What happened while nobody looked: spans nobody watched, troubles that came and went, and what changed. */
export function SincePane({ page }: { page: Pick<ReviewPage, 'since' | 'missedDays'> }) {
  const now = useNow()
  const { since, missedDays } = page
  return (
    <div className="readable flex flex-col gap-6 px-6 py-4">
      <header className="flex flex-col gap-1">
        <h2 className="text-lead font-semibold">Since the last review</h2>
        <p className="text-meta text-text3">
          {since ? `From ${sinceText(since.fromMs, now)} to now` : 'Nothing to tell'}
          {missedDays.length > 0 && ` · no review on ${missedWords(missedDays)}`}
        </p>
      </header>
      {since && <Unwatched since={since} nowMs={now} />}
      {since && <Network since={since} nowMs={now} />}
      {since && since.cameAndWent.length > 0 && (
        <Lines label="Came and went" count={foldedTroubles(since).length}>
          {foldedTroubles(since).map((findings) => (
            <CameAndWent key={findings[0]?.findingId} findings={findings} nowMs={now} />
          ))}
        </Lines>
      )}
      {since && since.changes.length > 0 && <Changes changes={since.changes} nowMs={now} />}
    </div>
  )
}

function Lines({ label, count, children }: { label: string; count?: number; children: ReactNode }) {
  return (
    <section>
      <SectionLabel {...(count === undefined ? {} : { count })}>{label}</SectionLabel>
      <ul className="mt-2 flex flex-col gap-2">{children}</ul>
    </section>
  )
}

function Unwatched({ since, nowMs }: { since: ReviewSince; nowMs: number }) {
  const spans = unwatchedOf(since)
  if (spans.length === 0) return null
  return (
    <Lines label="Nobody watched">
      {spans.map((span) => (
        <li key={span.fromMs}>
          {capital(spanWords(span, nowMs))}
          <span className="text-text3">
            {' · '}
            {spanText(span.toMs - span.fromMs)}
            {' · '}
            {whyWords[span.why]}
          </span>
        </li>
      ))}
    </Lines>
  )
}

/** Said once here, instead of once for every machine that could not be reached. */
function Network({ since, nowMs }: { since: ReviewSince; nowMs: number }) {
  const spans = networkOf(since)
  if (spans.length === 0) return null
  return (
    <Lines label="This computer’s own network">
      {spans.map((span) => (
        <li key={span.fromMs}>No machine answered {spanWords(span, nowMs)}, so no alarms were raised.</li>
      ))}
    </Lines>
  )
}

const lower = (words: string): string => words.toLowerCase()
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

function CameAndWent({ findings, nowMs }: { findings: readonly Finding[]; nowMs: number }) {
  const [finding, ...others] = findings
  if (!finding) return null
  const ended = finding.closedAtMs ?? nowMs
  return (
    <li className="flex gap-3">
      <span className="w-[88px] shrink-0 text-text2">{whenText(finding.noticedAtMs, nowMs)}</span>
      <span className="min-w-0 flex-1">
        {others.length === 0 ? (
          <Machine subject={finding.subject} boxId={finding.boxId} />
        ) : (
          <span className="font-medium">{findings.length} machines</span>
        )}{' '}
        <UntrustedText text={others.length === 0 ? finding.sentence : ofSeveral(finding.sentence)} />
        <span className="block text-meta text-text3">
          lasted {spanText(ended - finding.noticedAtMs)}
          {finding.recovery && (
            <>
              {' · '}
              <UntrustedText text={finding.recovery} />
            </>
          )}
          {others.length > 0 && ` · ${findings.map(({ subject }) => subject).join(', ')}`}
        </span>
      </span>
    </li>
  )
}

function Machine({ subject, boxId }: { subject: string; boxId: BoxId }) {
  return (
    <button
      type="button"
      className="rounded-[2px] font-medium hover:underline"
      onClick={() => go({ page: 'machine', boxId })}
    >
      <UntrustedText text={subject} />
    </button>
  )
}

function Changes({ changes, nowMs }: { changes: ReviewSince['changes']; nowMs: number }) {
  return (
    <Lines label="Changes" count={changes.length}>
      {changes.map((change) => (
        <li key={`${change.boxId} ${change.atMs} ${change.sentence}`} className="flex gap-3">
          <span className="w-[88px] shrink-0 text-text2">{whenText(change.atMs, nowMs)}</span>
          <span className="min-w-0 flex-1 break-words">
            <Machine subject={change.subject} boxId={change.boxId} />
            {': '}
            <UntrustedText text={change.sentence.replace(/^(The|Its?|Who|A) /, lower)} maxChars={300} />
            {change.who && (
              <span className="text-text3">
                {', '}
                <UntrustedText text={change.who} />
              </span>
            )}
          </span>
        </li>
      ))}
    </Lines>
  )
}
