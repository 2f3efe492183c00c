import { useQuery } from '@tanstack/react-query'
import { type Fact, type FleetRow, factNames } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { startSweep, useRunningSweep } from '../../api/sweeping.ts'
import { go } from '../../state/navigation.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { markOf, notRight, wrongText } from '../../ui/not-right.ts'
import { StateIcon } from '../../ui/state.tsx'
import { SectionLabel, UntrustedText } from '../../ui/text.tsx'

const told = [
  'version.disk',
  'version.gap',
  'agent.service',
  'agent.ready',
  'config.valid',
  'activity.reply',
  'access.answers',
  'system.node',
]

/** The present row at a glance: the trouble in a sentence, what stands behind it, and the way to the whole machine. */
export function FleetPane({ row }: { row: FleetRow }) {
  const { data } = useQuery(orpc.pages.machine.queryOptions({ input: { boxId: row.boxId } }))
  const running = useRunningSweep() !== null
  const facts = data?.facts ?? []
  const wrong = notRight(facts)
  const rest = facts.filter((fact) => told.includes(fact.key) && (fact.verdict === 'ok' || fact.verdict === 'unknown'))
  return (
    <aside
      aria-label="The chosen machine"
      data-state="open"
      className="arrives absolute inset-y-0 right-0 z-[3] flex w-[480px] flex-col gap-4 overflow-y-auto border-l border-line bg-surface px-6 py-4 shadow-pop"
    >
      <header className="readable flex flex-col gap-1">
        <h2 className="text-lead font-semibold">
          <UntrustedText text={row.clientName || row.boxName} />{' '}
          <UntrustedText text={row.sentence || (row.state === 'OK' ? 'is fine' : row.state.toLowerCase())} />
        </h2>
        <p className="text-meta break-words text-text3">
          {[row.boxName, row.os, row.ring === 'rest' ? '' : row.ring, row.agents === 1 ? '' : `${row.agents} agents`]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </header>
      {wrong.length > 0 && <Facts label="Not right" facts={wrong} textOf={(fact) => wrongText(fact, facts)} />}
      {rest.length > 0 && <Facts label="Also" facts={rest} />}
      {data && facts.length === 0 && <p className="text-text2">Not read yet. R reads it.</p>}
      <div className="flex gap-2">
        <Button small look="primary" keys="enter" onClick={() => go({ page: 'machine', boxId: row.boxId })}>
          Open
        </Button>
        <Button small keys="r" disabled={running} onClick={() => void startSweep([row.boxId])}>
          Sweep
        </Button>
      </div>
      {running && <p className="text-meta text-text3">A sweep is running; another can start when it has ended.</p>}
    </aside>
  )
}

function Facts({
  label,
  facts,
  textOf = ({ text }) => text,
}: {
  label: string
  facts: readonly Fact[]
  textOf?: (fact: Fact) => string
}) {
  return (
    <section className="readable">
      <SectionLabel>{label}</SectionLabel>
      <dl className="mt-2 flex flex-col gap-1">
        {facts.map((fact) => (
          <div key={`${fact.agentId} ${fact.key} ${fact.instance}`} className="flex gap-3">
            <dt className="w-[132px] shrink-0 text-text2">{factNames[fact.key][1]}</dt>
            <dd className="flex min-w-0 flex-1 gap-2 break-words">
              {fact.verdict !== 'ok' && (
                <span className="flex h-5 items-center">
                  <StateIcon word={markOf(fact)} label={fact.verdict} />
                </span>
              )}
              <UntrustedText text={textOf(fact)} />
            </dd>
            <dd className="flex shrink-0 pl-3">
              <Age atMs={fact.takenAtMs} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
