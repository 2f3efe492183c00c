import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { BoxId, LogQuery, LogTail } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useRunningSweep } from '../../api/sweeping.ts'
import { go } from '../../state/navigation.ts'
import { writeRoute } from '../../state/route.ts'
import { Button } from '../../ui/button.tsx'
import { NoteSheet } from '../../ui/note-sheet.tsx'
import { Hint, Page } from '../../ui/page.tsx'
import { Menu } from '../../ui/popover.tsx'
import { Strip } from '../../ui/strip.tsx'
import { copyAround, copyJson, copyRow } from './copy-lines.ts'
import { NoLogs, NothingMatches } from './empty-logs.tsx'
import { ExportSheet } from './export-sheet.tsx'
import { FilterBar } from './filter-bar.tsx'
import { termWords } from './filter-words.ts'
import { markOf } from './highlight.ts'
import { KeepSheet } from './keep-sheet.tsx'
import { LineList } from './line-list.tsx'
import { LinePane, type PaneActs } from './line-pane.tsx'
import { comparePositions, type Row, rowPx } from './line-window.ts'
import { LogsMeta } from './logs-meta.tsx'
import { arriveAt, levelChoices, setLevel, show, useLogsState } from './logs-state.ts'
import { LogsStrip } from './logs-strip.tsx'
import { MachinePicker } from './machine-picker.tsx'
import { MomentSheet } from './moment-sheet.tsx'
import { isSearch, type LogFilter, queryOf, readFilter } from './read-filter.ts'
import type { Reader } from './reader-state.ts'
import { ScrollBar } from './scroll-bar.tsx'
import { liveWords } from './tail-words.ts'
import { useLogsKeys } from './use-logs-keys.ts'
import { type Machines, shownOf, useMachines } from './use-machines.ts'
import { useReader } from './use-reader.ts'
import { useTail } from './use-tail.ts'

/** Lines of all machines by time. With `boxId` of one machine, with `atMs` at the line of that moment. */
export function LogsPage({ boxId, atMs }: { boxId?: BoxId; atMs?: number }) {
  useState(() => arrive(boxId, atMs))
  const machines = useMachines()
  const { boxIds, typed, filterOpen, around } = useLogsState()
  const { data: stats, error } = useQuery(orpc.logs.stats.queryOptions())
  const shown = shownOf(machines, around ? [around.position.boxId] : boxIds)
  const filter = useMemo(() => readFilter(typed, Date.now()), [typed])
  const asked = useMemo(() => (around ? {} : queryOf(filter)), [filter, around])
  const query: LogQuery | null = shown.length === 0 ? null : { boxIds: shown, ...asked }
  const reader = useReader(query, isSearch(asked), atMs === undefined ? 'newest' : { atMs })
  const empty = stats?.lines === 0
  const tails = useFollowed(reader, around ? noBoxes : shown)
  return (
    <Page
      title="Logs"
      meta={stats && <LogsMeta reader={reader} machines={shown.length} all={machines.rows.length} />}
      actions={<Tools machines={machines} shown={shown} empty={empty} />}
      strip={
        error && !stats ? (
          <Strip look="warning">{sentenceOf(error)}</Strip>
        ) : (
          <LogsStrip reader={reader} machines={machines} shown={shown} atMs={atMs} tails={tails} />
        )
      }
      foot={<Foot reader={reader} live={liveWords(tails, shown.length)} />}
    >
      {typed || filterOpen ? <FilterBar filter={filter} reader={reader} /> : null}
      {empty || (machines.known && machines.rows.length === 0) ? (
        <Nothing machines={machines.rows.length} />
      ) : (
        query && <Body reader={reader} query={query} machines={machines} shown={shown} filter={filter} />
      )}
    </Page>
  )
}

const noBoxes: readonly BoxId[] = []

