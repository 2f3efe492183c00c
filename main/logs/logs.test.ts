import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deflateRawSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { BoxId, LogQuery, LogRecord, LogSearchProgress, LogStart } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { createInventory } from '../inventory/inventory.ts'
import { answerInColumns } from '../runtimes/answer-in-columns.ts'
import type { LogBatch, LogLine } from '../runtimes/log-lines.ts'
import { packAnswer } from '../runtimes/packed-answer.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/store.ts'
import { mountSmallDisk } from '../testing/small-disk.ts'
import { type TempStore, tempStore } from '../testing/temp-store.ts'
import { openForReading } from './log-file.ts'
import { createLogs, type Logs } from './logs.ts'
import { migrations } from './migrations/migrations.ts'
import { createOpenBlocks } from './open-blocks.ts'
import { readPage } from './page.ts'
import { readRows } from './rows.ts'

const dayMs = 24 * 3_600_000
const nowMs = Date.now()
const startMs = nowMs - 10 * dayMs
const levels = ['info', 'info', 'debug', 'info', 'warn', 'info', null, 'error'] as const

const lineOf = (number: number, fields: Partial<LogLine> = {}): LogLine => ({
  source: 'runtime',
  file: '/tmp/openclaw/a.log',
  at: startMs + number * 1000,
  level: levels[number % levels.length]!,
  subsystem: number % 3 === 0 ? 'gateway' : 'telegram',
  runId: `run-${Math.floor(number / 20)}`,
  sessionId: `agent:main:${number % 5}`,
  channel: number % 3 === 0 ? null : 'telegram',
  text: `line ${number} of the day, sent to chat ${number % 97} after ${(number * 7) % 1000}ms, mark${number}x`,
  more: number % 10 === 0 ? `{"durationMs":${number}}` : null,
  offset: number * 100,
  ...fields,
})
const batchOf = (lines: LogLine[], fields: Partial<LogBatch> = {}): LogBatch => ({
  agent: 'main',
  lines,
  cursors: [
    { source: 'runtime', file: '/tmp/openclaw/a.log', identity: 'i1', offset: (lines.at(-1)?.offset ?? 0) + 100 },
  ],
  gaps: [],
  more: false,
  ...fields,
})
const numbers = (from: number, to: number): number[] => [...Array(to - from).keys()].map((at) => from + at)

interface House extends TempStore {
  readonly logs: Logs
  readonly boxes: [BoxId, BoxId]
  add(name: string): BoxId
}

const open: House[] = []
function house(temp: TempStore = tempStore(systemClock)): House {
  const { store, ledger } = temp
  const changes = createChanges()
  const inventory = createInventory({ store, ledger, changes, clock: systemClock, homeDir: temp.dataDir })
  const add = (name: string): BoxId =>
    inventory.boxes().find((box) => box.name === name)?.boxId ??
    inventory.addBox({ name, host: '127.0.0.1', port: 22, user: 'kit', auth: { kind: 'agent' } } as never).box.boxId
  const made = {
    ...temp,
    logs: createLogs({ store, ledger, inventory, clock: systemClock, log: silentLog, changes }),
    boxes: [add('one'), add('two')] as [BoxId, BoxId],
    add,
    [Symbol.dispose]: () => temp[Symbol.dispose](),
  }
  open.push(made)
  return made
}
const leave = async (one: House) => {
  await one.logs.close()
  one[Symbol.dispose]()
}
afterEach(async () => {
  for (const one of open.splice(0)) await leave(one)
})

// One store with blocks and rows of two boxes that most tests only read.
let shared: House
// And one that the small tests write into, each with boxes of its own: a thread takes a moment to start.
let small: House
const many = 24_000
beforeAll(async () => {
  shared = house()
  small = house()
  open.length = 0
  const [one, two] = shared.boxes
  for (const from of numbers(0, many / 2000).map((part) => part * 2000)) {
    const part = numbers(from, from + 2000)
    await shared.logs.append(one, null, batchOf(part.filter((number) => number % 2 === 0).map((n) => lineOf(n))), 0)
    await shared.logs.append(two, null, batchOf(part.filter((number) => number % 2 === 1).map((n) => lineOf(n))), 0)
  }
})
afterAll(() => Promise.all([leave(shared), leave(small)]))

