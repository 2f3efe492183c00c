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
