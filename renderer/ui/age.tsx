import { useEffect, useState, useSyncExternalStore } from 'react'
import { ageText, agoText, clockTime, longDay } from './times.ts'

const tickMs = 15_000
const listeners = new Set<() => void>()
let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    nowMs = Date.now()
    for (const each of listeners) each()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function now(): number {
  const real = Date.now()
  if (Math.abs(real - nowMs) >= tickMs) nowMs = real
  return nowMs
}

/** The time, for ages; it moves every 15 seconds for the whole window at once. */
export const useNow = (): number => useSyncExternalStore(subscribe, now)

/** The time for a running clock, moving every `everyMs` while `running`. */
export function useRunningNow(running: boolean, everyMs: number): number {
  const [current, setCurrent] = useState(Date.now)
  useEffect(() => {
    if (!running) return
    setCurrent(Date.now())
    const timer = setInterval(() => setCurrent(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [running, everyMs])
  return current
}

/**
 * How old a value is. Never leave it out beside a fact. `inSentence` writes "4 min ago"; `timeZone` writes the client's
 * own time and says so.
 */
export function Age({
  atMs,
  inSentence,
  timeZone,
  className = 'text-meta leading-5 text-text3',
}: {
  atMs: number
  inSentence?: boolean
  timeZone?: string
  className?: string
}) {
  const current = useNow()
  const text = (inSentence ? agoText : ageText)(atMs, current, timeZone)
  const theirs = timeZone && /\d:\d/.test(text) ? ' their time' : ''
  const whole = `${longDay(atMs, timeZone)}, ${clockTime(atMs, timeZone)}`
  return (
    <time dateTime={new Date(atMs).toISOString()} title={whole} className={className}>
      {text}
      {theirs}
    </time>
  )
}
