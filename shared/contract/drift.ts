import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId } from './ids.ts'

/** A checkout on the operator's own computer, as git there reads it now. */
export const ReferenceState = z.object({
  /** As typed. */
  path: z.string(),
  found: z.boolean(),
  /** What it is, or why it cannot be read. */
  sentence: z.string(),
  /** Address of its remote; empty: none. */
  remote: z.string(),
  branch: z.string(),
  commit: z.string(),
  newestCommitAtMs: AtMs.nullable(),
  /** When it last heard from its remote; null: never. */
  lookedAtMs: AtMs.nullable(),
})
export type ReferenceState = z.infer<typeof ReferenceState>

/** A git checkout the newest sweep found on a machine, and nobody tracks yet. */
export const FolderSuggestion = z.object({
  agentId: AgentId.nullable(),
  name: z.string(),
  path: z.string(),
  remote: z.string(),
  branch: z.string(),
})
export type FolderSuggestion = z.infer<typeof FolderSuggestion>

export const drift = {
  /** The reference checkouts of the settings, read now, in their order. */
  references: oc.errors(faults).output(z.array(ReferenceState)),
  /** Reads a folder on this computer before it becomes a reference checkout. Nothing is saved. */
  checkReference: oc
    .errors(faults)
    .input(z.object({ path: z.string().trim().min(1).max(1000) }))
    .output(ReferenceState),
  /** Checkouts of workspaces and skills on a machine that could be tracked. */
  suggestions: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(z.array(FolderSuggestion)),
}
