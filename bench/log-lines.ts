import type { LogBatch, LogLine } from '../main/runtimes/log-lines.ts'

/** Made-up lines of a fleet, about 150 bytes each, the same for the same seed. */
export interface LineMaker {
  /** The next lines of one box. */
  batch(box: number, count: number): LogBatch
  /** A run that was written in the middle of it all, and its box. */
  readonly run: { box: number; runId: string } | null
}

const days = 90
const words =
  'about after agent again answer appointment asked because before booking broker budget builder cabinet calendar called carpet client closing coffee colour confirm contract corner counter customer daily dealer delivery design dinner door drive driver during early eight email evening every family fence finance first floor flower follow forward friday garden glass granite happy heating house inspection inventory invoice kitchen ladder leave letter listing little lunch market material measure meeting member message minute monday morning mortgage moving number office open order other owner paint parking party people permit phone photo piano picture pizza plan plumber pool price printer quarter question quick quote ready repair reply request review roofing saturday school second seller shop showing signal small sofa solar spring station street summer sunday supply table thursday ticket today tomorrow towel tuesday update visit wall water wednesday weekend window winter worker'.split(
    ' ',
  )
const subsystems = [
  'gateway',
  'gateway/channels/telegram',
  'gateway/channels/imessage',
  'agent/embedded',
  'cron',
  'memory',
  'tools/exec',
  'delivery',
] as const

export function createLineMaker(options: { seed: number; boxes: number; perBox: number; endMs: number }): LineMaker {
  const { seed, boxes, perBox, endMs } = options
  let state = seed >>> 0
  /** Mulberry32. */
  const chance = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(chance() * limit)
  /** Common words come often, rare ones seldom. */
  const word = (): string => words[Math.floor(words.length * chance() ** 2)] ?? 'word'
  const hex = (digits: number): string =>
    [...Array(digits).keys()].map(() => '0123456789abcdef'.charAt(below(16))).join('')
  const uuid = (): string => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`

  const apartMs = (days * 24 * 3_600_000) / perBox
  const at = Array.from({ length: boxes }, () => endMs - days * 24 * 3_600_000)
  const written = Array.from({ length: boxes }, () => 0)
  const offsets = Array.from({ length: boxes }, () => 0)
  const runs = Array.from({ length: boxes }, () => ({ runId: uuid(), session: 'agent:main:main', left: 12 }))
  let middle: LineMaker['run'] = null

  const textOf = (): string => {
    const rare = chance()
    if (rare < 0.0002)
      return `delivered to aisle nine ${word()} ${word()} in ${below(900)}ms, ${word()} ${word()} ${word()} ${word()} ${word()}`
    switch (below(8)) {
      case 0:
        return `outbound send ok accountId=default chatId=${below(400)} messageId=${below(1e7)} parts=1 durationMs=${below(4000)} ${word()} ${word()} ${word()} ${word()}`
      case 1:
        return `tool exec finished name=${word()}_${word()} exit=0 durationMs=${below(20_000)} stdoutBytes=${below(60_000)} ${word()} ${word()} ${word()} ${word()}`
      case 2:
        return `model call provider=openai model=m${below(3)} inputTokens=${below(90_000)} outputTokens=${below(3000)} cacheRead=${below(60_000)} stop=${word()} latencyMs=${below(30_000)}`
      case 3:
        return `http request id=${hex(16)} method=POST path=/v1/${word()}/${word()} status=200 bytes=${below(90_000)} ms=${below(2500)} ${word()}`
      default:
        return `${word()} ${word()} ${word()} ${word()} ${word()} ${word()} ${word()} ${word()} ${word()} ${word()} in ${below(5000)}ms after ${word()} ${word()} ${word()} ${word()} ${below(100)}`
    }
  }
  const levelOf = (): LogLine['level'] => {
    const share = chance()
    return share < 0.004 ? 'error' : share < 0.02 ? 'warn' : share < 0.75 ? 'info' : 'debug'
  }
  const lineOf = (box: number): LogLine => {
    const run = runs[box] ?? { runId: '', session: '', left: 0 }
    if (run.left === 0) runs[box] = { runId: uuid(), session: `agent:main:${word()}-${below(40)}`, left: 5 + below(30) }
    run.left -= 1
    written[box] = (written[box] ?? 0) + 1
    if (middle === null && (written[box] ?? 0) > perBox / 2) middle = { box, runId: run.runId }
    at[box] = (at[box] ?? 0) + apartMs * 2 * chance()
    offsets[box] = (offsets[box] ?? 0) + 300
    return {
      source: 'runtime',
      file: '/tmp/openclaw/openclaw-2026-11-20.log',
      at: Math.min(endMs, Math.round(at[box] ?? 0)),
      level: levelOf(),
      subsystem: subsystems[below(subsystems.length)] ?? 'gateway',
      runId: run.runId,
      sessionId: run.session,
      channel: chance() < 0.5 ? 'telegram' : null,
      text: textOf(),
      more: chance() < 0.1 ? `{"durationMs":${below(9000)},"queue":${below(9)}}` : null,
      offset: offsets[box] ?? 0,
    }
  }
  return {
    batch: (box, count) => {
      const lines = Array.from({ length: count }, () => lineOf(box))
      const { source, file } = lines[0] as LogLine
      const cursors = [{ source, file, identity: `file of ${box}`, offset: (offsets[box] ?? 0) + 300 }]
      return { agent: 'default', lines, cursors, gaps: [], more: false }
    },
    get run() {
      return middle
    },
  }
}
