import { shortMoment, stepText } from './log-times.ts'

const nearMs = 60_000

/** Opened at a moment: how near the marked line is to it. Null nearest: no line is there at all. */
/** With seconds: a minute may hold many lines. */
const toTheSecond = (atMs: number): string =>
  `${shortMoment(atMs)}:${String(new Date(atMs).getSeconds()).padStart(2, '0')}`

export function arrivalWords(atMs: number, nearestMs: number | null): string {
  const moment = shortMoment(atMs)
  if (nearestMs === null) return `No line is kept around ${moment}.`
  const away = nearestMs - atMs
  const side = away < 0 ? 'before' : 'after'
  if (away === 0) return `Marked: the line of ${toTheSecond(atMs)}.`
  if (Math.abs(away) < nearMs)
    return `Marked: the line nearest to ${toTheSecond(atMs)}, ${stepText(Math.abs(away))} ${side} it.`
  return `Nothing was written at ${moment}: the nearest line, marked, is ${stepText(Math.abs(away))} ${side} it.`
}
