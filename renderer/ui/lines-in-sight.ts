import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useRef } from 'react'

/** Above this many lines only those in sight are drawn (ui.md §6). */
const virtualAbove = 100

/** Height of the head that stays on top, px. */
const headPx = 25

export interface LinesInSight {
  /** Of the element that scrolls. */
  readonly scroll: RefObject<HTMLDivElement | null>
  /** Places of the lines to draw. */
  readonly places: readonly number[]
  /** Room for what is not drawn, px. */
  readonly above: number
  readonly below: number
}

/** Which lines of a table below a head are drawn. The present one is brought into sight when it changes. */
export function useLinesInSight({
  count,
  heightOf,
  present,
  presentAt,
  elementOf,
}: {
  count: number
  /** px */
  heightOf: (at: number) => number
  /** What names the present line; null: there is none. */
  present: string | null
  /** Its place; below 0: it is not shown. */
  presentAt: number
  /** Selector of a line by what names it. */
  elementOf: (name: string) => string
}): LinesInSight {
  const scroll = useRef<HTMLDivElement>(null)
  const many = count > virtualAbove
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: heightOf,
    overscan: 12,
    scrollMargin: headPx,
    scrollPaddingStart: headPx,
    enabled: many,
  })
  const shown = useRef<string | null>(null)
  useEffect(() => {
    if (present === null || presentAt < 0 || shown.current === present) return
    shown.current = present
    if (many) virtual.scrollToIndex(presentAt, { align: 'auto' })
    else scroll.current?.querySelector(elementOf(present))?.scrollIntoView({ block: 'nearest' })
  }, [many, present, presentAt, virtual, elementOf])
  if (!many) return { scroll, places: Array.from({ length: count }, (_, at) => at), above: 0, below: 0 }
  const inSight = virtual.getVirtualItems()
  return {
    scroll,
    places: inSight.map(({ index }) => index),
    above: (inSight[0]?.start ?? headPx) - headPx,
    below: virtual.getTotalSize() - ((inSight.at(-1)?.end ?? headPx) - headPx),
  }
}
