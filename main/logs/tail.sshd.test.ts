import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, copyFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type BoxId, type LogRecord, type LogTail, mostTails } from '../../shared/contract/index.ts'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { unpackAnswer } from '../runtimes/packed-answer.ts'
import { type LogsLab, logsLab } from '../testing/logs-lab.ts'
import { createTails, type Tails } from './logs.ts'

let lab: LogsLab
let first: Box
let second: Box
type Box = Awaited<ReturnType<LogsLab['box']>> & { log: string; written: number }

beforeAll(async () => {
  lab = logsLab()
  first = await newBox()
  second = await newBox()
}, 30_000)
afterAll(() => lab.close())

async function newBox(): Promise<Box> {
  const box = await lab.box()
  const log = path.join(box.home, 'openclaw.log')
  const made = { ...box, log, written: 0 }
  write(made, 1)
  return made
}

const line = (number: number, words = 'reply sent'): string =>
  `${JSON.stringify({ 0: '{"subsystem":"gateway"}', _meta: { logLevelName: 'INFO' }, time: new Date().toISOString(), message: `line ${number} ${words}` })}\n`

function write(box: Box, count: number): void {
  const lines = Array.from({ length: count }, (_, at) => line(box.written + at + 1))
  appendFileSync(box.log, lines.join(''))
  box.written += count
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)
const numbersOf = (records: readonly LogRecord[]): number[] =>
  records.flatMap((record) => (record.kind === 'line' ? [Number(/line (\d+)/.exec(record.text)?.[1])] : []))
async function numbers({ boxId }: Box): Promise<number[]> {
  return numbersOf(await lab.records(boxId)).sort((a, b) => a - b)
}
const patience = { timeout: 20_000, interval: 50 }
const all = (box: Box) => vi.waitFor(async () => expect(await numbers(box)).toEqual(upTo(box.written)), patience)
const gaps = async ({ boxId }: Box) => (await lab.records(boxId)).flatMap((each) => (each.kind === 'gap' ? [each] : []))

/** Programs that run on the box. */
async function programs({ sshd }: Box): Promise<number[]> {
  const pids = await sshd.sessions()
  return pids.filter((pid) => argsOf(pid).includes('process.stdin.setEncoding') && !argsOf(pid).startsWith('/bin/'))
}
function argsOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/** Follows boxes beside the test; the newest word about each stands in the answer. */
function follow(boxIds: readonly BoxId[], tails: Tails = lab.tails) {
  const leaving = new AbortController()
  const newest = new Map<BoxId, LogTail>()
  let messages = 0
  const read = (async () => {
    for await (const told of tails.follow(boxIds, leaving.signal)) {
      messages += 1
      for (const each of told) newest.set(each.boxId, each)
    }
  })()
  const becomes = (boxId: BoxId, state: LogTail['state']) =>
    vi.waitFor(() => expect(newest.get(boxId)?.state).toBe(state), patience)
  return {
    newest,
    becomes,
    messages: () => messages,
    leave: async () => {
      leaving.abort()
      await read
    },
  }
}

test('two boxes are followed while their files grow, rotate and are cut, with a sweep and a cut connection in between: every line comes once', async () => {
  const startedMs = performance.now()
  const boxIds = [first.boxId, second.boxId]
  const window = follow(boxIds)
  const other = follow([first.boxId])
  for (const boxId of boxIds) await window.becomes(boxId, 'live')
  await all(first)
  write(first, 300)
  write(second, 500)
  // Half a line is none.
  const half = line(second.written + 1)
  appendFileSync(second.log, half.slice(0, 40))
  await all(first)
  await all(second)
  appendFileSync(second.log, half.slice(40))
  second.written += 1
  // Renamed away, three times, with lines before and after.
  for (const _ of upTo(3)) {
    write(first, 50)
    renameSync(`${first.log}`, first.log.replace('.log', `.${first.written}.log`))
    write(first, 20)
    write(second, 20)
    lab.collector.answered(first.boxId, 0)
    lab.collector.answered(second.boxId, 0)
  }
  await all(first)
  await all(second)
  // Copied away and cut.
  copyFileSync(second.log, second.log.replace('.log', '.1.log'))
  truncateSync(second.log)
  write(second, 30)
  await all(second)

  expect(await programs(first)).toHaveLength(1)
  await first.sshd.dropConnections()
  write(first, 70)
  await other.becomes(first.boxId, 'lost')
  expect(other.newest.get(first.boxId)?.nextTryAtMs).toBeGreaterThan(0)
  await other.becomes(first.boxId, 'live')
  write(first, 10)
  await all(first)
  expect((await gaps(first)).concat(await gaps(second)).filter(({ reason }) => reason !== 'truncated')).toEqual([])
  expect(window.newest.get(first.boxId)).toMatchObject({ sentence: null, nextTryAtMs: null, droppedBytes: 0 })
  // At most four messages a second, and the one at the beginning.
  expect(window.messages()).toBeLessThanOrEqual(4 * ((performance.now() - startedMs) / 1000) + 1)

  // Those of the sweeps end; whoever follows has one of its own on each box.
  lab.onbox.close()
  await vi.waitFor(async () => expect(await programs(first)).toHaveLength(1), patience)
  const [own = 0] = await programs(first)
  await window.leave()
  expect(argsOf(own)).not.toBe('')
  await other.leave()
  await vi.waitFor(() => expect(argsOf(own)).toBe(''), { timeout: 2_000, interval: 20 })
  // What the sweeps brought is brought again when nobody follows, and is here already.
  await lab.collector.idle()
  await all(first)
  await all(second)
}, 60_000)

