import * as z from 'zod'
import { changeIdPattern } from './change-id.ts'

/** Where a change on a box stands. The marker is one file that is renamed: whoever renames it decides. */
export const ChangeState = z.enum(['staged', 'armed', 'committed', 'reverting', 'reverted'])
export type ChangeState = z.infer<typeof ChangeState>

/**
 * How going back ended: the old file is back; it was still there; somebody else had changed it, so nothing was touched; the
 * new version of the runtime had moved the state to a form that the old one does not read, so the new one stays.
 */
export const WentBack = z.enum(['back', 'never-left', 'left-alone', 'state-moved'])
export type WentBack = z.infer<typeof WentBack>

/** `failed`: what takes it back did not end with 0. `unknown`: nobody saw that end. `cannot`: it cannot be undone. */
export const CommandBack = z.enum(['undone', 'failed', 'unknown', 'cannot'])
export type CommandBack = z.infer<typeof CommandBack>

/** A command of a change that was taken back, by its place among them; only those that began. */
export const ObservedCommand = z.object({
  at: z.number().int().min(0).max(49),
  back: CommandBack,
  /** The last words of what took it back, secrets masked. */
  said: z.string().max(500),
})
export type ObservedCommand = z.infer<typeof ObservedCommand>

/** Names of folders that are still where a change brought them, although it was taken back. */
export const LeftFolders = z.array(z.string().max(60)).max(50).default([])

/** A change that a box still knows of. */
export const ObservedChange = z.object({
  id: z.string().regex(changeIdPattern),
  kind: z.enum(['config', 'drill']),
  state: ChangeState,
  stateDir: z.string().max(4000),
  hashBefore: z.string().max(64),
  hashAfter: z.string().max(64),
  /** Of the file as it is now; empty: it cannot be read. */
  hashNow: z.string().max(64),
  /** Box's own clock. */
  armedAtMs: z.number().nullable(),
  /** Seconds until it goes back by itself; null: it is not armed. */
  leftS: z.number().nullable(),
  /** Armed, and nobody there will take it back any more. */
  overdue: z.boolean(),
  wentBack: WentBack.nullable(),
  commands: z.array(ObservedCommand).max(50).default([]),
  leftFolders: LeftFolders,
})
export type ObservedChange = z.infer<typeof ObservedChange>

export const ObservedChanges = z.array(ObservedChange).max(100)
export type ObservedChanges = z.infer<typeof ObservedChanges>
