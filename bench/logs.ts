/** `npm run bench:logs [-- --quick] [--lines 1000000,50000000] [--rounds 5] [--out FILE]`: see `docs/benchmarks-logs.md`. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createChanges } from '../main/base/changes.ts'
import { systemClock } from '../main/base/clock.ts'
import { silentLog } from '../main/base/log.ts'
import { createLedger } from '../main/ledger/ledger.ts'
import { createLogs, type Logs } from '../main/logs/logs.ts'
import { openStore } from '../main/store/store.ts'
import type { BoxId, LogPage, LogQuery, LogStart } from '../shared/contract/index.ts'
import { createLineMaker } from './log-lines.ts'
import { besideTools, count, part, plainWords } from './logs-beside.ts'
import { saveSize, writePage } from './logs-page.ts'
import type { Measured, SizeSection } from './logs-report.ts'
import { median } from './report.ts'

const root = path.resolve(import.meta.dirname, '..')
const { values: chosen } = parseArgs({
  options: {
    /** One million lines alone. */
    quick: { type: 'boolean', default: false },
    lines: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    out: { type: 'string', default: path.join(root, 'docs/benchmarks-logs.md') },
  },
})
const sizes = (chosen.lines ?? (chosen.quick ? '1000000' : '1000000,50000000')).split(',').map(Number)
const rounds = Number(chosen.rounds)
const boxes = [...Array(12).keys()].map((number) => `box${number}` as BoxId)
const dayMs = 24 * 3_600_000
const endMs = Date.UTC(2026, 10, 20, 12)
const fewLines = 2_000_000
const say = (text: string) => process.stderr.write(`${text}\n`)

for (const lines of sizes) {
  const found = await measure(lines)
  saveSize(found)
  process.stdout.write(`${writePage(chosen.out)}\n`)
}
process.stdout.write(`Written to ${chosen.out}\n`)

