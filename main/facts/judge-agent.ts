import { dateWords } from '../base/words.ts'
import type { ObservedAgent } from '../runtimes/observed.ts'
import { type Context, dayMs, fact, type Judged, judgeRead, unread } from './judged.ts'

const serviceWords = {
  launchd: 'launchd',
  systemd: 'systemd',
  'scheduled-task': 'scheduled task',
  foreground: 'foreground',
  none: 'none',
} as const

/** Nothing running is bad whatever the reason: the client hears nothing. */
const judgeService = (agent: ObservedAgent): Judged =>
  judgeRead('agent.service', agent.service, ({ kind, running, detail }) => ({
    verdict: running ? 'ok' : 'bad',
    text:
      running || kind === 'none'
        ? serviceWords[kind]
        : `${serviceWords[kind]}, not running${detail ? `: ${detail}` : ''}`,
    value: kind,
  }))

function judgeReady(agent: ObservedAgent): Judged {
  if (agent.service.read && !agent.service.value.running) {
    return fact('agent.ready', {
      verdict: 'bad',
      text: 'not running',
      value: false,
      source: agent.service.source,
      raw: agent.service.value,
    })
  }
  return judgeRead('agent.ready', agent.ready, ({ ready, failing, suppressed }) => {
    if (suppressed.length > 0) {
      return {
        verdict: 'bad',
        text: `up, but ${suppressed.join(', ')} ${suppressed.length === 1 ? 'is' : 'are'} suppressed`,
        value: false,
      }
    }
    if (!ready || failing.length > 0)
      return {
        verdict: 'bad',
        text: failing.length > 0 ? `not ready: ${failing.join(', ')}` : 'not ready',
        value: false,
      }
    return { verdict: 'ok', text: 'ready', value: true }
  })
}

/** Starts whose end was not clean, in the last `days`. The newest start is running and has no end yet. */
export function uncleanStops(agent: ObservedAgent, nowMs: number, days: number): number[] {
  if (!agent.boots.read) return []
  return agent.boots.value
    .filter((boot, index) => boot.clean === false || (boot.clean === null && index > 0))
    .map((boot) => boot.startedAtMs)
    .filter((atMs) => nowMs - atMs < days * dayMs)
}

/** Three unclean stops in a day are a loop: OpenClaw's own breaker trips at three within five minutes (openclaw.md §2). */
export const crashLoopStops = 3

function judgeCrashes(agent: ObservedAgent, context: Context): Judged {
  return judgeRead('agent.crashes', agent.boots, () => {
    const week = uncleanStops(agent, context.nowMs, 7).length
    const day = uncleanStops(agent, context.nowMs, 1).length
    return {
      verdict: day >= crashLoopStops ? 'bad' : week > 0 ? 'warn' : 'ok',
      text: week === 0 ? 'none in 7 days' : `${week} in 7 days`,
      value: week,
    }
  })
}

function judgeValid(agent: ObservedAgent): Judged {
  return judgeRead('config.valid', agent.config, (config) => {
    const raw = {
      parses: config.parses,
      problem: config.problem,
      schemaValid: config.schemaValid,
      schemaProblem: config.schemaProblem,
      sha256: config.sha256,
    }
    const running = agent.service.read && agent.service.value.running
    const under = running ? ' under a running gateway: the next start fails' : ''
    if (!config.parses) return { verdict: 'bad', text: `broken${under}: ${config.problem}`, value: false, raw }
    if (config.schemaValid === false)
      return { verdict: 'bad', text: `refused by its own version${under}: ${config.schemaProblem}`, value: false, raw }
    if (config.schemaValid === null)
      return { verdict: 'unknown', text: 'can be read; its own version did not check it', value: null, raw }
    return { verdict: 'ok', text: 'valid', value: true, raw }
  })
}

function judgeApplied(agent: ObservedAgent): Judged {
  return judgeRead('config.applied', agent.applied, (applied) => ({
    verdict: applied ? 'ok' : 'warn',
    text: applied ? 'the one on disk' : 'older than the one on disk',
    value: applied,
  }))
}

function judgeChanged(agent: ObservedAgent): Judged[] {
  const { config } = agent
  if (!config.read)
    return [unread('config.hash', config.why, config.source), unread('config.changed', config.why, config.source)]
  const write = agent.configWrites.read ? agent.configWrites.value[0] : undefined
  const atMs = write?.atMs ?? config.value.modifiedAtMs
  return [
    fact('config.hash', {
      verdict: config.value.fingerprint ? 'ok' : 'unknown',
      text: config.value.fingerprint.slice(0, 12) || 'none: the file cannot be read as settings',
      value: config.value.fingerprint || null,
      source: config.source,
      raw: {
        sha256: config.value.sha256,
        sizeBytes: config.value.sizeBytes,
        writtenByVersion: config.value.writtenByVersion,
      },
    }),
    fact('config.changed', {
      verdict: 'ok',
      text: dateWords(atMs),
      value: Math.round(atMs),
      source: write ? agent.configWrites.source : config.source,
      raw: write ?? { modifiedAtMs: config.value.modifiedAtMs },
    }),
  ]
}

/** A backup older than a week, failed or never made is a warning. */
export const backupOldDays = 7
/** Clocks differ; a date further ahead than this tells nothing of a backup's age. */
const backupAheadMs = dayMs

function judgeBackup(agent: ObservedAgent, context: Context): Judged {
  return judgeRead('backup.last', agent.lastBackup, ({ atMs, ok }) => {
    if (atMs === null) return { verdict: 'warn', text: 'never', value: null }
    if (atMs - context.nowMs > backupAheadMs)
      return { verdict: 'unknown', text: `${dateWords(atMs)}, which is to come`, value: atMs }
    const old = context.nowMs - atMs > backupOldDays * dayMs
    return { verdict: ok && !old ? 'ok' : 'warn', text: `${dateWords(atMs)}${ok ? '' : ', failed'}`, value: atMs }
  })
}

/** Service, readiness, config and backups of one agent. */
export const judgeAgent = (agent: ObservedAgent, context: Context): Judged[] => [
  judgeService(agent),
  judgeReady(agent),
  judgeCrashes(agent, context),
  judgeValid(agent),
  judgeApplied(agent),
  ...judgeChanged(agent),
  judgeBackup(agent, context),
]
