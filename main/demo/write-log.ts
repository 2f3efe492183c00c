import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gatewayPort, logFileOf } from './config.ts'
import { dice } from './dice.ts'
import type { Exchange } from './exchanges.ts'
import type { Morning } from './morning.ts'
import type { DemoBox } from './spec.ts'
import { date } from './write-config.ts'

/** One line as the runtime of both eras writes it (openclaw.md §2). */
interface Entry {
  readonly atMs: number
  readonly level: 'INFO' | 'WARN' | 'ERROR'
  readonly subsystem: string
  readonly words: string
  readonly fields?: Record<string, unknown>
}

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The log begins so long before the demo's first morning. */
const keptMs = 10 * dayMs
const levelIds = { INFO: 3, WARN: 4, ERROR: 5 }

interface Lived {
  /** Of the whole time, so that a line that was written once stays where it stood. */
  readonly exchanges: readonly Exchange[]
  readonly bootedMs: number
  readonly sessionId: string
}

/** The runtime's own log, as far as it had come at `atMs`: what it did, and its trouble where it has one. */
export function writeLog(home: string, box: DemoBox, atMs: number, morning: Morning, lived: Lived): void {
  const file = logFileOf(home)
  // While the past is lived through nobody reads it.
  if (atMs < morning.nowMs && existsSync(file)) return
  mkdirSync(path.dirname(file), { recursive: true })
  const endsMs = Math.min(atMs, endOf(box, morning))
  const entries = [
    ...startsOf(box, morning, lived).flatMap((start) => bootOf(box, home, start)),
    ...lived.exchanges.flatMap((exchange) => exchangeOf(box, exchange, lived.sessionId)),
    ...everyHour(box, morning, endsMs),
    ...troubleOf(box, morning),
  ]
    .filter((entry) => entry.atMs >= morning.nowMs - keptMs && entry.atMs <= endsMs)
    .sort((a, b) => a.atMs - b.atMs)
  const lines = entries.map((entry) => lineOf(entry, box))
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  date(file, entries.at(-1)?.atMs ?? atMs)
}

/** A machine that is off, or whose agent does not run, writes nothing. */
function endOf({ trouble }: DemoBox, morning: Morning): number {
  if (trouble === 'offline') return morning.offlineMs
  return trouble === 'nobody-logged-in' ? morning.restartMs : Number.POSITIVE_INFINITY
}

function lineOf({ atMs, level, subsystem, words, fields }: Entry, { box }: DemoBox): string {
  const name = JSON.stringify({ subsystem })
  const at = new Date(atMs).toISOString()
  const hostname = box.name
  return JSON.stringify({
    0: name,
    ...(fields ? { 1: fields, 2: words } : { 1: words }),
    _meta: {
      runtime: 'node',
      hostname,
      date: at,
      logLevelId: levelIds[level],
      logLevelName: level,
      name,
      parentNames: ['openclaw'],
    },
    time: at.replace('Z', '+00:00'),
    hostname,
    message: words,
  })
}

const info = (atMs: number, subsystem: string, words: string, fields?: Entry['fields']): Entry => ({
  atMs,
  level: 'INFO',
  subsystem,
  words,
  ...(fields ? { fields } : {}),
})
const warn = (...of: Parameters<typeof info>): Entry => ({ ...info(...of), level: 'WARN' })
const error = (...of: Parameters<typeof info>): Entry => ({ ...info(...of), level: 'ERROR' })

/** Starts of the gateway within the log: at its beginning, and where a crash loop or a restart of the machine lies in it. */
function startsOf({ trouble }: DemoBox, morning: Morning, { bootedMs }: Lived): number[] {
  const begins = Math.max(bootedMs + 90_000, morning.nowMs - keptMs)
  if (trouble !== 'crashed-and-recovered') return [begins]
  return [begins, ...[0, 20, 40, 60].map((second) => morning.crashedMs + second * 1000), morning.recoveredMs]
}

function bootOf({ agent }: DemoBox, home: string, atMs: number): Entry[] {
  const ready = [
    info(atMs, 'gateway', 'loading configuration…'),
    info(atMs + 500, 'gateway', 'resolving authentication…'),
    info(atMs + 560, 'gateway', 'starting...'),
    info(atMs + 4200, 'gateway', `http server listening on 127.0.0.1:${gatewayPort} (15 plugins; 5.6s)`),
    info(atMs + 4210, 'gateway', `log file: ${logFileOf(home)}`),
    info(atMs + 6000, 'gateway', 'starting channels and sidecars...'),
    info(atMs + 8000, 'gateway', `gateway ready, version ${agent.version}`),
    info(atMs + 8400, 'gateway/heartbeat', 'heartbeat: started', { intervalMs: 1_800_000 }),
  ]
  if (agent.channel === null) return ready
  return [...ready, info(atMs + 8900, `channels/${agent.channel}`, `[${agent.channel}] [default] starting provider`)]
}

