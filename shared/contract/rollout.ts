import { oc } from '@orpc/contract'
import * as z from 'zod'
import { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { GuardSaid, RolloutGuard } from './guard.ts'
import { AgentId, AtMs, BoxId, PatchId } from './ids.ts'
import { BoxFields, Undone } from './inventory.ts'
import { PatchClass } from './patch.ts'
import { AgentPlan, PlanGroup } from './plan.ts'
import { RolloutWave } from './rollout-run.ts'

/**
 * What can be done about an answer that is not yes. `update-first` and `exclude` leave the agent out; `guarded`: the patch
 * itself minds that it may be missing; `accept`: it goes there although nobody can tell, or although it says so.
 */
export const PreflightExit = z.enum(['update-first', 'exclude', 'guarded', 'accept'])
export type PreflightExit = z.infer<typeof PreflightExit>

/** What a question is about, in the order in which they are asked. */
export const PreflightAbout = z.enum([
  'manifest',
  'needs',
  'two-weeks',
  'rules',
  'version',
  'machine',
  'backup',
  'client',
])
export type PreflightAbout = z.infer<typeof PreflightAbout>

export const PreflightChoice = z.object({
  exit: PreflightExit,
  because: z.string(),
  atMs: AtMs,
  by: z.enum(['operator', 'cli']),
})
export type PreflightChoice = z.infer<typeof PreflightChoice>

/** An answer that is not yes, with the agents it is the same for. Nothing goes anywhere while one has no choice. */
export const PreflightQuestion = z.object({
  /** Names it in a choice: `needs/module sheets`. */
  key: z.string(),
  about: PreflightAbout,
  state: z.enum(['blocked', 'cant-tell']),
  words: z.string(),
  /** What says so. */
  evidence: z.string(),
  /** Empty: it is about the patch itself, and only another revision of it answers. */
  agents: z.array(z.object({ agentId: AgentId, name: z.string(), choice: PreflightChoice.nullable() })),
  exits: z.array(PreflightExit),
})
export type PreflightQuestion = z.infer<typeof PreflightQuestion>

export const PreflightAnswer = z.object({
  about: z.union([PreflightAbout, z.literal('oldest')]),
  state: z.enum(['ok', 'blocked', 'cant-tell']),
  words: z.string(),
})
export type PreflightAnswer = z.infer<typeof PreflightAnswer>

export const RolloutTarget = z.object({
  agentId: AgentId,
  boxId: BoxId,
  /** "peak-mini", or "peak-mini/second". */
  name: z.string(),
  clientName: z.string().nullable(),
  ring: BoxFields.shape.ring,
  /** Of the runtime; empty: not known. */
  version: z.string(),
  /** Fourteen days ago; null: nobody had read it then. */
  versionBefore: z.string().nullable(),
  plan: AgentPlan.pick({ state: true, why: true, hash: true, baseSha256: true, foundAtMs: true, changes: true }),
  /** Of the changes, those that the patch does not make: values that drifted and go back with it. */
  drifted: z.number().int(),
  goes: z.boolean(),
  /** Why it does not go; empty: it does, or a choice is left. */
  why: z.string(),
})
export type RolloutTarget = z.infer<typeof RolloutTarget>

/** A patch against the fleet as it was read last. Nothing is asked of a machine and nothing changed. */
export const RolloutPreview = z.object({
  patch: z.object({
    patchId: PatchId,
    name: z.string(),
    revision: z.number().int(),
    hash: z.string(),
    class: PatchClass,
    partWords: z.array(z.string()),
  }),
  takenAtMs: AtMs,
  /** The lab first, then the canaries, then the rest: in the order in which they would go. */
  targets: z.array(RolloutTarget),
  /** Of those that go and whose settings change, the largest group first. */
  groups: z.array(PlanGroup),
  /** How those that go would go, one wave after another. */
  waves: z.array(RolloutWave),
  answers: z.array(PreflightAnswer),
  questions: z.array(PreflightQuestion),
  choicesLeft: z.number().int(),
  /** Of a change of behaviour; null: the patch is none. Not part of `hash`. */
  guard: RolloutGuard.nullable(),
  /** "Changes 3 settings on 9 agents of 8 clients; 1 left out; 2 with nothing to do." */
  sentence: z.string(),
  /** Of the patch, the targets with their plans, and the choices: what a start needs. Empty while a choice is left. */
  hash: z.string(),
})
export type RolloutPreview = z.infer<typeof RolloutPreview>

const asked = { patchId: PatchId, boxIds: z.array(BoxId).min(1).max(1000).optional() }

export const rollout = {
  /** `boxIds`: those machines alone; absent: every one that the patch is for. */
  preview: oc.errors(faults).input(z.object(asked)).output(RolloutPreview),
  /**
   * Asks the machines for the commands, modules and files that the patch needs, and keeps what they answer. Nothing of
   * them is run, and nothing changed.
   */
  look: oc
    .errors(faults)
    .input(z.object(asked))
    .output(
      z.object({
        preview: RolloutPreview,
        /** Machines that did not answer; what is known of them is as old as it was. */
        notReached: z.array(z.object({ boxName: z.string(), fault: Fault })),
      }),
    ),
  /** Records what is to be done about a question, for these agents of it or for all. `invalid-input` for an exit it has not. */
  choose: oc
    .errors(faults)
    .input(
      z.object({
        ...asked,
        key: z.string().min(1).max(300),
        agentIds: z.array(AgentId).min(1).max(1000).optional(),
        exit: PreflightExit,
        because: z.string().trim().min(1).max(300),
      }),
    )
    .output(Undone.extend({ preview: RolloutPreview })),
  /**
   * Records who asked for a change of behaviour, or why it goes although nobody did; then its cool-off begins. Each revision
   * of the patch, and a client whom it did not reach then, is asked about anew. `invalid-input` for another class, and
   * while something of the patch itself is open.
   */
  justify: oc
    .errors(faults)
    .input(z.object({ ...asked, said: GuardSaid }))
    .output(Undone.extend({ preview: RolloutPreview })),
}
