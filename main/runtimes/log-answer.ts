import * as z from 'zod'
import { isLineColumns, type LineColumns } from './line-columns.ts'
import { LogBatch, type LogCursor } from './log-lines.ts'

export { fromColumns, type Look } from './line-columns.ts'

/** What the console asks a box for: the lines of its logs after these cursors. */
export interface LogRequest {
  /** Hex key of the fingerprints that stand for what must not leave the box; per box, kept by the console. */
  readonly fingerprintKey: string
  /** State folders found at enrolment besides the usual places. */
  readonly stateDirs: readonly string[]
  readonly agents: readonly { readonly agent: string; readonly cursors: readonly LogCursor[] }[]
  /** Bytes of log that may still be read in this sweep. */
  readonly budgetBytes: number
  /** The first question of a sweep: what is more than the budget is left out there and then, oldest first. */
  readonly first: boolean
}

export const LogAnswer = z.object({
  batches: z.array(LogBatch).max(32),
  /** Bytes of log that this answer took. */
  bytesRead: z.number().int().min(0),
})
export type LogAnswer = z.infer<typeof LogAnswer>

/** A {@link LogAnswer} with the lines of each batch in columns. */
export const ColumnsAnswer = LogAnswer.extend({
  batches: z
    .array(LogBatch.extend({ lines: z.custom<LineColumns>(isLineColumns, 'columns of lines that are none') }))
    .max(32),
})
export type ColumnsAnswer = z.infer<typeof ColumnsAnswer>

/** A {@link ColumnsAnswer} as `packAnswer` makes it: whoever keeps it opens it. */
export const PackedAnswer = z.string().max(8_000_000)

/** What a console that follows a box's logs tells the program there, once. */
export type TailRequest = Pick<LogRequest, 'fingerprintKey' | 'stateDirs' | 'agents'>

/** The program's answer to it. */
export const TailBegun = z.object({
  /** The box's clock. */
  nowMs: z.number(),
})
