import * as z from 'zod'
import { LogGapReason, LogLevel, LogSource, logLevels, logSources } from '../../shared/contract/logs.ts'

/**
 * What a box hands over of its logs, redacted there. The console believes none of it: parsed on arrival, capped here,
 * redacted again before it is stored.
 */
const column = z.string().max(200).nullable()
const text = z.string().max(8000)
const file = z.string().max(1000)
/** A moment that a calendar has; a box may write anything. */
export const atMostTime = 8.64e15
const atMs = z.number().int().min(-atMostTime).max(atMostTime)
const offset = z.number().int().min(0)

/** One line as a box's program hands it over. */
export const LogLine = z.object({
  source: LogSource,
  file,
  /** As the box's clock wrote it; null: the line has no time. */
  at: atMs.nullable(),
  level: LogLevel.nullable(),
  subsystem: column,
  runId: column,
  sessionId: column,
  channel: column,
  /** The message, one line. */
  text,
  /** Canonical JSON of the fields that are not columns. */
  more: text.nullable(),
  /** Byte offset of the line's start in its file. */
  offset,
})
export type LogLine = z.infer<typeof LogLine>

/** Where reading of one file stands. */
export const LogCursor = z.object({
  source: LogSource,
  file,
  /** Device, inode and the hash of the first bytes: what stays the same when a file is renamed. */
  identity: z.string().max(200),
  offset,
})
export type LogCursor = z.infer<typeof LogCursor>

/** What could not be read, by name. */
export const LogGap = z.object({
  source: LogSource,
  file,
  reason: LogGapReason,
  fromOffset: offset,
  toOffset: offset,
  bytes: z.number().min(0),
  fromAt: atMs.nullable(),
  toAt: atMs.nullable(),
})
export type LogGap = z.infer<typeof LogGap>

const levels: ReadonlySet<unknown> = new Set(logLevels)
const sources: ReadonlySet<unknown> = new Set(logSources)
const isShort = (value: unknown, most: number): boolean => typeof value === 'string' && value.length <= most
export const isLevel = (value: unknown): boolean => value === null || levels.has(value)
export const isSource = (value: unknown): boolean => sources.has(value)
export const isFile = (value: unknown): boolean => isShort(value, 1000)
export const isText = (value: unknown): boolean => isShort(value, 8000)
export const isColumn = (value: unknown): boolean => value === null || isShort(value, 200)

/** What `LogLine` says, tested by hand: following twelve machines, thousands of lines a second come by here. */
export function isLogLine(value: unknown): value is LogLine {
  if (typeof value !== 'object' || value === null) return false
  const { source, file, at, level, subsystem, runId, sessionId, channel, text, more, offset } = value as LogLine
  return (
    isSource(source) &&
    isFile(file) &&
    (at === null || (Number.isSafeInteger(at) && Math.abs(at) <= atMostTime)) &&
    isLevel(level) &&
    isColumn(subsystem) &&
    isColumn(runId) &&
    isColumn(sessionId) &&
    isColumn(channel) &&
    isText(text) &&
    (more === null || isText(more)) &&
    Number.isSafeInteger(offset) &&
    offset >= 0
  )
}

export const LogBatch = z.object({
  /** The agent's key, as in `Observed`. */
  agent: z.string().max(4000),
  lines: z.custom<LogLine[]>(
    (value) => Array.isArray(value) && value.length <= 200_000 && value.every(isLogLine),
    'a line that is none',
  ),
  /** After this batch, per file. */
  cursors: z.array(LogCursor).max(5000),
  gaps: z.array(LogGap).max(5000),
  /** There is more to read now. */
  more: z.boolean(),
})
export type LogBatch = z.infer<typeof LogBatch>