const textOf = (record: LogRecord): string => (record.kind === 'line' ? record.text : record.reason)
const numberOf = (record: LogRecord): number => Number(/mark(\d+)x/.exec(textOf(record))?.[1] ?? -1)
const all = (): LogQuery => ({ boxIds: shared.boxes })

/** Every page one way, from where one begins to the end. */
async function walk(logs: Logs, query: LogQuery, at: LogStart, direction: 'older' | 'newer', limit = 500) {
  const found: LogRecord[] = []
  for (let next: LogStart | null = at; next !== null; ) {
    const page = await logs.page({ query, at: next, direction, limit })
    expect(page.ended).toBe(page.next === null)
    if (direction === 'older') found.unshift(...page.records)
    else found.push(...page.records)
    next = page.next
  }
  return found
}

test('every line is there once, in one order over blocks, rows and boxes, whichever way it is read', async () => {
  const blocks = new Database(path.join(shared.dataDir, 'logs.db'), { readonly: true })
  const sealed = blocks.prepare('select count(*) as n, sum(lines) as lines from block').get() as Record<string, number>
  blocks.close()
  expect(sealed.n).toBeGreaterThanOrEqual(4)
  expect(sealed.lines).toBeLessThan(many)
  const expected = numbers(0, many)
  expect((await walk(shared.logs, all(), 'newest', 'older')).map(numberOf)).toEqual(expected)
  expect((await walk(shared.logs, all(), 'oldest', 'newer')).map(numberOf)).toEqual(expected)
})

test.each<[string, LogQuery['runId'], (number: number) => boolean]>([
  ['everything', undefined, () => true],
  ['one run', 'run-7', (number) => Math.floor(number / 20) === 7],
])('a page that had no time to look everywhere says so, and the next ones bring %s', (_, runId, isWanted) => {
  const db = openForReading(shared.dataDir)
  if (!db) throw new Error('nothing is stored')
  const rows = readRows(db)
  const blocks = createOpenBlocks(rows)
  let nowMs = 0
  // Each look at the clock is a second later: after the first block there is no time left.
  const hasty = { ...systemClock, monotonicMs: () => (nowMs += 1000) }
  try {
    for (const direction of ['older', 'newer'] as const) {
      const found: number[] = []
      let pages = 0
      let at: LogStart | null = direction === 'older' ? 'newest' : 'oldest'
      for (; at !== null; pages += 1) {
        const page = readPage({ query: { ...all(), runId }, at, direction, limit: 500 }, rows, blocks, hasty)
        const brought = page.records.map(numberOf)
        found.push(...(direction === 'older' ? brought.reverse() : brought))
        at = page.next
      }
      const wanted = numbers(0, many).filter(isWanted)
      expect(found).toEqual(direction === 'older' ? wanted.reverse() : wanted)
      expect(pages).toBeGreaterThan(1)
    }
  } finally {
    db.close()
  }
})

test('a line comes back as it went in', async () => {
  const { records } = await shared.logs.page({
    query: all(),
    at: { atMs: startMs + 40_000 },
    direction: 'older',
    limit: 1,
  })
  expect(records).toEqual([
    {
      kind: 'line',
      id: `${shared.boxes[0]}:${records[0]?.seq}`,
      boxId: shared.boxes[0],
      agentId: null,
      seq: expect.any(Number),
      atMs: startMs + 40_000,
      rawAt: startMs + 40_000,
      source: 'runtime',
      file: '/tmp/openclaw/a.log',
      level: 'info',
      subsystem: 'telegram',
      runId: 'run-2',
      sessionId: 'agent:main:0',
      channel: 'telegram',
      text: 'line 40 of the day, sent to chat 40 after 280ms, mark40x',
      more: '{"durationMs":40}',
    },
  ])
})

test('a place divides the lines: nothing is twice, nothing is missing', async () => {
  const from = (
    await shared.logs.page({ query: all(), at: { atMs: startMs + 5_000_000 }, direction: 'older', limit: 3 })
  ).records
  expect(from.map(numberOf)).toEqual([4998, 4999, 5000])
  const { atMs, boxId, seq } = from[1]!
  const at = { atMs, boxId, seq }
  const [older, newer] = await Promise.all(
    (['older', 'newer'] as const).map((direction) => shared.logs.page({ query: all(), at, direction, limit: 2 })),
  )
  expect([...older!.records, ...newer!.records].map(numberOf)).toEqual([4997, 4998, 5000, 5001])
  const time = await shared.logs.page({ query: all(), at: { atMs }, direction: 'newer', limit: 1 })
  expect(time.records.map(numberOf)).toEqual([5000])
})

