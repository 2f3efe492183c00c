import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AtMs, BoxId, FlagId } from './ids.ts'
import { Undone } from './inventory.ts'

/** Something an agent handled poorly, as its log shows it: to be put right the same day (C30). */
export const Flag = z.object({
  flagId: FlagId,
  /** Its client is the flag's. */
  boxId: BoxId,
  words: z.string(),
  /** The line, or the kind of line; it came from a box. */
  line: z.string(),
  lineAtMs: AtMs,
  flaggedAtMs: AtMs,
  /** The end of the day it was flagged on, by the client's clock. */
  dueMs: AtMs,
})
export type Flag = z.infer<typeof Flag>

export const flags = {
  /** Those of a machine that are not done, the first due first. */
  open: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(z.array(Flag)),
  /** Stands in the review at the client of the machine until it is done. */
  raise: oc
    .errors(faults)
    .input(
      z.object({
        boxId: BoxId,
        words: z.string().trim().min(1).max(200),
        line: z.string().max(2000),
        lineAtMs: AtMs,
      }),
    )
    .output(Undone.extend({ flag: Flag })),
  done: oc
    .errors(faults)
    .input(z.object({ flagId: FlagId }))
    .output(Undone),
}
