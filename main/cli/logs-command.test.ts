import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BoxId } from '../../shared/contract/index.ts'
import { createChanges } from '../base/changes.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import type { Engine } from '../engine/engine.ts'
import { createInventory } from '../inventory/inventory.ts'
import { createLogs, type Logs } from '../logs/logs.ts'
import { type TempStore, tempStore } from '../testing/temp-store.ts'
import { testEngine } from '../testing/test-engine.ts'
import { type LogsOptions, logs as logsCommand, readLevel, readMoment } from './logs-command.ts'
import { patterns as patternsCommand } from './patterns-command.ts'
import { createPrinter } from './print.ts'
import { faultOf } from './session.ts'
import { rowShapes } from './shapes.ts'

let temp: TempStore
let engine: Engine
let logs: Logs
let boxes: BoxId[]
const nowMs = systemClock.nowMs()

/** The console that writes, and beside it the engine of a reading command. */
beforeAll(async () => {
  temp = tempStore(systemClock)
  const { store, ledger, dataDir } = temp
  const changes = createChanges()
  const inventory = createInventory({ store, ledger, changes, clock: systemClock, homeDir: dataDir })
  boxes = ['Elm', 'Oak'].map(
    (name) =>
      inventory.addBox({ name, host: '127.0.0.1', port: 22, user: 'kit', auth: { kind: 'agent' } } as never).box.boxId,
  )
  logs = createLogs({ store, ledger, inventory, clock: systemClock, log: silentLog, changes })
  await append(boxes[0]!, 3 * 24 * 60, 'long ago')
  await append(boxes[0]!, 20, 'reply sent')
  await append(boxes[1]!, 10, 'send FAILED \u001b[31m', 'error')
  engine = await testEngine(dataDir, { readOnly: true, host: 'cli' })
})
afterAll(async () => {
  await engine.close()
  await logs.close()
  temp[Symbol.dispose]()
})

let offset = 0
function append(boxId: BoxId, minutesAgo: number, text: string, level: 'info' | 'error' = 'info') {
  offset += 100
  const file = { source: 'runtime', file: '/tmp/a.log' } as const
  const none = { subsystem: null, runId: null, sessionId: null, channel: null, more: null }
  const line = { ...file, ...none, at: nowMs - minutesAgo * 60_000, level, text, offset }
  const cursors = [{ ...file, identity: 'i', offset: offset + 100 }]
  return logs.append(boxId, null, { agent: 'main', lines: [line], cursors, gaps: [], more: false }, 0)
}

async function run(options: Partial<LogsOptions>, json = false, onLine: (interrupt: () => void) => void = () => {}) {
  const out: string[] = []
  let interrupt = () => {}
  const take = (text: string) => {
    out.push(text)
    onLine(interrupt)
  }
  const said: string[] = []
  const code = await logsCommand(
    {
      client: engine.client,
      writable: false,
      print: createPrinter(json, take, (text) => said.push(text)),
      onInterrupt: (told) => {
        interrupt = told
      },
    },
    { follow: false, ...options },
  )
  return { code, out: out.join(''), said: said.join('') }
}

test('a day of all machines, oldest first, in words that steer no terminal', async () => {
  const { code, out } = await run({})
  expect(code).toBe(0)
  expect(out).toMatch(/^\S+ \S+ Elm info {2}reply sent\n\S+ \S+ Oak error send FAILED ⟨001B⟩\[31m\n$/)
})

test('narrowed by machine, time, level and expression', async () => {
  const texts = async (options: Partial<LogsOptions>) =>
    (await run(options, true)).out
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => rowShapes.logs.parse(JSON.parse(line)))
      .map((record) => [record.boxName, record.kind === 'line' ? record.text : ''])
  expect(await texts({ box: ['elm'], since: readMoment('4d') })).toEqual([
    ['Elm', 'long ago'],
    ['Elm', 'reply sent'],
  ])
  expect(await texts({ until: readMoment('15m') })).toEqual([['Elm', 'reply sent']])
  expect(await texts({ level: 'warn' })).toEqual([['Oak', 'send FAILED ⟨001B⟩[31m']])
  expect(await texts({ grep: 'repl.+t$' })).toEqual([['Elm', 'reply sent']])
  expect(await texts({ grep: 'failed' })).toEqual([])
})

