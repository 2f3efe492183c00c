import { type ReactNode, useState } from 'react'
import type { AgentPlan, LayerProblem, PlanChange } from '../../../shared/contract/index.ts'
import { go } from '../../state/navigation.ts'
import { Age, useNow } from '../../ui/age.tsx'
import { TextButton } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Diff } from '../../ui/diff.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { longDay, sinceText } from '../../ui/times.ts'
import { FileText } from './file-text.tsx'
import { LastChange } from './last-change.tsx'
import { LayerLink } from './layer-link.tsx'
import { type Away, isUnsure } from './parts.ts'
import { changesCounted, commandOf, sourceOf } from './words.ts'

/** The present machine: what changes, where each value comes from, what cannot be, and what is left alone. */
export function AgentPane({
  plan,
  away,
  readOnly,
  action,
}: {
  plan: AgentPlan
  away: Away
  readOnly: boolean
  action: ReactNode
}) {
  return (
    <div className="flex min-h-full flex-col">
      <div className="readable flex flex-1 flex-col gap-6 px-6 py-4">
        <Lead plan={plan} away={away} />
        <LastChange plan={plan} readOnly={readOnly} />
        {plan.changes.length > 0 && (
          <section aria-label="Changes" className="flex flex-col gap-2">
            <SectionLabel count={plan.changes.length}>Changes</SectionLabel>
            <Diff
              changes={plan.changes}
              about={(change) => (
                <>
                  <Source change={change} />
                  <FileText key={`${plan.agentId} ${change.after}`} agentId={plan.agentId} change={change} />
                </>
              )}
            />
          </section>
        )}
        <Problems title="Refused by fixed rules" problems={plan.refusals} icon="Fixed" />
        <Problems title="Cannot be given to it" problems={plan.cannot} icon="Not seen" />
        <Excepts plan={plan} />
        <Local plan={plan} />
        <section aria-label="On the command line" className="flex flex-col gap-1">
          <SectionLabel>On the command line</SectionLabel>
          <Copyable text={commandOf(plan)} keys="y" />
        </section>
      </div>
      {action}
    </div>
  )
}

function sentenceOf(plan: AgentPlan): string {
  switch (plan.state) {
    case 'unread':
    case 'refused':
      return plan.why
    case 'changes':
      return `${changesCounted(plan.changes.length)} ${plan.changes.length === 1 ? 'makes' : 'make'} it what is declared.`
    case 'same':
      return plan.old ? 'It held what is declared when it was read.' : 'It holds what is declared.'
  }
}

function Lead({ plan, away }: { plan: AgentPlan; away: Away }) {
  const { clientName, name, version, foundAtMs, boxId, timeBomb } = plan
  return (
    <header className="flex flex-col gap-1">
      <h2 className="text-lead font-semibold break-words">
        <UntrustedText text={clientName ?? name} />
      </h2>
      <p className="text-meta break-words text-text3">
        {clientName !== null && (
          <>
            <button
              type="button"
              className="rounded-[2px] hover:text-text hover:underline"
              onClick={() => go({ page: 'machine', boxId })}
            >
              <UntrustedText text={name} />
            </button>
            {' · '}
          </>
        )}
        {version !== '' && <UntrustedText text={`${version} · `} />}
        {foundAtMs === null ? (
          'never read'
        ) : (
          <>
            {'read '}
            <Age atMs={foundAtMs} inSentence className="" />
          </>
        )}
      </p>
      <p className={`pt-1 break-words ${timeBomb ? 'font-medium text-critical' : ''}`}>
        <UntrustedText text={sentenceOf(plan)} maxChars={600} />
      </p>
      {plan.state !== 'unread' && isUnsure(plan, away) && (
        <p className="text-warning">
          {away.has(boxId) ? 'It did not answer when it was last asked' : 'It was not read lately'}, so it may be
          otherwise by now.
        </p>
      )}
    </header>
  )
}

/** The layer a value comes from, and who changed it on the machine. */
export function Source({ change }: { change: PlanChange }) {
  const now = useNow()
  const { changedBy } = change
  return (
    <p className="px-2 pt-[2px] pb-2 font-sans text-meta text-text3">
      {'from '}
      {change.from === null ? (
        <UntrustedText text={sourceOf(change)} />
      ) : (
        <LayerLink layer={change.from} declared={change.declared} words={sourceOf(change)} />
      )}
      {changedBy && (
        <span className="text-warning">
          {' · changed there '}
          <time dateTime={new Date(changedBy.atMs).toISOString()} title={longDay(changedBy.atMs)}>
            {sinceText(changedBy.atMs, now)}
          </time>
          {changedBy.who === '' ? ', by whom is not known' : ' by '}
          <UntrustedText text={changedBy.who} maxChars={60} />
        </span>
      )}
    </p>
  )
}

function Problems({
  title,
  problems,
  icon,
}: {
  title: string
  problems: readonly LayerProblem[]
  icon: 'Fixed' | 'Not seen'
}) {
  if (problems.length === 0) return null
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <SectionLabel count={problems.length}>{title}</SectionLabel>
      <ul className="flex flex-col gap-2">
        {problems.map(({ path, words }) => (
          <li key={`${path} ${words}`} className="flex gap-3">
            <span className="flex h-5 items-center">
              <StateIcon word={icon} />
            </span>
            <div className="min-w-0 flex-1 break-words">
              <p>
                <UntrustedText text={words} maxChars={600} />
              </p>
              {path !== '' && (
                <p className="font-mono text-code wrap-anywhere text-text3">
                  <UntrustedText text={path} maxChars={300} />
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Excepts({ plan }: { plan: AgentPlan }) {
  if (plan.excepts.length === 0) return null
  return (
    <section aria-label="Left as it is for a while" className="flex flex-col gap-2">
      <SectionLabel count={plan.excepts.length}>Left as it is for a while</SectionLabel>
      <ul className="flex flex-col gap-2">
        {plan.excepts.map(({ path, untilMs, because, label }) => (
          <li key={`${path} ${label}`} className="flex gap-3">
            <span className="flex h-5 items-center">
              <StateIcon word="Paused" />
            </span>
            <div className="min-w-0 flex-1 break-words">
              <p>
                {`Until ${longDay(untilMs)}, because `}
                <UntrustedText text={because} maxChars={300} />
              </p>
              <p className="font-mono text-code wrap-anywhere text-text3">
                <UntrustedText text={path} maxChars={300} />
                <span className="font-sans text-meta">{` · from ${label}`}</span>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Settings of the machine that nobody declares: listed, never touched. */
function Local({ plan }: { plan: AgentPlan }) {
  const [open, setOpen] = useState(false)
  const count = plan.local.length + plan.moreLocal
  if (count === 0) return null
  return (
    <section aria-label="Its own settings" className="flex flex-col gap-2">
      <SectionLabel count={count}>Its own settings, left alone</SectionLabel>
      <p>
        <TextButton aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide them' : 'Show them'}
        </TextButton>
      </p>
      {open && (
        <ul className="flex flex-col bg-sunken px-2 py-1 font-mono text-code text-text2">
          {plan.local.map(({ path, value }) => (
            <li key={path} className="wrap-anywhere">
              <UntrustedText text={path} maxChars={300} />: <UntrustedText text={value} maxChars={300} />
            </li>
          ))}
          {plan.moreLocal > 0 && <li className="text-text3">{`and ${plan.moreLocal} more`}</li>}
        </ul>
      )}
    </section>
  )
}
