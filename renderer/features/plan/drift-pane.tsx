import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useActions } from '../../state/actions.ts'
import { showPlanOf } from '../../state/plan.ts'
import { useNow } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { longDay, sinceText } from '../../ui/times.ts'
import { type DriftRow, pathOf, whoseOf } from './drift-rows.ts'
import { AdoptSheet, EndExceptSheet, ExceptSheet } from './drift-sheets.tsx'
import { FileText } from './file-text.tsx'
import { LayerLink } from './layer-link.tsx'
import { sourceOf } from './words.ts'

type Asked = 'adopt' | 'except' | 'end' | null

/** What can be done about one setting, and why not. */
function useActs(row: DriftRow, held: string | undefined) {
  const [asked, setAsked] = useState<Asked>(null)
  const { plans, kind } = row
  const [plan] = plans
  const adoption = useAdoption(row)
  const notAdopted = held ?? (adoption.data ? adoption.data.why || undefined : adoption.pending)
  const putBack = () => plan && showPlanOf(plan.agentId)
  useActions('Setting', [
    { title: 'Put it back', keys: ['p', 'enter'], run: putBack, unavailable: plan ? undefined : 'No machine has it.' },
    ...(kind === 'excepted'
      ? [{ title: 'End the exception', keys: 'e', run: () => setAsked('end'), unavailable: held }]
      : [
          { title: 'Adopt it into a layer', keys: 'a', run: () => setAsked('adopt'), unavailable: notAdopted },
          { title: 'Leave it for a while', keys: 'e', run: () => setAsked('except'), unavailable: held },
        ]),
  ])
  return { asked, setAsked, notAdopted, adoption: adoption.data, putBack }
}

/** How what was found could be declared, asked of the engine: what it would come to is worked out there. */
function useAdoption({ kind, change, plans }: DriftRow) {
  const agentId = plans[0]?.agentId
  const isAsked = kind === 'changed' && change !== null && agentId !== undefined
  const { data, error } = useQuery({
    ...orpc.plan.adoption.queryOptions({ input: { agentId: agentId ?? ('' as never), path: change?.path ?? '' } }),
    enabled: isAsked,
  })
  return { data, pending: error ? sentenceOf(error) : 'It is being worked out.' }
}

/** The present setting: found, declared, from where, by whom; and the three things to do about it. */
export function DriftPane({ row, held }: { row: DriftRow; held: string | undefined }) {
  const now = useNow()
  const { change, except, plans, kind } = row
  const { asked, setAsked, notAdopted, adoption, putBack } = useActs(row, held)
  const by = change?.changedBy
  const close = () => setAsked(null)
  return (
    <div className="flex min-h-full flex-col">
      <div className="readable flex flex-1 flex-col gap-6 px-6 py-4">
        <header className="flex flex-col gap-1">
          <h2 className="text-lead font-semibold wrap-anywhere">
            <UntrustedText text={pathOf(row)} maxChars={300} />
          </h2>
          <p className="text-meta text-text3">
            <UntrustedText text={whoseOf(row)} />
            {plans.length === 1 && plans[0]?.clientName && <UntrustedText text={` · ${plans[0].name}`} />}
          </p>
        </header>
        <section aria-label="Found and declared" className="flex flex-col gap-2">
          <SectionLabel>Found and declared</SectionLabel>
          <dl className="flex flex-col gap-1">
            {change && (
              <>
                <Line name="Found">
                  <Value text={change.before} />
                </Line>
                <Line name="Declared">
                  <Value text={change.after} />
                </Line>
                <Line name="By">
                  {change.from === null ? (
                    <UntrustedText text={sourceOf(change)} />
                  ) : (
                    <LayerLink layer={change.from} declared={change.declared} words={sourceOf(change)} />
                  )}
                </Line>
              </>
            )}
            {except && (
              <>
                <Line name="Left as it is until">{longDay(except.untilMs)}</Line>
                <Line name="Because">
                  <UntrustedText text={except.because} maxChars={300} />
                </Line>
                <Line name="Said by">{except.label}</Line>
                {except.hides.length > 0 && (
                  <Line name="Sets aside">
                    <UntrustedText text={except.hides.join(', ')} maxChars={400} />
                  </Line>
                )}
              </>
            )}
          </dl>
          {change && plans.length === 1 && plans[0] && <FileText agentId={plans[0].agentId} change={change} />}
        </section>
        {by && (
          <section aria-label="Who changed it" className="flex flex-col gap-2">
            <SectionLabel>Who changed it</SectionLabel>
            <dl className="flex flex-col gap-1">
              <Line name="Who">{by.who === '' ? 'not known' : <UntrustedText text={by.who} maxChars={60} />}</Line>
              <Line name="When">{sinceText(by.atMs, now)}</Line>
              <Line name="What we saw">
                <UntrustedText text={by.sentence} maxChars={400} />
              </Line>
            </dl>
          </section>
        )}
        {plans.length > 1 && (
          <section aria-label="Machines" className="flex flex-col gap-1">
            <SectionLabel count={plans.length}>Machines</SectionLabel>
            <ul>
              {plans.slice(0, 30).map((plan) => (
                <li key={plan.agentId} className="flex h-7 items-center gap-2">
                  <button
                    type="button"
                    className="min-w-0 truncate rounded-[2px] hover:underline"
                    onClick={() => showPlanOf(plan.agentId)}
                  >
                    <UntrustedText text={plan.clientName ?? plan.name} />
                  </button>
                  {plan.clientName !== null && (
                    <span className="text-meta text-text3">
                      <UntrustedText text={plan.name} />
                    </span>
                  )}
                </li>
              ))}
            </ul>
            {plans.length > 30 && <p className="text-meta text-text3">{`and ${plans.length - 30} more`}</p>}
          </section>
        )}
      </div>
      <section aria-label="Next step" className="sticks-below">
        <div className="flex flex-wrap items-center gap-2 bg-surface px-6 pt-3 pb-4">
          {kind === 'excepted' ? (
            <Button small keys="e" disabled={held !== undefined} onClick={() => setAsked('end')}>
              End the exception
            </Button>
          ) : (
            <>
              <Button small look="primary" keys="p" onClick={putBack}>
                {kind === 'changed' ? 'Put it back' : 'See the plan'}
              </Button>
              {kind === 'changed' && (
                <Button small keys="a" disabled={notAdopted !== undefined} onClick={() => setAsked('adopt')}>
                  Adopt it
                </Button>
              )}
              <Button small keys="e" disabled={held !== undefined} onClick={() => setAsked('except')}>
                Leave it for a while
              </Button>
            </>
          )}
          {kind === 'changed' && notAdopted && <span className="text-meta text-text3">{notAdopted}</span>}
        </div>
      </section>
      {asked === 'adopt' && change && <AdoptSheet row={row} change={change} adoption={adoption} onClose={close} />}
      {asked === 'except' && change && <ExceptSheet row={row} change={change} onClose={close} />}
      {asked === 'end' && except && <EndExceptSheet except={except} onClose={close} />}
    </div>
  )
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-3">
      <dt className="w-[132px] shrink-0 text-text2">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
    </div>
  )
}

function Value({ text }: { text: string | null }) {
  if (text === null) return <span className="text-text3">nothing</span>
  return (
    <span className="font-mono text-code wrap-anywhere">
      <UntrustedText text={text} maxChars={600} />
    </span>
  )
}
