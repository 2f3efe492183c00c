/** `npm run bench:logs -- --window [--seconds 20]`: what it costs the window to follow 12 machines, and how it answers in a burst. See `docs/benchmarks-logs.md`. */
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { CDPSession, Page } from '@playwright/test'
import { launchApp } from '../e2e/app.ts'
import { testEngine } from '../main/testing/test-engine.ts'
import { saveWindow, writePage } from './logs-page.ts'
import { median } from './report.ts'
import { startTailLab, type TailLab } from './tail-lab.ts'
import type { WindowSection } from './window-report.ts'

const root = path.resolve(import.meta.dirname, '..')
const { values: chosen } = parseArgs({
  options: {
    window: { type: 'boolean', default: true },
    seconds: { type: 'string', default: '20' },
    out: { type: 'string', default: path.join(root, 'docs/benchmarks-logs.md') },
  },
})
const machines = 12
const linesPerSecond = 500
const burstPerSecond = 50_000
const seconds = Number(chosen.seconds)
const burstSeconds = 20
const warmUpMs = 5_000
const keyEveryMs = 150
/** What somebody does who looks for a line while they rush by: stop at one, go back, read it, follow again, filter. */
const keys = [
  'k',
  'k',
  'j',
  'PageUp',
  'PageUp',
  'PageDown',
  'Space',
  'Space',
  'f',
  'k',
  'End',
  '/',
  'x',
  'Escape',
  'f',
] as const

interface KeyEntry {
  readonly name: string
  readonly startTime: number
  readonly processingEnd: number
  readonly duration: number
}

/** One key, ms. */
interface Pressed {
  /** From it to the next picture. */
  readonly durationMs: number
  /** Until the page was done with it: its wait for the page's thread, and the work there. */
  readonly ownMs: number
}

/** What the page's world is here; this file runs in Node. */
interface PageWorld {
  pressed: Pressed[]
  PerformanceObserver: new (take: (list: { getEntries(): KeyEntry[] }) => void) => { observe(options: object): void }
}

const lab = await startTailLab(machines)
try {
  const dataDir = path.join(lab.dir, 'data')
  const engine = await testEngine(dataDir, { host: 'cli', boxProgramsDir: path.join(root, 'out/box') })
  await engine.client.app.setSettings({ askRegistry: false, askRemotes: false, sweepAt: [], lightSweepMinutes: 0 })
  await lab.enter(engine)
  await engine.close()
  const found = await measure(lab, dataDir)
  saveWindow(found)
  writePage(chosen.out)
  process.stdout.write(`${JSON.stringify(found, null, 1)}\nWritten to ${chosen.out}\n`)
} finally {
  await lab.close()
}

