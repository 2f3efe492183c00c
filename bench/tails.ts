/** `npm run bench:logs -- --tails [--seconds 20]`: what it costs the engine to follow 12 machines. See `docs/benchmarks-logs.md`. */
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { testEngine } from '../main/testing/test-engine.ts'
import type { BoxId } from '../shared/contract/index.ts'
import { saveTails, writePage } from './logs-page.ts'
import { median } from './report.ts'
import { startTailLab } from './tail-lab.ts'
import type { TailsSection } from './tails-report.ts'

const root = path.resolve(import.meta.dirname, '..')
const { values: chosen } = parseArgs({
  options: {
    tails: { type: 'boolean', default: true },
    seconds: { type: 'string', default: '20' },
    out: { type: 'string', default: path.join(root, 'docs/benchmarks-logs.md') },
  },
})
const machines = 12
const linesPerSecond = 500
const seconds = Number(chosen.seconds)
/** The window asks for what is new this often. */
const windowMs = 250
/** Somebody follows for minutes: what is compiled once, in the beginning, is not what following costs. */
const warmUpMs = 20_000

const lab = await startTailLab(machines)
const engine = await testEngine(path.join(lab.dir, 'data'), { host: 'cli', boxProgramsDir: path.join(root, 'out/box') })
try {
  const boxIds = await lab.enter(engine)
  lab.write(linesPerSecond)
  const found = await measure(boxIds)
  saveTails(found)
  process.stdout.write(`${JSON.stringify(found, null, 1)}\n${writePage(chosen.out)}\nWritten to ${chosen.out}\n`)
} finally {
  await engine.close()
  await lab.close()
}

async function measure(boxIds: BoxId[]): Promise<TailsSection> {
  const leaving = new AbortController()
  const { signal } = leaving
  let live = 0
  const following = (async () => {
    for await (const tails of await engine.client.logs.tail({ boxIds }, { signal }))
      live = tails.filter(({ state }) => state === 'live').length
  })().catch(() => {})
  while (live < machines) await pause(100)
  const delays: number[] = []
  const window = followAsWindow(boxIds, signal, delays)
  await pause(warmUpMs)
  delays.length = 0
  const [load = 0] = os.loadavg()
  const before = { cpu: process.cpuUsage(), at: performance.now(), ...(await engine.client.logs.stats()) }
  await pause(seconds * 1000)
  const cpu = process.cpuUsage(before.cpu)
  const tookMs = performance.now() - before.at
  const { lines } = await engine.client.logs.stats()
  leaving.abort()
  await Promise.all([following, window])
  const [cpuModel] = os.cpus()
  return {
    when: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    machine: `${os.cpus().length} cores (${cpuModel?.model.trim() || 'unknown'}), ${Math.round(os.totalmem() / 1e9)} GB, ${os.type()} ${os.release()}, Node ${process.version}`,
    load: load / os.cpus().length,
    machines,
    linesPerSecond,
    seconds,
    warmUpSeconds: warmUpMs / 1000,
    storedPerSecond: Math.round((lines - before.lines) / (tookMs / 1000)),
    cpuShare: (cpu.user + cpu.system) / 1000 / tookMs,
    delayMs: median(delays),
    slowestMs: delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.95)] ?? Number.NaN,
  }
}

/** Asks as the log viewer does while it follows. */
async function followAsWindow(boxIds: BoxId[], signal: AbortSignal, delays: number[]): Promise<void> {
  let { lastSeq } = await engine.client.logs.page({ query: { boxIds }, at: 'newest', direction: 'older', limit: 1 })
  while (!signal.aborted) {
    await pause(windowMs)
    const query = { boxIds, afterSeq: lastSeq }
    const page = await engine.client.logs.page({ query, at: 'newest', direction: 'older', limit: 500 })
    lastSeq = page.lastSeq
    const nowMs = Date.now()
    for (const { rawAt } of page.records) if (rawAt !== null) delays.push(nowMs - rawAt)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
