import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { FleetRow, KeptLines } from '../../../shared/contract/index.ts'
import { untrusted } from '../../../shared/untrusted.ts'
import { client } from '../../api/client.ts'
import { orpc } from '../../api/queries.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { offerSentence } from '../../state/said.ts'
import { Age } from '../../ui/age.tsx'
import { Button, TextButton } from '../../ui/button.tsx'
import { Menu, type MenuItem } from '../../ui/popover.tsx'
import { SectionLabel } from '../../ui/text.tsx'
import { Marked } from './line-row.tsx'
import type { LineRow, Row } from './line-window.ts'
import { contextLines } from './lines-around.ts'
import { wholeMoment } from './log-times.ts'
import { droppedWords, gapWords, loudLevel, prettyLines, skewWords, sourceWords } from './row-words.ts'

export interface PaneActs {
  around?: () => void
  run?: () => void
  copy: () => void
  copyJson: () => void
  copyAround: () => void
  /** A note, or a flag of the client. */
  note?: (() => void) | undefined
  keep?: (() => void) | undefined
}

/** One line whole: what it says, when, whose, and everything its machine wrote beside it. */
export function LinePane({
  row,
  machine,
  acts,
  mark = null,
}: {
  row: Row
  machine: FleetRow | undefined
  acts: PaneActs
  mark?: RegExp | null
}) {
  return (
    <aside
      aria-label="The chosen line"
      data-state="open"
      className="arrives readable absolute inset-y-0 right-0 z-[3] flex w-[480px] flex-col gap-4 overflow-y-auto border-l border-line bg-surface px-6 py-4 shadow-pop"
    >
      <Head row={row} machine={machine} mark={mark} />
      <Buttons row={row} acts={acts} />
      {row.kind === 'line' && <KeptNote line={row} />}
      <Fields row={row} />
      {row.kind === 'line' && row.more !== null && (
        <section className="flex flex-col gap-2">
          <SectionLabel>What else the line holds</SectionLabel>
          <Pretty more={row.more} />
        </section>
      )}
    </aside>
  )
}

function Head({ row, machine, mark }: { row: Row; machine: FleetRow | undefined; mark: RegExp | null }) {
  const level = row.kind === 'line' ? loudLevel(row.level) : null
  const look = level === 'warn' ? 'text-warning' : 'text-critical'
  const of = [machine?.boxName ?? 'a machine that is gone', machine?.clientName ?? ''].filter(Boolean)
  return (
    <header className="flex flex-col gap-1">
      <h2 className="exact max-h-[240px] overflow-y-auto font-mono text-code break-words whitespace-pre-wrap">
        {row.kind === 'line' ? (
          <Marked text={untrusted(row.text, 8_000)} mark={mark} />
        ) : row.kind === 'gap' ? (
          gapWords(row)
        ) : (
          droppedWords(row)
        )}
      </h2>
      <p className="text-meta text-text3">
        {level && <span className={`font-medium ${look}`}>{level} · </span>}
        {of.map((each) => untrusted(each)).join(' · ')}
      </p>
    </header>
  )
}

function Buttons({ row, acts }: { row: Row; acts: PaneActs }) {
  const isLine = row.kind === 'line'
  const rest: MenuItem[] = isLine
    ? [
        { label: 'Copy as JSON', keys: 'shift+c', run: acts.copyJson },
        { label: `Copy with ${contextLines} lines on each side`, keys: 'alt+c', run: acts.copyAround },
        ...(acts.keep ? [{ label: 'Keep beyond 90 days', keys: 's', run: acts.keep }] : []),
      ]
    : []
  return (
    <div className="flex flex-wrap gap-2">
      {acts.around && (
        <Button small look="primary" keys="a" onClick={acts.around}>
          Lines around
        </Button>
      )}
      {acts.run && (
        <Button small keys="o" onClick={acts.run}>
          Only this run
        </Button>
      )}
      <Button small keys="c" onClick={acts.copy}>
        Copy
      </Button>
      {isLine && acts.note && (
        <Button small keys="n" onClick={acts.note}>
          Note or flag
        </Button>
      )}
      {rest.length > 0 && (
        <Menu
          trigger={
            <Button small aria-label="More">
              …
            </Button>
          }
          items={rest}
        />
      )}
    </div>
  )
}

function Fields({ row }: { row: Row }) {
  const raw = row.kind === 'dropped' ? null : row.rawAt
  const skew = row.kind === 'dropped' ? null : skewWords(row.atMs, raw)
  return (
    <dl className="flex flex-col gap-1">
      <Field name="When">{wholeMoment(row.atMs)}</Field>
      {row.kind !== 'dropped' && (
        <Field name="As it wrote it">
          {raw === null ? 'no time' : <span className="font-mono text-code">{new Date(raw).toISOString()}</span>}
          {skew && <span className="block text-meta text-text3">{skew}</span>}
        </Field>
      )}
      {row.kind === 'line' && (
        <>
          <Field name="Level">{row.level ?? 'none said'}</Field>
          <Named name="Subsystem" value={row.subsystem} />
          <Named name="Channel" value={row.channel} />
          <Named name="Run" value={row.runId} />
          <Named name="Session" value={row.sessionId} />
        </>
      )}
      {row.kind !== 'dropped' && (
        <Field name="Read from">
          {sourceWords[row.source]}
          <span className="block font-mono text-code break-all text-text3">{untrusted(row.file, 400)}</span>
        </Field>
      )}
    </dl>
  )
}

function Named({ name, value }: { name: string; value: string | null }) {
  if (value === null) return null
  return (
    <Field name={name}>
      <span className="exact font-mono text-code break-all">{untrusted(value)}</span>
    </Field>
  )
}

function Field({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-3">
      <dt className="w-[104px] shrink-0 text-text2">{name}</dt>
      <dd className="min-w-0 flex-1 break-words">{children}</dd>
    </div>
  )
}

function Pretty({ more }: { more: string }) {
  return (
    <pre className="exact overflow-x-auto bg-sunken px-3 py-2 font-mono text-code whitespace-pre-wrap">
      {prettyLines(more).join('\n')}
    </pre>
  )
}

const letGo = async ({ keepId }: KeptLines): Promise<void> => {
  try {
    const { sentence } = await client.logs.unkeep({ keepId })
    offerSentence(sentence, 'plain')
  } catch (error) {
    offerSentence(sentenceOf(error))
  }
}

/** Says that a line outlives the 90 days, and why. */
function KeptNote({ line }: { line: LineRow }) {
  const { data } = useQuery(orpc.logs.kept.queryOptions({ input: { boxId: line.boxId } }))
  const kept = data?.find(({ records }) => records.some(({ seq }) => seq === line.seq))
  if (!kept) return null
  return (
    <p className="text-text2">
      Kept since <Age atMs={kept.keptAtMs} className="" />: {untrusted(kept.reason, 500)} ·{' '}
      <TextButton onClick={() => void letGo(kept)}>let it go</TextButton>
    </p>
  )
}
