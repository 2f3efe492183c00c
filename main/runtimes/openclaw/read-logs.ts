import { homedir } from 'node:os'
import type { LogAnswer, LogRequest } from '../log-answer.ts'
import type { LogBatch, LogCursor } from '../log-lines.ts'
import { type ReadOptions, readLogs } from '../read-log.ts'
import { homeOf } from '../reading.ts'
import { redactLine } from '../redact-line.ts'
import { type FoundAgent, findAgents } from './find-agents.ts'
import { findLogs, isFirstLog, type LogPlace, logPlace } from './find-logs.ts'
import { parseLogLine } from './log-line.ts'
import { loadConfig } from './read-config.ts'
import { readJournal } from './read-journal.ts'
import { findService, type ServiceFile } from './read-service.ts'
import type { Settings } from './settings.ts'

/** Of one answer, bytes; the program refuses one of 2 MB. */
export const roomBytes = 1_500_000

/**
 * Runs on a box. New lines of every agent's logs, redacted, as many as one answer holds; asked again with the new
 * cursors until no batch has more.
 */
export async function readOpenclawLogs(request: LogRequest): Promise<LogAnswer> {
  const ways = waysOf(request.fingerprintKey)
  const batches: LogBatch[] = []
  let bytesRead = 0
  let room = roomBytes
  for (const { agent, settings, place, service } of findLoggers(request.stateDirs)) {
    const cursors = request.agents.find((each) => each.agent === agent.stateDir)?.cursors ?? []
    const journal = await readJournal(request.first ? service : null, cursors, ways.readLine)
    room -= journal.roomBytes
    const read = await readLogs(findLogs(agent, settings, place, cursors), withoutJournal(cursors), {
      budgetBytes: Math.max(0, request.budgetBytes - bytesRead),
      first: request.first,
      roomBytes: room,
      ...ways,
    })
    bytesRead += read.bytesRead
    room -= read.roomBytes
    batches.push({
      agent: agent.stateDir,
      lines: [...read.lines, ...journal.lines],
      cursors: [...read.cursors, ...journal.cursors],
      gaps: [...read.gaps, ...journal.gaps],
      more: read.more,
    })
  }
  return { batches, bytesRead }
}

/** An agent, and what its logs are found by. */
export interface Logger {
  readonly agent: FoundAgent
  readonly settings: Settings
  readonly place: LogPlace
  readonly service: ServiceFile | null
}

/** Runs on a box. */
export function findLoggers(stateDirs: readonly string[]): Logger[] {
  const home = homeOf(process.env, homedir)
  const agents = findAgents(home, process.env, stateDirs)
  return agents.map((agent) => {
    const place = { ...logPlace(home), isFirst: isFirstLog(agent, agents) }
    const service = findService(place.platform, home, agent.stateDir, agent.profile)
    return { agent, settings: settingsOf(agent), place, service }
  })
}

/** How lines are read on this box. */
export const waysOf = (fingerprintKey: string): Pick<ReadOptions, 'readLine' | 'hideKey'> => ({
  readLine: (raw, source) => parseLogLine(redactLine(raw, fingerprintKey), source),
  hideKey: (raw) => redactLine(`secret=${raw}`, fingerprintKey).replace(/^secret=/, ''),
})

const isJournal = ({ identity }: LogCursor): boolean => identity.startsWith('journal:')
export const withoutJournal = (cursors: readonly LogCursor[]): LogCursor[] =>
  cursors.filter((cursor) => !isJournal(cursor))

/** An unreadable config names no log of its own; the usual places are looked at then. */
function settingsOf({ configPath }: FoundAgent): Settings {
  for (const file of [configPath, `${configPath}.last-good`]) {
    try {
      return loadConfig(file).parsed.settings
    } catch {}
  }
  return {}
}
