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
export const NoteId = id.brand<'NoteId'>()
export type NoteId = z.infer<typeof NoteId>
export const FindingId = id.brand<'FindingId'>()
export type FindingId = z.infer<typeof FindingId>
export const SweepId = id.brand<'SweepId'>()
export type SweepId = z.infer<typeof SweepId>
/** An undo token: the inverse of one inventory change, kept by the engine until it is used or the app ends. */
export const UndoId = id.brand<'UndoId'>()
export type UndoId = z.infer<typeof UndoId>

/** Milliseconds since 1970, engine clock unless a field says `box`. */
export const AtMs = z.number().int()