/** Machines are followed live from when the page first shows the newest line. */
function useFollowed(reader: Reader, boxIds: readonly BoxId[]): readonly LogTail[] {
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const following = useStore(reader.state, (state) => state.following)
  return useTail(boxIds, following && app?.readOnly === false)
}

/** Whoever comes back to this very address finds it as it was left. */
function arrive(boxId: BoxId | undefined, atMs: number | undefined): null {
  if (boxId === undefined) return null
  const address = writeRoute({ page: 'logs', boxId, ...(atMs === undefined ? {} : { atMs }) })
  if (useLogsState.getState().left?.address !== address) arriveAt(boxId)
  return null
}

function Nothing({ machines }: { machines: number }) {
  return <NoLogs machines={machines} sweeping={useRunningSweep() !== null} />
}

function Tools({ machines, shown, empty }: { machines: Machines; shown: readonly BoxId[]; empty: boolean }) {
  const all = machines.rows.length
  const [first] = shown
  const words =
    shown.length === all
      ? `All ${all} machines`
      : shown.length === 1 && first
        ? (machines.byId.get(first)?.boxName ?? '1 machine')
        : `${shown.length} of ${all} machines`
  if (all === 0) return null
  return (
    <>
      <Button keys="b" className="max-w-[260px]" onClick={() => show('machines')}>
        <span className="truncate">{words}</span>
      </Button>
      <Menu
        trigger={<Button keys="alt+l">Level</Button>}
        items={levelChoices.map(([label, level]) => ({
          label,
          run: () => setLevel(level),
        }))}
      />
      <Button keys="p" onClick={() => go({ page: 'patterns' })}>
        Patterns
      </Button>
      <Button keys="/" onClick={() => useLogsState.setState({ filterOpen: true })}>
        Filter
      </Button>
      {!empty && (
        <Button keys="mod+s" onClick={() => show('export')}>
          Save
        </Button>
      )}
    </>
  )
}

interface BodyProps {
  reader: Reader
  query: LogQuery
  machines: Machines
  shown: readonly BoxId[]
  filter: LogFilter
}

const noRows: readonly Row[] = []

function Body({ reader, query, machines, shown, filter }: BodyProps) {
  const { paneOpen, around, over } = useLogsState()
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const { window, chosen, search, following, density, ready, error } = useStore(reader.state)
  const row = window.rows.find(({ id }) => id === chosen)
  const box = row && machines.byId.get(row.boxId)
  const readOnly = app?.readOnly ?? false
  const mark = useMemo(() => {
    const { include = [], regex } = queryOf(filter)
    return markOf(include, regex)
  }, [filter])
  const narrowed = around === null && (filter.terms.length > 0 || shown.length > 1)
  const acts = actsOf(reader, row, box?.boxName ?? '', narrowed, readOnly)
  useLogsKeys({
    reader,
    row,
    shown,
    search,
    following,
    acts,
    readOnly,
    empty: window.rows.length === 0,
    leaveAround: () => leaveAround(reader),
    toHit: (steps) => around && toHit(reader, around.hits, row, steps),
  })
  const nothing = ready && error === null && window.rows.length === 0 && search?.state !== 'running'
  return (
    <div className="relative flex min-h-0 flex-1">
      <LineList
        reader={reader}
        machines={machines}
        named={shown.length > 1}
        mark={mark}
        onOpen={() => useLogsState.setState({ paneOpen: true })}
      />
      <ScrollBar reader={reader} hits={around?.hits ?? noRows} />
      {nothing && (
        <NothingMatches
          terms={around ? [] : filter.terms}
          machines={shown.length}
          all={machines.rows.length}
          looked={search?.state !== 'stopped'}
        />
      )}
      {!following && window.rows.length > 0 && !paneOpen && <ToNewest reader={reader} />}
      {paneOpen && row && <LinePane key={row.id} row={row} machine={box} acts={acts} mark={mark} />}
      {over === 'machines' && <MachinePicker machines={machines} shown={shown} />}
      {over === 'moment' && <MomentSheet atMs={row?.atMs ?? firstMs(reader)} onGo={reader.toMoment} />}
      {over === 'export' && (
        <ExportSheet
          query={query}
          about={aboutWords(filter, around !== null, shown.length, machines.rows.length)}
          count={search ? (search.state === 'done' ? search.found : null) : (density?.total ?? null)}
        />
      )}
      {over === 'note' && row?.kind === 'line' && <NoteSheet line={row} onClose={() => show(null)} />}
      {over === 'keep' && row?.kind === 'line' && <KeepSheet line={row} onClose={() => show(null)} />}
    </div>
  )
}

