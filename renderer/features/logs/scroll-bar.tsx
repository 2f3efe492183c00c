import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { isError, type Row, rowPx } from './line-window.ts'
import { shortMoment } from './log-times.ts'
import type { Reader } from './reader-state.ts'
import { linesBefore, targetOf, thumbOf, ticksOf, uncounted } from './scroll-mapping.ts'

const leastThumbPx = 24

interface BarProps {
  reader: Reader
  /** Hits of a filter that is lifted, to be found again among all lines. */
  hits: readonly Row[]
}

/** The scrollbar: the thumb's place counts all lines there are, not those that are loaded; errors and hits are ticks in it. */
export function ScrollBar({ reader, hits }: BarProps) {
  const track = useRef<HTMLDivElement>(null)
  const window = useStore(reader.state, (state) => state.window)
  const density = useStore(reader.state, (state) => state.density) ?? uncounted
  const [dragged, setDragged] = useState<number | null>(null)
  const grip = useRef(0)
  const frame = useRef(0)
  useEffect(() => () => cancelAnimationFrame(frame.current), [])
  const thumb = thumbOf(window, density)
  const trackPx = window.heightPx
  const thumbPx = Math.min(trackPx, Math.max(leastThumbPx, thumb.size * trackPx))
  const at = dragged ?? thumb.at
  const topPx = at * (trackPx - thumbPx)
  const placeOf = (event: PointerEvent): number => {
    const top = track.current?.getBoundingClientRect().top ?? 0
    return Math.min(1, Math.max(0, (event.clientY - top - grip.current) / Math.max(1, trackPx - thumbPx)))
  }
  const drag = (place: number) => {
    setDragged(place)
    cancelAnimationFrame(frame.current)
    frame.current = requestAnimationFrame(() => reader.dragTo(place))
  }
  const isIdle = thumb.size >= 1
  const target = dragged === null ? null : targetOf(dragged, window, density)
  const first = window.rows[Math.floor(window.topPx / rowPx)]
  return (
    <div
      ref={track}
      role="scrollbar"
      aria-label="Place among all lines"
      aria-controls="log-lines"
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={first ? shortMoment(first.atMs) : 'no lines'}
      tabIndex={-1}
      onPointerDown={(event) => {
        if (event.button !== 0 || isIdle) return
        event.currentTarget.setPointerCapture(event.pointerId)
        const y = event.clientY - event.currentTarget.getBoundingClientRect().top
        const onThumb = y >= topPx && y <= topPx + thumbPx
        grip.current = onThumb ? y - topPx : thumbPx / 2
        drag(placeOf(event))
      }}
      onPointerMove={(event) => dragged !== null && drag(placeOf(event))}
      onPointerUp={() => setDragged(null)}
      onPointerCancel={() => setDragged(null)}
      className="relative mt-6 w-5 shrink-0 touch-none border-l border-line"
    >
      <Ticks reader={reader} hits={hits} />
      {!isIdle && (
        <div
          className={`absolute left-[3px] w-[6px] rounded-[3px] ${dragged === null ? 'bg-control' : 'bg-accent'}`}
          style={{ top: topPx, height: thumbPx }}
        />
      )}
      {target?.kind === 'moment' && (
        <div
          className="absolute right-6 rounded-control border border-line bg-raised px-2 py-1 text-meta whitespace-nowrap shadow-pop"
          style={{ top: Math.max(0, topPx + thumbPx / 2 - 13) }}
        >
          {shortMoment(target.atMs)}
        </div>
      )}
    </div>
  )
}

/** Ticks of 2 px as one drawing; places closer than that fall together. */
const drawn = (places: readonly number[], heightPx: number, x: number): string =>
  [...new Set(places.map((place) => Math.round(place * (heightPx - 2))))].map((y) => `M${x} ${y}h3v2h-3z`).join('')

function Ticks({ reader, hits }: BarProps) {
  const rows = useStore(reader.state, ({ window }) => window.rows)
  const heightPx = useStore(reader.state, ({ window }) => window.heightPx)
  const searching = useStore(reader.state, ({ search }) => search !== null)
  const density = useStore(reader.state, (state) => state.density) ?? uncounted
  const errors = useMemo(
    () =>
      searching
        ? rows.flatMap((row, at) => (isError(row) ? [at / rows.length] : []))
        : ticksOf(density, (bucket) => bucket.errors > 0),
    [searching, rows, density],
  )
  const found = useMemo(
    () => (density.total === 0 ? [] : hits.map(({ atMs }) => linesBefore(density, atMs) / density.total)),
    [hits, density],
  )
  return (
    <svg aria-hidden="true" width="19" height={heightPx} className="pointer-events-none absolute inset-0">
      <path d={drawn(errors, heightPx, 11)} className="fill-critical" />
      <path d={drawn(found, heightPx, 15)} className="fill-accent" />
    </svg>
  )
}
