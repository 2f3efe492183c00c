// biome-ignore-all lint/a11y/useSemanticElements: rows are grid tracks with states, which list elements cannot carry
import { useEffect, useRef } from 'react'
import type { AgentId, RolloutLane, RolloutRun } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { useRunningNow } from '../../ui/age.tsx'
import { StateIcon } from '../../ui/state.tsx'
import { UntrustedText } from '../../ui/text.tsx'
import { runningClock } from '../../ui/times.ts'
import type { LaneSection } from './lanes.ts'
import { calledOf, isActive, laneIcon, laneWords, lastLine } from './words.ts'

/** Every machine of the rollout, wave by wave; waves that have not begun stay in sight. */
export function LaneList({
  run,
  sections,
  present,
  onPick,
  onOpen,
}: {
  run: RolloutRun
  sections: readonly LaneSection[]
  present: AgentId | null
  onPick: (agentId: AgentId) => void
  onOpen: (agentId: AgentId) => void
}) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (present === null) return
    list.current?.querySelector(`[data-lane="${CSS.escape(present)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [present])
  return (
    <div ref={list} role="listbox" aria-label="Machines by wave" className="flex flex-col gap-4 py-3">
      {sections.map(({ key, title, verdict, words, lanes }) => (
        <section key={key} aria-label={verdict ? `${title}, ${verdict}` : title}>
          <div className="px-6 pb-1">
            <h2 className="text-label text-text2">
              {title}
              {verdict && <span className="figures">{` · ${verdict}`}</span>}
            </h2>
            {words && (
              <p className="pt-1 break-words text-text2">
                <UntrustedText text={words} maxChars={400} />
              </p>
            )}
          </div>
          <div role="presentation">
            {lanes.map((lane) => (
              <Row
                key={lane.agentId}
                lane={lane}
                run={run}
                chosen={lane.agentId === present}
                onPick={onPick}
                onOpen={onOpen}
              />
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}

/** One machine, 36 px. */
function Row({
  lane,
  run,
  chosen,
  onPick,
  onOpen,
}: {
  lane: RolloutLane
  run: RolloutRun
  chosen: boolean
  onPick: (agentId: AgentId) => void
  onOpen: (agentId: AgentId) => void
}) {
  const { agentId, state, begunAtMs, endedAtMs } = lane
  const active = isActive(lane, run)
  const now = useRunningNow(active, 1_000)
  const { word, share } = laneIcon(lane, run, now)
  const line = lastLine(lane, run)
  const called = calledOf(lane)
  const untilMs = active ? now : state === 'ended' ? endedAtMs : null
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the page's keys move and choose
    <div
      role="option"
      tabIndex={chosen ? 0 : -1}
      aria-selected={chosen}
      data-lane={agentId}
      onClick={() => onPick(agentId)}
      onDoubleClick={() => onOpen(agentId)}
      className={`ring-inside grid h-9 grid-cols-[20px_172px_132px_minmax(0,1fr)_auto] items-center gap-x-3 border-l-2 pr-6 pl-[22px] ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <StateIcon word={word} {...(share === undefined ? {} : { share })} />
      <span className="truncate font-medium" title={untrusted(called)}>
        <UntrustedText text={called} />
      </span>
      <span className={`figures truncate ${word === 'Failing' ? 'text-critical' : 'text-text2'}`}>
        {laneWords(lane, run, now)}
      </span>
      <span className="truncate font-mono text-code text-text2" title={untrusted(line, 600)}>
        <UntrustedText text={line} maxChars={200} />
      </span>
      <span className="figures text-meta text-text3">
        {begunAtMs === null || untilMs === null ? '' : runningClock(untilMs - begunAtMs)}
      </span>
    </div>
  )
}
