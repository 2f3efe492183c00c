import { createStore } from 'zustand'
import type { BoxId, LogPosition, LogQuery } from '../../../shared/contract/index.ts'
import {
  centred,
  comparePositions,
  type DroppedRow,
  emptyWindow,
  followed,
  inSight,
  isAtEnd,
  isError,
  type LineWindow,
  mergeRows,
  nearest,
  placeOf,
  type Row,
  resized,
  revealed,
  rowPx,
  scrolledBy,
  scrolledTo,
  toEnd,
  withRows,
} from './line-window.ts'
import { type Asks, begin, type Found, mostHits, pageRows, type Reader, type ReaderState } from './reader-state.ts'
import { densityOf, targetOf, uncounted } from './scroll-mapping.ts'

/** Nearness to the end of the loaded rows at which more are asked for, px. */
const marginPx = 80 * rowPx
/** Newly stored lines are asked for at most so often, and so many at once, ms and lines. */
const refreshMs = 200
const refreshRows = 500
const densityMs = 2_000
/** Late lines take their places among those in sight only when nobody has moved for so long, ms. */
const restMs = 2_000
/** Answers to the question before are shown no longer than this, ms. */
const staleMs = 300

const placed = ({ atMs, boxId, seq }: LogPosition): LogPosition => ({ atMs, boxId, seq: Math.ceil(seq) })
/** The mark before lines of which `count` older ones are left out. */
function droppedBefore(rows: readonly Row[], count: number): DroppedRow[] {
  const [first] = rows.toSorted(comparePositions)
  return first && count > 0
    ? [{ ...placed(first), kind: 'dropped', id: `dropped ${first.id}`, seq: first.seq - 0.5, count }]
    : []
}

const cancelled = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

