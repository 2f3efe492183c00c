import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Pattern, PatternPage } from '../../../shared/contract/index.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useActions } from '../../state/actions.ts'
import { go } from '../../state/navigation.ts'
import { offerSentence } from '../../state/said.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copyable.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { NoteSheet } from '../../ui/note-sheet.tsx'
import { Hint, ListAndPane, Page, useRoomForPane } from '../../ui/page.tsx'
import { Strip } from '../../ui/strip.tsx'
import { takeFocusAlong } from '../../ui/take-focus-along.ts'
import { EmptyLine, Meta } from '../../ui/text.tsx'
import { foldPatterns, type PatternRow, type Section, type SectionKey } from './fold.ts'
import { MuteSheet, unmute } from './mute-sheet.tsx'
import { folded, mostRows, PatternList } from './pattern-list.tsx'
import { type PatternActs, PatternPane } from './pattern-pane.tsx'

const shownDays = 14
/** Lines come all the time; how many of which kind is no news of a second. */
const askAgainMs = 30_000
const asked = { days: shownDays, limit: 2000 }

/** Kinds of log lines of all machines: what is new, what is loud, how often. */
export function PatternsPage() {
  const { data, error } = useQuery(orpc.patterns.list.queryOptions({ input: asked, refetchInterval: askAgainMs }))
  return (
    <Page
      title="Patterns"
      meta={data && <Counts data={data} />}
      actions={
        <Button keys="g l" onClick={() => go({ page: 'logs' })}>
          Lines
        </Button>
      }
      strip={error ? <Strip look="warning">{sentenceOf(error)}</Strip> : null}
      hints={[
        { keys: ['j', 'k'], words: 'move' },
        { keys: ['enter'], words: 'the newest line' },
        { keys: ['z'], words: 'mute' },
      ]}
    >
      {data && (data.patterns.length === 0 ? <Nothing /> : <Body data={data} />)}
    </Page>
  )
}

function Counts({ data: { patterns, total } }: { data: PatternPage }) {
  const machines = new Set(patterns.map(({ boxId }) => boxId)).size
  const kinds = new Set(patterns.map(({ text }) => text)).size
  const more = total > kinds ? `, the first ${kinds} are shown` : ''
  return (
    <span className="figures truncate">
      {`${total} kinds of lines on ${machines === 1 ? '1 machine' : `${machines} machines`} in ${shownDays} days${more}`}
    </span>
  )
}

function Nothing() {
  return (
    <div className="px-6 py-4">
      <EmptyLine>
        No log lines of the last 14 days. They come with the next sweep of a machine that keeps a log.
      </EmptyLine>
    </div>
  )
}

const rowsOf = (sections: readonly Section[], open: readonly SectionKey[]): PatternRow[] =>
  sections.flatMap(({ key, rows }) => (folded.includes(key) && !open.includes(key) ? [] : rows.slice(0, mostRows)))

async function copy(text: string): Promise<void> {
  offerSentence((await copyText(text)) ? 'Copied.' : 'The clipboard refused it, so nothing was copied.')
}