test('what a box writes beyond the bound is a named gap, and no more than one answer waits anywhere', async () => {
  const box = await newBox()
  writeFileSync(box.log, '')
  box.written = 0
  let answers = 0
  let largest = 0
  let hold = Promise.resolve()
  const tails = createTails({
    ...lab,
    clock: systemClock,
    log: silentLog,
    wanted: () => true,
    deadlineMs: () => 20_000,
    logs: {
      cursors: lab.logs.cursors,
      arrive: async (...answer) => {
        await hold
        return lab.logs.arrive(...answer)
      },
    },
    onbox: {
      tail: async (...begin) => {
        const tail = await lab.onbox.tail(...begin)
        return {
          ...tail,
          next: async (signal) => {
            const answer = await tail.next(signal)
            answers += 1
            largest = Math.max(largest, JSON.stringify(unpackAnswer(answer)).length)
            return answer
          },
        }
      },
    },
  })
  const window = follow([box.boxId], tails)
  await window.becomes(box.boxId, 'live')

  const lineBytes = 2_000
  const linesAtOnce = 5_000
  const times = 4
  let letGo = () => {}
  hold = new Promise((resolve) => {
    letGo = resolve
  })
  const burst = spawn(process.execPath, [
    '-e',
    burstScript,
    box.log,
    String(lineBytes),
    String(linesAtOnce),
    String(times),
  ])
  await new Promise((resolve) => burst.once('exit', resolve))
  await vi.waitFor(() => expect(answers).toBe(1), patience)
  const [pid] = await programs(box)
  const rssMb = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
  // Whoever stores is slow: the program has answered once, and reads nothing before it is asked again.
  expect(await numbers(box)).toEqual([])
  expect(answers).toBe(1)
  letGo()
  const total = linesAtOnce * times
  const newest = () => lab.logs.page({ query: { boxIds: [box.boxId] }, at: 'newest', direction: 'older', limit: 1 })
  await vi.waitFor(async () => expect(numbersOf((await newest()).records)).toEqual([total]), {
    timeout: 60_000,
    interval: 200,
  })

  const records = await lab.records(box.boxId)
  const present = numbersOf(records)
  const left = records.flatMap((each) => (each.kind === 'gap' ? [each] : []))
  expect(new Set(present).size).toBe(present.length)
  expect(new Set(left.map(({ reason }) => reason))).toEqual(new Set(['too-much']))
  // Every byte is a line that is here, or in a gap.
  expect(present.length * lineBytes + left.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total * lineBytes)
  expect(window.newest.get(box.boxId)?.droppedBytes).toBeGreaterThan(10_000_000)
  expect(largest).toBeLessThan(2_000_000)
  expect(rssMb).toBeLessThan(300)
  await window.leave()
  await tails.close()
}, 90_000)

const burstScript = `
const fs = require('fs')
const [file, lineBytes, linesAtOnce, times] = process.argv.slice(1, 2).concat(process.argv.slice(2).map(Number))
const handle = fs.openSync(file, 'a')
let number = 0
for (let time = 0; time < times; time++) {
  let text = ''
  for (let at = 0; at < linesAtOnce; at++) {
    number += 1
    text += (new Date().toISOString() + ' [gateway] line ' + number + ' ').padEnd(lineBytes - 1, 'of a long line ') + '\\n'
  }
  fs.writeSync(handle, text)
}`

test('64 are followed at once, the next one is told so, and one that is left makes room', async () => {
  const many = Array.from(
    { length: mostTails + 1 },
    (_, at) => lab.inventory.addBox({ name: `crowd-${at}`, host: '127.0.0.1', port: 1 }).box.boxId,
  )
  const last = many.at(-1) as BoxId
  const crowd = follow(many.slice(0, -1))
  // Nothing listens there, so each is tried and lost.
  for (const boxId of many.slice(0, -1)) await crowd.becomes(boxId, 'lost')
  const late = follow([last])
  await late.becomes(last, 'refused')
  expect(late.newest.get(last)?.sentence).toBe('64 machines are followed already.')
  await Promise.all([late.leave(), crowd.leave()])
  // A reader that came back at once would find them still there: the place is free a moment later.
  await vi.waitFor(async () => {
    const again = follow([last])
    await vi.waitFor(() => expect(again.newest.get(last)?.state).toMatch(/^(refused|lost)$/), patience)
    await again.leave()
    expect(again.newest.get(last)?.state).toBe('lost')
  }, patience)
}, 60_000)

test('a box that nobody trusts is refused with its sentence, and followed once someone does', async () => {
  const box = await newBox()
  lab.ssh.forget(box.boxId)
  const window = follow([box.boxId])
  await window.becomes(box.boxId, 'refused')
  expect(window.newest.get(box.boxId)).toMatchObject({
    sentence: expect.stringMatching(/^Nobody has accepted the host key of /),
    nextTryAtMs: null,
  })
  const offered = await lab.ssh.offeredKey(box.boxId, { deadlineMs: 10_000 })
  lab.ssh.accept(box.boxId, offered, 'the test')
  await window.becomes(box.boxId, 'live')
  await all(box)

  // The computer sleeps: nothing stays there, and it goes on where it was.
  lab.tails.suspend()
  await window.becomes(box.boxId, 'connecting')
  await vi.waitFor(async () => expect(await programs(box)).toEqual([]), patience)
  write(box, 20)
  lab.ssh.drop()
  lab.tails.resume()
  await window.becomes(box.boxId, 'live')
  await all(box)
  await window.leave()
}, 60_000)
