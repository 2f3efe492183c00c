import { useEffect, useReducer, useRef } from 'react'
import { keepOrder } from './keep-order.ts'

/** Rows wait this long after a key or the pointer before they may move, in milliseconds (ui.md §6). */
const quietMs = 2_000
const touches = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const

/**
 * The order rows are shown in: while a sweep runs, and within two seconds of a key or the pointer, rows stay where they
 * are. A new `question` (sort, filter, grouping) is the operator's own wish and moves them at once.
 */
export function useSettled(wanted: readonly string[], question: string, sweeping: boolean): readonly string[] {
  const shown = useRef<{ question: string; order: readonly string[] } | null>(null)
  const touchedAt = useRef(Number.NEGATIVE_INFINITY)
  const [, again] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const touch = () => {
      touchedAt.current = performance.now()
    }
    for (const kind of touches) window.addEventListener(kind, touch, { passive: true })
    return () => {
      for (const kind of touches) window.removeEventListener(kind, touch)
    }
  }, [])
  const before = shown.current?.question === question ? shown.current.order : null
  const waitMs = quietMs - (performance.now() - touchedAt.current)
  const held = before !== null && (sweeping || waitMs > 0)
  const order = held ? keepOrder(before, wanted) : wanted
  const late = held && order.some((id, at) => id !== wanted[at])
  useEffect(() => {
    shown.current = { question, order }
    if (!late || sweeping) return
    const timer = setTimeout(again, Math.max(100, waitMs))
    return () => clearTimeout(timer)
  })
  return order
}
