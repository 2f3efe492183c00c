// biome-ignore-all lint/a11y/useSemanticElements: a tree holds groups of items, not fieldsets
import { useEffect, useRef } from 'react'
import type { Agent, Fact } from '../../../shared/contract/index.ts'
import { Age } from '../../ui/age.tsx'
import { markOf } from '../../ui/not-right.ts'
import { StateIcon, type StateWordText } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'
import { DoorKind } from './door-kind.tsx'
import { factName, groupNames } from './facts-view.ts'
import type { Line } from './lines.ts'

interface LinesProps {
  lines: readonly Line[]
  chosen: string | null
  agents: readonly Agent[]
  onChoose: (line: Line) => void
  onOpen: (line: Line) => void
}

/** The left column: facts of 28 px, what is not right first, groups folded to a line. */
export function FactLines({ lines, chosen, agents, onChoose, onOpen }: LinesProps) {
  const wrong = lines.filter((line) => line.kind === 'fact' && line.under === 'not-right')
  const rest = lines.filter((line) => !wrong.includes(line))
  const draw = (line: Line) => (
    <LineRow
      key={line.id}
      line={line}
      chosen={line.id === chosen}
      reachable={line.id === (chosen ?? lines[0]?.id)}
      agents={agents}
      onChoose={() => onChoose(line)}
      onOpen={() => onOpen(line)}
    />
  )
  return (
    <div role="tree" aria-label="Facts" className="pt-3 pb-6">
      {wrong.length > 0 && (
        <div role="group" aria-label="Not right" className="pb-5">
          <div className="px-6 pt-2 pb-1">
            <SectionLabel count={wrong.length}>Not right</SectionLabel>
          </div>
          {wrong.map(draw)}
        </div>
      )}
      {rest.length > 0 && (
        <div role="group" aria-label="Everything read">
          <div className="px-6 pt-2 pb-1">
            <SectionLabel>{wrong.length > 0 ? 'Everything else' : 'Everything read'}</SectionLabel>
          </div>
          {rest.map(draw)}
        </div>
      )}
    </div>
  )
}

function LineRow({
  line,
  chosen,
  reachable,
  agents,
  onChoose,
  onOpen,
}: {
  line: Line
  chosen: boolean
  /** Tab leads to it: the present line, or the first while there is none. */
  reachable: boolean
  agents: readonly Agent[]
  onChoose: () => void
  onOpen: () => void
}) {
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move and open
    <div
      ref={row}
      role="treeitem"
      aria-selected={chosen}
      aria-expanded={line.kind === 'group' ? line.open : undefined}
      tabIndex={reachable ? 0 : -1}
      onFocus={() => reachable && !chosen && onChoose()}
      data-line={line.id}
      onClick={line.kind === 'group' ? onOpen : onChoose}
      onDoubleClick={line.kind === 'fact' ? onOpen : undefined}
      className={`ring-inside flex min-h-7 items-start gap-3 border-l-2 py-1 pr-6 pl-[22px] ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      {line.kind === 'group' ? (
        <GroupLine line={line} />
      ) : (
        <FactLine
          fact={line.fact}
          text={line.text}
          agents={agents}
          inGroup={line.under !== 'not-right'}
          reachable={reachable}
        />
      )}
    </div>
  )
}

/** Ages of facts and of folded groups stand under each other. */
const ageColumn = 'flex min-w-16 shrink-0 justify-end whitespace-nowrap'

function GroupLine({ line }: { line: Extract<Line, { kind: 'group' }> }) {
  const { section, open } = line
  return (
    <>
      {section.unknown > 0 ? <Mark word="Not seen" /> : <span className="w-4 shrink-0" />}
      <span className="flex w-44 shrink-0 gap-2">
        {groupNames[section.group]}
        <span aria-hidden className="text-text3">
          {open ? '↓' : '→'}
        </span>
      </span>
      <span className={`min-w-0 flex-1 truncate ${section.unknown > 0 ? 'text-text3' : 'text-text2'}`}>
        {!open && <UntrustedText text={section.summary} />}
        {!open && section.unknown > 0 && section.unknown < section.facts.length && ` · ${section.unknown} not seen`}
      </span>
      <span className={ageColumn}>{!open && <Age atMs={section.takenAtMs} />}</span>
    </>
  )
}

const said = { bad: 'wrong', warn: 'attention', unknown: 'not seen' } as const

function FactLine({
  fact,
  text,
  agents,
  inGroup,
  reachable,
}: {
  fact: Fact
  text: string
  agents: readonly Agent[]
  inGroup: boolean
  reachable: boolean
}) {
  const agent = agents.length > 1 ? agents.find((each) => each.agentId === fact.agentId) : undefined
  const name = factName(fact)
  return (
    <>
      {fact.verdict === 'ok' ? (
        <span className="w-4 shrink-0" />
      ) : (
        <Mark word={markOf(fact)} label={said[fact.verdict]} />
      )}
      <span className={`w-44 shrink-0 truncate text-text2 ${inGroup ? 'pl-3' : ''}`} title={name}>
        <UntrustedText text={name} />
        {agent && <span className="text-text3"> · {agent.profile}</span>}
      </span>
      <span
        className={`readable min-w-0 flex-1 break-words ${fact.stale || fact.verdict === 'unknown' ? 'text-text3' : inGroup ? 'text-text2' : 'font-medium'}`}
      >
        {text ? <UntrustedText text={text} /> : fact.verdict === 'unknown' ? 'not seen' : '—'}
      </span>
      {fact.key === 'access.answers' && <DoorKind fact={fact} reachable={reachable} />}
      <span className={ageColumn}>
        <Age atMs={fact.takenAtMs} />
      </span>
    </>
  )
}

function Mark({ word, label }: { word: StateWordText; label?: string }) {
  return (
    <span className="flex h-5 items-center">
      <StateIcon word={word} label={label} />
    </span>
  )
}
