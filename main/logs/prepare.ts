import type { AgentId, BoxId } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import type { LogBatch, LogCursor } from '../runtimes/log-lines.ts'
import type { StoredCursor } from './rows.ts'
import { joinLine, levelNumber, type StoredGap, type StoredLine } from './stored-line.ts'

export interface Arrived {
  readonly boxId: BoxId
  readonly agentId: AgentId | null
  readonly batch: LogBatch
  /** How far the box's clock is ahead of ours. */
  readonly skewMs: number
  readonly nowMs: number
}

export interface Prepared {
  readonly lines: readonly StoredLine[]
  readonly gaps: readonly StoredGap[]
  readonly cursors: readonly StoredCursor[]
  /** The last number that was given. */
  readonly lastSeq: number
}

/** A line from later than this is one whose clock is not what was measured: it counts as written when it came. */
const aheadMs = 5 * 60_000

/** What can be seen and is short enough is safe already: nearly every line. */
const safe = (text: string, maxChars: number): string =>
  text.length <= maxChars && /^[\x20-\x7e⟨⟩…]*$/.test(text) ? text : untrusted(text, maxChars)

/** One line after the other has the same value. */
const columnOf = () => {
  let last: string | null = null
  let lastSafe: string | null = null
  return (value: string | null): string | null => {
    if (value === last) return lastSafe
    last = value
    lastSafe = value === null ? null : safe(value, 200)
    return lastSafe
  }
}

/**
 * What of a batch is new, ready to be kept: lines before the cursor of their file are here already; times lose the
 * clock skew; a line without a time has that of the line before; text is made safe to show. Pure.
 */
export function prepare(arrived: Arrived, known: readonly StoredCursor[], lastSeq: number): Prepared {
  const { boxId, agentId, batch, skewMs, nowMs } = arrived
  const keyOf = ({ source, file }: { source: string; file: string }) => `${source} ${file}`
  const before = new Map(
    known
      .filter(({ agent }) => agent === batch.agent)
      .map((cursor) => [`${cursor.source} ${cursor.identity}`, cursor] as const),
  )
  const truncated = new Set(batch.gaps.filter(({ reason }) => reason === 'truncated').map(keyOf))
  const files = new Map<string, { cursor: LogCursor; from: number; lastAtMs: number | null }>()
  for (const cursor of batch.cursors) {
    const stood = before.get(`${cursor.source} ${cursor.identity}`)
    const from = truncated.has(keyOf(cursor)) ? 0 : (stood?.offset ?? 0)
    files.set(keyOf(cursor), { cursor, from, lastAtMs: stood?.lastAtMs ?? null })
  }
  const corrected = (at: number): number => (at - skewMs > nowMs + aheadMs ? nowMs : Math.round(at - skewMs))

  const [subsystem, runId, sessionId, channel] = [columnOf(), columnOf(), columnOf(), columnOf()]
  let place: { source: string; file: string; safeFile: string; at: ReturnType<typeof files.get> } | null = null
  let seq = lastSeq
  const lines: StoredLine[] = []
  for (const line of batch.lines) {
    if (place === null || place.file !== line.file || place.source !== line.source)
      place = { source: line.source, file: line.file, safeFile: safe(line.file, 1000), at: files.get(keyOf(line)) }
    const file = place.at
    if (file && line.offset < file.from) continue
    const atMs = line.at === null ? (file?.lastAtMs ?? nowMs) : corrected(line.at)
    if (file) file.lastAtMs = atMs
    seq += 1
    lines.push({
      seq,
      boxId,
      agentId,
      atMs,
      rawAt: line.at,
      level: levelNumber(line.level),
      source: line.source,
      file: place.safeFile,
      subsystem: subsystem(line.subsystem),
      runId: runId(line.runId),
      sessionId: sessionId(line.sessionId),
      channel: channel(line.channel),
      line: joinLine(safe(line.text, 8000), line.more === null ? null : safe(line.more, 8000)),
    })
  }
  const gaps = batch.gaps.map((gap): StoredGap => {
    const fromAtMs = gap.fromAt === null ? null : corrected(gap.fromAt)
    const toAtMs = gap.toAt === null ? null : corrected(gap.toAt)
    seq += 1
    return {
      seq,
      boxId,
      agentId,
      atMs: fromAtMs ?? toAtMs ?? files.get(keyOf(gap))?.lastAtMs ?? nowMs,
      rawAt: gap.fromAt ?? gap.toAt,
      source: gap.source,
      file: safe(gap.file, 1000),
      reason: gap.reason,
      bytes: gap.bytes,
      fromAtMs,
      toAtMs,
    }
  })
  // A batch that comes a second time, late, moves no cursor back.
  const cursors = [...files.values()].map(({ cursor, from, lastAtMs }) => ({
    ...cursor,
    agent: batch.agent,
    offset: Math.max(cursor.offset, from),
    lastAtMs,
  }))
  return { lines, gaps, cursors, lastSeq: seq }
}
