import { createHash } from 'node:crypto'
import type { AgentId, BoxId, LogLevel, LogRecord, LogRecordId, LogSource } from '../../shared/contract/index.ts'

/** A line as it is kept, in a row or in a block. Its text is safe to show. */
export interface StoredLine {
  readonly seq: number
  readonly boxId: BoxId
  readonly agentId: AgentId | null
  /** Corrected by the clock skew. */
  readonly atMs: number
  readonly rawAt: number | null
  /** Index in {@link levels}; 0: the line says none. */
  readonly level: number
  readonly source: LogSource
  readonly file: string
  readonly subsystem: string | null
  readonly runId: string | null
  readonly sessionId: string | null
  readonly channel: string | null
  /** Text, and after a tab its other fields as JSON. */
  readonly line: string
}

/** A stretch of missing lines. */
export interface StoredGap {
  readonly seq: number
  readonly boxId: BoxId
  readonly agentId: AgentId | null
  readonly atMs: number
  readonly rawAt: number | null
  readonly source: LogSource
  readonly file: string
  readonly reason: Extract<LogRecord, { kind: 'gap' }>['reason']
  readonly bytes: number
  readonly fromAtMs: number | null
  readonly toAtMs: number | null
}

const levels: readonly (LogLevel | null)[] = [null, 'trace', 'debug', 'info', 'warn', 'error', 'fatal']

export const levelNumber = (level: LogLevel | null): number => levels.indexOf(level)

/** Null: it says none. */
export const levelOf = (number: number): LogLevel | null => levels[number] ?? null

/** What a level counts as where a minimum is asked for: a line that says none is taken for `info`. */
export const loudness = (level: number): number => (level === 0 ? levelNumber('info') : level)

/** No text that is kept holds a tab or a line break of its own. */
export const joinLine = (text: string, more: string | null): string => (more === null ? text : `${text}\t${more}`)

const idOf = ({ boxId, seq }: { boxId: BoxId; seq: number }): LogRecordId => `${boxId}:${seq}` as LogRecordId

export function toRecord(stored: StoredLine): LogRecord {
  const { line, level, seq, boxId, agentId, atMs, rawAt, source, file, subsystem, runId, sessionId, channel } = stored
  const tab = line.indexOf('\t')
  return {
    kind: 'line',
    id: idOf(stored),
    boxId,
    agentId,
    seq,
    atMs,
    rawAt,
    source,
    file,
    level: levelOf(level),
    subsystem,
    runId,
    sessionId,
    channel,
    text: tab < 0 ? line : line.slice(0, tab),
    more: tab < 0 ? null : line.slice(tab + 1),
  }
}

export const toGapRecord = (gap: StoredGap): LogRecord => ({ kind: 'gap', id: idOf(gap), ...gap })

/** One word of the index that stands for a whole id, whatever characters are in it. */
export const idWord = (column: 'run' | 'session' | 'channel' | 'subsystem', value: string): string =>
  `${column}${createHash('sha256').update(value).digest('hex').slice(0, 16)}`