const keeps: [string, Omit<LogQuery, 'boxIds'>, (number: number) => boolean][] = [
  ['level', { level: 'error' }, (n) => n % 8 === 7],
  ['level of none', { level: 'info' }, (n) => n % 8 !== 2],
  ['time', { sinceMs: startMs + 100_000, untilMs: startMs + 200_000 }, (n) => n >= 100 && n < 200],
  ['run', { runId: 'run-33' }, (n) => n >= 660 && n < 680],
  ['session and level', { sessionId: 'agent:main:3', level: 'warn' }, (n) => n % 5 === 3 && [4, 7].includes(n % 8)],
  ['subsystem', { subsystem: 'gateway', include: ['chat 12 '] }, (n) => n % 3 === 0 && n % 97 === 12],
  ['channel', { channel: 'telegram', regex: 'after 1ms' }, (n) => n % 3 !== 0 && (n * 7) % 1000 === 1],
  ['whole words', { include: ['"chat 13"'], exclude: ['"after 91ms"'] }, (n) => n % 97 === 13 && (n * 7) % 1000 !== 91],
  ['part of a word', { include: ['ark77'] }, (n) => /^77/.test(String(n))],
  ['fields', { include: ['durationMs":1100'] }, (n) => [1100, 11_000].includes(n)],
  ['regex line by line', { regex: 'mark(?=42)\\d+x' }, (n) => /^42/.test(String(n))],
  ['nothing', { runId: 'run-9999' }, () => false],
]

test.each(keeps)('pages and search agree on: %s', async (_, query, wanted) => {
  const expected = numbers(0, many).filter(wanted)
  expect((await walk(shared.logs, { ...all(), ...query }, 'newest', 'older')).map(numberOf)).toEqual(expected)
  const found = await collect({ ...all(), ...query })
  expect(found.hits.map(numberOf)).toEqual([...expected].reverse().slice(0, 500))
  expect(found.last).toMatchObject({ done: true, found: expected.length })
  expect(found.last?.scanned).toBe(found.last?.total)
  expect(found.ticks).toBe(expected.length)
})

async function collect(query: LogQuery, logs = shared.logs) {
  const hits: LogRecord[] = []
  let ticks = 0
  let last: LogSearchProgress | undefined
  for await (const progress of logs.search({ query, maxHits: 500 })) {
    hits.push(...progress.hits)
    ticks += progress.ticks.reduce((sum, tick) => sum + tick.hits, 0)
    last = progress
  }
  return { hits, ticks, last }
}

test('one box alone', async () => {
  const found = await walk(shared.logs, { boxIds: [shared.boxes[1]], level: 'error' }, 'newest', 'older')
  expect(found.map(numberOf)).toEqual(numbers(0, many).filter((n) => n % 8 === 7))
  expect(await walk(shared.logs, { boxIds: [shared.boxes[0]], level: 'error' }, 'newest', 'older')).toEqual([])
})

test('a run from its first line to its last', async () => {
  const run = await shared.logs.run({ boxId: shared.boxes[0], runId: 'run-7' })
  expect(run.map(numberOf)).toEqual([140, 142, 144, 146, 148, 150, 152, 154, 156, 158])
})

test('density counts every line, warning and error', async () => {
  const buckets = await shared.logs.density({ query: all(), buckets: 40 })
  const sum = (name: 'lines' | 'warns' | 'errors') => buckets.reduce((total, bucket) => total + bucket[name], 0)
  expect([buckets.length, sum('lines'), sum('warns'), sum('errors')]).toEqual([40, many, many / 8, many / 8])
  const part = await shared.logs.density({ query: { ...all(), level: 'warn' }, buckets: 1 })
  expect(part).toMatchObject([{ lines: many / 4 }])
})

test('a broken expression is refused where it breaks', async () => {
  const query = { ...all(), regex: 'a(b**c' }
  const fault = { code: 'invalid-regex', at: 4, detail: 'nothing to repeat' }
  await expect(shared.logs.page({ query, at: 'newest', direction: 'older', limit: 1 })).rejects.toMatchObject({ fault })
  await expect(shared.logs.search({ query, maxHits: 1 }).next()).rejects.toMatchObject({ fault })
})

