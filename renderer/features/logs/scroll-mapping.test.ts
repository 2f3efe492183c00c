import { expect, it } from 'vitest'
import { emptyWindow, type LineWindow, type Row } from './line-window.ts'
import { densityOf, linesBefore, momentAt, targetOf, thumbOf, ticksOf } from './scroll-mapping.ts'

const bucket = (fromMs: number, lines: number, errors = 0) => ({ fromMs, toMs: fromMs + 100, lines, warns: 0, errors })
/** A quiet day, a burst, nothing, a quiet day. */
const density = densityOf([bucket(0, 10), bucket(100, 980, 3), bucket(200, 0), bucket(300, 10)])

it('counts the lines before a moment, evenly within a bucket', () => {
  expect([0, 50, 100, 150, 250, 300, 350, 900].map((atMs) => linesBefore(density, atMs))).toEqual([
    0, 5, 10, 500, 990, 990, 995, 1000,
  ])
})

it('finds the moment at which so many lines are older', () => {
  // A millisecond of the burst holds ten lines.
  for (const lines of [1, 5, 11, 500, 989, 995])
    expect(Math.abs(linesBefore(density, momentAt(density, lines) ?? 0) - lines), String(lines)).toBeLessThanOrEqual(5)
  expect(momentAt(density, 0)).toBe(0)
  expect(momentAt(density, 5000)).toBe(400)
  expect(momentAt(densityOf([]), 3)).toBeNull()
})

const row = (atMs: number) => ({ atMs, boxId: 'a', seq: atMs, id: `a:${atMs}`, kind: 'line' }) as Row
const loaded = (from: number, to: number, more: Partial<LineWindow> = {}): LineWindow => ({
  ...emptyWindow,
  rows: Array.from({ length: to - from }, (_, at) => row(from + at)),
  heightPx: 200,
  ...more,
})

it('puts the thumb by the count of lines, and exactly at both ends', () => {
  expect(thumbOf(loaded(0, 50, { atOldest: true }), density)).toMatchObject({ at: 0, size: 0.01 })
  expect(thumbOf(loaded(310, 360, { atNewest: true, topPx: 50 * 20 - 200 }), density).at).toBe(1)
  expect(thumbOf(loaded(150, 200), density).at).toBeCloseTo(500 / 990)
})

it('goes by pixels while everything is loaded, and has nothing to say when everything is in sight', () => {
  const whole = loaded(0, 30, { atOldest: true, atNewest: true, topPx: 200 })
  expect(thumbOf(whole, density)).toEqual({ at: 0.5, size: 200 / 600 })
  expect(targetOf(0.25, whole, density)).toEqual({ kind: 'px', topPx: 100 })
  expect(thumbOf(loaded(0, 5, { atOldest: true, atNewest: true }), density)).toEqual({ at: 0, size: 1 })
})

it('leads a drag to the ends or to a moment', () => {
  const window = loaded(150, 200)
  expect(targetOf(0, window, density)).toEqual({ kind: 'oldest' })
  expect(targetOf(1, window, density)).toEqual({ kind: 'newest' })
  const { at } = thumbOf(window, density)
  expect(targetOf(at, window, density)).toEqual({ kind: 'moment', atMs: 150 })
})

it('places ticks where the lines are, not where the time is', () => {
  expect(ticksOf(density, ({ errors }) => errors > 0)).toEqual([0.5])
  expect(ticksOf(densityOf([]), () => true)).toEqual([])
})
