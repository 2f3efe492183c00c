import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { BoxId, LogPosition, LogQuery, LogRecordId } from '../../../shared/contract/index.ts'
import { comparePositions, inSight, type LineRow, mostRows } from './line-window.ts'
import { createReader } from './reader.ts'
import type { Asks, Found, Reader } from './reader-state.ts'

const boxId = 'a' as BoxId
const query: LogQuery = { boxIds: [boxId] }

const line = (atMs: number, seq: number, text = ''): LineRow => ({
  kind: 'line',
  id: `a:${seq}` as LogRecordId,
  boxId,
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
  text,
  more: null,
})

/** A store in memory that answers as the engine does. */
function storeOf(rows: LineRow[]) {
  const state = { rows: rows.toSorted(comparePositions), asked: 0, away: false }
  const matching = ({ afterSeq = -1, include = [], level }: LogQuery) =>
    state.rows.filter(
      (row) =>
        row.seq > afterSeq && include.every((word) => row.text.includes(word)) && (!level || row.level === level),
    )
  const asks: Asks = {
    async page(asked, at, direction, limit, signal) {
      state.asked += 1
      if (state.away) throw new Error('away')
      signal.throwIfAborted()
      const all = matching(asked)
      const before = (row: LogPosition): boolean =>
        at === 'newest' || (at !== 'oldest' && ('seq' in at ? comparePositions(row, at) < 0 : row.atMs <= at.atMs))
      const after = (row: LogPosition): boolean =>
        at === 'oldest' || (at !== 'newest' && ('seq' in at ? comparePositions(row, at) > 0 : row.atMs > at.atMs))
      const side = all.filter(direction === 'older' ? before : after)
      const found = direction === 'older' ? side.slice(-limit) : side.slice(0, limit)
      const lastSeq = Math.max(-1, ...state.rows.map(({ seq }) => seq))
      return { rows: found, atEnd: found.length === side.length, lastSeq, left: side.length - found.length }
    },
    async density(asked) {
      const all = matching(asked)
      const toMs = (all.at(-1)?.atMs ?? 0) + 1
      return [{ fromMs: 0, toMs, lines: all.length, warns: 0, errors: 0 }]
    },
    async *search(asked, signal) {
      const all = matching(asked).toReversed()
      for (let from = 0; from <= all.length; from += 10) {
        signal.throwIfAborted()
        const found: Found = {
          rows: all.slice(from, from + 10),
          found: Math.min(all.length, from + 10),
          scanned: from + 10,
          total: state.rows.length,
          done: from + 10 > all.length,
        }
        yield found
      }
    },
  }
  const add = (...more: LineRow[]) => {
    state.rows = [...state.rows, ...more].sort(comparePositions)
  }
  return { state, asks, add }
}

const many = (count: number) => Array.from({ length: count }, (_, at) => line(at * 1000, at))
const settled = () => vi.advanceTimersByTimeAsync(10)
const timesOf = (reader: Reader) => reader.state.getState().window.rows.map(({ atMs }) => atMs / 1000)
const seenOf = (reader: Reader) => inSight(reader.state.getState().window).rows.map(({ atMs }) => atMs / 1000)

let reader: Reader
beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }))
afterEach(() => {
  reader.close()
  vi.useRealTimers()
})

async function opened(store: ReturnType<typeof storeOf>, start: Parameters<Reader['open']>[1] = 'newest') {
  reader = createReader(store.asks)
  reader.resize(200)
  reader.open(query, start, false)
  await settled()
  return reader
}

it('opens at the newest line and shows what comes, late lines in their place', async () => {
  const store = storeOf(many(1000))
  await opened(store)
  expect(seenOf(reader)).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999])
  store.add(line(1_000_000, 1000), line(998_500, 1001))
  reader.changed()
  await vi.advanceTimersByTimeAsync(300)
  expect(seenOf(reader).slice(-4)).toEqual([998, 998.5, 999, 1000])
  expect(reader.state.getState()).toMatchObject({ following: true, newLines: 0 })
})

