import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId, KeepId, LogRecordId } from './ids.ts'

/** Loudest first. */
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export const LogLevel = z.enum(logLevels)
export type LogLevel = z.infer<typeof LogLevel>

/** `runtime`: the agent's own log file. `service`: what its service wrote. `stability`, `restart`: reports beside it. */
export const logSources = ['runtime', 'service', 'stability', 'restart'] as const
export const LogSource = z.enum(logSources)
export type LogSource = z.infer<typeof LogSource>

export const LogGapReason = z.enum(['too-much', 'rotated-away', 'truncated', 'unreadable', 'line-too-long'])
export type LogGapReason = z.infer<typeof LogGapReason>

const place = {
  /** `BOX:SEQ`. */
  id: LogRecordId,
  boxId: BoxId,
  agentId: AgentId.nullable(),
  /** Rises with what is stored, over all machines. */
  seq: z.number().int(),
  /** By this computer's clock: the machine's clock skew is taken off. Of a line without a time: the time of the line before. */
  atMs: AtMs,
  /** As the machine's clock wrote it; null: the line carries no time. */
  rawAt: AtMs.nullable(),
  source: LogSource,
  /** Where it stands on the machine. */
  file: z.string(),
}

/** Text in it came from a box: capped, hidden characters visible, secrets taken out. */
export const LogRecord = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('line'),
    ...place,
    /** Null: the line says none. A minimum level treats it as `info`. */
    level: LogLevel.nullable(),
    subsystem: z.string().nullable(),
    runId: z.string().nullable(),
    sessionId: z.string().nullable(),
    channel: z.string().nullable(),
    text: z.string(),
    /** JSON of the fields that have no column here; null: none. */
    more: z.string().nullable(),
  }),
  /** Here lines are missing. */
  z.object({
    kind: z.literal('gap'),
    ...place,
    reason: LogGapReason,
    bytes: z.number(),
    /** From when to when, corrected; null: nobody knows. */
    fromAtMs: AtMs.nullable(),
    toAtMs: AtMs.nullable(),
  }),
])
export type LogRecord = z.infer<typeof LogRecord>

const levels: ReadonlySet<unknown> = new Set([...logLevels, null])
const sources: ReadonlySet<unknown> = new Set(LogSource.options)
const reasons: ReadonlySet<unknown> = new Set(LogGapReason.options)
const isText = (value: unknown): boolean => typeof value === 'string'
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string'
const isMomentOrNull = (value: unknown): boolean => value === null || Number.isSafeInteger(value)
const isId = (value: unknown): boolean => typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value)

/** What {@link LogRecord} says, tested by hand: whoever follows machines has thousands of them a second. */
export function isLogRecord(value: unknown): value is LogRecord {
  if (typeof value !== 'object' || value === null) return false
  const record = value as LogRecord
  const { id, boxId, agentId, seq, atMs, rawAt, source, file } = record
  const place =
    typeof id === 'string' &&
    id.length <= 90 &&
    /^[A-Za-z0-9_-]+:\d+$/.test(id) &&
    isId(boxId) &&
    (agentId === null || isId(agentId)) &&
    Number.isSafeInteger(seq) &&
    Number.isSafeInteger(atMs) &&
    isMomentOrNull(rawAt) &&
    sources.has(source) &&
    isText(file)
  if (!place) return false
  if (record.kind === 'gap') {
    const { reason, bytes, fromAtMs, toAtMs } = record
    return reasons.has(reason) && Number.isFinite(bytes) && isMomentOrNull(fromAtMs) && isMomentOrNull(toAtMs)
  }
  const { kind, level, subsystem, runId, sessionId, channel, text, more } = record
  return (
    kind === 'line' &&
    levels.has(level) &&
    isTextOrNull(subsystem) &&
    isTextOrNull(runId) &&
    isTextOrNull(sessionId) &&
    isTextOrNull(channel) &&
    isText(text) &&
    isTextOrNull(more)
  )
}

const LogRecords = z.custom<LogRecord[]>(
  (value) => Array.isArray(value) && value.every(isLogRecord),
  'a record that is none',
)

const part = z.string().max(200)
const parts = z.array(z.string().min(1).max(500)).max(20)

/** Which lines. Every field narrows; gaps pass whatever asks for nothing but machines and time. */
export const LogQuery = z.object({
  boxIds: z.array(BoxId).min(1).max(1000),
  /** At or after. */
  sinceMs: AtMs.optional(),
  /** Before. */
  untilMs: AtMs.optional(),
  /** This level and louder. */
  level: LogLevel.optional(),
  /**
   * Each must stand in the line, anywhere, in either case; a part of a word will do. In double quotes (`"run aborted"`)
   * it must stand there as whole words, which are found through an index.
   */
  include: parts.optional(),
  /** None may stand in the line; the same rules. */
  exclude: parts.optional(),
  /** A JavaScript regular expression, without flags; `(?i:…)` for either case. Text and fields are one line, a tab between. */
  regex: z.string().min(1).max(1000).optional(),
  runId: part.optional(),
  sessionId: part.optional(),
  channel: part.optional(),
  subsystem: part.optional(),
  /** Only what was stored after this: for whoever follows. */
  afterSeq: z.number().int().optional(),
})
export type LogQuery = z.infer<typeof LogQuery>

/** A place between lines; its order is total over all machines: by time, then machine, then `seq`. */
export const LogPosition = z.object({ atMs: AtMs, boxId: BoxId, seq: z.number().int() })
export type LogPosition = z.infer<typeof LogPosition>