test('a search that is left stops, even in an expression that never ends, and the next one answers', async () => {
  const cancel = new AbortController()
  const endless = { ...all(), regex: '^(?:[\\w ,]+)+[!]$' }
  const running = shared.logs.search({ query: endless, maxHits: 10 }, cancel.signal).next()
  await collect({ ...all(), runId: 'run-1' })
  cancel.abort()
  expect((await running).done).toBe(true)
  expect((await collect({ ...all(), runId: 'run-1' })).last?.found).toBe(20)
})

test('an export is read piece by piece', async () => {
  let text = ''
  for (let next: LogStart | null = 'oldest'; next !== null; ) {
    const piece = await shared.logs.export({ query: { ...all(), level: 'error' }, from: next, format: 'text' })
    text += piece.text
    next = piece.next
  }
  const lines = text.trimEnd().split('\n')
  expect(lines).toHaveLength(many / 8)
  expect(lines[0]).toBe(
    `${new Date(startMs + 7000).toISOString()} two error [telegram] line 7 of the day, sent to chat 7 after 49ms, mark7x`,
  )
  const json = await shared.logs.export({ query: { ...all(), runId: 'run-0' }, from: 'oldest', format: 'json-lines' })
  expect(JSON.parse(json.text.split('\n')[0]!)).toMatchObject({ boxName: 'one', kind: 'line', runId: 'run-0' })
})

test('a batch that comes twice is kept once, and cursors come back as they went', async () => {
  const { logs } = small
  const boxes = [small.add('again')] as const
  const batch = batchOf(numbers(0, 50).map((number) => lineOf(number)))
  expect(await logs.append(boxes[0], null, batch, 0)).toEqual({ lines: 50, gaps: 0 })
  expect(await logs.append(boxes[0], null, batch, 0)).toEqual({ lines: 0, gaps: 0 })
  const more = batchOf(numbers(30, 60).map((number) => lineOf(number)))
  expect(await logs.append(boxes[0], null, more, 0)).toEqual({ lines: 10, gaps: 0 })
  expect(await logs.cursors(boxes[0])).toEqual([{ agent: 'main', cursors: more.cursors }])
  expect((await walk(logs, { boxIds: [boxes[0]] }, 'newest', 'older')).map(numberOf)).toEqual(numbers(0, 60))
})

test('a gap stands between the lines, where nothing else is asked for', async () => {
  const { logs } = small
  const boxes = [small.add('gap')] as const
  const lost = { source: 'runtime', file: '/tmp/openclaw/a.log', reason: 'too-much' } as const
  const gap = { ...lost, fromOffset: 100, toOffset: 900, bytes: 800, fromAt: startMs + 500, toAt: startMs + 700 }
  await logs.append(boxes[0], null, batchOf([lineOf(0), lineOf(1)], { gaps: [gap] }), 0)
  const query = { boxIds: [boxes[0]] }
  const page = await walk(logs, query, 'oldest', 'newer')
  expect(page.map(({ kind }) => kind)).toEqual(['line', 'gap', 'line'])
  expect(page[1]).toMatchObject({ reason: 'too-much', bytes: 800, fromAtMs: startMs + 500, toAtMs: startMs + 700 })
  expect(await walk(logs, { ...query, include: ['line'] }, 'oldest', 'newer')).toHaveLength(2)
})

test('who follows gets what was stored since', async () => {
  const { logs } = small
  const boxes = [small.add('first'), small.add('second')] as const
  await logs.append(boxes[0], null, batchOf([lineOf(5)]), 0)
  const query = { boxIds: [...boxes] }
  const { lastSeq } = await logs.page({ query, at: 'newest', direction: 'older', limit: 10 })
  await logs.append(boxes[1], null, batchOf([lineOf(1)]), 0)
  const since = await walk(logs, { ...query, afterSeq: lastSeq }, 'oldest', 'newer')
  expect(since.map(numberOf)).toEqual([1])
})