const firstMs = (reader: Reader): number => {
  const { window } = reader.state.getState()
  return window.rows[Math.floor(window.topPx / rowPx)]?.atMs ?? Date.now()
}

const aboutWords = (filter: LogFilter, lifted: boolean, machines: number, all: number): string =>
  [
    machines === all ? `all ${all} machines` : machines === 1 ? '1 machine' : `${machines} machines`,
    ...(lifted ? [] : filter.terms.map(termWords)),
  ].join(', ')

function actsOf(reader: Reader, row: Row | undefined, machine: string, narrowed: boolean, readOnly: boolean): PaneActs {
  const runId = row?.kind === 'line' ? row.runId : null
  return {
    ...(row && narrowed ? { around: () => enterAround(reader, row) } : {}),
    ...(row && runId !== null ? { run: () => go({ page: 'run', boxId: row.boxId, runId }) } : {}),
    copy: () => row && copyRow(row, machine),
    copyJson: () => row && copyJson(row, machine),
    copyAround: () => row && void copyAround(row, machine),
    note: readOnly ? undefined : () => show('note'),
    keep: readOnly ? undefined : () => show('keep'),
  }
}

/** Leaves the filter for all lines of the machine; what the filter had found stays marked, and Esc goes back to it. */
function enterAround(reader: Reader, row: Row): void {
  const back = reader.keep()
  if (!back) return
  const position = { atMs: row.atMs, boxId: row.boxId, seq: row.seq }
  useLogsState.setState({ around: { position, back, hits: back.state.window.rows } })
}

function leaveAround(reader: Reader): void {
  const { around } = useLogsState.getState()
  if (!around) return
  useLogsState.setState({ around: null })
  reader.restore(around.back)
}

function toHit(reader: Reader, hits: readonly Row[], row: Row | undefined, steps: number): void {
  const mine = row ? hits.filter(({ boxId }) => boxId === row.boxId) : hits
  const next = row
    ? steps > 0
      ? mine.find((hit) => comparePositions(hit, row) > 0)
      : mine.findLast((hit) => comparePositions(hit, row) < 0)
    : mine[0]
  if (next) reader.toPosition({ atMs: next.atMs, boxId: next.boxId, seq: next.seq })
}

function ToNewest({ reader }: { reader: Reader }) {
  const newLines = useStore(reader.state, (state) => state.newLines)
  return (
    <span className="absolute right-8 bottom-3">
      <Button small keys="f" onClick={reader.toNewest}>
        {newLines > 0 ? <span className="figures">{newLines} new</span> : 'Newest'}
      </Button>
    </span>
  )
}

function Foot({ reader, live }: { reader: Reader; live: string | null }) {
  const following = useStore(reader.state, (state) => state.following)
  const around = useLogsState((state) => state.around)
  return (
    <>
      <span>
        {following
          ? `newest at the bottom, ${live ?? 'new lines follow'}`
          : 'stands still while you read; F follows again'}
      </span>
      {around ? <Hint keys={['n']} words="next hit" /> : <Hint keys={['space']} words="whole line" />}
      {around ? <Hint keys={['escape']} words="back to the filter" /> : <Hint keys={['e']} words="next error" />}
      <Hint keys={['?']} words="all keys" />
    </>
  )
}
