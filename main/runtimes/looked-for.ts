import * as z from 'zod'
import { orUnread } from './observed.ts'

/** What the console asks a box for by name. Nothing of it is run or imported. */
export interface LookRequest {
  /** Of the agent, as the box itself named it. */
  readonly stateDir: string
  readonly entries: readonly string[]
  readonly commands: readonly string[]
  /** `folder`: of the file that imports it, from the workspace; empty: the workspace. */
  readonly modules: readonly { readonly name: string; readonly folder: string; readonly exports: readonly string[] }[]
  /** From the workspace. */
  readonly files: readonly string[]
}

const Found = z.object({
  name: z.string().max(300),
  /** `beside`: it is there, and not where it would be looked for. */
  state: z.enum(['there', 'missing', 'beside']),
  /** Where it lies; empty: nowhere. */
  where: z.string().max(500),
})

export const LookAnswer = orUnread(
  z.object({
    version: z.string().max(60),
    commands: z.array(Found).max(500),
    /** `unseen`: names that were not found among what its file says that it exports. */
    modules: z.array(Found.extend({ unseen: z.array(z.string().max(200)).max(200) })).max(500),
    files: z.array(Found).max(500),
  }),
)
export type LookAnswer = z.infer<typeof LookAnswer>