async function measure({ write }: TailLab, dataDir: string): Promise<WindowSection> {
  const [load = 0] = os.loadavg()
  const app = await launchApp({ dataDir })
  try {
    const { page } = app
    const session = await page.context().browser()?.newBrowserCDPSession()
    if (!session) throw new Error('the browser is gone')
    write(linesPerSecond)
    await page.getByRole('button', { name: 'Sweep now' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.getByText(`live from ${machines} machines`).waitFor({ timeout: 120_000 })
    await pause(warmUpMs)
    const count = async () => ({ lines: await storedLines(page), at: performance.now() })
    const perSecond = (from: { lines: number; at: number }, to: typeof from) =>
      Math.round((to.lines - from.lines) / ((to.at - from.at) / 1000))
    const begun = await count()
    const quiet = await cpuOver(session, seconds * 1000)
    await page.evaluate(watchKeys)
    await watchScreen(page)
    const before = await count()
    write(burstPerSecond / machines)
    const { done: pressed, longestTaskMs } = await longestTask(session, () => press(page))
    const after = await count()
    write(0)
    const told = await page.evaluate(() => (globalThis as unknown as PageWorld).pressed)
    const durations = told.map(({ durationMs }) => durationMs)
    // What is faster than the browser measures is not told at all.
    while (durations.length < pressed) durations.push(16)
    durations.sort((a, b) => a - b)
    const [cpu] = os.cpus()
    return {
      when: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      machine: `${os.cpus().length} cores (${cpu?.model.trim() || 'unknown'}), ${Math.round(os.totalmem() / 1e9)} GB, ${os.type()} ${os.release()}, Node ${process.version}`,
      load: load / os.cpus().length,
      machines,
      linesPerSecond,
      seconds,
      ...quiet,
      storedPerSecond: perSecond(begun, before),
      burst: {
        linesPerSecond: burstPerSecond,
        seconds: burstSeconds,
        storedPerSecond: perSecond(before, after),
        interactions: pressed,
        longestTaskMs,
        medianMs: median(durations),
        p95Ms: durations[Math.floor(durations.length * 0.95)] ?? Number.NaN,
        worstMs: durations.at(-1) ?? Number.NaN,
        worstOwnMs: told.reduce((most, { ownMs }) => Math.max(most, ownMs), 0),
      },
    }
  } finally {
    await app.close()
  }
}

/** Processor time of the browser's processes by kind, s. */
async function cpuNow(session: CDPSession): Promise<{ page: number; others: number }> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const sum = (of: (type: string) => boolean) =>
    processInfo.filter(({ type }) => of(type)).reduce((all, { cpuTime }) => all + cpuTime, 0)
  return { page: sum((type) => type === 'renderer'), others: sum((type) => type !== 'renderer') }
}

async function cpuOver(session: CDPSession, ms: number): Promise<{ cpuShare: number; drawShare: number }> {
  const before = { at: performance.now(), ...(await cpuNow(session)) }
  await pause(ms)
  const after = await cpuNow(session)
  const tookS = (performance.now() - before.at) / 1000
  return { cpuShare: (after.page - before.page) / tookS, drawShare: (after.others - before.others) / tookS }
}

/** Somebody looks: without a screen the browser shows small changes only with the next large one. */
async function watchScreen(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  session.on('Page.screencastFrame', ({ sessionId }) => void session.send('Page.screencastFrameAck', { sessionId }))
  await session.send('Page.startScreencast', { format: 'jpeg', quality: 1, maxWidth: 160, maxHeight: 120 })
}

/** Notes how long each key took until the next picture. */
function watchKeys(): void {
  const world = globalThis as unknown as PageWorld
  world.pressed = []
  new world.PerformanceObserver((list) => {
    for (const { name, startTime, processingEnd, duration } of list.getEntries())
      if (name === 'keydown') world.pressed.push({ durationMs: duration, ownMs: processingEnd - startTime })
  }).observe({ type: 'event', durationThreshold: 16 })
}

/** @returns how many keys were pressed. */
async function press(page: Page): Promise<number> {
  const until = performance.now() + burstSeconds * 1000
  let pressed = 0
  while (performance.now() < until)
    for (const key of keys) {
      await page.keyboard.press(key)
      await pause(keyEveryMs)
      pressed += 1
    }
  return pressed
}

/** As the page says it: "12 345 lines · 12 machines". */
async function storedLines(page: Page): Promise<number> {
  await page.keyboard.press('f')
  await pause(3_000)
  const words =
    (await page
      .getByText(/lines · \d+ machines/)
      .first()
      .textContent()) ?? ''
  return Number((words.split(' lines')[0] ?? '').replace(/\D/g, ''))
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** The longest piece of work of the page's own thread meanwhile, in time of the processor: what no other program adds to. */
async function longestTask<T>(
  session: CDPSession,
  work: () => Promise<T>,
): Promise<{ done: T; longestTaskMs: number }> {
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as TraceEvent[])))
  await session.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel'] } })
  const done = await work()
  const ended = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()))
  await session.send('Tracing.end')
  await ended
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const pages = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(thread),
  )
  const tasks = events.filter((event) => event.ph === 'X' && pages.has(thread(event)))
  if (tasks.length === 0) throw new Error('the browser told of no work of the page')
  return { done, longestTaskMs: tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur), 0) / 1000 }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