test('who follows some machines hears how many of their lines are left, sealed or not, and of no other', async () => {
  const { logs } = small
  const boxes = [small.add('one'), small.add('other')] as const
  await logs.append(boxes[0], null, batchOf([lineOf(0)]), 0)
  const { lastSeq } = await logs.page({ query: { boxIds: [boxes[0]] }, at: 'newest', direction: 'older', limit: 1 })
  await logs.append(boxes[0], null, batchOf(numbers(1, 4001).map((number) => lineOf(number))), 0)
  await logs.append(boxes[1], null, batchOf(numbers(1, 1001).map((number) => lineOf(number))), 0)
  const left = async (of: readonly BoxId[], limit: number) => {
    const query = { boxIds: [...of], afterSeq: lastSeq }
    return (await logs.page({ query, at: 'newest', direction: 'older', limit })).left
  }
  expect(await left([boxes[0]], 500)).toBe(3500)
  expect(await left([boxes[1]], 500)).toBe(500)
  expect(await left(boxes, 500)).toBe(4500)
  expect(await left([boxes[1]], 2000)).toBeUndefined()
})

test('90 days: what is older goes with a receipt in the diary, what is kept stays', async () => {
  const { logs, boxes, ledger } = house()
  const old = (number: number) => lineOf(number, { at: nowMs - 100 * dayMs + number })
  await logs.append(boxes[0], null, batchOf(numbers(0, 4000).map(old)), 0)
  await logs.append(boxes[0], null, batchOf(numbers(4000, 4010).map((number) => lineOf(number))), 0)
  const run = await logs.run({ boxId: boxes[0], runId: 'run-3' })
  const { keepId } = await logs.keep({
    boxId: boxes[0],
    seqs: run.map(({ seq }) => seq),
    reason: 'asked by the client',
  })
  await logs.purgeOld()
  expect((await walk(logs, { boxIds: [boxes[0]] }, 'oldest', 'newer')).map(numberOf)).toEqual(numbers(4000, 4010))
  expect(await logs.run({ boxId: boxes[0], runId: 'run-3' })).toEqual([])
  expect(logs.kept(boxes[0])).toMatchObject([{ keepId, reason: 'asked by the client', records: run }])
  const told = () => ledger.entries({ limit: 10 }).filter(({ kind }) => kind.startsWith('logs.'))
  expect(told().map(({ kind }) => kind)).toEqual(['logs.purged', 'logs.kept'])
  expect(told()[0]?.sentence).toMatch(/: 4,000 lines, written from .* 20 kept lines stay\.$/)
  await logs.purgeOld()
  expect(told()).toHaveLength(2)
  logs.unkeep({ keepId })
  expect(logs.kept()).toEqual([])
  expect(ledger.verify().intact).toBe(true)
})

test('a full disk: nothing of the batch is kept, and with room again it is', async () => {
  const disk = mountSmallDisk()
  if (!disk) return expect(process.getuid?.()).not.toBe(0)
  // The store itself lies elsewhere: its own full disk has its own test.
  const temp = tempStore(systemClock)
  const { logs, boxes } = house({ ...temp, store: { ...temp.store, dataDir: disk.dir } })
  try {
    await logs.append(boxes[0], null, batchOf([lineOf(0)]), 0)
    disk.fill()
    const batch = batchOf(numbers(1, 3000).map((number) => lineOf(number)))
    await expect(logs.append(boxes[0], null, batch, 0)).rejects.toMatchObject({ fault: { code: 'disk-full' } })
    expect((await logs.cursors(boxes[0]))[0]?.cursors).toMatchObject([{ offset: 100 }])
    disk.free()
    expect(await logs.append(boxes[0], null, batch, 0)).toEqual({ lines: 2999, gaps: 0 })
    expect(await walk(logs, { boxIds: [boxes[0]] }, 'oldest', 'newer')).toHaveLength(3000)
  } finally {
    await logs.close()
    disk.stop()
  }
})

test('a damaged file is set aside, an empty one goes on, and both are said', async () => {
  const first = house()
  await first.logs.append(first.boxes[0], null, batchOf([lineOf(0)]), 0)
  await first.logs.close()
  open.pop()
  const file = path.join(first.dataDir, 'logs.db')
  rmSync(`${file}-wal`, { force: true })
  writeFileSync(file, 'not a database, whatever it was before it was this')
  const { logs, boxes, ledger } = house(first)
  const page = await logs.page({ query: { boxIds: boxes }, at: 'newest', direction: 'older', limit: 1 })
  expect(page.records).toEqual([])
  const { setAside } = await logs.stats()
  expect(readFileSync(setAside!, 'utf8')).toContain('not a database')
  expect(ledger.entries({ limit: 5 }).map(({ kind }) => kind)).toContain('logs.set-aside')
  expect(await logs.append(boxes[0], null, batchOf([lineOf(0)]), 0)).toEqual({ lines: 1, gaps: 0 })
})

