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
    /** In the order they were asked for. `exports`: whether each name is given; `version`: of its package, empty: none is said. */
    modules: z
      .array(
        Found.extend({
          version: z.string().max(60),
          exports: z
            .array(
              z.object({
                name: z.string().max(200),
                state: z.enum(['there', 'missing', 'cant-tell']),
                why: z.string().max(300),
              }),
            )
            .max(200),
        }),
      )
      .max(500),
    files: z.array(Found).max(500),
  }),
)
export type LookAnswer = z.infer<typeof LookAnswer>
