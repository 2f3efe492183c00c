import { oc } from '@orpc/contract'
import * as z from 'zod'
import { CarriedFile } from './carried-file.ts'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId } from './ids.ts'
import { Undone } from './inventory.ts'
import { ActiveExcept, LayerContent, LayerProblem, LayerRef, ValuePath } from './overlay.ts'

/** One setting of an agent that differs from what its layers declare. Secrets are never in it, only that one stands there. */
export const PlanChange = z.object({
  /** Of the runtime's own settings: `gateway.bind`. */
  path: z.string(),
  kind: z.enum(['add', 'change', 'remove']),
  /** As it was found; null: nothing stands there. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** What of the layers says so: `sections.logging.level`, `raw.openclaw.gateway.bind`. */
  declared: z.string(),
  /** The layer that says it; null where several come together. */
  from: LayerRef.nullable(),
  /** How that layer is called; empty: none alone. */
  fromLabel: z.string(),
  /** The newest change of it on the machine that this console did not do; null: none was seen. */
  changedBy: z.object({ who: z.string(), atMs: AtMs, sentence: z.string() }).nullable(),
})
export type PlanChange = z.infer<typeof PlanChange>

const path = z.array(z.string()).min(1)
/** The changes of a plan in the form in which they are sent. */
export const PlanOperation = z.union([
  z.strictObject({ path, set: z.json() }),
  z.strictObject({ path, remove: z.literal(true) }),
])
export type PlanOperation = z.infer<typeof PlanOperation>

/** The smallest change that makes one agent what its layers declare. */
export const AgentPlan = z.object({
  agentId: AgentId,
  boxId: BoxId,
  boxName: z.string(),
  profile: z.string(),
  /** "peak-mini", or "peak-mini/second". */
  name: z.string(),
  clientName: z.string().nullable(),
  /**
   * `unread`: nobody knows its settings, `why` says more. `refused`: fixed rules refuse what it would become, or a layer
   * cannot be read. `same`: there is nothing to change.
   */
  state: z.enum(['unread', 'refused', 'changes', 'same']),
  why: z.string(),
  /** Of the runtime; empty: not known. */
  version: z.string(),
  foundAtMs: AtMs.nullable(),
  /** Read longer ago than two sweeps: it may be otherwise by now, and is not counted as holding anything. */
  old: z.boolean(),
  /** SHA-256 of the config file that this starts from; empty: it was not read. */
  baseSha256: z.string(),
  /** What an apply needs; empty unless there are changes that nothing refuses. */
  hash: z.string(),
  changes: z.array(PlanChange),
  operations: z.array(PlanOperation),
  /** Files that the changes name too, in the form in which they are sent. */
  files: z.array(CarriedFile),
  /** What is declared and this version or machine cannot be given. */
  cannot: z.array(LayerProblem),
  refusals: z.array(LayerProblem),
  /** Settings that no layer declares, left alone: at most 200, by path. */
  local: z.array(z.object({ path: z.string(), value: z.string() })),
  moreLocal: z.number().int(),
  excepts: z.array(ActiveExcept.extend({ label: z.string() })),
  /** Its config is broken on disk while the agent still runs: it will not start again. */
  timeBomb: z.boolean(),
})
export type AgentPlan = z.infer<typeof AgentPlan>

/** Agents that need the very same changes. */
export const PlanGroup = z.object({
  agentIds: z.array(AgentId).min(1),
  changes: z.array(PlanChange.pick({ path: true, kind: true, before: true, after: true, declared: true })),
  /** Against the largest group: what it has besides, and the paths it has not. Empty for that one. */
  besides: z.array(z.string()),
  lacks: z.array(z.string()),
})
export type PlanGroup = z.infer<typeof PlanGroup>

export const Plan = z.object({
  agents: z.array(AgentPlan),
  /** Of those with changes, the largest group first. */
  groups: z.array(PlanGroup),
  /** "9 machines the same 3 changes, 2 differ, 1 nothing to do." */
  sentence: z.string(),
})
export type Plan = z.infer<typeof Plan>

/** How a setting that was found could be declared as it is. */
export const Adoption = z.object({
  /** Why it cannot be; empty: it can. */
  why: z.string(),
  /** What guided sections would say, by path; `value` null: nothing any more. Empty for a raw setting. */
  words: z.array(z.object({ path: z.string(), value: z.string().nullable() })),
  /** The one layer in which it can be; null: in any that counts there. */
  onlyIn: LayerRef.nullable(),
})
export type Adoption = z.infer<typeof Adoption>

/** A line of a text against another: `gap` names the place of what follows, as `@@ -3,4 +3,5 @@`. */
export const TextDiffLine = z.object({ kind: z.enum(['same', 'more', 'less', 'gap']), text: z.string() })
export type TextDiffLine = z.infer<typeof TextDiffLine>

/** A declared file against the one on the machine, as it was read for this. Both are redacted alike. */
export const FileDifference = z.object({
  agentId: AgentId,
  /** In the workspace. */
  path: z.string(),
  /** Null: the machine did not answer, and `words` say why. */
  readAtMs: AtMs.nullable(),
  /** What there is to say instead of a text, or beside one; empty: nothing. */
  words: z.string(),
  /** `less`: on the machine alone; `more`: declared alone. At most 400. */
  lines: z.array(TextDiffLine),
  moreLines: z.number().int(),
})
export type FileDifference = z.infer<typeof FileDifference>

const Because = z.string().trim().min(1).max(300)

export const plan = {
  /** From the settings as they were read last; nothing is asked of a machine and nothing is changed. */
  of: oc
    .errors(faults)
    .input(z.object({ boxIds: z.array(BoxId).max(1000).optional() }))
    .output(Plan),
  /** What every agent of a layer would become if it said this. Nothing is saved. */
  preview: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef, content: LayerContent }))
    .output(Plan.extend({ problems: z.array(LayerProblem) })),
  /**
   * Asks the machine what a file that the plan changes says now; nothing of it is kept. `not-found`: the plan changes no
   * such file.
   */
  fileDifference: oc
    .errors(faults)
    .input(z.object({ agentId: AgentId, path: z.string().min(1).max(300) }))
    .output(FileDifference),
  /** Nothing is saved. */
  adoption: oc
    .errors(faults)
    .input(z.object({ agentId: AgentId, path: ValuePath }))
    .output(Adoption),
  /**
   * Takes a found setting over into a layer of the agent: in the words of the section that decides it, else as a raw
   * setting. `invalid-input` says why it cannot be.
   */
  adopt: oc
    .errors(faults)
    .input(
      z.object({
        agentId: AgentId,
        path: ValuePath,
        layer: LayerRef,
        baseRevision: z.number().int().min(0),
        because: Because,
      }),
    )
    .output(Undone.extend({ revision: z.number().int() })),
}