test('a file that breaks while it is open is set aside, and the batch finds room in the next', async () => {
  const { logs, boxes, dataDir } = house()
  const batch = batchOf(numbers(0, 6000).map((number) => lineOf(number)))
  await logs.append(boxes[0], null, batch, 0)
  const file = path.join(dataDir, 'logs.db')
  const folded = new Database(file)
  folded.pragma('wal_checkpoint(truncate)')
  folded.close()
  writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, 8192), Buffer.alloc(400_000, 7)]))
  const query = { boxIds: boxes }
  const found = await logs.page({ query, at: 'newest', direction: 'older', limit: 500 })
  expect(found.records).toEqual([])
  expect((await logs.stats()).setAside).not.toBeNull()
  expect(await logs.append(boxes[0], null, batch, 0)).toEqual({ lines: 6000, gaps: 0 })
})

test('an answer that came packed is redacted and kept once; what is none is refused in words', async () => {
  const { logs } = small
  const boxId = small.add('packed')
  const arrive = (packed: string) =>
    logs.arrive({ boxId, boxName: 'packed', agents: [], packed, skewMs: 0, fingerprintKey: '5c'.repeat(32) })
  const lines = numbers(0, 30).map((number) => lineOf(number, { text: `mark${number}x password=hunter2` }))
  const packed = packAnswer(answerInColumns({ batches: [batchOf(lines)], bytesRead: 3000 }))
  expect(await arrive(packed)).toMatchObject({ lines: 30, gaps: 0, droppedBytes: 0 })
  expect(await arrive(packed)).toMatchObject({ lines: 0 })
  const found = await walk(logs, { boxIds: [boxId] }, 'oldest', 'newer')
  expect(found.map(numberOf)).toEqual(numbers(0, 30))
  expect(JSON.stringify(found)).not.toContain('hunter2')
  const bomb = deflateRawSync(Buffer.alloc(30_000_000)).toString('base64')
  for (const broken of ['', 'no deflate', bomb, packAnswer(5), packAnswer({ batches: [{}], bytesRead: 1 })])
    await expect(arrive(broken)).rejects.toMatchObject({ fault: { code: 'answer-not-understood', boxName: 'packed' } })
})

test('what several boxes answer in one moment is kept together, and a broken answer is the trouble of its box alone', async () => {
  const { logs } = small
  const about = { agents: [], skewMs: 0, fingerprintKey: '5c'.repeat(32) }
  const boxIds = ['moment one', 'moment two', 'moment three'].map((name) => small.add(name))
  const outcomes = await Promise.allSettled(
    boxIds.map((boxId, at) => {
      const lines = numbers(0, 10 * (at + 1)).map((number) => lineOf(number))
      const packed =
        at === 1 ? 'no deflate' : packAnswer(answerInColumns({ batches: [batchOf(lines)], bytesRead: 3000 }))
      return logs.arrive({ ...about, boxId, boxName: `box ${at}`, packed })
    }),
  )
  expect(outcomes).toMatchObject([
    { status: 'fulfilled', value: { lines: 10 } },
    { status: 'rejected', reason: { fault: { code: 'answer-not-understood', boxName: 'box 1' } } },
    { status: 'fulfilled', value: { lines: 30 } },
  ])
  const stored = await Promise.all(boxIds.map((boxId) => walk(logs, { boxIds: [boxId] }, 'oldest', 'newer')))
  expect(stored.map(({ length }) => length)).toEqual([10, 0, 30])
})

