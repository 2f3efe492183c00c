import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId, ChangeId } from './ids.ts'

/** What of a machine changed. `update`: the runtime updated itself, with all that it changed while doing so. */
export const OutsidePart = z.enum([
  'config',
  'access',
  'update',
  'code',
  'own-files',
  'service',
  'authorized-keys',
  'login-keys',
  'users',
  'remote-tools',
])
export type OutsidePart = z.infer<typeof OutsidePart>

/** One line of a difference. Null before: it is new; null after: it is gone. Secrets are never in it, only that one changed. */
export const DiffLine = z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })
export type DiffLine = z.infer<typeof DiffLine>

/** Something on a machine that this console did not change. */
export const OutsideChange = z.object({
  changeId: ChangeId,
  boxId: BoxId,
  /** Null: about the machine, not one of its agents. */
  agentId: AgentId.nullable(),
  part: OutsidePart,
  /** What changed: "New login key: kevin@laptop (ssh-ed25519)". */
  sentence: z.string(),
  /** `listed`: worth knowing, nobody has to decide. `red`: somebody gained a way in. */
  weight: z.enum(['listed', 'attention', 'red']),
  diff: z.array(DiffLine),
  /** Lines that were not kept because there are too many. */
  moreLines: z.number().int(),
  /** When it happened as far as the evidence tells; never later than `seenAtMs`. */
  atMs: AtMs,
  /** It still read as before then. */
  notBeforeMs: AtMs,
  seenAtMs: AtMs,
  /** The OS user as the evidence has it; empty: unknown. */
  who: z.string(),
  /** `named`: the record of the change or the owner of the file names them. `logged-in`: they were the only one logged in. */
  whoBy: z.enum(['named', 'logged-in', 'unknown']),
  evidence: z.array(z.object({ name: z.string(), value: z.string() })),
  /** `mine`: the operator did it. `keep`: somebody else did, and it may stay. Null: nobody decided. */
  decided: z.enum(['mine', 'keep']).nullable(),
  decidedAtMs: AtMs.nullable(),
})
export type OutsideChange = z.infer<typeof OutsideChange>

const changeIds = z.array(ChangeId).min(1).max(500)

export const outside = {
  /** Newest first. */
  ofBox: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId, limit: z.number().int().min(1).max(500).default(100) }))
    .output(z.array(OutsideChange)),
  /** Ends the alarm about changes. Those that were decided already, or need no decision, stay as they are. */
  decide: oc
    .errors(faults)
    .input(z.object({ changeIds, as: z.enum(['mine', 'keep']) }))
    .output(z.object({ changeIds: z.array(ChangeId), sentence: z.string() })),
  /** Takes decisions back: the changes are open again. */
  undecide: oc
    .errors(faults)
    .input(z.object({ changeIds }))
    .output(z.object({ sentence: z.string() })),
}