function exchangeOf(
  { box, client, agent }: DemoBox,
  { atMs, replyAtMs, outcome }: Exchange,
  sessionId: string,
): Entry[] {
  const { channel } = agent
  const who = client?.handles[0]?.value ?? ''
  if (channel === null) return []
  const subsystem = `channels/${channel}`
  // The runtime's own database names the run the same way.
  const run = { runId: `${box.name}-${atMs}`, sessionId }
  const length = dice(`${box.name} at ${atMs}`).between(12, 180)
  const inbound = info(
    atMs,
    subsystem,
    `[${channel}] Inbound message ${channel}:${who} -> default (direct, ${length} chars)`,
  )
  if (outcome === 'unanswered')
    return [
      inbound,
      warn(
        atMs + 120_000,
        'diagnostic',
        'lane wait exceeded: lane=session:agent:main:main waitedMs=120000 queueAhead=1',
        {
          sessionId,
        },
      ),
    ]
  const started = info(
    atMs + 400,
    'agent/embedded',
    'embedded run start: provider=anthropic model=claude-x thinking=low',
    run,
  )
  const sent = info(replyAtMs + 300, subsystem, `[${channel}] outbound send ok accountId=default`, run)
  if (outcome === 'failed')
    return [
      inbound,
      started,
      error(replyAtMs - 200, 'agent/embedded', 'embedded run failed: 401 authentication_error: invalid x-api-key', {
        ...run,
        status: 401,
        provider: 'anthropic',
      }),
      warn(replyAtMs, 'agent/auth', 'auth profile anthropic:default failed and cools down for 300 s', run),
      sent,
    ]
  const tookMs = replyAtMs - atMs - 400
  return [
    inbound,
    started,
    info(atMs + 900, 'agent/embedded', 'prompt ready', { ...run, stage: 'prompt', durationMs: 500 }),
    info(replyAtMs, 'agent/embedded', `embedded run done: durationMs=${tookMs} aborted=false`, {
      ...run,
      durationMs: tookMs,
    }),
    sent,
  ]
}

/** What a gateway writes when nobody writes to it. */
function everyHour({ trouble, box }: DemoBox, morning: Morning, endsMs: number): Entry[] {
  const chance = dice(`hours of ${box.name}`)
  const entries: Entry[] = []
  const minute = chance.between(1, 50)
  const from = Math.ceil((morning.nowMs - keptMs) / hourMs) * hourMs + minute * minuteMs
  for (let atMs = from; atMs < endsMs; atMs += hourMs) {
    if (trouble === 'key-expired' && atMs >= morning.keyExpiredMs)
      entries.push(
        error(atMs, 'gateway/heartbeat', 'heartbeat: run failed: 401 authentication_error: invalid x-api-key', {
          status: 401,
        }),
      )
    else if (trouble === 'wedged' && atMs >= morning.wedgedMs)
      entries.push(warn(atMs, 'gateway/heartbeat', 'heartbeat: skipped, requests in flight', { queueAhead: 1 }))
    else entries.push(info(atMs, 'gateway/heartbeat', 'heartbeat: ok', { durationMs: 900 + ((atMs / hourMs) % 700) }))
    // At two in the morning, as its database says.
    const at = new Date(atMs)
    if (at.getHours() === 2) entries.push(info(at.setMinutes(0, 0, 0), 'backup', 'backup created and verified'))
  }
  return entries
}

function troubleOf({ trouble, agent }: DemoBox, morning: Morning): Entry[] {
  const reload = (atMs: number, paths: string) => [
    info(atMs + 400, 'gateway/reload', `config change detected; evaluating reload (${paths})`),
    info(atMs + 900, 'gateway/reload', `config hot reload applied (${paths})`),
  ]
  switch (trouble) {
    case 'answers-everyone':
      return reload(morning.openedMs, 'channels.imessage.allowFrom')
    case 'changed-by-kevin':
      return reload(morning.kevinMs, 'agents.defaults.model.primary, agents.defaults.heartbeat.every')
    case 'broken-config':
      return [
        warn(
          morning.configCutMs + 400,
          'gateway/reload',
          'config reload skipped (invalid config): JSON5: unexpected end of input',
        ),
      ]
    case 'wedged':
      return [
        error(
          morning.wedgedMs,
          'agent/embedded',
          'TypeError: slots is not iterable at calendarSlots (dist/tools.mjs:41:9)',
        ),
      ]
    case 'crashed-and-recovered':
      return [
        ...[10, 30, 50].map((second) =>
          error(morning.crashedMs + second * 1000, 'gateway', 'uncaught exception: Error: write EPIPE; exiting', {
            code: 'EPIPE',
          }),
        ),
        error(
          morning.crashedMs + minuteMs + 900,
          'gateway',
          'gateway restart-loop breaker tripped: 3 unclean boot(s) within 300000ms; suppressing channel/provider account auto-start',
        ),
        warn(
          morning.crashedMs + minuteMs + 9000,
          `channels/${agent.channel}`,
          `channel autostart suppressed by crash-loop breaker; refusing automatic start for ${agent.channel}`,
        ),
        info(morning.recoveredMs - 1000, 'gateway', '[shutdown] completed cleanly'),
      ]
    default:
      return []
  }
}
