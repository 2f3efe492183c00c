import { type Fact, factNames, type Probe } from '../../../shared/contract/index.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Sheet } from '../../ui/dialog.tsx'
import { evidenceText } from '../../ui/evidence-text.ts'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { answerWords, shapeOf } from './rows.ts'

const nameOf = (fact: Fact): string => [factNames[fact.key][1], fact.instance].filter(Boolean).join(', ')

/** One question with its answer, what says so, what to do, and the command that shows it. */
export function ProbePane({ probe, onEvidence }: { probe: Probe; onEvidence: () => void }) {
  return (
    <div className="readable flex flex-col gap-6 px-6 py-4">
      <header className="flex flex-col gap-1">
        <h2 className="text-lead font-semibold">{probe.question}</h2>
        <p className="flex items-start gap-3">
          <span className="flex h-5 shrink-0 items-center">
            <StateIcon word={shapeOf(probe)} />
          </span>
          <span className="min-w-0 break-words">
            {answerWords[probe.answer]}
            {' · '}
            <UntrustedText text={probe.value} maxChars={400} />
          </span>
        </p>
      </header>
      {probe.nextStep && (
        <section className="flex flex-col gap-2">
          <SectionLabel>{probe.answer === 'cannot-tell' ? 'How to find out' : 'Next step'}</SectionLabel>
          <p className="max-w-[72ch] text-text2">{probe.nextStep}</p>
        </section>
      )}
      {probe.sshCommand !== null && (
        <section className="flex flex-col gap-2">
          <SectionLabel>Shown on the machine by</SectionLabel>
          <Copyable text={probe.sshCommand} keys="y" />
        </section>
      )}
      {probe.facts.length > 0 && (
        <section className="flex flex-col gap-2">
          <SectionLabel>What we saw</SectionLabel>
          <dl className="flex flex-col gap-2">
            {probe.facts.map((fact) => (
              <div key={`${fact.agentId} ${fact.key} ${fact.instance}`} className="flex gap-3">
                <dt className="w-[132px] shrink-0 text-text2">
                  <UntrustedText text={nameOf(fact)} />
                </dt>
                <dd className={`min-w-0 flex-1 break-words ${fact.stale ? 'text-text3' : ''}`}>
                  <UntrustedText text={fact.text || 'not seen'} />
                  <span className="block text-meta text-text3">
                    <UntrustedText text={fact.evidence.source} />
                  </span>
                </dd>
                <dd className="flex shrink-0 pl-3">
                  <Age atMs={fact.takenAtMs} />
                </dd>
              </div>
            ))}
          </dl>
          <div className="mt-1">
            <Button small keys="enter" onClick={onEvidence}>
              Evidence
            </Button>
          </div>
        </section>
      )}
    </div>
  )
}

/** What each fact rests on, as the machine said it. */
export function ProbeEvidence({
  probe,
  open,
  onOpenChange,
}: {
  probe: Probe
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title={probe.question}>
      <div className="readable flex flex-col gap-6">
        {probe.facts.length === 0 && <p className="text-text2">Nothing was read that says so.</p>}
        {probe.facts.map((fact) => (
          <section key={`${fact.agentId} ${fact.key} ${fact.instance}`} className="flex flex-col gap-2">
            <SectionLabel>
              <UntrustedText text={nameOf(fact)} />
            </SectionLabel>
            <p className={`break-words ${fact.stale ? 'text-text3' : ''}`}>
              <UntrustedText text={fact.text || 'not seen'} maxChars={1_000} />
            </p>
            <p className="text-meta text-text3">
              Read <Age atMs={fact.takenAtMs} inSentence className="" />
              {fact.stale && ', older than two sweeps'} · <UntrustedText text={fact.evidence.source} maxChars={400} />
            </p>
            {fact.evidence.raw && (
              <div className="max-h-[240px] overflow-auto bg-sunken px-3 py-2">
                <Copyable text={evidenceText(fact.evidence.raw)} />
              </div>
            )}
          </section>
        ))}
      </div>
    </Sheet>
  )
}
