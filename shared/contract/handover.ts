import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { BoxId, PatchId } from './ids.ts'
import { RolloutPreview } from './rollout.ts'

/** A file of the folder, by its path there, with `/`. */
export const HandOverFile = z.object({ path: z.string().min(1).max(200), base64: z.string().max(8_000_000) })
export type HandOverFile = z.infer<typeof HandOverFile>

/** A patch as an Ansible playbook with all that it needs. */
export const AnsibleExport = z.object({
  patch: RolloutPreview.shape.patch,
  /** Of the preview whose plans these are. */
  hash: z.string(),
  /** In the order in which they would go. */
  hosts: z.array(
    z.object({
      /** How the inventory of the playbook calls it. */
      alias: z.string(),
      boxName: z.string(),
      /** `lab`, `canary`, `wave_1` … */
      group: z.string(),
    }),
  ),
  leftOut: z.array(z.object({ name: z.string(), why: z.string() })),
  sentence: z.string(),
  files: z.array(HandOverFile),
})
export type AnsibleExport = z.infer<typeof AnsibleExport>

/** Patches for an engine other than this console. Nothing is asked of a machine, and nothing changed. */
export const handover = {
  /**
   * With the plans of the preview as it is now; secrets are in none of the files. `invalid-input` while a choice is left
   * or nobody would go, `not-found`.
   */
  ansible: oc
    .errors(faults)
    .input(z.object({ patchId: PatchId, boxIds: z.array(BoxId).min(1).max(1000).optional() }))
    .output(AnsibleExport),
}