/** Reads lines for one list: keeps the loaded part round what is in sight, and asks for more before its end is reached. */
export function createReader(asks: Asks): Reader {
  const state = createStore<ReaderState>(() => begin)
  const get = state.getState
  const set = (patch: Partial<ReaderState>): void => state.setState(patch)
  let question: LogQuery | null = null
  /** Ends with the question; `jump` also with the next leap to another place. */
  let life = new AbortController()
  let jump = new AbortController()
  let lastSeq = 0
  /** Null: it was not counted yet. */
  let totalWhenLeft: number | null = null
  /** New lines that were handed over since it stopped to follow. */
  let arrived = 0
  /** More came at once than was handed over: only the count of all lines tells how many. */
  let isBeyondCount = false
  let lastMoveMs = 0
  let countTookMs = 0
  /** Where hits are to be shown once they are found; null: nobody waits for them any more. */
  let seekMs: number | null = null
  const loading = new Set<'older' | 'newer'>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  /** Runs `what` after `ms`, once however often it is asked for meanwhile. */
  const soon = (name: string, ms: number, what: () => void): void => {
    if (timers.has(name)) return
    const run = () => {
      timers.delete(name)
      what()
    }
    timers.set(name, setTimeout(run, ms))
  }
  /** What fails is said, and what is shown stays. A call given up from here says nothing. */
  const tried = async (work: (asked: LogQuery, signal: AbortSignal) => Promise<void>, signal: AbortSignal) => {
    if (!question) return
    try {
      await work(question, signal)
    } catch (error) {
      if (cancelled(error) || signal.aborted) return
      const { search } = get()
      set({ error, ready: true, search: search && { ...search, state: 'stopped' } })
    }
  }
  const leap = (): AbortSignal => {
    jump.abort()
    jump = new AbortController()
    lastMoveMs = Date.now()
    return AbortSignal.any([jump.signal, life.signal])
  }
  const leaveEnd = (): void => {
    const { following, density } = get()
    if (!following) return
    totalWhenLeft = density?.total ?? null
    arrived = 0
    isBeyondCount = false
  }
  /** Whoever stops to follow wants to read what passed too fast, too: the lines round what is in sight without a hole. */
  const mend = async (): Promise<void> => {
    const { window, following } = get()
    const first = inSight(window).rows[0]
    if (first && !following && window.rows.some(({ kind }) => kind === 'dropped'))
      await showAround(placed(first), false)
  }
  const renew = (): void => {
    life.abort()
    life = new AbortController()
    loading.clear()
    for (const timer of timers.values()) clearTimeout(timer)
    timers.clear()
  }

  const extend = (): void => {
    const { window, search } = get()
    if (search || window.rows.length === 0) return
    if (!window.atOldest && window.topPx < marginPx) void load('older')
    if (!window.atNewest && window.rows.length * rowPx - window.topPx - window.heightPx < marginPx) void load('newer')
  }
  const load = (direction: 'older' | 'newer') =>
    tried(async (asked, signal) => {
      const { rows } = get().window
      const edge = direction === 'older' ? rows[0] : rows.at(-1)
      if (loading.has(direction) || !edge) return
      loading.add(direction)
      try {
        const found = await asks.page(asked, placed(edge), direction, pageRows, signal)
        if (signal.aborted) return
        const { window } = get()
        const ends = direction === 'older' ? { atOldest: found.atEnd } : { atNewest: found.atEnd }
        set({ window: withRows(window, mergeRows(window.rows, found.rows), ends), error: null })
      } finally {
        if (!signal.aborted) loading.delete(direction)
      }
    }, life.signal)

  const showNewest = () =>
    tried(async (asked, signal) => {
      const found = await asks.page(asked, 'newest', 'older', pageRows, signal)
      if (signal.aborted) return
      lastSeq = found.lastSeq
      const { heightPx } = get().window
      const rows = mergeRows([], found.rows)
      const window = toEnd({ rows, atOldest: found.atEnd, atNewest: true, topPx: 0, heightPx })
      set({ window, following: true, newLines: 0, error: null, ready: true })
    }, leap())

  const showOldest = () =>
    tried(async (asked, signal) => {
      const found = await asks.page(asked, 'oldest', 'newer', pageRows, signal)
      if (signal.aborted) return
      const { heightPx } = get().window
      const rows = mergeRows([], found.rows)
      set({ window: { rows, atOldest: true, atNewest: found.atEnd, topPx: 0, heightPx }, error: null, ready: true })
    }, leap())

  /** `choosing`: its nearest line becomes the present one, a third of the way down. Otherwise it comes to the top. */
  const showAround = (at: { atMs: number } | LogPosition, choosing: boolean) =>
    tried(async (asked, signal) => {
      const exact = 'seq' in at ? at : null
      const [older, newer] = await Promise.all([
        // A position is in neither page; the one before it is the way to have it.
        asks.page(asked, exact ?? { atMs: at.atMs }, 'older', pageRows, signal),
        asks.page(asked, exact ? { ...exact, seq: exact.seq - 1 } : { atMs: at.atMs }, 'newer', pageRows, signal),
      ])
      if (signal.aborted) return
      lastSeq = older.lastSeq
      const rows = mergeRows(mergeRows([], older.rows), newer.rows)
      const there = exact ? placeOf(rows, exact) : rows.length
      const wanted = there < rows.length ? there : nearest(rows, at.atMs)
      const { heightPx } = get().window
      const loaded = { rows, atOldest: older.atEnd, atNewest: newer.atEnd, topPx: 0, heightPx }
      const top = placeOf(rows, { atMs: at.atMs, boxId: '' as BoxId, seq: 0 })
      const window = choosing ? centred(loaded, wanted) : scrolledTo(loaded, top * rowPx)
      const chosen = choosing ? { chosen: rows[wanted]?.id ?? null } : {}
      set({ window, following: false, error: null, ready: true, ...chosen })
      extend()
    }, leap())

  const askDensity = () =>
    tried(async (asked, signal) => {
      const begunMs = performance.now()
      const density = densityOf(await asks.density(asked, signal))
      if (signal.aborted) return
      countTookMs = performance.now() - begunMs
      const { following } = get()
      if (following || totalWhenLeft === null) totalWhenLeft = density.total
      set({
        density,
        newLines: following ? 0 : isBeyondCount ? Math.max(arrived, density.total - totalWhenLeft) : arrived,
      })
    }, life.signal)

  /** Reads every hit. `again`: of what was stored since, into what is shown already. */
  const runSearch = (again: boolean) =>
    tried(async (asked, signal) => {
      const { boxIds } = asked
      const stored = await asks.page({ boxIds }, 'newest', 'older', 1, signal)
      const query = again ? { ...asked, afterSeq: lastSeq } : asked
      lastSeq = stored.lastSeq
      let fresh = !again
      const take = ({ rows: hits, done, ...counts }: Found): void => {
        const { window: old, following, search: before, newLines } = get()
        const base = fresh ? { ...emptyWindow, heightPx: old.heightPx, atOldest: true, atNewest: true } : old
        const rows = mergeRows(base.rows, hits)
        const put = following || seekMs !== null ? followed : withRows
        let shown = put(base, rows, {}, 2 * mostHits)
        if (seekMs !== null && (done || (rows[0] && rows[0].atMs <= seekMs))) {
          shown = centred(shown, Math.max(0, nearest(rows, seekMs)))
          seekMs = null
        }
        const search = again && before ? before : { ...counts, state: done ? ('done' as const) : ('running' as const) }
        set({
          window: shown,
          following: following || (!again && isAtEnd(shown)),
          newLines: again && !following ? newLines + rows.length - base.rows.length : newLines,
          search: again ? { ...search, found: search.found + rows.length - base.rows.length } : search,
          error: null,
          ready: true,
        })
        fresh = false
      }
      for await (const found of asks.search(query, signal)) {
        if (signal.aborted) return
        take(found)
      }
    }, leap())

  /** What was stored since: shown while following, else counted and put where it belongs. */
  const refresh = () =>
    tried(async (asked, signal) => {
      const found = await asks.page({ ...asked, afterSeq: lastSeq }, 'newest', 'older', refreshRows, signal)
      if (signal.aborted) return
      if (found.rows.length === 0) return set({ error: null })
      lastSeq = Math.max(lastSeq, found.lastSeq)
      const { following, window, newLines } = get()
      if (following && !found.atEnd) {
        const rows = mergeRows(window.rows, [...droppedBefore(found.rows, found.left), ...found.rows])
        return set({ window: followed(window, rows, { atNewest: true }), ready: true, error: null })
      }
      if (!found.atEnd) {
        isBeyondCount = true
        return set({ window: { ...window, atNewest: false } })
      }
      const [oldest, newest] = [window.rows[0], window.rows.at(-1)]
      const fits = found.rows.filter(
        (row) =>
          (window.atOldest || (oldest && comparePositions(row, oldest) > 0)) &&
          (window.atNewest || (newest && comparePositions(row, newest) < 0)),
      )
      const rows = mergeRows(window.rows, fits)
      if (!following) arrived += found.rows.length
      set({
        window: following ? followed(window, rows, { atNewest: true }) : withRows(window, rows),
        newLines: following ? 0 : Math.max(newLines, arrived),
        ready: true,
        error: null,
      })
    }, life.signal)

  const settle = (): void => {
    const moving = !get().following && Date.now() - lastMoveMs < restMs
    if (moving) soon('refresh', restMs, settle)
    else void refresh()
  }

  /** Shows another part of the loaded rows; at their very end new lines are followed. */
  const look = (window: LineWindow): void => {
    lastMoveMs = Date.now()
    seekMs = null
    const following = window.atNewest && isAtEnd(window)
    if (!following) leaveEnd()
    set({ window, following, ...(following ? { newLines: 0 } : {}) })
    extend()
    void mend()
  }

  const dropStale = (): void => {
    const { ready, window } = get()
    if (!ready) set({ window: { ...emptyWindow, heightPx: window.heightPx } })
  }

  return {
    state,
    open(query, start, searching) {
      renew()
      question = query
      totalWhenLeft = null
      arrived = 0
      isBeyondCount = false
      const search = searching ? { found: 0, scanned: 0, total: 0, state: 'running' as const } : null
      set({ ...begin, window: get().window, following: start === 'newest', search })
      soon('stale', staleMs, dropStale)
      seekMs = searching && start !== 'newest' ? start.atMs : null
      if (searching) return void runSearch(false)
      // Lines first: the count of all of them may take its time.
      void (start === 'newest' ? showNewest() : showAround(start, true)).then(askDensity)
    },
    scrollBy: (px) => look(scrolledBy(get().window, px)),
    dragTo(at) {
      const { window, density } = get()
      const target = targetOf(at, window, density ?? uncounted)
      if (target.kind === 'px') return look(scrolledTo(window, target.topPx))
      if (target.kind === 'newest') return void showNewest()
      leaveEnd()
      set({ following: false })
      void (target.kind === 'oldest' ? showOldest() : showAround({ atMs: target.atMs }, false))
    },
    resize(heightPx) {
      const { window } = get()
      if (window.heightPx === heightPx) return
      set({ window: resized(window, heightPx) })
      extend()
    },
    step(steps) {
      const { window, chosen, following } = get()
      const { from, rows: shown } = inSight(window)
      const at = window.rows.findIndex(({ id }) => id === chosen)
      const entry = steps > 0 && !following ? from : from + shown.length - 1
      const isSeen = at >= from && at < from + shown.length
      const next = Math.min(window.rows.length - 1, Math.max(0, at < 0 ? entry : isSeen ? at + steps : from))
      const row = window.rows[next]
      if (!row) return
      lastMoveMs = Date.now()
      leaveEnd()
      const isLast = window.atNewest && next === window.rows.length - 1
      set({ chosen: row.id, window: revealed(window, next), following: following && isLast })
      extend()
      void mend()
    },
    turn(heights) {
      const { window } = get()
      look(scrolledBy(window, heights * Math.max(rowPx, window.heightPx - 2 * rowPx)))
    },
    toOldest() {
      const { window, search } = get()
      if (search || window.atOldest) return look(scrolledTo(window, 0))
      leaveEnd()
      set({ following: false })
      void showOldest()
    },
    toNewest() {
      const { window, search, newLines } = get()
      set({ chosen: null })
      if (search || (window.atNewest && newLines === 0)) look(toEnd(window))
      else void showNewest()
    },
    toMoment(atMs) {
      const { search, window } = get()
      leaveEnd()
      set({ following: false })
      if (!search) return void showAround({ atMs }, true)
      const at = nearest(window.rows, atMs)
      if (at >= 0) set({ window: centred(window, at), chosen: window.rows[at]?.id ?? null })
    },
    toPosition(position) {
      const { window, search } = get()
      const at = placeOf(window.rows, position)
      const row = window.rows[at]
      const isLoaded = row !== undefined && comparePositions(row, position) === 0
      // Of a search everything is loaded, and a leap would end it.
      if (!isLoaded && search) return
      leaveEnd()
      set({ following: false })
      if (!isLoaded) return void showAround(position, true)
      set({ window: centred(window, at), chosen: row.id })
      extend()
    },
    toError(direction) {
      const { window, chosen, search } = get()
      const from = window.rows.find(({ id }) => id === chosen) ?? inSight(window).rows[0]
      if (!from) return
      if (search) {
        const isWanted = (row: Row) =>
          isError(row) && comparePositions(row, from) * (direction === 'newer' ? 1 : -1) > 0
        const next = direction === 'newer' ? window.rows.find(isWanted) : window.rows.findLast(isWanted)
        if (next) this.toPosition(next)
        return
      }
      void tried(async (asked, signal) => {
        const query = { ...asked, level: 'error' as const }
        const { rows } = await asks.page(query, placed(from), direction, 1, signal)
        const [next] = rows
        if (next && !signal.aborted) this.toPosition(next)
      }, leap())
    },
    choose(id) {
      const { window, following } = get()
      lastMoveMs = Date.now()
      leaveEnd()
      set({ chosen: id, following: following && (id === null || id === window.rows.at(-1)?.id) })
      void mend()
    },
    stopSearch() {
      const { search } = get()
      if (search?.state !== 'running') return
      jump.abort()
      set({ search: { ...search, state: 'stopped' }, ready: true })
    },
    changed() {
      const { search, error, window } = get()
      if (error !== null && window.rows.length === 0 && question) return this.open(question, 'newest', search !== null)
      if (search) {
        if (search.state === 'done') soon('search', restMs, () => void runSearch(true))
        return
      }
      soon('density', Math.max(densityMs, 10 * countTookMs), () => void askDensity())
      soon('refresh', refreshMs, settle)
    },
    keep: () => (question && get().ready ? { query: question, lastSeq, state: get() } : null),
    question: () => question,
    restore(kept) {
      if (kept.state.search?.state === 'running') return this.open(kept.query, 'newest', true)
      renew()
      leap()
      question = kept.query
      lastSeq = kept.lastSeq
      set({ ...kept.state, window: resized(kept.state.window, get().window.heightPx) })
    },
    close() {
      renew()
      life.abort()
      jump.abort()
    },
  }
}
