// biome-ignore-all lint/a11y/useSemanticElements: options of a list that draws only what is in sight
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the page's keys move and open
// biome-ignore-all lint/a11y/useFocusableInteractive: the list takes the focus for its lines
import { memo } from 'react'
import { untrusted } from '../../../shared/untrusted.ts'
import { StateIcon } from '../../ui/state.tsx'
import { partsOf } from './highlight.ts'
import type { LineRow as Line, Row } from './line-window.ts'
import { dayOfLine, timeOfLine } from './log-times.ts'
import { droppedWords, gapWords, loudLevel } from './row-words.ts'

/** Of a long line so much is drawn; the pane has it whole. */
const drawnChars = 400

export interface LineRowProps {
  row: Row
  machine: string
  /** Several machines are shown, so each line says whose it is. */
  named: boolean
  /** The line above is of another day, or this is the first in sight. */
  dated: boolean
  chosen: boolean
  mark: RegExp | null
  onChoose: (row: Row) => void
  onOpen: (row: Row) => void
}

export const rowDomId = (row: Pick<Row, 'id'>): string => `line-${row.id}`

/** One line, 20 px. */
export const LineRow = memo(function LineRow(props: LineRowProps) {
  const { row, chosen, onChoose, onOpen } = props
  return (
    <div
      role="option"
      id={rowDomId(row)}
      aria-selected={chosen}
      data-kind={row.kind}
      onClick={() => onChoose(row)}
      onDoubleClick={() => onOpen(row)}
      className={`flex h-5 gap-3 border-l-2 pr-3 pl-[22px] whitespace-pre ${chosen ? 'border-accent bg-selected' : 'border-transparent hover:bg-sunken'}`}
    >
      <When atMs={row.atMs} dated={props.dated} />
      {props.named && (
        <bdi className="w-[104px] shrink-0 truncate text-text2" title={props.machine}>
          {props.machine}
        </bdi>
      )}
      {row.kind === 'line' ? <Words line={row} mark={props.mark} /> : <Missing row={row} />}
    </div>
  )
})

function When({ atMs, dated }: { atMs: number; dated: boolean }) {
  return (
    <time dateTime={new Date(atMs).toISOString()} className="flex shrink-0 gap-2 text-text3">
      <span className="w-[44px] text-right">{dated ? dayOfLine(atMs) : ''}</span>
      <span className="w-[87px]">{timeOfLine(atMs)}</span>
    </time>
  )
}

const looks = { fatal: 'font-semibold text-critical', error: 'text-critical', warn: 'text-warning' }

function Words({ line, mark }: { line: Line; mark: RegExp | null }) {
  const level = loudLevel(line.level)
  return (
    <>
      <span className={`w-[38px] shrink-0 ${level ? looks[level] : ''}`}>{level}</span>
      <bdi className="w-[112px] shrink-0 truncate text-text2 max-[1119px]:hidden" title={line.subsystem ?? undefined}>
        {line.subsystem === null ? '' : untrusted(line.subsystem)}
      </bdi>
      <bdi className="min-w-0 flex-1 truncate">
        <Marked text={untrusted(line.text, drawnChars)} mark={mark} />
      </bdi>
    </>
  )
}

/** A line with what the filter looks for underlined: seen on every ground, and without colours. */
export function Marked({ text, mark }: { text: string; mark: RegExp | null }) {
  let at = 0
  return partsOf(text, mark).map((part) => {
    const key = at
    at += part.text.length
    if (!part.hit) return part.text
    return (
      <mark key={key} className="bg-transparent font-medium text-text underline decoration-accent decoration-2">
        {part.text}
      </mark>
    )
  })
}

/** A place where lines are missing, with how much and why. */
function Missing({ row }: { row: Exclude<Row, Line> }) {
  return (
    <span className="flex min-w-0 flex-1 gap-3 font-sans text-body text-unknown">
      <span className="flex h-5 w-[38px] shrink-0 items-center">
        <StateIcon word="Not seen" />
      </span>
      <span className="truncate">{row.kind === 'gap' ? gapWords(row) : droppedWords(row)}</span>
    </span>
  )
}
