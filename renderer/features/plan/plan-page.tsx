import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { AgentId, AgentPlan, Plan } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { startSweep, useRunningSweep } from '../../api/sweeping.ts'
import { go } from '../../state/navigation.ts'
import { clearPlanFilter, usePlanState } from '../../state/plan.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Hint, ListAndPane, Page } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SweepLine } from '../../ui/sweep-line.tsx'
import { EmptyLine } from '../../ui/text.tsx'
import { useSettled } from '../../ui/use-settled.ts'
import { AgentPane } from './agent-pane.tsx'
import { ApplySheet } from './apply-sheet.tsx'
import { driftRows } from './drift-rows.ts'
import { passes, readFilter } from './filter.ts'
import { NextStep } from './next-step.tsx'
import { onlyOf, type Part, partsOf } from './parts.ts'
import { PlanList } from './plan-list.tsx'
import { useAway, useNeverRead } from './use-away.ts'
import { usePlanKeys } from './use-plan-keys.ts'
import { leadOf } from './words.ts'

const nothing: Plan = { agents: [], groups: [], sentence: '' }

/** What each machine needs to become what its layers declare, the same changes together. */
export function PlanPage() {
  const { data, error } = useQuery(orpc.plan.of.queryOptions({ input: {} }))
  const { data: layers } = useQuery(orpc.overlay.layers.queryOptions())
  const away = useAway()
  const plan = data ?? nothing
  const neverRead = useNeverRead(plan)
  const { filter: typed, filterOpen, paneOpen, chosen } = usePlanState()
  const filter = useMemo(() => readFilter(typed), [typed])
  const parts = useParts(useMemo(() => onlyOf(partsOf(plan, away), (one) => passes(filter, one)), [plan, away, filter]))
  const plans = parts.flatMap((part) => part.plans)
  const present = plans.find(({ agentId }) => agentId === chosen) ?? plans[0]
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const readOnly = app?.readOnly ?? false
  const held = readOnly ? 'This console was started to read only.' : undefined
  const [applying, setApplying] = useState<AgentId | null>(null)
  const asked = plan.agents.find(({ agentId }) => agentId === applying)
  const apply = () => present && setApplying(present.agentId)
  usePlanKeys(plans, present, { apply, held })
  const changed = useMemo(() => driftRows(plan).filter(({ kind }) => kind === 'changed').length, [plan])
  const declared = layers?.reduce((sum, { values }) => sum + values, 0) ?? null
  return (
    <Page
      title="Plan"
      meta={<Meta plans={plan.agents} />}
      actions={
        <Button keys="d" onClick={() => go({ page: 'drift' })}>
          {changed > 0 ? `Drift · ${changed} changed` : 'Drift'}
        </Button>
      }
      strip={error && !data ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      foot={<Foot shown={plans.length} total={plan.agents.length} />}
      openHeader
    >
      {data && declared !== null && (
        <p className="readable shrink-0 border-b border-line px-6 pb-4 text-lead">
          {leadOf(plan, away, declared, neverRead.length)}
        </p>
      )}
      {(filterOpen || typed) && (
        <div className="pt-2">
          <FilterBar
            typed={typed}
            focused={filterOpen}
            onType={(next) => usePlanState.setState({ filter: next })}
            onLeave={() => usePlanState.setState({ filterOpen: false })}
            onClear={clearPlanFilter}
            problems={filter.problems}
            shown={plans.length}
            total={plan.agents.length}
            example="any words, client:harbor setting:gateway layer:fleet is:blocked who:kevin"
          />
        </div>
      )}
      {data && (
        <ListAndPane
          split="machine"
          paneTitle="The chosen machine"
          paneOpen={paneOpen}
          onPaneOpenChange={(open) => usePlanState.setState({ paneOpen: open })}
          list={
            plans.length > 0 ? (
              <PlanList
                parts={parts}
                present={present?.agentId ?? null}
                away={away}
                neverRead={neverRead}
                onPick={pick}
                onOpen={openOf(plans)}
              />
            ) : (
              <Nothing filtered={plan.agents.length > 0} />
            )
          }
          pane={
            present && (
              <AgentPane
                key={present.agentId}
                plan={present}
                away={away}
                readOnly={readOnly}
                action={<NextStep plan={present} held={held} onApply={apply} />}
              />
            )
          }
        />
      )}
      {asked && <ApplySheet key={asked.agentId} plan={asked} onClose={() => setApplying(null)} />}
    </Page>
  )
}

const pick = (agentId: AgentId): void => usePlanState.setState({ chosen: agentId, paneOpen: true })

const openOf = (plans: readonly AgentPlan[]) => (agentId: AgentId) => {
  const plan = plans.find((each) => each.agentId === agentId)
  if (plan) go({ page: 'machine', boxId: plan.boxId })
}

/** Parts with their rows where they stand: while a sweep runs, and shortly after a key, nothing moves. */
function useParts(wanted: readonly Part[]): readonly Part[] {
  const sweeping = useRunningSweep() !== null
  const typed = usePlanState((state) => state.filter)
  const order = useSettled(
    wanted.flatMap(({ plans }) => plans.map(({ agentId }) => agentId)),
    typed,
    sweeping,
  )
  return useMemo(() => {
    const at = new Map(order.map((agentId, index) => [agentId, index]))
    return wanted.map((part) => ({
      ...part,
      plans: part.plans.toSorted((a, b) => (at.get(a.agentId) ?? 0) - (at.get(b.agentId) ?? 0)),
    }))
  }, [wanted, order])
}

function Meta({ plans }: { plans: readonly AgentPlan[] }) {
  const running = useRunningSweep()
  if (running) return <SweepLine sweep={running} />
  const newest = plans.reduce<number | null>((at, { foundAtMs }) => Math.max(at ?? 0, foundAtMs ?? 0) || null, null)
  return (
    <span className="truncate">
      from what was found to what is declared
      {newest !== null && (
        <>
          {', read '}
          <Age atMs={newest} inSentence className="" />
        </>
      )}
    </span>
  )
}

function Foot({ shown, total }: { shown: number; total: number }) {
  return (
    <>
      <span className="figures">{shown === total ? `${total} in the plan` : `${shown} of ${total} in the plan`}</span>
      <Hint keys={['j', 'k']} words="machine" />
      <Hint keys={['?']} words="all keys" />
    </>
  )
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <div className="flex flex-col gap-4 px-6 py-4">
      <EmptyLine>
        {filtered
          ? 'No machine matches this filter. Esc clears it.'
          : 'The plan is made from what was read last. Sweep the machines once.'}
      </EmptyLine>
      {!filtered && (
        <div>
          <Button keys="shift+r" onClick={() => void startSweep()}>
            Sweep all machines
          </Button>
        </div>
      )}
    </div>
  )
}
