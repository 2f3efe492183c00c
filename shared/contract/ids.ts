import * as z from 'zod'

const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/)

/** Ids are ours, made by `main/base/ids.ts`; branded so that a box id cannot stand where a client id is meant. */
export const ClientId = id.brand<'ClientId'>()
export type ClientId = z.infer<typeof ClientId>
export const BoxId = id.brand<'BoxId'>()
export type BoxId = z.infer<typeof BoxId>
export const AgentId = id.brand<'AgentId'>()
export type AgentId = z.infer<typeof AgentId>
export const ChannelId = id.brand<'ChannelId'>()
export type ChannelId = z.infer<typeof ChannelId>
export const WorkflowId = id.brand<'WorkflowId'>()
export type WorkflowId = z.infer<typeof WorkflowId>
export const FolderId = id.brand<'FolderId'>()
export type FolderId = z.infer<typeof FolderId>
export const NoteId = id.brand<'NoteId'>()
export type NoteId = z.infer<typeof NoteId>
export const ClientSpanId = id.brand<'ClientSpanId'>()
export type ClientSpanId = z.infer<typeof ClientSpanId>
export const SnapshotId = id.brand<'SnapshotId'>()
export type SnapshotId = z.infer<typeof SnapshotId>
export const ReviewId = id.brand<'ReviewId'>()
export type ReviewId = z.infer<typeof ReviewId>
export const FindingId = id.brand<'FindingId'>()
export type FindingId = z.infer<typeof FindingId>
export const FlagId = id.brand<'FlagId'>()
export type FlagId = z.infer<typeof FlagId>
export const SweepId = id.brand<'SweepId'>()
export type SweepId = z.infer<typeof SweepId>
export const ChangeId = id.brand<'ChangeId'>()
export type ChangeId = z.infer<typeof ChangeId>
export const KeepId = id.brand<'KeepId'>()
export type KeepId = z.infer<typeof KeepId>
export const PatternId = id.brand<'PatternId'>()
export type PatternId = z.infer<typeof PatternId>
/** A stored log line: its box and its number there. */
export const LogRecordId = z
  .string()
  .max(90)
  .regex(/^[A-Za-z0-9_-]+:\d+$/)
  .brand<'LogRecordId'>()
export type LogRecordId = z.infer<typeof LogRecordId>
export const TerminalId = id.brand<'TerminalId'>()
export type TerminalId = z.infer<typeof TerminalId>
export const PreviewId = id.brand<'PreviewId'>()
export type PreviewId = z.infer<typeof PreviewId>
export const CommandId = id.brand<'CommandId'>()
export type CommandId = z.infer<typeof CommandId>
export const SnippetId = id.brand<'SnippetId'>()
export type SnippetId = z.infer<typeof SnippetId>
export const ApplyId = id.brand<'ApplyId'>()
export type ApplyId = z.infer<typeof ApplyId>
export const PatchId = id.brand<'PatchId'>()
export type PatchId = z.infer<typeof PatchId>
export const RolloutId = id.brand<'RolloutId'>()
export type RolloutId = z.infer<typeof RolloutId>
export const KeyRunId = id.brand<'KeyRunId'>()
export type KeyRunId = z.infer<typeof KeyRunId>
export const BackupRunId = id.brand<'BackupRunId'>()
export type BackupRunId = z.infer<typeof BackupRunId>
/** An undo token: the inverse of one inventory change, kept by the engine until it is used or the app ends. */
export const UndoId = id.brand<'UndoId'>()
export type UndoId = z.infer<typeof UndoId>

/** Milliseconds since 1970, engine clock unless a field says `box`. */
export const AtMs = z.number().int()
