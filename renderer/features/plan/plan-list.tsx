// biome-ignore-all lint/a11y/useSemanticElements: rows are grid tracks with states, which list elements cannot carry
import { useEffect, useRef, useState } from 'react'
import type { AgentId, AgentPlan, FleetRow } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { TextButton } from '../../ui/button.tsx'
import { Diff } from '../../ui/diff.tsx'
import { MachineName } from '../../ui/machine-name.tsx'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { type Away, isUnsure, type Part } from './parts.ts'
import { differsIn, groupHeading, rowWords } from './words.ts'

/** Machines of a part that are listed before somebody asks for all. */
const mostRows = 30

const labels: Record<Exclude<Part['kind'], 'changes'>, string> = {
  bomb: 'Will not start again',
  refused: 'Blocked by a fixed rule',
  unknown: 'Not known',
  same: 'Nothing to change',
}

/** Everything that would change, folded: the largest group with its difference, the others by what they differ in. */
export function PlanList({
  parts,
  present,
  away,
  neverRead,
  onPick,
  onOpen,
}: {
  parts: readonly Part[]
  present: AgentId | null
  away: Away
  /** Machines of which no agent was ever seen. */
  neverRead: readonly FleetRow[]
  onPick: (agentId: AgentId) => void
  onOpen: (agentId: AgentId) => void
}) {
  const list = useRef<HTMLDivElement>(null)
  const shown = useRef<AgentId | null>(null)
  useEffect(() => {
    if (present === null || shown.current === present) return
    const isFirst = shown.current === null
    shown.current = present
    if (!isFirst)
      list.current?.querySelector(`[data-agent="${CSS.escape(present)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [present])
  const [first, ...others] = parts.filter(({ kind }) => kind === 'changes')
  const alone = others.filter(({ plans }) => plans.length === 1)
  const shared = others.filter(({ plans }) => plans.length > 1)
  const own = (kind: Part['kind']) => parts.find((part) => part.kind === kind)
  const rows = (part: Part) => (
    <Rows part={part} present={present} away={away} onPick={onPick} onOpen={onOpen} key={part.plans[0]?.agentId} />
  )
  const section = (kind: Exclude<Part['kind'], 'changes'>) => {
    const part = own(kind)
    return (
      part && (
        <section aria-label={labels[kind]} className="flex flex-col gap-1">
          <div className="px-6">
            <SectionLabel count={part.plans.length}>{labels[kind]}</SectionLabel>
          </div>
          {rows(part)}
        </section>
      )
    )
  }
  return (
    <div ref={list} role="listbox" aria-label="Machines by what changes" className="flex flex-col gap-6 py-4">
      {section('bomb')}
      {section('refused')}
      {first && (
        <section aria-label="What changes" className="flex flex-col gap-2">
          <div className="flex flex-col gap-2 px-6">
            <SectionLabel>What changes</SectionLabel>
            <Shared part={first} />
          </div>
          {rows(first)}
        </section>
      )}
      {shared.map((part) => (
        <section key={part.plans[0]?.agentId} aria-label={groupHeading(part)} className="flex flex-col gap-2">
          <div className="flex flex-col gap-2 px-6">
            <Shared part={part} />
          </div>
          {rows(part)}
        </section>
      ))}
      {alone.length > 0 && (
        <section aria-label="Other changes" className="flex flex-col gap-1">
          <div className="px-6">
            <SectionLabel count={alone.length}>{first ? 'Others' : 'What changes'}</SectionLabel>
          </div>
          <div role="presentation">{alone.map(rows)}</div>
        </section>
      )}
      {section('unknown')}
      {section('same')}
      <NeverRead rows={neverRead} />
    </div>
  )
}

/** They cannot be left out: nobody knows what they should change. */
function NeverRead({ rows }: { rows: readonly FleetRow[] }) {
  if (rows.length === 0) return null
  return (
    <p className="px-6 text-text2">
      {'Never read: '}
      {rows.map(({ boxId, boxName }, at) => (
        <span key={boxId}>
          {at > 0 && ', '}
          <button
            type="button"
            className="rounded-[2px] hover:text-text hover:underline"
            onClick={() => go({ page: 'machine', boxId })}
          >
            <UntrustedText text={boxName} />
          </button>
        </span>
      ))}
      . What is to be changed there is not known.
    </p>
  )
}

/** What machines of one group share: as a diff for the largest, in words for another. */
function Shared({ part }: { part: Part }) {
  const words = part.group === null ? '' : differsIn(part.group)
  return (
    <>
      <h3 className="font-medium">
        {groupHeading(part)}
        {words !== '' && (
          <span className="font-normal text-text2">
            {': '}
            <UntrustedText text={words} maxChars={300} />
          </span>
        )}
      </h3>
      {words === '' && <Diff changes={part.group?.changes ?? []} />}
    </>
  )
}

function Rows({
  part,
  present,
  away,
  onPick,
  onOpen,
}: {
  part: Part
  present: AgentId | null
  away: Away
  onPick: (agentId: AgentId) => void
  onOpen: (agentId: AgentId) => void
}) {
  const [all, setAll] = useState(false)
  const chosenAt = part.plans.findIndex(({ agentId }) => agentId === present)
  const shown = all || chosenAt >= mostRows ? part.plans : part.plans.slice(0, mostRows)
  return (
    <div role="presentation">
      {shown.map((plan) => (
        <Row
          key={plan.agentId}
          plan={plan}
          part={part}
          away={away}
          chosen={plan.agentId === present}
          onPick={onPick}
          onOpen={onOpen}
        />
      ))}
      {shown.length < part.plans.length && (
        <p className="px-6 pt-1">
          <TextButton onClick={() => setAll(true)}>{`Show ${part.plans.length - shown.length} more`}</TextButton>
        </p>
      )}
    </div>
  )
}

const icons: Record<Part['kind'], StateWordText> = {
  bomb: 'Failing',
  refused: 'Fixed',
  changes: 'Waiting',
  unknown: 'Not seen',
  same: 'OK',
}

function iconOf(plan: AgentPlan, { kind }: Part, away: Away): { word: StateWordText; label: string } {
  if (kind !== 'bomb' && away.has(plan.boxId)) return { word: 'Offline', label: 'offline' }
  if (kind === 'changes' && isUnsure(plan, away)) return { word: 'Not seen', label: 'not read lately' }
  if (kind === 'changes' && plan.changes.some(({ changedBy }) => changedBy !== null))
    return { word: 'Changed', label: 'changed without you' }
  const labels = {
    bomb: 'will not start again',
    refused: 'blocked',
    changes: 'to be changed',
    unknown: 'not known',
    same: 'as declared',
  }
  return { word: icons[kind], label: labels[kind] }
}

/** One machine, 36 px. */
function Row({
  plan,
  part,
  away,
  chosen,
  onPick,
  onOpen,
}: {
  plan: AgentPlan
  part: Part
  away: Away
  chosen: boolean
  onPick: (agentId: AgentId) => void
  onOpen: (agentId: AgentId) => void
}) {
  const { agentId, foundAtMs } = plan
  const words = rowWords(plan, part, away)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move and choose
    <div
      role="option"
      tabIndex={chosen ? 0 : -1}
      aria-selected={chosen}
      data-agent={agentId}
      onClick={() => onPick(agentId)}
      onDoubleClick={() => onOpen(agentId)}
      className={`ring-inside flex h-9 items-center gap-3 border-l-2 pr-6 pl-[22px] ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <StateIcon {...iconOf(plan, part, away)} />
      <span className="w-[148px] shrink-0 truncate font-medium">
        <UntrustedText text={plan.clientName ?? plan.name} />
      </span>
      <MachineName name={plan.clientName === null ? '' : plan.name} className="w-[108px] shrink-0 text-text2" />
      <span className="min-w-0 flex-1 truncate text-text2" title={untrusted(words, 600)}>
        <UntrustedText text={words} maxChars={300} />
      </span>
      {foundAtMs !== null && <Age atMs={foundAtMs} className="shrink-0 text-meta text-text3" />}
    </div>
  )
}
