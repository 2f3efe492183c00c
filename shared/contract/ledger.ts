import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AtMs, BoxId, ClientId } from './ids.ts'

/** One sentence of the diary. Entries hold ids; names are put in when it is read, so that a client can be forgotten. */
export const LedgerEntry = z.object({
  seq: z.number().int(),
  atMs: AtMs,
  actor: z.enum(['operator', 'console', 'cli']),
  kind: z.string(),
  boxId: BoxId.nullable(),
  clientId: ClientId.nullable(),
  sentence: z.string(),
})
export type LedgerEntry = z.infer<typeof LedgerEntry>

export const LedgerVerdict = z.object({
  intact: z.boolean(),
  entries: z.number().int(),
  /** What is wrong, where; null when intact. */
  problem: z.string().nullable(),
  firstBadSeq: z.number().int().nullable(),
})
export type LedgerVerdict = z.infer<typeof LedgerVerdict>

export const ledger = {
  entries: oc
    .errors(faults)
    .input(
      z.object({
        boxId: BoxId.optional(),
        clientId: ClientId.optional(),
        limit: z.number().int().min(1).max(1000).default(200),
      }),
    )
    .output(z.array(LedgerEntry)),
  /** Recomputes the whole chain and compares it with the head kept beside the database. */
  verify: oc.errors(faults).output(LedgerVerdict),
}
