import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { ApplyOutcome, ApplyStep } from './apply.ts'
import { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { RunGuard, RunWatch } from './guard.ts'
import { AgentId, ApplyId, AtMs, BoxId, PatchId, RolloutId } from './ids.ts'
import { BoxFields } from './inventory.ts'
import { PatchClass } from './patch.ts'
import { PlanGroup } from './plan.ts'

/** How a run goes. `after-hours`: each machine once its client's business hours are over; a lab box has none. */
export const RunOptions = z.object({ when: z.enum(['now', 'after-hours']).default('now') })
export type RunOptions = z.infer<typeof RunOptions>

/** A wave as it would go, or goes: the lab and the canaries one agent at a time, the rest several machines at once. */
export const RolloutWave = z.object({
  /** From 1. */
  number: z.number().int(),
  kind: z.enum(['lab', 'canary', 'rest']),
  agentIds: z.array(AgentId),
  /** How many machines at once. */
  atOnce: z.number().int(),
  /** How long the changed ones are left at work before they are looked at again. */
  soakS: z.number().int(),
})
export type RolloutWave = z.infer<typeof RolloutWave>

/** What became of an agent in a run; `waits-for-return`: its machine did not answer, and a person sends it when it is back. */
export const RunOutcome = z.enum([...ApplyOutcome.options, 'left-out', 'not-attempted', 'waits-for-return'])
export type RunOutcome = z.infer<typeof RunOutcome>

export const RolloutLane = z.object({
  agentId: AgentId,
  boxId: BoxId,
  name: z.string(),
  clientName: z.string().nullable(),
  ring: BoxFields.shape.ring,
  /** Number of its wave; 0: left out before the start. */
  wave: z.number().int(),
  /** `soaking`: changed, and left at work; `checking`: looked at again after it. */
  state: z.enum(['waiting', 'running', 'soaking', 'checking', 'ended']),
  /** Of its change, while one runs or ran. */
  step: ApplyStep.nullable(),
  applyId: ApplyId.nullable(),
  outcome: RunOutcome.nullable(),
  /** Whole sentences: what it waits for, or how it ended. */
  words: z.string(),
  nextStep: z.string(),
  fault: Fault.nullable(),
  /** Of the look after the soak: each thing that was seen, "Ready: yes, 2 min ago". */
  seen: z.array(z.string()),
  beginsAtMs: AtMs.nullable(),
  begunAtMs: AtMs.nullable(),
  endedAtMs: AtMs.nullable(),
  /** It goes back by itself then unless it is confirmed; null: not armed. */
  goesBackAtMs: AtMs.nullable(),
})
export type RolloutLane = z.infer<typeof RolloutLane>

export const RunWave = RolloutWave.extend({
  state: z.enum(['waiting', 'running', 'soaking', 'passed', 'failed', 'inconclusive', 'stopped']),
  /** Its verdict in a sentence; empty: none yet. */
  words: z.string(),
  soakUntilMs: AtMs.nullable(),
})
export type RunWave = z.infer<typeof RunWave>

/** What a run waits for a person about. */
export const RunQuestion = z.object({
  kind: z.enum(['failed', 'inconclusive', 'interrupted']),
  /** "Interrupted at 5 of 12." */
  words: z.string(),
  /** What says so, a sentence each: those that disagree, or how each machine stands. */
  evidence: z.array(z.string()),
  agentIds: z.array(AgentId),
})
export type RunQuestion = z.infer<typeof RunQuestion>

/** A patch on its way to a frozen list of agents, or how that ended: from its rows, as every later reader sees it. */
export const RolloutRun = z.object({
  rolloutId: RolloutId,
  /** A run that takes another back names it. */
  revertOf: RolloutId.nullable(),
  patch: z.object({
    patchId: PatchId,
    name: z.string(),
    revision: z.number().int(),
    hash: z.string(),
    class: PatchClass,
    why: z.string(),
    partWords: z.array(z.string()),
  }),
  /** Of the preview it was started with. */
  hash: z.string(),
  sentence: z.string(),
  groups: z.array(PlanGroup),
  by: z.enum(['operator', 'cli']),
  options: RunOptions,
  state: z.enum(['running', 'pausing', 'paused', 'interrupted', 'stopping', 'ended']),
  /** How it stands or ended, in a sentence: "Changed 9 of 10; 1 waits until it is back." */
  words: z.string(),
  question: RunQuestion.nullable(),
  waves: z.array(RunWave),
  lanes: z.array(RolloutLane),
  /** Lanes that ended, of those that were to go. */
  done: z.number().int(),
  total: z.number().int(),
  /** The patch's settings in their layers: kept when the canaries passed, put back with a revert of all. */
  layers: z.enum(['not-saved', 'saved', 'put-back', 'none']),
  /** What was said before a change of behaviour; null: it is none. */
  guard: RunGuard.nullable(),
  /** What their exchanges were like after a change of behaviour; null: it is none, or nobody was changed yet. */
  watch: RunWatch.nullable(),
  startedAtMs: AtMs,
  endedAtMs: AtMs.nullable(),
})
export type RolloutRun = z.infer<typeof RolloutRun>

/** A line of the list of runs. */
export const RunSummary = RolloutRun.pick({
  rolloutId: true,
  revertOf: true,
  by: true,
  state: true,
  words: true,
  done: true,
  total: true,
  startedAtMs: true,
  endedAtMs: true,
  watch: true,
}).extend({ patchId: PatchId, patchName: z.string(), class: PatchClass, asks: z.boolean() })
export type RunSummary = z.infer<typeof RunSummary>

const one = z.object({ rolloutId: RolloutId })
const withHash = one.extend({ agentIds: z.array(AgentId).min(1).max(1000).optional() })

export const rolloutRun = {
  /**
   * Begins exactly what was previewed, after the operator confirmed it in a dialog of the system. A `hash` that is not that
   * of the preview as it would be now is refused with `plan-stale`; one run at a time, else `in-use`; a change of
   * behaviour that its guard holds back with `guarded`.
   */
  start: oc
    .errors(faults)
    .input(
      z.object({
        patchId: PatchId,
        boxIds: z.array(BoxId).min(1).max(1000).optional(),
        hash: z.string().regex(/^[0-9a-f]{64}$/),
        options: RunOptions.default({ when: 'now' }),
      }),
    )
    .output(RolloutRun),
  get: oc.errors(faults).input(one).output(RolloutRun),
  /** Newest first. */
  list: oc
    .errors(faults)
    .input(z.object({ patchId: PatchId.optional(), limit: z.number().int().min(1).max(200).default(50) }))
    .output(z.array(RunSummary)),
  /** Current state first, then each change; ends with the run. Leaving it cancels nothing. */
  watch: oc.errors(faults).input(one).output(eventIterator(RolloutRun)),
  /** Begins no further agent; those under way end. */
  pause: oc.errors(faults).input(one).output(RolloutRun),
  /**
   * Goes on. After a verdict that can't tell or a failure this takes it as good enough, and after an interruption it is
   * confirmed in a dialog of the system. `look-again`: the machines asked about are looked at once more.
   */
  continue: oc
    .errors(faults)
    .input(one.extend({ how: z.enum(['go-on', 'look-again']).default('go-on') }))
    .output(RolloutRun),
  /** Ends it: nothing further is begun, those under way end, and each lane says how its machine stands. */
  stop: oc.errors(faults).input(one).output(RolloutRun),
  /** Failed, not attempted, inconclusive and those that waited for their return, in the same record, previewed afresh. */
  retry: oc.errors(faults).input(withHash).output(RolloutRun),
  /** Puts back what it changed, on these agents or on all and then in the layers too. Confirmed in a dialog of the system. */
  revert: oc.errors(faults).input(withHash).output(RolloutRun),
  /** Who, what, why, differences, outcomes and times, as Markdown. */
  report: oc
    .errors(faults)
    .input(one)
    .output(z.object({ markdown: z.string() })),
}