test('a broken expression and an unknown machine are refused', async () => {
  const faultIn = (options: Partial<LogsOptions>) => run(options).catch((error: unknown) => faultOf(error)?.code)
  expect(await faultIn({ grep: 'a(' })).toBe('invalid-regex')
  expect(await faultIn({ box: ['Ash'] })).toBe('not-found')
})

test('following shows what is stored meanwhile, also what is older than what was shown, until Ctrl-C', async () => {
  let lines = 0
  const { code, out, said } = await run({ follow: true }, false, (interrupt) => {
    lines += 1
    if (lines === 2) void append(boxes[0]!, 15, 'came late').then(() => append(boxes[1]!, 0, 'just now'))
    if (lines === 4) interrupt()
  })
  expect(code).toBe(0)
  expect(
    out
      .split('\n')
      .slice(2, 4)
      .map((line) => line.split(/ info {2}/)[1]),
  ).toEqual(['came late', 'just now'])
  expect(said).toBe('Another Wheelhouse collects: what it stores is shown.\n')
})

test('the whole contract answers beside the console that writes, and keeps nothing', async () => {
  const { logs: asked } = engine.client
  const query = { boxIds: boxes }
  const hits: unknown[] = []
  for await (const progress of await asked.search({ query: { ...query, include: ['repl'] } }))
    hits.push(...progress.hits)
  expect(hits).toMatchObject([{ text: 'reply sent' }])
  const buckets = await asked.density({ query, buckets: 4 })
  expect(buckets.reduce((sum, { lines }) => sum + lines, 0)).toBe((await asked.stats()).lines)
  const piece = await asked.export({ query: { ...query, level: 'error' }, format: 'text' })
  expect(piece).toMatchObject({ text: expect.stringContaining(' Oak error send FAILED'), lines: 1, next: null })
  expect(await asked.run({ boxId: boxes[0]!, runId: 'none' })).toEqual([])
  expect(await asked.kept({})).toEqual([])
  const kept = asked.keep({ boxId: boxes[0]!, seqs: [1], reason: 'why not' })
  expect(faultOf(await kept.catch((error: unknown) => error))?.code).toBe('read-only')
})

test.each(['2h', '30m', '3d', '90s'])('%s is a time ago', (text) => expect(readMoment(text)).toBeLessThan(nowMs))
test('dates are of this computer, levels in either case, and nonsense is refused', () => {
  expect(readMoment('2026-11-20T08:00')).toBe(new Date(2026, 10, 20, 8).getTime())
  expect(readLevel('Error')).toBe('error')
  expect(() => readMoment('yesterday')).toThrow('A time is written as')
  expect(() => readLevel('loud')).toThrow('A level is one of')
})

test('patterns: kinds of lines, loud first, as words and in the documented shape', async () => {
  const answers = async (json: boolean, options = { new: false, muted: false }) => {
    const out: string[] = []
    const print = createPrinter(
      json,
      (text) => out.push(text),
      () => {},
    )
    expect(
      await patternsCommand({ client: engine.client, writable: false, print, onInterrupt: () => {} } as never, options),
    ).toBe(0)
    return out.join('')
  }
  const words = await answers(false)
  expect(words.split('\n')[1]).toMatch(/^Oak +error +1 .*send FAILED/)
  expect(words).toContain('reply sent')
  const [first] = JSON.parse(await answers(true)) as { boxName: string; perDay: number[] }[]
  expect(first).toMatchObject({ boxName: 'Oak', lines: 1 })
  expect(await answers(false, { new: true, muted: false })).toBe('Nothing new.\n')
})