test('lines that an older console kept a row each are here, once, and the next ones go on behind them', async () => {
  const { logs, boxes, dataDir } = house()
  const [boxId] = boxes
  const older = new Database(path.join(dataDir, 'logs.db'))
  migrate(older, migrations.slice(0, 2))
  const put = older.prepare(
    `insert into hot (seq, box_id, at_ms, raw_at, level, source, file, line) values (?, ?, ?, ?, 3, 'runtime', '/tmp/openclaw/a.log', ?)`,
  )
  for (const number of numbers(0, 300)) put.run(number + 1, boxId, startMs + number, startMs + number, `mark${number}x`)
  older
    .prepare(`insert into cursor values (?, 'main', 'i1', 'runtime', '/tmp/openclaw/a.log', 30000, ?, ?)`)
    .run(boxId, startMs + 299, nowMs)
  older.prepare('insert into pile values (?, 3000, ?)').run(boxId, nowMs)
  older.exec('update last_seq set seq = 300')
  older.close()
  await logs.append(boxId, null, batchOf(numbers(299, 310).map((number) => lineOf(number))), 0)
  expect((await walk(logs, { boxIds: [boxId] }, 'oldest', 'newer')).map(numberOf)).toEqual(numbers(0, 310))
  expect(await logs.stats()).toMatchObject({ lines: 310 })
})

test('a box that writes a line now and then leaves few blocks, and every line is there once', async () => {
  const { logs, dataDir } = small
  const boxId = small.add('seldom')
  const order = numbers(0, 80).map((number) =>
    number % 7 === 3 ? number + 4 : number % 7 === 0 && number > 0 ? number - 4 : number,
  )
  for (const [at, number] of order.entries()) {
    const line = lineOf(number, { offset: at * 100 })
    await logs.append(boxId, null, batchOf([line]), 0)
  }
  const stored = new Database(path.join(dataDir, 'logs.db'), { readonly: true })
  const blocks = stored.prepare('select count(*) as n from open_block where box_id = ?').get(boxId) as { n: number }
  stored.close()
  expect(blocks.n).toBeLessThan(35)
  const expected = [...order].sort((a, b) => a - b)
  expect((await walk(logs, { boxIds: [boxId] }, 'newest', 'older', 7)).map(numberOf)).toEqual(expected)
  expect((await collect({ boxIds: [boxId], include: ['mark5'] }, logs)).hits.map(numberOf)).toEqual(
    expected.filter((number) => /^5/.test(String(number))).reverse(),
  )
  const last = await logs.page({ query: { boxIds: [boxId], afterSeq: 0 }, at: 'newest', direction: 'older', limit: 5 })
  expect(last.records.map(numberOf)).toEqual(expected.slice(-5))
})

test('a newer file is refused in words and left as it is', async () => {
  const { logs, boxes, dataDir } = house()
  const file = path.join(dataDir, 'logs.db')
  const newer = new Database(file)
  newer.pragma('user_version = 99')
  newer.close()
  const fault = { code: 'store-newer', found: 99 }
  await expect(logs.append(boxes[0], null, batchOf([lineOf(0)]), 0)).rejects.toMatchObject({ fault })
  const page = { query: { boxIds: boxes }, at: 'newest', direction: 'older', limit: 1 } as const
  await expect(logs.page(page)).rejects.toMatchObject({ fault })
  expect(readdirSync(dataDir).filter((name) => name.startsWith('logs.db.damaged'))).toEqual([])
})

test('a console that only reads finds what another wrote, and writes nothing', async () => {
  const { dataDir, boxes } = shared
  const store = openStore({ dataDir, clock: systemClock, log: silentLog, writable: false })
  const logs = createLogs({
    store,
    ledger: shared.ledger,
    inventory: { boxes: () => [], fingerprintKey: () => '' },
    clock: systemClock,
    log: silentLog,
    changes: createChanges(),
  })
  try {
    expect((await collect({ boxIds: boxes, runId: 'run-7' }, logs)).last?.found).toBe(20)
    const refused = logs.append(boxes[0], null, batchOf([lineOf(0)]), 0)
    await expect(refused).rejects.toMatchObject({ fault: { code: 'read-only' } })
  } finally {
    await logs.close()
    store.close()
  }
})

test('a console without a log answers with nothing', async () => {
  const { logs, boxes, dataDir } = house()
  const query = { boxIds: boxes }
  expect(await walk(logs, query, 'newest', 'older')).toEqual([])
  expect((await collect(query, logs)).last).toMatchObject({ found: 0, total: 0, done: true })
  expect(await logs.density({ query, buckets: 10 })).toEqual([])
  expect(await logs.stats()).toMatchObject({ lines: 0, oldestMs: null, keepDays: 90 })
  expect(await logs.purgeOld()).toEqual([])
  expect(readdirSync(dataDir)).not.toContain('logs.db')
})
