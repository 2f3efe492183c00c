import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId, PatternId } from './ids.ts'
import { LogLevel } from './logs.ts'

/** One kind of log line of one agent: what is the same in all of them, and how many came. Its text came from a box. */
export const Pattern = z.object({
  patternId: PatternId,
  boxId: BoxId,
  agentId: AgentId.nullable(),
  /** `<n>`, `<id>`, `<time>`, `<path>`, `<url>`, `<address>` and `<*>` stand where lines differ. */
  text: z.string(),
  /** Of most of the lines of the days shown; null: they say none. */
  level: LogLevel.nullable(),
  /** Lines of the days shown by level, the loudest first. */
  levels: z.array(z.object({ level: LogLevel.nullable(), lines: z.number().int() })),
  subsystem: z.string().nullable(),
  firstAtMs: AtMs,
  lastAtMs: AtMs,
  /** Its newest line. */
  lastSeq: z.number().int(),
  /** Of the days shown. */
  lines: z.number().int(),
  /** A number a day, oldest first, today last; days of the operator's own time. */
  perDay: z.array(z.number().int()),
  /** First seen in the last seven days, by an agent whose log is known for longer. */
  newThisWeek: z.boolean(),
  /** First seen after the newest change of the agent's version, by an agent whose log is known from before. */
  newSinceUpdate: z.boolean(),
  muted: z.object({ reason: z.string(), atMs: AtMs }).nullable(),
})
export type Pattern = z.infer<typeof Pattern>

export const PatternPage = z.object({
  /** Kinds with warnings and worse first, then the newest kind first; one of several machines has an entry for each, side by side. */
  patterns: z.array(Pattern),
  /** How many kinds there are, the same of several machines counted once; more than are sent when it is beyond the limit. */
  total: z.number().int(),
  /** Days that `perDay` covers. */
  days: z.number().int(),
})
export type PatternPage = z.infer<typeof PatternPage>

const ids = z.array(PatternId).min(1).max(500)

/** Kinds of log lines, found by the Drain algorithm while lines arrive: what is new, how often, since when (C33). */
export const patterns = {
  list: oc
    .errors(faults)
    .input(
      z.object({
        /** Absent: all machines. */
        boxIds: z.array(BoxId).min(1).max(1000).optional(),
        days: z.number().int().min(1).max(90).default(14),
        /** Kinds, each with all its machines. */
        limit: z.number().int().min(1).max(2000).default(1000),
      }),
    )
    .output(PatternPage),
  /** Nobody need look at these; the reason stays beside them, and in the diary. */
  mute: oc
    .errors(faults)
    .input(z.object({ patternIds: ids, reason: z.string().trim().min(1).max(500) }))
    .output(z.object({ sentence: z.string() })),
  unmute: oc
    .errors(faults)
    .input(z.object({ patternIds: ids }))
    .output(z.object({ sentence: z.string() })),
}