async function measure(lines: number): Promise<SizeSection> {
  const [cpu] = os.cpus()
  const around = {
    when: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    machine: `${os.cpus().length} cores (${cpu?.model.trim() || 'unknown'}), ${Math.round(os.totalmem() / 1e9)} GB, ${os.type()} ${os.release()}, Node ${process.version}`,
    load: (os.loadavg()[0] ?? 0) / os.cpus().length,
  }
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-logs-'))
  const store = openStore({ dataDir: dir, clock: systemClock, log: silentLog, writable: true })
  const ledger = createLedger({ store, clock: systemClock, log: silentLog })
  const start = (): Logs =>
    createLogs({
      store,
      ledger,
      inventory: { boxes: () => [], fingerprintKey: () => '5c'.repeat(32) },
      clock: systemClock,
      log: silentLog,
      changes: createChanges(),
    })
  try {
    const plain = path.join(dir, 'plain.log')
    const dated = path.join(dir, 'dated.log')
    const filled = await fill(start, lines, lines <= fewLines ? { plain, dated } : null)
    const firstPages = await measurePages(start, filled.run)
    const searches =
      lines <= fewLines
        ? await using(start, (logs) => besideTools({ logs, boxes, rounds, plain, dated, say }))
        : await bigSearches(start)
    const { bytes } = await using(start, (logs) => logs.stats())
    return {
      lines,
      ...around,
      insertPerSecond: filled.perSecond,
      bytes,
      rawBytes: filled.rawBytes,
      bytesLimit: lines === 50_000_000 ? 3e9 : null,
      measured: [...firstPages, ...searches],
    }
  } finally {
    store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function using<T>(start: () => Logs, work: (logs: Logs) => Promise<T>): Promise<T> {
  const logs = start()
  try {
    return await work(logs)
  } finally {
    await logs.close()
  }
}

/** Stores the lines; the making of the next batch goes on while one is stored. */
async function fill(start: () => Logs, lines: number, files: { plain: string; dated: string } | null) {
  const batchLines = 8000
  const maker = createLineMaker({ seed: 7, boxes: boxes.length, perBox: lines / boxes.length, endMs })
  const open = files && { plain: openSync(files.plain, 'w'), dated: openSync(files.dated, 'w') }
  let rawBytes = 0
  let written = 0
  let before: Promise<unknown> = Promise.resolve()
  const fromMs = performance.now()
  await using(start, async (logs) => {
    for (let number = 0; written < lines; number++) {
      const box = number % boxes.length
      const batch = maker.batch(box, Math.min(batchLines, lines - written))
      const bare = batch.lines.map(({ text, more }) => (more === null ? text : `${text}\t${more}`))
      rawBytes += bare.reduce((sum, line) => sum + line.length + 1, 0)
      if (open) {
        writeSync(open.plain, `${bare.join('\n')}\n`)
        const dates = batch.lines.map(
          ({ at, level }, index) => `${new Date(at ?? 0).toISOString()} ${level} ${bare[index]}\n`,
        )
        writeSync(open.dated, dates.join(''))
      }
      await before
      before = logs.append(boxes[box] as BoxId, null, batch, 0)
      written += batch.lines.length
      if (number % 50 === 49) {
        const tookS = (performance.now() - fromMs) / 1000
        say(`${written} lines, ${Math.round(tookS)} s; all in ${Math.round((tookS * lines) / written)} s`)
      }
    }
    await before
  })
  if (open) for (const file of Object.values(open)) closeSync(file)
  const { run } = maker
  if (!run) throw new Error('no run was made')
  return { perSecond: lines / ((performance.now() - fromMs) / 1000), rawBytes, run }
}

/** Each question to a newly opened file, `rounds` times, at another moment each time. */
async function measurePages(start: () => Logs, run: { box: number; runId: string }): Promise<Measured[]> {
  const runBox = boxes[run.box] as BoxId
  const moment = (round: number): LogStart => ({ atMs: endMs - (7 + round * 15) * dayMs })
  const newest = (): LogStart => 'newest'
  const pages: [string, LogQuery, (round: number) => LogStart][] = [
    ['by machine', { boxIds: [runBox] }, newest],
    ['by time, all machines', { boxIds: boxes }, moment],
    ['by level (error), all machines', { boxIds: boxes, level: 'error' }, newest],
    ['by machine, level and week', { boxIds: [runBox], level: 'error', sinceMs: endMs - 7 * dayMs }, newest],
    ['by run id', { boxIds: boxes, runId: run.runId }, newest],
  ]
  const ask = async (logs: Logs, query: LogQuery, at: LogStart) => {
    // As the window does: a page looks for a moment only, and one that is short is not the last.
    for (let from: LogStart | null = at; from !== null; ) {
      const page: LogPage = await logs.page({ query, at: from, direction: 'older', limit: 200 })
      if (page.records.length > 0) return
      from = page.next
    }
    throw new Error('an empty page')
  }
  const found = [
    await timed('opens: thread, file and newest page of all machines', 2000, () =>
      using(start, (logs) => took(() => ask(logs, { boxIds: boxes }, 'newest'))),
    ),
  ]
  for (const [words, query, at] of pages) {
    const work = (round: number) =>
      using(start, async (logs) => {
        await opened(logs)
        return took(() => ask(logs, query, at(round)))
      })
    found.push(await timed(`first page ${words}`, 200, work))
  }
  const density = () =>
    using(start, async (logs) => {
      await opened(logs)
      return took(() => logs.density({ query: { boxIds: boxes }, buckets: 400 }))
    })
  return [...found, await timed('density of everything in 400 buckets', null, density)]
}

/** The thread runs and the file is open; nothing of it was read but its schema. */
async function opened(logs: Logs): Promise<void> {
  await logs.page({ query: { boxIds: ['nobody' as BoxId] }, at: 'newest', direction: 'older', limit: 1 })
}

async function took(act: () => Promise<unknown>): Promise<number> {
  const fromMs = performance.now()
  await act()
  return performance.now() - fromMs
}

/** Median of what `measureOne` says it took. */
async function timed(
  words: string,
  limitMs: number | null,
  measureOne: (round: number) => Promise<number>,
): Promise<Measured> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await measureOne(round))
  const ms = median(times)
  say(`  ${words}: ${ms.toFixed(1)} ms`)
  return { words, ms, limitMs }
}

/** Free text over everything: when the first hit comes, when the last, and how soon it ends when it is left. */
async function bigSearches(start: () => Logs): Promise<Measured[]> {
  const query: LogQuery = { boxIds: boxes, include: [part] }
  return using(start, async (logs) => {
    const fromMs = performance.now()
    let firstMs = Number.NaN
    for await (const { found } of logs.search({ query, maxHits: 2000 }))
      if (found > 0 && Number.isNaN(firstMs)) firstMs = performance.now() - fromMs
    const wholeMs = performance.now() - fromMs
    say(`  free text: first ${firstMs.toFixed(0)} ms, whole ${wholeMs.toFixed(0)} ms`)
    const cancelled = await timed('free text: the answer ends after cancel', 100, async () => {
      const cancel = new AbortController()
      const running = logs.search({ query: { ...query, regex: 'zz[a-z]*zz' }, maxHits: 10 }, cancel.signal)
      await running.next()
      const next = running.next()
      return took(async () => {
        cancel.abort()
        await next
      })
    })
    const plain = await timed('plain words through the index, all hits', null, () =>
      took(() => count(logs, { boxIds: boxes, include: [plainWords] })),
    )
    const words = await timed('an id as a whole word, all hits', null, () =>
      took(() => count(logs, { boxIds: boxes, include: ['"messageId=1234567"'] })),
    )
    const purge = await timed('purge of a day', null, (round) =>
      took(() => logs.purge(endMs - (90 - 1 - round) * dayMs)),
    )
    return [
      { words: 'free text: first hit', ms: firstMs, limitMs: 1000 },
      { words: 'free text: everything looked through', ms: wholeMs, limitMs: null },
      cancelled,
      plain,
      words,
      purge,
    ]
  })
}
