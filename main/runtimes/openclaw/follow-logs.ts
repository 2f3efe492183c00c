import { statSync } from 'node:fs'
import type { LogAnswer, TailRequest } from '../log-answer.ts'
import { changedCursors, isGone, mergedCursors, worthAsking } from '../log-cursors.ts'
import type { LogBatch, LogCursor } from '../log-lines.ts'
import { type LogFamily, readLogs } from '../read-log.ts'
import { findLogs } from './find-logs.ts'
import { readJournal } from './read-journal.ts'
import { findLoggers, type Logger, roomBytes, waysOf, withoutJournal } from './read-logs.ts'

/** Files are looked at this often, and after an answer not before the second: what is written steadily comes in few answers. */
const lookMs = 250
const afterAnswerMs = 500
const findAgainMs = 10_000
/** A journal is asked through a command: less often. */
const journalMs = 5_000
/** What is written before anybody follows is caught up with as a sweep does. */
const catchUpBytes = 20_000_000
/** More than this unread, oldest first, is left out: who follows sees what happens now. */
const mostUnreadBytes = 4_000_000
const bytesPerSecond = 4_000_000

/**
 * Runs on a box. New whole lines of every agent's logs, by the same cursors and with the same redaction as a sweep. The
 * answer is asked with how long it may take: it comes at once when there is something, and is empty when there is not.
 * Nothing is read while nobody asks.
 */
export function followOpenclawLogs(request: TailRequest): (waitMs: number) => Promise<LogAnswer> {
  const ways = waysOf(request.fingerprintKey)
  const known = new Map<string, readonly LogCursor[]>(request.agents.map(({ agent, cursors }) => [agent, cursors]))
  const looks = new Map<string, string>()
  const doubted = new Set<string>()
  let loggers: Logger[] = []
  let foundAtMs = Number.NEGATIVE_INFINITY
  let journalAtMs = Number.NEGATIVE_INFINITY
  let unreadBytes = catchUpBytes
  let nextLookMs = 0

  async function read(
    logger: Logger,
    families: readonly LogFamily[],
    limits: { budgetBytes: number; roomBytes: number },
  ): Promise<{ batch: LogBatch; bytesRead: number; roomBytes: number } | null> {
    const agent = logger.agent.stateDir
    const before = known.get(agent) ?? []
    const read = await readLogs(families, withoutJournal(before), { ...limits, ...ways, first: true })
    // A file may be between two names: it is called gone when it is missing twice.
    const wereGone = new Set(before.filter(isGone).map(({ identity }) => identity))
    const misses = read.cursors.some((cursor) => isGone(cursor) && !wereGone.has(cursor.identity))
    if (misses && !doubted.has(agent)) {
      doubted.add(agent)
      looks.delete(agent)
      return null
    }
    doubted.delete(agent)
    if (read.more || read.bytesRead >= limits.budgetBytes) looks.delete(agent)
    const { lines, gaps, more } = read
    return {
      batch: { agent, lines, gaps, more, cursors: read.cursors },
      bytesRead: read.bytesRead,
      roomBytes: read.roomBytes,
    }
  }

  /** Remembers where reading stands, and leaves out of the batch what is as it was. */
  function told(batch: LogBatch): LogBatch {
    const before = known.get(batch.agent) ?? []
    known.set(batch.agent, worthAsking(mergedCursors(before, batch.cursors)))
    return { ...batch, cursors: changedCursors(before, batch.cursors) }
  }

  async function look(nowMs: number): Promise<LogAnswer> {
    if (nowMs - foundAtMs >= findAgainMs) {
      loggers = findLoggers(request.stateDirs)
      foundAtMs = nowMs
    }
    const asksJournal = nowMs - journalAtMs >= journalMs
    if (asksJournal) journalAtMs = nowMs
    const batches: LogBatch[] = []
    let bytesRead = 0
    let room = roomBytes
    for (const logger of loggers) {
      const { agent, settings, place, service } = logger
      const cursors = known.get(agent.stateDir) ?? []
      if (asksJournal && service?.kind === 'systemd') {
        const { roomBytes, ...journal } = await readJournal(service, cursors, ways.readLine)
        room -= roomBytes
        batches.push(told({ agent: agent.stateDir, ...journal, more: false }))
      }
      const families = findLogs(agent, settings, place, cursors)
      const seen = looksOf(families)
      if (looks.get(agent.stateDir) === seen || room <= 0) continue
      looks.set(agent.stateDir, seen)
      const found = await read(logger, families, { budgetBytes: Math.max(0, unreadBytes - bytesRead), roomBytes: room })
      if (found === null) continue
      bytesRead += found.bytesRead
      room -= found.roomBytes
      batches.push(told(found.batch))
    }
    const goesOn = loggers.some(({ agent }) => !looks.has(agent.stateDir))
    unreadBytes = goesOn ? Math.max(mostUnreadBytes, unreadBytes - bytesRead) : mostUnreadBytes
    return { batches: batches.filter(saysSomething), bytesRead }
  }

  return async (waitMs) => {
    const untilMs = performance.now() + waitMs
    for (;;) {
      await pause(nextLookMs - performance.now())
      const nowMs = performance.now()
      const answer = await look(nowMs)
      const restMs = answer.batches.length > 0 ? afterAnswerMs : lookMs
      nextLookMs = nowMs + Math.max(untilBeat(restMs), (answer.bytesRead / bytesPerSecond) * 1000)
      if (answer.batches.length > 0 || nowMs >= untilMs) return answer
    }
  }
}

/**
 * Until the clock on the wall shows a multiple of so much, but no less than half of it: boxes with the same time answer in
 * the same moment, and the console keeps together what they bring.
 */
function untilBeat(ms: number): number {
  const left = ms - (Date.now() % ms)
  return left < ms / 2 ? left + ms : left
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

const saysSomething = ({ lines, gaps, cursors }: LogBatch): boolean => lines.length + gaps.length + cursors.length > 0

/** Changes whenever one of the files was written, or is another one. */
const looksOf = (families: readonly LogFamily[]): string =>
  families
    .flatMap(({ files }) => [...files()])
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false })
      return found ? `${file} ${found.ino} ${found.size} ${found.mtimeMs}` : file
    })
    .join('\n')
