// biome-ignore-all lint/a11y/useSemanticElements: a list that draws only what is in sight
import { useEffect, useRef, type WheelEvent } from 'react'
import { useStore } from 'zustand'
import { untrusted } from '../../../shared/untrusted.ts'
import { middleCut } from '../../ui/middle-cut.ts'
import { LineRow, rowDomId } from './line-row.tsx'
import { inSight, type Row, rowPx } from './line-window.ts'
import { dayOfLine } from './log-times.ts'
import type { Reader } from './reader-state.ts'
import type { Machines } from './use-machines.ts'

/** So many signs of a machine's name fit its column. */
const nameChars = 14

interface ListProps {
  reader: Reader
  machines: Machines
  named: boolean
  mark: RegExp | null
  onOpen: () => void
}

/** Wheels tell pixels, lines or pages. */
const pixelsOf = ({ deltaY, deltaMode }: WheelEvent, heightPx: number): number =>
  deltaMode === 0 ? deltaY : deltaMode === 1 ? deltaY * rowPx : deltaY * heightPx

/** The lines in sight, and nothing else: what lies above and below exists as numbers only. */
export function LineList({ reader, machines, named, mark, onOpen }: ListProps) {
  const frame = useRef<HTMLDivElement>(null)
  const { window, chosen, ready } = useStore(reader.state)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    // Whole rows: the first in sight is never cut while new lines are followed.
    const measure = new ResizeObserver(() => reader.resize(Math.floor(element.clientHeight / rowPx) * rowPx))
    measure.observe(element)
    return () => measure.disconnect()
  }, [reader])
  const { rows, pushedPx } = inSight(window)
  const present = rows.find(({ id }) => id === chosen)
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <Head named={named} />
      <div
        ref={frame}
        id="log-lines"
        role="listbox"
        aria-label="Log lines"
        aria-busy={!ready}
        aria-activedescendant={present ? rowDomId(present) : undefined}
        tabIndex={0}
        onWheel={(event) => reader.scrollBy(pixelsOf(event, window.heightPx))}
        className="ring-inside relative min-h-0 flex-1 exact overflow-hidden font-mono text-code"
      >
        <div className="absolute inset-x-0 top-0" style={{ transform: `translateY(${-pushedPx}px)` }}>
          {rows.map((row, at) => (
            <LineRow
              key={row.id}
              row={row}
              machine={nameOf(machines, row)}
              named={named}
              dated={isDated(rows[at - 1], row)}
              chosen={row.id === chosen}
              mark={mark}
              onChoose={({ id }) => reader.choose(id)}
              onOpen={onOpen}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

/** What the columns are; as wide as in {@link LineRow}. */
function Head({ named }: { named: boolean }) {
  return (
    <div
      aria-hidden
      className="flex h-6 shrink-0 items-center gap-3 border-b border-line pr-3 pl-6 text-label text-text2"
    >
      <span className="w-[139px] shrink-0 pl-[52px]">Time</span>
      {named && <span className="w-[104px] shrink-0">Machine</span>}
      <span className="w-[38px] shrink-0">Level</span>
      <span className="w-[112px] shrink-0 max-[1119px]:hidden">Subsystem</span>
      <span>Line</span>
    </div>
  )
}

const nameOf = ({ byId }: Machines, { boxId }: Row): string =>
  middleCut(untrusted(byId.get(boxId)?.boxName ?? 'gone'), nameChars)

const isDated = (before: Row | undefined, row: Row): boolean =>
  before === undefined || dayOfLine(before.atMs) !== dayOfLine(row.atMs)