function Body({ data }: { data: PatternPage }) {
  const { data: boxes = [] } = useQuery(orpc.inventory.boxes.queryOptions())
  const { data: app } = useQuery(orpc.app.state.queryOptions())
  const [typed, setTyped] = useState('')
  const [filterOpen, setFilterOpen] = useState(false)
  const [opened, setOpened] = useState<readonly SectionKey[]>([])
  const [picked, setPicked] = useState<string | null>(null)
  const [paneOpen, setPaneOpen] = useState(false)
  const [over, setOver] = useState<'mute' | 'note' | null>(null)
  const room = useRoomForPane()
  const names = useMemo(() => new Map<string, string>(boxes.map(({ boxId, name }) => [boxId, name])), [boxes])
  const sections = useMemo(() => foldPatterns(data.patterns, typed), [data, typed])
  // A filter looks everywhere.
  const open = typed === '' ? opened : folded
  const rows = rowsOf(sections, open)
  const row = rows.find(({ key }) => key === picked) ?? rows[0]
  const newest = row?.patterns[0]
  const readOnly = app?.readOnly ?? false

  const move = (steps: number) => {
    const at = row ? rows.indexOf(row) : 0
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + steps))]
    if (!next) return
    setPicked(next.key)
    takeFocusAlong('listbox', 'data-pattern', next.key)
  }
  const toggle = (key: SectionKey) =>
    setOpened((all) => (all.includes(key) ? all.filter((each) => each !== key) : [...all, key]))
  const clear = () => {
    setTyped('')
    setFilterOpen(false)
  }
  const acts: PatternActs = {
    showLines: ({ boxId, lastAtMs }: Pattern) => go({ page: 'logs', boxId, atMs: lastAtMs }),
    mute: () => setOver('mute'),
    unmute: () => row && void unmute(row),
    note: () => setOver('note'),
    copy: () => row && void copy(row.text),
  }
  const none = row ? undefined : 'No kind of line is chosen.'
  const noWrite = readOnly ? 'This console was started to read only.' : none
  useActions('Patterns', [
    ...(typed || filterOpen ? [{ title: 'Clear the filter', keys: 'escape', keysOnly: true, run: clear }] : []),
    { title: 'Next kind', keys: ['j', 'down'], run: () => move(1), keysOnly: true },
    { title: 'Kind before', keys: ['k', 'up'], run: () => move(-1), keysOnly: true },
    {
      title: 'Show the newest line',
      keys: ['enter', 'l'],
      run: () => row?.patterns[0] && acts.showLines(row.patterns[0]),
      unavailable: none,
    },
    { title: 'All of it', keys: 'space', run: () => setPaneOpen(!room && !paneOpen), unavailable: none },
    {
      title: row?.muted ? 'Show this kind again' : 'Mute this kind of line',
      keys: 'z',
      run: () => (row?.muted ? acts.unmute() : acts.mute()),
      unavailable: noWrite,
    },
    { title: 'Note or flag', keys: 'n', run: acts.note, unavailable: noWrite },
    { title: 'Copy the kind of line', keys: ['c', 'mod+c'], run: acts.copy, unavailable: none },
    { title: 'Filter', keys: '/', run: () => setFilterOpen(true) },
    { title: 'Show or hide everything else', keys: 'v', run: () => toggle('rest') },
    { title: 'Show or hide the muted', keys: 'shift+v', run: () => toggle('muted') },
  ])
  return (
    <>
      {(filterOpen || typed) && (
        <search className="flex shrink-0 items-center gap-3 border-b border-line px-6 py-2">
          <FilterField
            id="patterns-filter"
            value={typed}
            open={filterOpen}
            width="w-[320px]"
            onChange={setTyped}
            onOpenChange={setFilterOpen}
            onClear={clear}
          />
          <Meta>words of the line, or of the part of the agent that wrote it</Meta>
          <span className="ml-auto shrink-0 text-meta text-text3">
            <Hint keys={['escape']} words="clears" />
          </span>
        </search>
      )}
      <ListAndPane
        paneTitle="The chosen kind of line"
        paneOpen={paneOpen}
        onPaneOpenChange={setPaneOpen}
        list={
          sections.length === 0 ? (
            <div className="px-6 py-4">
              <EmptyLine>Nothing has all of these words. Esc clears the filter.</EmptyLine>
            </div>
          ) : (
            <PatternList
              sections={sections}
              open={open}
              chosen={row?.key ?? null}
              names={names}
              onChoose={setPicked}
              onOpenLines={() => row?.patterns[0] && acts.showLines(row.patterns[0])}
              onOpenSection={toggle}
            />
          )
        }
        pane={row ? <PatternPane row={row} names={names} readOnly={readOnly} acts={acts} /> : null}
      />
      {over === 'mute' && row && <MuteSheet row={row} onClose={() => setOver(null)} />}
      {over === 'note' && row && newest && (
        <NoteSheet
          line={{ boxId: newest.boxId, text: row.text, atMs: newest.lastAtMs }}
          onClose={() => setOver(null)}
        />
      )}
    </>
  )
}
