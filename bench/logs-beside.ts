import { spawnSync } from 'node:child_process'
import type { Logs } from '../main/logs/logs.ts'
import type { BoxId, LogQuery } from '../shared/contract/index.ts'
import type { Measured } from './logs-report.ts'
import { median } from './report.ts'

/** The index knows where its second word may be. */
export const plainWords = 'aisle nine'
/** A part of a word, and an expression without a whole word: every line has to be read. */
export const part = 'aisle ni'
const expression = '[a-z]isle n[a-z]+ .* in [0-9]+ms'

interface Once {
  readonly found: number
  /** Of all threads. */
  readonly cpuMs: number
}

/** Looks through everything; the answer is how many lines there are. */
export async function count(logs: Logs, query: LogQuery): Promise<number> {
  let found = 0
  for await (const progress of logs.search({ query, maxHits: 2000 })) found = progress.found
  return found
}

async function ours(logs: Logs, query: LogQuery): Promise<Once> {
  const before = process.cpuUsage()
  const found = await count(logs, query)
  const { user, system } = process.cpuUsage(before)
  return { found, cpuMs: (user + system) / 1000 }
}

function grep(file: string, ...words: string[]): Once {
  const script = 'TIMEFORMAT="%U %S"; time grep -c "$@"'
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'grep', ...words, file], { encoding: 'utf8' })
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number)
  return { found: Number(stdout), cpuMs: (user + system) * 1000 }
}

function lnav(file: string, filter: string): Once {
  const shown = spawnSync('lnav', ['-n', '-c', `:filter-in ${filter}`, file], { maxBuffer: 1e9, encoding: 'utf8' })
  return { found: shown.stdout.split('\n').filter(Boolean).length, cpuMs: Number.NaN }
}

/** Search beside `grep -c` over the same text and lnav over the same lines with their times, in turn; all must find the same. */
export async function besideTools(options: {
  logs: Logs
  boxes: BoxId[]
  rounds: number
  plain: string
  dated: string
  say: (text: string) => void
}): Promise<Measured[]> {
  const { logs, boxes, rounds, plain, dated, say } = options
  const runs = new Map<string, { ms: number; cpuMs: number }[]>()
  const time = async (name: string, work: () => Promise<Once> | Once): Promise<number> => {
    const fromMs = performance.now()
    const { found, cpuMs } = await work()
    runs.set(name, [...(runs.get(name) ?? []), { ms: performance.now() - fromMs, cpuMs }])
    return found
  }
  const hasLnav = spawnSync('lnav', ['-V']).status === 0
  // The window's threads run already when somebody searches.
  await count(logs, { boxIds: boxes, include: [part] })
  for (let round = 0; round < rounds; round++) {
    const found = [
      await time('grep words', () => grep(plain, '-F', plainWords)),
      await time('ours words', () => ours(logs, { boxIds: boxes, include: [plainWords] })),
      await time('grep part', () => grep(plain, '-F', part)),
      await time('ours part', () => ours(logs, { boxIds: boxes, include: [part] })),
      await time('grep regex', () => grep(plain, '-E', expression)),
      await time('ours regex', () => ours(logs, { boxIds: boxes, regex: expression })),
      ...(hasLnav ? [await time('lnav', () => lnav(dated, plainWords))] : []),
    ]
    if (new Set(found).size !== 1) throw new Error(`the tools do not agree: ${found.join(', ')}`)
  }
  const ms = (name: string) => median((runs.get(name) ?? []).map((run) => run.ms))
  const cpu = (name: string) => median((runs.get(name) ?? []).map((run) => run.cpuMs))
  for (const name of runs.keys()) say(`  ${name}: ${ms(name).toFixed(1)} ms, CPU ${cpu(name).toFixed(0)} ms`)
  const search = (words: string, name: string): Measured => ({
    words,
    ms: ms(`ours ${name}`),
    limitMs: 4 * ms(`grep ${name}`),
    note: `${(ms(`ours ${name}`) / ms(`grep ${name}`)).toFixed(1)}× of ${ms(`grep ${name}`).toFixed(0)} ms of grep -c; CPU of all threads ${cpu(`ours ${name}`).toFixed(0)} against ${cpu(`grep ${name}`).toFixed(0)} ms`,
  })
  return [
    search('search for plain words', 'words'),
    search('search for a part of a word, every line read', 'part'),
    search('search for a regular expression, every line read', 'regex'),
    ...(hasLnav
      ? [{ words: 'lnav: opens the file and filters for the plain words', ms: ms('lnav'), limitMs: null }]
      : []),
  ]
}
