import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { CarriedFile } from './carried-file.ts'
import { CarriedCommand, MovedFolder } from './carried-steps.ts'
import { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { AgentId, ApplyId, AtMs, BoxId } from './ids.ts'
import { FixScope, RuleFix } from './rule-fix.ts'

/** One setting that a change makes: what stands at the path afterwards, or nothing. */
export const SettingChange = z.union([
  z.strictObject({ path: z.array(z.string().min(1).max(200)).min(1).max(32), set: z.json() }),
  z.strictObject({ path: z.array(z.string().min(1).max(200)).min(1).max(32), remove: z.literal(true) }),
])
export type SettingChange = z.infer<typeof SettingChange>

/** The runtime itself becomes another version, from the one that was found. */
export const RuntimeStep = z.object({ from: z.string().max(60), to: z.string().max(60) })
export type RuntimeStep = z.infer<typeof RuntimeStep>

/**
 * How far a change got; `download` is of an update or a folder alone, the two `run` of commands. From `arm` on the machine takes it back
 * by itself unless it is committed.
 */
export const ApplyStep = z.enum([
  'connect',
  'download',
  'stage',
  'arm',
  'run-before',
  'activate',
  'run-after',
  'verify',
  'commit',
  'revert',
])
export type ApplyStep = z.infer<typeof ApplyStep>

/**
 * `failed`: nothing was changed. `reverted`: the old config is back. `inconclusive`: the machine could not be asked how it
 * stands; it is asked again at the next connection, and goes back by itself meanwhile.
 */
export const ApplyOutcome = z.enum(['changed', 'unchanged', 'failed', 'reverted', 'inconclusive'])
export type ApplyOutcome = z.infer<typeof ApplyOutcome>

/** One change of one agent, from its row in the store. */
export const ApplyJob = z.object({
  applyId: ApplyId,
  boxId: BoxId,
  boxName: z.string(),
  agentId: AgentId,
  /** `channel-on`: a stopped channel was turned on again. */
  kind: z.enum(['change', 'channel-on']),
  /** `interrupted`: found running at start; how the machine stands is asked, nothing is resumed. */
  state: z.enum(['running', 'ended', 'interrupted']),
  step: ApplyStep,
  outcome: ApplyOutcome.nullable(),
  /** How it ended, in whole sentences; empty while it runs. */
  words: z.string(),
  nextStep: z.string(),
  fault: Fault.nullable(),
  /** What would take it back after a restart of the machine; null: not armed yet; empty: only this console. */
  bootJob: z.string().nullable(),
  changes: z.array(SettingChange),
  files: z.array(CarriedFile).default([]),
  /** Null: the runtime stays as it is. */
  update: RuntimeStep.nullable().default(null),
  /** In their order. */
  commands: z.array(CarriedCommand).max(50).default([]),
  folders: z.array(MovedFolder).max(50).default([]),
  hashBefore: z.string(),
  hashAfter: z.string(),
  begunAtMs: AtMs,
  endedAtMs: AtMs.nullable(),
})
export type ApplyJob = z.infer<typeof ApplyJob>

/** Whether a machine has shown that a change goes back by itself when the connection is cut. Without it nothing is changed there. */
export const WayBack = z.object({
  boxId: BoxId,
  proven: z.boolean(),
  /** When it was last tried; null: never. */
  triedAtMs: AtMs.nullable(),
  words: z.string(),
})
export type WayBack = z.infer<typeof WayBack>

/** How stopping a channel of one agent ended. */
export const ChannelStop = z.object({
  boxId: BoxId,
  boxName: z.string(),
  agentId: AgentId,
  channel: z.string(),
  account: z.string().nullable(),
  /** It was seen off. False: NOT STOPPED, or nobody knows. */
  stopped: z.boolean(),
  /** Its config says off, so it stays off when the agent starts again. */
  staysOff: z.boolean(),
  /** The whole agent was ended for it. */
  agentEnded: z.boolean(),
  words: z.string(),
  nextStep: z.string(),
  fault: Fault.nullable(),
  atMs: AtMs,
  tookMs: z.number(),
})
export type ChannelStop = z.infer<typeof ChannelStop>

const oneAgent = { boxId: BoxId, agentId: AgentId }
const channelName = z.string().trim().min(1).max(60)
const account = z.string().trim().min(1).max(100).nullable()

export const apply = {
  /**
   * Makes exactly the change that was previewed, after the operator has confirmed it in a dialog of the system. `hash` is
   * that of the plan; one that does not fit is refused with `plan-stale`, and so is a config that changed meanwhile.
   */
  start: oc
    .errors(faults)
    .input(
      z.object({
        ...oneAgent,
        /** Settings and files together: at least one. */
        changes: z.array(SettingChange).max(500),
        files: z.array(CarriedFile).max(100).default([]),
        baseSha256: z.string().regex(/^[0-9a-f]{64}$/),
        hash: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .output(ApplyJob),
  /** What would mend broken locks of an agent. Nothing is asked of its machine and nothing is changed. */
  previewFix: oc.errors(faults).input(FixScope).output(RuleFix),
  /**
   * Makes exactly the fix that was previewed. The engine works it out again and sends nothing else, and it only narrows,
   * so nobody is asked; another `hash` is refused with `plan-stale`.
   */
  fix: oc
    .errors(faults)
    .input(FixScope.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/) }))
    .output(ApplyJob),
  get: oc
    .errors(faults)
    .input(z.object({ applyId: ApplyId }))
    .output(ApplyJob),
  /** Current state first, then each change; ends with it. Leaving it cancels nothing. */
  watch: oc
    .errors(faults)
    .input(z.object({ applyId: ApplyId }))
    .output(eventIterator(ApplyJob)),
  /** Newest first. */
  recent: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId.optional(), limit: z.number().int().min(1).max(200).default(50) }))
    .output(z.array(ApplyJob)),
  /** Asks a machine how its unfinished changes stand; what is overdue there goes back first. Answers with those changes. */
  ask: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(z.array(ApplyJob)),
  wayBack: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(WayBack),
  /** Runs the drill: a file of its own is changed there, the connection cut, and it has to be back. */
  drill: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(WayBack),
}

export const channel = {
  /**
   * Turns a channel off, at once and without a question: on one machine, or with `boxId` null everywhere. Answers for each
   * agent that has it, at most 30 s later.
   */
  stop: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId.nullable(), channel: channelName, account: account.default(null) }))
    .output(z.array(ChannelStop)),
  /** The newest stop of each channel that was not turned on again since. */
  stopped: oc.errors(faults).output(z.array(ChannelStop)),
  /** Who would be answered if it were on again. Nothing is changed. */
  startPreview: oc
    .errors(faults)
    .input(z.object({ ...oneAgent, channel: channelName }))
    .output(
      z.object({
        changes: z.array(SettingChange),
        baseSha256: z.string(),
        hash: z.string(),
        /** One sentence an account. */
        answers: z.array(z.string()),
        /** Locks that this would break, each with its place; empty: it may be turned on. */
        refusals: z.array(z.string()),
      }),
    ),
  /**
   * Turns it on as it was before it was stopped, after the operator has confirmed whom it then answers. What fixed rules
   * refuse is refused with `rule-broken`.
   */
  start: oc
    .errors(faults)
    .input(z.object({ ...oneAgent, channel: channelName, hash: z.string().regex(/^[0-9a-f]{64}$/) }))
    .output(ApplyJob),
}
