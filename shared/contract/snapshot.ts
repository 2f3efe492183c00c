import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId, SnapshotId } from './ids.ts'
import { Undone } from './inventory.ts'
import { LayerRef } from './overlay.ts'
import { Patch, PatchContent, PatchName, Proposal } from './patch.ts'

/** So many snapshots are kept a machine; the oldest goes first. */
export const keptSnapshots = 20

/** Of one agent: what a patch could carry from there, as its machine answered. Secrets are fingerprints. */
export const SnapshotSummary = z.object({
  snapshotId: SnapshotId,
  boxId: BoxId,
  boxName: z.string(),
  agentId: AgentId,
  profile: z.string(),
  atMs: AtMs,
  by: z.enum(['operator', 'cli']),
  /** `compared`: taken to be compared with an earlier one. */
  how: z.enum(['taken', 'compared']),
  note: z.string(),
  /** Of the runtime; empty: not read. */
  version: z.string(),
  /** How many values its config has, files the operator wrote, tracked folders; null: not read. */
  settings: z.number().int().nullable(),
  files: z.number().int().nullable(),
  folders: z.number().int(),
})
export type SnapshotSummary = z.infer<typeof SnapshotSummary>

/** One difference that a patch can carry. */
export const ComparedLine = z.object({
  lineId: z.string().max(1400),
  kind: z.enum(['setting', 'file', 'update', 'folder']),
  /** Of a setting the path in the config, of a file the path in the workspace. */
  name: z.string(),
  /** Null: nothing stood there, nothing stands there. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** What of the layers it becomes where the guided sections decide it: `sections.model.primary`; empty: the setting itself. */
  declares: z.string(),
  /** What speaks against carrying it elsewhere; empty: nothing. */
  note: z.string(),
  /** Whether it is in the patch unless the operator says otherwise. */
  chosen: z.boolean(),
})
export type ComparedLine = z.infer<typeof ComparedLine>

/** What was changed between two snapshots, and what of it can become a patch. */
export const SnapshotComparison = z.object({
  before: z.object({ snapshotId: SnapshotId, atMs: AtMs, note: z.string() }),
  after: SnapshotSummary,
  lines: z.array(ComparedLine),
  /** Differences that no patch carries, each by name. */
  leftOut: z.array(z.object({ name: z.string(), why: z.string() })),
  /** Layers that changed values could go into, widest first, and the one that is meant unless told otherwise. */
  layers: z.array(z.object({ layer: LayerRef, label: z.string() })),
  layer: LayerRef,
  /** A name that no patch has. */
  name: z.string(),
})
export type SnapshotComparison = z.infer<typeof SnapshotComparison>

/** What chosen differences would be as a patch. */
export const SnapshotPatch = Proposal.extend({
  partWords: z.array(z.string()),
  /** What refuses it, as the fixed rules and the checks of a patch say it; null: not about one line. */
  problems: z.array(z.object({ lineId: z.string().nullable(), words: z.string() })),
  /** What does not refuse it and is worth knowing. */
  remarks: z.array(z.object({ lineId: z.string(), words: z.string() })),
  /** Of the parts: what is saved is what was shown. */
  hash: z.string(),
})
export type SnapshotPatch = z.infer<typeof SnapshotPatch>

const chosen = {
  /** Of the later snapshot. */
  snapshotId: SnapshotId,
  layer: LayerRef,
  lineIds: z.array(ComparedLine.shape.lineId).min(1).max(600),
}

/** What was changed by hand on a lab machine, from two snapshots, as a patch. Nothing here changes a machine. */
export const snapshot = {
  /** Newest first; of one machine or of all. */
  list: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId.optional() }))
    .output(z.array(SnapshotSummary)),
  /** Asks the machine now, and keeps the answer. Any connection or answer fault; `not-found`: the agent is not there. */
  take: oc
    .errors(faults)
    .input(z.object({ agentId: AgentId, note: z.string().trim().max(200).default('') }))
    .output(Undone.extend({ snapshot: SnapshotSummary })),
  remove: oc
    .errors(faults)
    .input(z.object({ snapshotId: SnapshotId }))
    .output(Undone),
  /**
   * Asks the machine now, keeps that as a snapshot too, and fetches the files that differ. Any connection or answer fault;
   * `not-found`.
   */
  compare: oc
    .errors(faults)
    .input(z.object({ snapshotId: SnapshotId }))
    .output(SnapshotComparison),
  /** The comparison that a snapshot was taken for, as it was then. `not-found`. */
  comparison: oc
    .errors(faults)
    .input(z.object({ snapshotId: SnapshotId }))
    .output(SnapshotComparison),
  /** The text that a line about a file carries, as it was fetched, its first 2000 lines. `not-found`: it carries none. */
  fileText: oc
    .errors(faults)
    .input(z.object({ snapshotId: SnapshotId, lineId: ComparedLine.shape.lineId }))
    .output(z.object({ lines: z.array(z.string()), moreLines: z.number().int() })),
  /** What the chosen lines would be as a patch. Nothing is saved. */
  preview: oc.errors(faults).input(z.object(chosen)).output(SnapshotPatch),
  /** Saves them as a patch. `hash` is that of the preview. `plan-stale`, and what `patch.save` refuses. */
  save: oc
    .errors(faults)
    .input(
      z.object({
        ...chosen,
        hash: z.string().max(64),
        name: PatchName,
        why: PatchContent.shape.why,
        author: PatchContent.shape.author,
      }),
    )
    .output(Undone.extend({ patch: Patch })),
}
