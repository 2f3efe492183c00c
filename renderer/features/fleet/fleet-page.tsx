import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { FleetPage as FleetData, FleetRow } from '../../../shared/contract/index.ts'
import { backUpNow } from '../../api/backing-up.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { startSweep, useRunningSweep } from '../../api/sweeping.ts'
import { askForCommand } from '../../state/commands.ts'
import { keptLayout, type TableLayout } from '../../state/table-layout.ts'
import { Age } from '../../ui/age.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Hint, Page } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SweepLine } from '../../ui/sweep-line.tsx'
import { useSettled } from '../../ui/use-settled.ts'
import { columnIds, planOf } from './columns.tsx'
import { EmptyFleet } from './empty-fleet.tsx'
import { passes, readFilter } from './filter.ts'
import { FleetPane } from './fleet-pane.tsx'
import { clearFilter, clearSelection, seeRows, useFleetState } from './fleet-state.ts'
import { FleetTable } from './fleet-table.tsx'
import { grouped, type RowGroup, sorted } from './order.ts'
import { meant, useTableKeys } from './table-keys.ts'
import { groupingNames, shownAtFirst, Tools } from './tools.tsx'
import { VersionFold } from './version-fold.tsx'

const none: FleetRow[] = []

function firstLayout(): TableLayout {
  const kept = keptLayout('fleet', columnIds)
  return { ...kept, visibility: { ...shownAtFirst, ...kept.visibility } }
}

/** All machines in one table, worst first. */
export function FleetPage() {
  const { data, error } = useQuery(orpc.pages.fleet.queryOptions())
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const readOnly = app?.readOnly ?? false
  const [layout, setLayout] = useState(firstLayout)
  const rows = data?.rows ?? none
  const shown = useShown(rows)
  const { filter, filterOpen } = useFleetState()
  useEffect(() => seeRows(rows), [rows])
  const visible = [...layout.order, ...columnIds.filter((id) => !layout.order.includes(id))].filter(
    (id) => layout.visibility[id] !== false,
  )
  useTableKeys(shown.rows, visible, { empty: rows.length === 0, readOnly })
  return (
    <Page
      title="Fleet"
      meta={data && <Meta data={data} />}
      actions={<Tools layout={layout} onLayout={setLayout} readOnly={readOnly} empty={rows.length === 0} />}
      strip={error && !data ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      foot={<Foot rows={shown.rows} total={rows.length} readOnly={readOnly} />}
      openHeader
    >
      {data && rows.length === 0 && <EmptyFleet readOnly={readOnly} />}
      {rows.length > 0 && (
        <>
          {filterOpen || filter ? (
            <FilterBar
              typed={filter}
              focused={filterOpen}
              onType={(typed) => useFleetState.setState({ filter: typed })}
              onLeave={() => useFleetState.setState({ filterOpen: false })}
              onClear={clearFilter}
              problems={shown.problems}
              shown={shown.rows.length}
              total={rows.length}
              example="any words, behind:>7 client:harbor is:silent version:2026.9 -is:ok"
            />
          ) : (
            <VersionFold fold={data?.versionFold ?? []} />
          )}
          <FleetTable rows={shown.rows} groups={shown.groups} layout={layout} onLayout={setLayout} />
          <Peek rows={shown.rows} />
        </>
      )}
    </Page>
  )
}

interface Shown {
  /** In the order they stand on screen, through all groups. */
  rows: FleetRow[]
  groups: RowGroup[] | null
  problems: string[]
}

function useShown(rows: FleetRow[]): Shown {
  const { filter: typed, sort, grouping } = useFleetState()
  const sweeping = useRunningSweep() !== null
  const filter = useMemo(() => readFilter(typed), [typed])
  const wanted = useMemo(() => {
    const passing = sorted(
      rows.filter((row) => passes(filter, row)),
      sort,
    )
    return grouping === null ? passing : grouped(passing, grouping).flatMap((group) => group.rows)
  }, [rows, filter, sort, grouping])
  const order = useSettled(
    wanted.map((row) => row.boxId),
    JSON.stringify([typed, sort, grouping]),
    sweeping,
  )
  return useMemo(() => {
    const byId = new Map<string, FleetRow>(wanted.map((row) => [row.boxId, row]))
    const settled = order.flatMap((id) => byId.get(id) ?? [])
    const groups = grouping === null ? null : grouped(settled, grouping)
    return { rows: groups ? groups.flatMap((group) => group.rows) : settled, groups, problems: filter.problems }
  }, [wanted, order, grouping, filter])
}

function Meta({ data }: { data: FleetData }) {
  const running = useRunningSweep()
  const machines = data.rows.length === 1 ? '1 machine' : `${data.rows.length} machines`
  if (running)
    return (
      <>
        <span>{machines}</span>
        <SweepLine sweep={running} />
      </>
    )
  const ended = data.lastSweep?.endedAtMs
  return (
    <span className="truncate">
      {machines}
      {ended ? (
        <>
          {` · ${data.answered} answered `}
          <Age atMs={ended} inSentence className="" />
        </>
      ) : null}
    </span>
  )
}

function Peek({ rows }: { rows: readonly FleetRow[] }) {
  const { chosen, paneOpen } = useFleetState()
  const row = rows.find((each) => each.boxId === chosen)
  return paneOpen && row ? <FleetPane key={row.boxId} row={row} /> : null
}

/** Left of the footer: what is shown in which order, or what can be done with the selection. */
function Foot({ rows, total, readOnly }: { rows: readonly FleetRow[]; total: number; readOnly: boolean }) {
  const { selected, sort, grouping } = useFleetState()
  const running = useRunningSweep() !== null
  const chosen = meant(rows).length
  if (selected.size > 0)
    return (
      <span className="flex items-center gap-4 text-text2">
        <span className="font-medium text-text">{chosen === 1 ? '1 machine' : `${chosen} machines`}</span>
        {running ? (
          <span>A sweep is running.</span>
        ) : (
          <FootAction keys="r" words="sweep" run={() => void startSweep(meant(rows))} />
        )}
        {!readOnly && <FootAction keys="c" words="run a command" run={() => askForCommand(meant(rows))} />}
        {!readOnly && <FootAction keys="b" words="back up" run={() => void backUpNow(meant(rows))} />}
        <Hint keys={['mod+shift+c']} words="copy the rows" />
        <FootAction keys="escape" words="clear" run={clearSelection} />
      </span>
    )
  const order =
    sort === null ? 'worst first' : `by ${planOf(sort.column).head.toLowerCase()}${sort.turned ? ', turned' : ''}`
  if (total === 0) return <Hint keys={['?']} words="all keys" />
  const count =
    rows.length === total ? (total === 1 ? '1 machine' : `${total} machines`) : `${rows.length} of ${total} machines`
  return (
    <>
      <span>
        {[count, order, grouping === null ? '' : `grouped by ${groupingNames[grouping]}`].filter(Boolean).join(' · ')}
      </span>
      <Hint keys={['space']} words="peek" />
      <Hint keys={['enter']} words="open" />
      <Hint keys={['?']} words="all keys" />
    </>
  )
}

function FootAction({ keys, words, run }: { keys: string; words: string; run: () => void }) {
  return (
    <button type="button" onClick={run} className="rounded-[2px] hover:text-text">
      <Hint keys={[keys]} words={words} />
    </button>
  )
}
