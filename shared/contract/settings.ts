import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId } from './ids.ts'

const Scalar = z.union([z.string(), z.number(), z.boolean()])

/** A version of a runtime whose settings are known, because one machine's own copy of it was asked. */
export const KnownSchema = z.object({
  version: z.string(),
  takenAtMs: AtMs,
  /** The machine that was asked; it may be gone by now. */
  boxId: BoxId,
  settings: z.number().int(),
})
export type KnownSchema = z.infer<typeof KnownSchema>

/** One setting of a runtime as its newest known version describes it. */
export const RuntimeSetting = z.object({
  /** Dotted; `*` stands for any name, `\.` for a dot inside a name. */
  path: z.string(),
  /** Empty: any. */
  types: z.array(z.enum(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])),
  /** The only values it may have; empty: any of its types. */
  values: z.array(Scalar),
  title: z.string(),
  description: z.string(),
  /** What it is when nothing is set; null: not said. */
  usual: Scalar.nullable(),
  /** One that an operator is likely to mean, as against one for special cases. */
  common: z.boolean(),
  /** The known versions that have it, newest first. */
  versions: z.array(z.string()),
})
export type RuntimeSetting = z.infer<typeof RuntimeSetting>

/** What a version says of one path and value. */
export const SettingVerdict = z.object({
  path: z.string(),
  version: z.string(),
  problem: z.enum(['unknown', 'type', 'value']),
  words: z.string(),
  allowed: z.array(Scalar),
})
export type SettingVerdict = z.infer<typeof SettingVerdict>

export const settings = {
  /** Newest version first. */
  known: oc.errors(faults).output(z.array(KnownSchema)),
  /** Asks one machine's own runtime which settings it knows, and keeps that for every machine of that version; or says why it gave no answer. */
  learn: oc
    .errors(faults)
    .input(z.object({ agentId: AgentId }))
    .output(z.object({ known: KnownSchema.nullable(), why: z.string() })),
  /**
   * Settings by words, best first; of these versions, or of all that are known. With an empty `words`, those inside
   * `below`.
   */
  search: oc
    .errors(faults)
    .input(
      z.object({
        words: z.string().max(200),
        below: z.string().max(1000).optional(),
        versions: z.array(z.string().max(60)).max(50).optional(),
        limit: z.number().int().min(1).max(200),
      }),
    )
    .output(z.object({ settings: z.array(RuntimeSetting), total: z.number().int() })),
  /** Whether these versions take these values; the versions that nobody was asked about are named. Null: taken away. */
  check: oc
    .errors(faults)
    .input(
      z.object({
        paths: z.array(z.object({ path: z.string().max(1000), value: z.json() })).max(500),
        versions: z.array(z.string().max(60)).max(50),
      }),
    )
    .output(z.object({ verdicts: z.array(SettingVerdict), unasked: z.array(z.string()) })),
}