it('stands still when scrolled up, counts what comes, and goes back to the newest', async () => {
  const store = storeOf(many(1000))
  await opened(store)
  reader.scrollBy(-400)
  await settled()
  const seen = seenOf(reader)
  store.add(line(1_000_000, 1000), line(1_001_000, 1001), line(500_500, 1002))
  reader.changed()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(seenOf(reader)).toEqual(seen)
  expect(reader.state.getState()).toMatchObject({ following: false, newLines: 3 })
  reader.toNewest()
  await settled()
  expect(seenOf(reader).at(-1)).toBe(1001)
  expect(reader.state.getState()).toMatchObject({ following: true, newLines: 0 })
})

it('counts no line as new that was seen, and none less when very many came', async () => {
  const store = storeOf(many(1000))
  await opened(store)
  store.add(line(1_000_000, 1000))
  reader.changed()
  await vi.advanceTimersByTimeAsync(300)
  expect(seenOf(reader).at(-1)).toBe(1000)
  reader.scrollBy(-400)
  store.add(line(1_001_000, 1001))
  reader.changed()
  await vi.advanceTimersByTimeAsync(6_000)
  expect(reader.state.getState().newLines).toBe(1)
  store.add(...Array.from({ length: 900 }, (_, at) => line((1002 + at) * 1000, 1002 + at)))
  reader.changed()
  await vi.advanceTimersByTimeAsync(6_000)
  expect(reader.state.getState().newLines).toBeGreaterThanOrEqual(901)
})

it('reads every line once, from the newest to the oldest and back', async () => {
  await opened(storeOf(many(2000)))
  for (let turns = 0; !reader.state.getState().window.atOldest || reader.state.getState().window.topPx > 0; turns++) {
    if (turns > 1000) throw new Error('the oldest line was not reached')
    reader.scrollBy(-1_000)
    await settled()
  }
  expect(timesOf(reader)).toEqual(Array.from({ length: 2000 }, (_, at) => at))
  reader.scrollBy(1e9)
  await settled()
  expect(reader.state.getState().following).toBe(true)
})

it('opens at a moment with its nearest line marked, wherever it lies', async () => {
  await opened(storeOf(many(5000)), { atMs: 2_500_400 })
  const { chosen, following } = reader.state.getState()
  expect(chosen).toBe('a:2500')
  expect(following).toBe(false)
  expect(seenOf(reader)).toContain(2500)
  reader.step(1)
  expect(reader.state.getState().chosen).toBe('a:2501')
})

it('goes to the place the thumb is dragged to; of many drags the last one counts', async () => {
  await opened(storeOf(many(5000)))
  for (const at of [0.9, 0.1, 0.5]) reader.dragTo(at)
  await settled()
  expect(seenOf(reader)[0]).toBeGreaterThan(2400)
  expect(seenOf(reader)[0]).toBeLessThan(2600)
  reader.dragTo(0)
  await settled()
  expect(seenOf(reader)[0]).toBe(0)
  reader.dragTo(1)
  await settled()
  expect(seenOf(reader).at(-1)).toBe(4999)
})

it('puts a line that came late among those in sight only when nobody has moved for a while', async () => {
  const store = storeOf(many(1000))
  await opened(store, { atMs: 500_000 })
  const seen = seenOf(reader)
  store.add(line(500_500, 1000))
  reader.changed()
  await vi.advanceTimersByTimeAsync(300)
  expect(seenOf(reader)).toEqual(seen)
  await vi.advanceTimersByTimeAsync(4_000)
  expect(seenOf(reader)).toContain(500.5)
  expect(seenOf(reader)[0]).toBe(seen[0])
})

