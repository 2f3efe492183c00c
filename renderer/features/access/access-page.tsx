import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { AccessPage as AccessData, AccessRow, ChannelStop } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useStops } from '../../api/stopping.ts'
import { startSweep, useRunningSweep } from '../../api/sweeping.ts'
import { clearAccessFilter, useAccessState } from '../../state/access.ts'
import { useActions } from '../../state/actions.ts'
import { doorKey } from '../../state/door-key.ts'
import { askToFix } from '../../state/fixing.ts'
import { go } from '../../state/navigation.ts'
import { askToStart, askToStop } from '../../state/stopping.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Hint, Page } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { SweepLine } from '../../ui/sweep-line.tsx'
import { EmptyLine, UntrustedText } from '../../ui/text.tsx'
import { useSettled } from '../../ui/use-settled.ts'
import { AccessTable } from './access-table.tsx'
import { columnPlans } from './columns.tsx'
import { type DoorActs, DoorPane } from './door-pane.tsx'
import { passes, readFilter } from './filter.ts'
import { sorted } from './order.ts'
import { type StrangersAsked, StrangersSheet } from './strangers-sheet.tsx'
import { useAccessKeys } from './use-access-keys.ts'
import { doorsLine } from './words.ts'

const none: AccessRow[] = []

/** Who can make each agent speak: every door of the fleet, worst first. */
export function AccessPage() {
  const { data, error } = useQuery(orpc.access.list.queryOptions())
  const rows = data?.rows ?? none
  const shown = useShown(rows)
  const { filter, filterOpen, paneOpen } = useAccessState()
  const row = usePresent(shown.rows)
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const held = app?.readOnly ? 'This console was started to read only.' : undefined
  const stops = useStops()
  const [asked, setAsked] = useState<StrangersAsked | null>(null)
  const acts = row ? actsOf(row, stops, setAsked) : null
  useAccessKeys(shown.rows, row, acts, held)
  return (
    <Page
      title="Access"
      meta={data && <Meta data={data} />}
      actions={
        <Button keys="shift+k" disabled={held !== undefined} onClick={() => (acts ? acts.stop() : askToStop())}>
          Stop a channel
        </Button>
      }
      strip={error && !data ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      foot={data && <Foot data={data} shown={shown.rows.length} />}
      openHeader
    >
      {data && rows.length === 0 && <Nothing data={data} />}
      {rows.length > 0 && (
        <>
          {(filterOpen || filter) && (
            <FilterBar
              typed={filter}
              focused={filterOpen}
              onType={(typed) => useAccessState.setState({ filter: typed })}
              onLeave={() => useAccessState.setState({ filterOpen: false })}
              onClear={clearAccessFilter}
              problems={shown.problems}
              shown={shown.rows.length}
              total={rows.length}
              example="any words, client:harbor channel:imessage is:unsafe strangers:>0"
            />
          )}
          <AccessTable
            rows={shown.rows}
            present={row ? doorKey(row) : null}
            onOpen={(each) => useAccessState.setState({ chosen: doorKey(each), paneOpen: true })}
          />
          {data && <NeverRead data={data} />}
          {paneOpen && row && acts && <Pane key={doorKey(row)} row={row} acts={acts} held={held} />}
          {asked && row && <StrangersSheet asked={asked} row={row} onClose={() => setAsked(null)} />}
        </>
      )}
    </Page>
  )
}

const actsOf = (row: AccessRow, stops: readonly ChannelStop[], ask: (asked: StrangersAsked) => void): DoorActs => {
  const { boxId, clientId, agentId, channel, account, readAtMs } = row
  const stop = stops.find((each) => each.agentId === agentId && each.channel === channel && each.stopped)
  return {
    machine: () => go({ page: 'machine', boxId }),
    log: () => go({ page: 'logs', boxId, atMs: readAtMs }),
    edit: () =>
      go({
        page: 'overlay',
        layer: clientId === null ? { kind: 'box', key: boxId } : { kind: 'client', key: clientId },
        section: 'channels',
      }),
    sweep: () => void startSweep([boxId]),
    show: () => ask('show'),
    lookedAfter: () => ask('looked-after'),
    stop: () => askToStop({ door: doorKey(row) }),
    fix:
      row.state === 'Unsafe'
        ? () => askToFix({ agentId, door: { channel, account }, name: row.clientName || row.boxName })
        : null,
    start: stop || !row.enabled ? () => askToStart(row) : null,
  }
}

function Pane({ row, acts, held }: { row: AccessRow; acts: DoorActs; held: string | undefined }) {
  const { agentId, channel, account } = row
  const { data, error } = useQuery(orpc.access.door.queryOptions({ input: { agentId, channel, account } }))
  const strangers = data && data.strangers.length > 0 ? undefined : 'No stranger was answered there.'
  useActions('Door', [
    { title: 'Show who was answered', keys: 'w', run: acts.show, unavailable: held ?? strangers },
    { title: 'They were looked after', keys: 'a', run: acts.lookedAfter, unavailable: held ?? strangers },
  ])
  return <DoorPane row={row} door={data ?? null} error={data ? null : error} acts={acts} held={held} />
}

/** The row that keys act on: the chosen one, else the worst of the machine another page spoke of, else the worst. */
function usePresent(rows: readonly AccessRow[]): AccessRow | undefined {
  const { chosen, ofBox } = useAccessState()
  return rows.find((row) => doorKey(row) === chosen) ?? rows.find(({ boxId }) => boxId === ofBox) ?? rows[0]
}

interface Shown {
  /** In the order they stand on screen. */
  rows: AccessRow[]
  problems: string[]
}

function useShown(rows: readonly AccessRow[]): Shown {
  const { filter: typed, sort } = useAccessState()
  const sweeping = useRunningSweep() !== null
  const filter = useMemo(() => readFilter(typed), [typed])
  const wanted = useMemo(
    () =>
      sorted(
        rows.filter((row) => passes(filter, row)),
        sort,
      ),
    [rows, filter, sort],
  )
  const order = useSettled(wanted.map(doorKey), JSON.stringify([typed, sort]), sweeping)
  return useMemo(() => {
    const byKey = new Map(wanted.map((row) => [doorKey(row), row]))
    return { rows: order.flatMap((key) => byKey.get(key) ?? []), problems: filter.problems }
  }, [wanted, order, filter])
}

function Meta({ data }: { data: AccessData }) {
  const running = useRunningSweep()
  const newest = data.rows.reduce<number | null>((at, row) => Math.max(at ?? 0, row.readAtMs), null)
  if (running) return <SweepLine sweep={running} />
  return (
    <span className="truncate">
      who each agent answers
      {newest !== null && (
        <>
          {', read '}
          <Age atMs={newest} inSentence className="" />
        </>
      )}
    </span>
  )
}

/** Left of the footer: how many doors, how many open, in which order. */
function Foot({ data, shown }: { data: AccessData; shown: number }) {
  const sort = useAccessState((state) => state.sort)
  const total = data.rows.length
  if (total === 0) return <Hint keys={['?']} words="all keys" />
  const head = columnPlans.find(({ id }) => id === sort?.column)?.head.toLowerCase()
  const order = sort === null ? 'worst first' : `by ${head}${sort.turned ? ', turned' : ''}`
  return (
    <>
      <span className="figures">
        {[shown === total ? doorsLine(data) : `${shown} of ${total} doors`, order].join(' · ')}
      </span>
      <Hint keys={['enter']} words="who and why" />
      <Hint keys={['?']} words="all keys" />
    </>
  )
}

/** Machines with an agent whose doors nobody has read: they cannot be left out of a list of who is answered. */
function NeverRead({ data: { neverRead } }: { data: AccessData }) {
  if (neverRead.length === 0) return null
  return (
    <p className="shrink-0 border-t border-line px-6 py-2 text-text2">
      {'Never read: '}
      {neverRead.map(({ boxId, boxName }, at) => (
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
      {neverRead.length === 1 ? '. Whom it answers is not known.' : '. Whom they answer is not known.'}
    </p>
  )
}

function Nothing({ data }: { data: AccessData }) {
  return (
    <>
      <div className="px-6 py-4">
        <EmptyLine>No doors. The channel accounts of each agent stand here once its machine was read.</EmptyLine>
      </div>
      <NeverRead data={data} />
    </>
  )
}
