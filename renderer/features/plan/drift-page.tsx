import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useRunningSweep } from '../../api/sweeping.ts'
import { type Action, useActions } from '../../state/actions.ts'
import { clearDriftFilter, useDriftState } from '../../state/drift.ts'
import { go } from '../../state/navigation.ts'
import { Button } from '../../ui/button.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Hint, ListAndPane, Page } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { EmptyLine } from '../../ui/text.tsx'
import { useSettled } from '../../ui/use-settled.ts'
import { DriftList } from './drift-list.tsx'
import { DriftPane } from './drift-pane.tsx'
import { type DriftRow, driftRows, passesDrift, readDriftFilter } from './drift-rows.ts'

/** Every setting that is other than declared: who changed it, and whether to adopt it, put it back or leave it. */
export function DriftPage() {
  const { data, error } = useQuery(orpc.plan.of.queryOptions({ input: {} }))
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const held = app?.readOnly ? 'This console was started to read only.' : undefined
  const { filter: typed, filterOpen, paneOpen, chosen } = useDriftState()
  const filter = useMemo(() => readDriftFilter(typed), [typed])
  const all = useMemo(() => (data ? driftRows(data) : []), [data])
  const rows = useRows(useMemo(() => all.filter((row) => passesDrift(filter, row)), [all, filter]))
  const present = rows.find(({ key }) => key === chosen) ?? rows[0]
  useDriftKeys(rows, present)
  const unread = data?.agents.filter(({ state }) => state === 'unread').length ?? 0
  return (
    <Page
      title="Drift"
      meta={<span className="truncate">what was found against what is declared, setting by setting</span>}
      actions={
        <Button keys="g p" onClick={() => go({ page: 'plan' })}>
          Plan
        </Button>
      }
      strip={error && !data ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      foot={
        <>
          <span className="figures">{footWords(rows, all.length, unread)}</span>
          <Hint keys={['j', 'k']} words="setting" />
          <Hint keys={['?']} words="all keys" />
        </>
      }
    >
      {(filterOpen || typed) && (
        <div className="pt-2">
          <FilterBar
            typed={typed}
            focused={filterOpen}
            onType={(next) => useDriftState.setState({ filter: next })}
            onLeave={() => useDriftState.setState({ filterOpen: false })}
            onClear={clearDriftFilter}
            problems={filter.problems}
            shown={rows.length}
            total={all.length}
            example="any words, setting:heartbeat client:bright who:kevin is:changed"
          />
        </div>
      )}
      {data && (
        <ListAndPane
          split="machine"
          paneTitle="The chosen setting"
          paneOpen={paneOpen}
          onPaneOpenChange={(open) => useDriftState.setState({ paneOpen: open })}
          list={
            rows.length > 0 ? (
              <DriftList
                rows={rows}
                present={present?.key ?? null}
                onPick={(key) => useDriftState.setState({ chosen: key, paneOpen: true })}
              />
            ) : (
              <div className="px-6 py-4">
                <EmptyLine>{emptyWords(all.length, unread)}</EmptyLine>
              </div>
            )
          }
          pane={present && <DriftPane key={present.key} row={present} held={held} />}
        />
      )}
    </Page>
  )
}

const unreadWords = (unread: number): string =>
  unread === 0 ? '' : unread === 1 ? ' 1 machine was not read.' : ` ${unread} machines were not read.`

const emptyWords = (all: number, unread: number): string =>
  all > 0
    ? 'No setting matches this filter. Esc clears it.'
    : `Nothing that was read is other than declared.${unreadWords(unread)}`

function footWords(rows: readonly DriftRow[], all: number, unread: number): string {
  const changed = rows.filter(({ kind }) => kind === 'changed').length
  return [
    rows.length === all ? `${all} settings` : `${rows.length} of ${all} settings`,
    `${changed} changed on a machine`,
    ...(unread > 0 ? [`${unread} not read`] : []),
  ].join(' · ')
}

/** Where they stand: while a sweep runs, and shortly after a key, nothing moves. */
function useRows(wanted: readonly DriftRow[]): readonly DriftRow[] {
  const sweeping = useRunningSweep() !== null
  const typed = useDriftState((state) => state.filter)
  const order = useSettled(
    wanted.map(({ key }) => key),
    typed,
    sweeping,
  )
  return useMemo(() => {
    const byKey = new Map(wanted.map((row) => [row.key, row]))
    return order.flatMap((key) => byKey.get(key) ?? [])
  }, [wanted, order])
}

function useDriftKeys(rows: readonly DriftRow[], present: DriftRow | undefined): void {
  const { filter, filterOpen, paneOpen } = useDriftState()
  const step = (steps: number) => {
    const at = present ? rows.indexOf(present) : 0
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + steps))]
    if (!next) return
    useDriftState.setState({ chosen: next.key })
    takeFocusAlong('listbox', 'data-drift', next.key)
  }
  const key = { keys: 'escape', keysOnly: true }
  const escapes: Action[] =
    filter || filterOpen
      ? [{ title: 'Clear the filter', ...key, run: clearDriftFilter }]
      : paneOpen
        ? [{ title: 'Close the pane', ...key, run: () => useDriftState.setState({ paneOpen: false }) }]
        : []
  useActions('Drift', [
    ...escapes,
    { title: 'Next setting', keys: ['j', 'down'], run: () => step(1), keysOnly: true },
    { title: 'Setting before', keys: ['k', 'up'], run: () => step(-1), keysOnly: true },
    { title: 'Peek', keys: 'space', run: () => useDriftState.setState({ paneOpen: true }), keysOnly: true },
    { title: 'Filter', keys: '/', run: () => useDriftState.setState({ filterOpen: true }) },
  ])
}