it('shows hits as they are found, oldest on top, stops at once and keeps them; later only new lines are looked at', async () => {
  const rows = Array.from({ length: 1000 }, (_, at) => line(at * 1000, at, at % 4 === 0 ? 'hit' : ''))
  const store = storeOf(rows)
  reader = createReader(store.asks)
  reader.resize(200)
  reader.open({ ...query, include: ['hit'] }, 'newest', true)
  await settled()
  expect(reader.state.getState().search).toMatchObject({ state: 'done', found: 250 })
  expect(timesOf(reader)).toEqual(Array.from({ length: 250 }, (_, at) => at * 4))
  expect(seenOf(reader).at(-1)).toBe(996)
  store.add(line(1_000_000, 1000, 'hit'), line(1_001_000, 1001))
  reader.changed()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(timesOf(reader)).toHaveLength(251)
  expect(reader.state.getState().search).toMatchObject({ state: 'done', found: 251 })
})

it('a stopped search keeps what it found', async () => {
  const held = Promise.withResolvers<void>()
  const { asks } = storeOf([])
  reader = createReader({
    ...asks,
    async *search(_, signal) {
      yield { rows: [line(1, 1)], found: 1, scanned: 5, total: 100, done: false }
      await held.promise
      signal.throwIfAborted()
    },
  })
  reader.open({ ...query, include: ['hit'] }, 'newest', true)
  await settled()
  reader.stopSearch()
  held.resolve()
  await settled()
  expect(reader.state.getState()).toMatchObject({ search: { state: 'stopped', found: 1 }, error: null })
  expect(timesOf(reader)).toHaveLength(1)
})

it('draws the newest of a burst within bounds, says how many it left out, and shows them to whoever scrolls up', async () => {
  const store = storeOf(many(1000))
  await opened(store)
  let drawn = 0
  const end = reader.state.subscribe((now, before) => {
    if (now.window !== before.window) drawn += 1
  })
  let seq = 1000
  for (let tick = 0; tick < 20; tick++) {
    store.add(...Array.from({ length: 2_500 }, () => line(seq * 1000, seq++)))
    reader.changed()
    await vi.advanceTimersByTimeAsync(50)
  }
  await vi.advanceTimersByTimeAsync(300)
  end()
  expect(drawn).toBeLessThanOrEqual(20)
  const { window, following } = reader.state.getState()
  expect(following).toBe(true)
  expect(window.rows.length).toBeLessThanOrEqual(mostRows)
  expect(seenOf(reader).at(-1)).toBe(seq - 1)
  const marks = window.rows.filter((row) => row.kind === 'dropped')
  expect(marks.length).toBeGreaterThan(0)
  const count = marks.reduce((sum, row) => sum + row.count, 0)
  const first = window.rows[0]?.seq ?? 0
  expect(count + window.rows.length - marks.length).toBe(seq - first)
  reader.turn(-1)
  await settled()
  const times = timesOf(reader)
  expect(times).toEqual(times.map((_, at) => (times[0] ?? 0) + at))
})

it('says what failed and keeps what is shown', async () => {
  const store = storeOf(many(50))
  await opened(store)
  store.state.away = true
  reader.changed()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(reader.state.getState().error).toMatchObject({ message: 'away' })
  expect(timesOf(reader)).toHaveLength(50)
})

it('goes back to what was read before without asking', async () => {
  const store = storeOf(many(1000))
  await opened(store, { atMs: 300_000 })
  const kept = reader.keep()
  const before = seenOf(reader)
  reader.toNewest()
  await settled()
  const { asked } = store.state
  if (!kept) throw new Error('nothing was kept')
  reader.restore(kept)
  expect(seenOf(reader)).toEqual(before)
  expect(reader.state.getState().chosen).toBe('a:300')
  expect(store.state.asked).toBe(asked)
})

it('finds the nearest error wherever it lies, and a new question does not wait for the answer', async () => {
  const rows = many(5000).map((row): LineRow => (row.seq === 17 ? { ...row, level: 'error', text: 'hit' } : row))
  const store = storeOf(rows)
  await opened(store)
  reader.toError('older')
  await settled()
  expect(reader.state.getState().chosen).toBe('a:17')
  reader.toNewest()
  await settled()
  reader.toError('older')
  reader.open({ ...query, include: ['hit'] }, 'newest', true)
  await settled()
  expect(reader.state.getState()).toMatchObject({ search: { state: 'done', found: 1 }, chosen: null })
  expect(timesOf(reader)).toEqual([17])
})
