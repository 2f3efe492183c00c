import * as z from 'zod'
import { WorkspacePath } from '../sections.ts'

/** What a file of a patch is to be on its machine, as its patch says it. */
export const FileMode = z.enum(['0600', '0644', '0700', '0755'])
/** What going back does with a file of a patch: `restore` what stood there before (or nothing), or `keep` it. */
export const FileBack = z.enum(['restore', 'keep'])

/** A file that a change carries into the agent's workspace; its content is in the console's store. */
export const CarriedFile = z.object({
  path: WorkspacePath,
  /** Null: nothing is to stand there. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  executable: z.boolean(),
  /** Of a patch: exactly this. Absent: as the old file has it, and whether it is `executable`. */
  mode: FileMode.optional(),
  /** Absent: `restore`. */
  back: FileBack.optional(),
})
export type CarriedFile = z.infer<typeof CarriedFile>
