import { useEffect, useRef } from 'react'
import type { ReviewPage } from '../../../shared/contract/index.ts'
import { client } from '../../api/client.ts'
import { asking } from './order.ts'

/** A person counts as being here so long after a touch, in milliseconds. */
const hereMs = 60_000
const againMs = 30_000
const touches = ['keydown', 'pointerdown', 'pointermove'] as const

const leave = () => undefined

/**
 * Starts the clock when a person looks at the page: it was just opened or touched, and there is something to look at. A
 * window left open overnight starts nothing. A review in which nothing is left to mark any more ends.
 */
export function useReviewClock(data: ReviewPage, held: boolean): void {
  const touchedAt = useRef(performance.now())
  const triedAt = useRef(Number.NEGATIVE_INFINITY)
  const unseen = asking(data.items).filter((item) => !item.seen).length
  const running = data.reviewStartedAtMs !== null
  const hadSome = useRef(false)
  if (!running) hadSome.current = false
  else if (unseen > 0) hadSome.current = true

  const wanted = !held && !running && data.lastSweep !== null && (unseen > 0 || data.reviewEnded === null)
  useEffect(() => {
    const begin = () => {
      const now = performance.now()
      const here = document.visibilityState === 'visible' && now - touchedAt.current < hereMs
      if (!wanted || !here || now - triedAt.current < againMs) return
      triedAt.current = now
      void client.review.begin().catch(leave)
    }
    const touch = () => {
      touchedAt.current = performance.now()
      begin()
    }
    begin()
    for (const kind of touches) window.addEventListener(kind, touch, { passive: true })
    return () => {
      for (const kind of touches) window.removeEventListener(kind, touch)
    }
  }, [wanted])

  const through = !held && running && unseen === 0 && hadSome.current
  useEffect(() => {
    if (through) void client.review.end().catch(leave)
  }, [through])
}