/** Where a page begins. A position itself is in neither page; a time is in the older one. */
export const LogStart = z.union([LogPosition, z.object({ atMs: AtMs }), z.enum(['newest', 'oldest'])])
export type LogStart = z.infer<typeof LogStart>

export const LogPage = z.object({
  /** Oldest first, whichever way it was read. */
  records: LogRecords,
  /** Nothing more lies that way. */
  ended: z.boolean(),
  /**
   * Where to go on that way; null when it ended. A page with filters may come back short, or empty, before its end: it
   * looks for a moment only. Everything up to here was looked at.
   */
  next: LogStart.nullable(),
  /** The newest that is stored, for `afterSeq`. */
  lastSeq: z.number().int(),
  /** With `afterSeq`, when it did not end: lines that match and are not in `records`. */
  left: z.number().int().optional(),
})
export type LogPage = z.infer<typeof LogPage>

export const LogSearchProgress = z.object({
  /** Newest first, over the whole stream. */
  hits: LogRecords,
  /** Lines that matched so far, also beyond those that are sent. */
  found: z.number().int(),
  /** Where hits are, for the scrollbar: since the last message. */
  ticks: z.array(z.object({ atMs: AtMs, hits: z.number().int() })),
  /** Lines looked at or passed over, of those the question is about. */
  scanned: z.number().int(),
  total: z.number().int(),
  done: z.boolean(),
})
export type LogSearchProgress = z.infer<typeof LogSearchProgress>

export const LogBucket = z.object({
  fromMs: AtMs,
  toMs: AtMs,
  lines: z.number().int(),
  warns: z.number().int(),
  errors: z.number().int(),
})
export type LogBucket = z.infer<typeof LogBucket>

/** Lines that outlive the 90 days, and why. */
export const KeptLines = z.object({
  keepId: KeepId,
  boxId: BoxId,
  reason: z.string(),
  keptAtMs: AtMs,
  records: z.array(LogRecord),
})
export type KeptLines = z.infer<typeof KeptLines>

export const LogStats = z.object({
  lines: z.number().int(),
  bytes: z.number(),
  oldestMs: AtMs.nullable(),
  newestMs: AtMs.nullable(),
  keepDays: z.number().int(),
  /** A damaged file that was set aside since this console started; null: none. */
  setAside: z.string().nullable(),
})
export type LogStats = z.infer<typeof LogStats>

/** How the following of one machine's logs stands. */
export const LogTail = z.object({
  boxId: BoxId,
  /** `lost` is tried again by itself; `refused` when something was changed here. */
  state: z.enum(['connecting', 'live', 'lost', 'refused']),
  sinceMs: AtMs,
  /** Of `lost` and `refused`: why. */
  sentence: z.string().nullable(),
  /** Of `lost`: when it is tried again. */
  nextTryAtMs: AtMs.nullable(),
  /** Stored in the last seconds. */
  linesPerSecond: z.number(),
  /** Left out on the machine since it is followed, for it wrote more than 4 MB a second. */
  droppedBytes: z.number(),
})
export type LogTail = z.infer<typeof LogTail>

/** Machines that are followed at once, by all windows together. */
export const mostTails = 64

const limit = z.number().int().min(1).max(500)

export const logs = {
  /** Lines of one way from a place. Whole words, run ids and the like go through the index; other filters look for a moment and say where to go on. */
  page: oc
    .errors(faults)
    .input(
      z.object({ query: LogQuery, at: LogStart, direction: z.enum(['older', 'newer']), limit: limit.default(200) }),
    )
    .output(LogPage),
  /** Everything that matches, newest first, while it is found; at most 20 messages a second. Leaving it ends the work. */
  search: oc
    .errors(faults)
    .input(z.object({ query: LogQuery, maxHits: z.number().int().min(1).max(20_000).default(2000) }))
    .output(eventIterator(LogSearchProgress)),
  /** How many lines lie where: by machines, time and level; other filters are not looked at. Buckets are of one length. */
  density: oc
    .errors(faults)
    .input(z.object({ query: LogQuery, buckets: z.number().int().min(1).max(400).default(200) }))
    .output(z.array(LogBucket)),
  /** All lines of one run, oldest first; at most 5 000. */
  run: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId, runId: part }))
    .output(LogRecords),
  /** Copies lines to where the 90 days do not reach. */
  keep: oc
    .errors(faults)
    .input(
      z.object({
        boxId: BoxId,
        seqs: z.array(z.number().int()).min(1).max(500),
        reason: z.string().trim().min(1).max(500),
      }),
    )
    .output(z.object({ keepId: KeepId, sentence: z.string() })),
  unkeep: oc
    .errors(faults)
    .input(z.object({ keepId: KeepId }))
    .output(z.object({ sentence: z.string() })),
  /** Newest first. */
  kept: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId.optional() }))
    .output(z.array(KeptLines)),
  stats: oc.errors(faults).output(LogStats),
  /**
   * Follows the logs of machines for as long as somebody reads this: new lines are stored as they are written there, and
   * told by the topic `logs`. How it stands, all machines at once, at most 4 messages a second. It does not end by itself.
   */
  tail: oc
    .errors(faults)
    .input(z.object({ boxIds: z.array(BoxId).min(1).max(mostTails) }))
    .output(eventIterator(z.array(LogTail))),
  /** The next piece of an export, oldest first: ask again from `next` until it is null. */
  export: oc
    .errors(faults)
    .input(z.object({ query: LogQuery, from: LogStart.default('oldest'), format: z.enum(['text', 'json-lines']) }))
    .output(z.object({ text: z.string(), lines: z.number().int(), next: LogStart.nullable() })),
}
