/** `npm run bench:screen [-- --rounds 5] [--machines 1000]`: frames of the scrolling fleet table, and how soon the review is there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { launchApp } from '../e2e/app.ts'
import { median, seconds } from './report.ts'
import { fillStore } from './screen-store.ts'

const root = path.resolve(import.meta.dirname, '..')
const { values: chosen } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    machines: { type: 'string', default: '1000' },
    out: { type: 'string', default: path.join(root, 'docs/benchmarks-screen.md') },
  },
})
const rounds = Number(chosen.rounds)
const machines = Number(chosen.machines)

/** What `window.requestAnimationFrame` and its world are here; this file runs in Node. */
interface PageWorld {
  requestAnimationFrame(step: (atMs: number) => void): void
  document: {
    querySelector(selector: string): { scrollTop: number; scrollHeight: number; clientHeight: number } | null
  }
}

interface Round {
  readonly emptyMs: number
  readonly reviewMs: number
  readonly p95Ms: number
  readonly p99Ms: number
}

/** The same start with an empty page in the window: what no program of ours can be faster than. */
async function emptyPage(): Promise<number> {
  const from = performance.now()
  const app = await launchApp({ main: new URL('./empty-page.ts', import.meta.url).href })
  try {
    await app.page.getByText('empty').waitFor()
    return performance.now() - from
  } finally {
    await app.close()
  }
}

/** Scrolls the whole table by 120 px a frame and notes how long each frame took. */
const scrollThrough = () => {
  const world = globalThis as unknown as PageWorld
  const table = world.document.querySelector('[role="grid"]')
  if (!table) throw new Error('there is no table')
  return new Promise<number[]>((resolve) => {
    const frames: number[] = []
    let before = 0
    const step = (atMs: number) => {
      if (before > 0) frames.push(atMs - before)
      before = atMs
      table.scrollTop += 120
      const atEnd = table.scrollTop + table.clientHeight >= table.scrollHeight - 1
      if (atEnd) resolve(frames)
      else world.requestAnimationFrame(step)
    }
    world.requestAnimationFrame(step)
  })
}

const share = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN

async function round(dataDir: string): Promise<Round> {
  const emptyMs = await emptyPage()
  const from = performance.now()
  const app = await launchApp({ dataDir })
  try {
    await app.page.getByText('machines', { exact: false }).first().waitFor()
    await app.page.getByRole('button', { name: 'Sweep now' }).waitFor()
    const reviewMs = performance.now() - from
    await app.page.getByRole('navigation').getByText('Fleet').click()
    await app.page.getByRole('grid').getByRole('row').nth(5).waitFor()
    const frames = await app.page.evaluate(scrollThrough)
    return { emptyMs, reviewMs, p95Ms: share(frames, 0.95), p99Ms: share(frames, 0.99) }
  } finally {
    await app.close()
  }
}

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'wheelhouse-screen-'))
process.stderr.write(`Filling a store with ${machines} machines\n`)
await fillStore(dataDir, machines)
const done: Round[] = []
for (let number = 1; number <= rounds; number++) {
  const found = await round(dataDir)
  process.stderr.write(
    `  ${JSON.stringify(found, (_key, value) => (typeof value === 'number' ? Math.round(value) : value))}\n`,
  )
  done.push(found)
}
rmSync(dataDir, { recursive: true, force: true })

const middle = (pick: (round: Round) => number) => median(done.map(pick))
const goals = [
  {
    words: 'fleet table scrolls, 95 % of frames ≤ 34 ms',
    value: middle((one) => one.p95Ms),
    limit: 34,
    text: (ms: number) => `${ms.toFixed(1)} ms`,
  },
  {
    words: 'fleet table scrolls, 99 % of frames ≤ 100 ms',
    value: middle((one) => one.p99Ms),
    limit: 100,
    text: (ms: number) => `${ms.toFixed(1)} ms`,
  },
  {
    words: 'review from the store ≤ 0.7 s after an empty page',
    value: middle((one) => one.reviewMs - one.emptyMs),
    limit: 700,
    text: seconds,
  },
]
const rows = goals.map(
  ({ words, value, limit, text }) => `| ${words} | ${text(value)} | ${value <= limit ? 'met' : '**not met**'} |`,
)
const [load = 0] = os.loadavg()
mkdirSync(path.dirname(chosen.out), { recursive: true })
writeFileSync(
  chosen.out,
  [
    '# Benchmarks of the screen',
    '',
    `\`npm run bench:screen\` writes this file: the built program on the stand-in, a store of ${machines} machines, medians of ${rounds} rounds.`,
    'Both are started alike: process, browser, window; the empty page is `bench/empty-page.ts`.',
    `${os.cpus().length} cores, Node ${process.version}, load ${load.toFixed(1)}. Empty page: ${seconds(middle((one) => one.emptyMs))}, review: ${seconds(middle((one) => one.reviewMs))}.`,
    '',
    '| goal | found | |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n'),
)
for (const row of rows) process.stdout.write(`${row}\n`)
