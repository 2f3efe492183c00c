import { expect, it } from 'vitest'
import type { BoxId, LogRecordId } from '../../../shared/contract/index.ts'
import {
  emptyWindow,
  inSight,
  type LineRow,
  mergeRows,
  mostRows,
  nearest,
  placeOf,
  resized,
  revealed,
  scrolledBy,
  toEnd,
  withRows,
} from './line-window.ts'

const line = (atMs: number, boxId = 'a', seq = atMs): LineRow => ({
  kind: 'line',
  id: `${boxId}:${seq}` as LogRecordId,
  boxId: boxId as BoxId,
  agentId: null,
  seq,
  atMs,
  rawAt: atMs,
  source: 'runtime',
  file: 'f',
  level: null,
  subsystem: null,
  runId: null,
  sessionId: null,
  channel: null,
  text: '',
  more: null,
})
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => line(from + at))
const times = (rows: readonly { atMs: number }[]) => rows.map(({ atMs }) => atMs)
const open = (from: number, to: number, heightPx = 100) => ({ ...emptyWindow, rows: lines(from, to), heightPx })

it('merges lines of machines by time, machine and number, each once', () => {
  const rows = mergeRows([line(1, 'b', 1), line(3, 'b', 2)], [line(3, 'b', 2), line(1, 'a', 9), line(2, 'c', 3)])
  expect(rows.map(({ id }) => id)).toEqual(['a:9', 'b:1', 'c:3', 'b:2'])
  expect(times(mergeRows(lines(0, 3), lines(5, 7).toReversed()))).toEqual([0, 1, 2, 5, 6])
  expect(times(mergeRows(lines(5, 7), lines(0, 3)))).toEqual([0, 1, 2, 5, 6])
})

it('keeps the first line in sight where it is while older lines come in above it', () => {
  const window = scrolledBy(open(100, 200), 10 * 20 + 7)
  const more = withRows(window, mergeRows(window.rows, lines(0, 100)))
  expect(inSight(more)).toMatchObject({ from: 110, pushedPx: 7 })
  expect(inSight(more).rows[0]?.atMs).toBe(inSight(window).rows[0]?.atMs)
})

it('lets go of the lines farthest from what is in sight, and says that there is more', () => {
  const window = toEnd({ ...open(0, 6_000), atOldest: true, atNewest: true })
  const more = withRows(window, mergeRows(window.rows, lines(6_000, 7_000)))
  expect(more.rows).toHaveLength(mostRows)
  expect(more).toMatchObject({ atOldest: false, atNewest: true })
  expect(inSight(more).rows[0]?.atMs).toBe(inSight(window).rows[0]?.atMs)
})

it('scrolls within the loaded lines and no farther', () => {
  expect(scrolledBy(open(0, 10), 1e9).topPx).toBe(100)
  expect(scrolledBy(open(0, 10), -1e9).topPx).toBe(0)
  expect(scrolledBy(open(0, 3), 50).topPx).toBe(0)
})

it('stays at the end when the list grows or shrinks, else at its first line', () => {
  expect(resized(toEnd(open(0, 50)), 300).topPx).toBe(50 * 20 - 300)
  expect(resized(scrolledBy(open(0, 50), 200), 300).topPx).toBe(200)
})

it('scrolls as little as needed to show a line whole', () => {
  const window = scrolledBy(open(0, 50), 210)
  expect(revealed(window, 10).topPx).toBe(200)
  expect(revealed(window, 12).topPx).toBe(210)
  expect(revealed(window, 20).topPx).toBe(320)
})

it('finds places and the line nearest in time, gaps left out', () => {
  const rows = [line(10), { ...line(20), kind: 'dropped' as const, count: 1 }, line(40)]
  expect(placeOf(rows, line(20))).toBe(1)
  expect(placeOf(rows, line(41))).toBe(3)
  expect(nearest(rows, 21)).toBe(0)
  expect(nearest(rows, 26)).toBe(2)
  expect(nearest([], 26)).toBe(-1)
})
