import * as z from 'zod'

/** A command that a change runs on its machine, as the login there, in its home folder. */
export const CarriedCommand = z.object({
  /** One line for `/bin/sh -c`, on Windows for `cmd.exe /d /s /c`. */
  run: z.string().min(1).max(4000),
  /** What takes it back, by the same shell; null: it cannot be undone. */
  undo: z.string().min(1).max(4000).nullable(),
  /** Seconds; as many again for what takes it back. */
  deadlineS: z.number().int().min(1).max(3600),
  /** Before all else of the change is put in place, or after it. */
  when: z.enum(['before', 'after']),
})
export type CarriedCommand = z.infer<typeof CarriedCommand>

/** A tracked folder that a change brings to a commit. */
export const CarriedFolder = z.object({
  /** As it is tracked. */
  name: z.string().min(1).max(60),
  /** On the machine: absolute, or from the login's home as `~/…`. */
  path: z.string().min(1).max(1000),
  /** A whole commit, or a tag as `refs/tags/v2`. */
  to: z.string().max(200),
  /** Commit at which it has to be now; null: at any. */
  at: z.string().max(64).nullable(),
  /** It stands on this branch afterwards, if that is at the same commit; empty: on none. */
  branch: z.string().max(300),
})
export type CarriedFolder = z.infer<typeof CarriedFolder>

/** The same with where its machine found it and what it became; null: it was not looked at yet, or is not moved. */
export const MovedFolder = CarriedFolder.extend({
  was: z.object({ commit: z.string().max(64), branch: z.string().max(300) }).nullable(),
  became: z.string().max(64).nullable(),
})
export type MovedFolder = z.infer<typeof MovedFolder>
