import { oc } from '@orpc/contract'
import * as z from 'zod'
import { Verdict } from './facts.ts'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId, ClientId } from './ids.ts'
import { ChannelKind } from './inventory.ts'

/** Rules that speak of one way in; the others are about the whole agent. */
export const doorRules = [
  'own-people',
  'no-wildcard',
  'no-references',
  'no-pairing',
  'no-groups',
  'no-config-by-chat',
  'no-reopening',
  'public-safeguards',
  'owners-tools',
] as const

/** At most 25, and nobody can switch one off. *Locks* first: whom an agent answers and what it may do. Then *duties*. */
export const RuleId = z.enum([
  ...doorRules,
  'closed-gateway',
  'no-plain-secrets',
  'money-asks',
  'backup-fresh',
  'retention',
  'disk-encrypted',
  'message-audit',
  'log-kept',
  'no-auto-update',
  'human-fallback',
])
export type RuleId = z.infer<typeof RuleId>

export const Rule = z.object({
  ruleId: RuleId,
  /** A few words, as in a list of rules: "groups off". */
  name: z.string(),
  /** A *lock* refuses what breaks it. A *duty* raises a finding and refuses nothing. */
  strength: z.enum(['lock', 'duty']),
  sentence: z.string(),
  /** What happened where it did not hold. */
  incident: z.string(),
  fix: z.string(),
  /** The oldest version of the runtime that can keep it; empty: any. */
  sinceVersion: z.string(),
  /** Why it is believed that the rule stops the incident: what was tried. */
  proof: z.string(),
})
export type Rule = z.infer<typeof Rule>

/** One thing that breaks a rule, named so that two looks at one agent can be compared. */
export const Breach = z.object({
  /** A channel account such as `telegram/default`, or a path of the config. */
  place: z.string(),
  /** What lies open there, such as `everyone`, `pairing`, `person +15550001`. */
  what: z.string(),
})
export type Breach = z.infer<typeof Breach>

export const RuleVerdict = z.object({
  ruleId: RuleId,
  /** `unknown` is never green. */
  state: z.enum(['holds', 'broken', 'unknown']),
  /** The places of the breaches, each once. Of an unknown one: what could not be judged. */
  where: z.array(z.string()),
  breaches: z.array(Breach),
  /** What could not be judged, beside breaches too. */
  unknown: z.array(z.string()),
  words: z.string(),
})
export type RuleVerdict = z.infer<typeof RuleVerdict>

/** Why something cannot be saved or sent. */
export const RuleProblem = z.object({
  ruleId: RuleId,
  /** A section's or a setting's path, or the machine and its channel account. */
  place: z.string(),
  /** Subject first: what is not allowed there. */
  sentence: z.string(),
})
export type RuleProblem = z.infer<typeof RuleProblem>

/** Somebody who is let in by a channel account. */
export const AccessPerson = z.object({
  handle: z.string(),
  /** As the inventory calls them; empty: it does not know the handle. */
  name: z.string(),
  role: z.string(),
  /** By a real exchange, in the operator's words. Null: not one of the client's own. */
  trust: z.enum(['typed', 'proved']).nullable(),
  /** None of those who may be answered there. Null: nobody knows who may. */
  stranger: z.boolean().nullable(),
})
export type AccessPerson = z.infer<typeof AccessPerson>

/** Somebody who was answered and may not be. Who it is stays on the machine. */
export const Stranger = z.object({
  /** A keyed fingerprint: the same person has the same. */
  mark: z.string(),
  /** The last three characters of the handle. */
  ending: z.string(),
  /** Empty: the machine does not say which account it was. */
  channel: z.string(),
  account: z.string(),
  how: z.enum(['answered', 'pairing-code']),
  times: z.number().int(),
  firstAtMs: AtMs,
  lastAtMs: AtMs,
  /** When the operator said that they were looked after; null: not yet. */
  lookedAfterAtMs: AtMs.nullable(),
})
export type Stranger = z.infer<typeof Stranger>

/** The same with the handle, read from the machine for the operator's eyes alone. */
export const HeardPerson = Stranger.omit({ lookedAfterAtMs: true }).extend({ handle: z.string() })
export type HeardPerson = z.infer<typeof HeardPerson>

/** One door: a channel account of an agent, and who can make it speak (ui.md §9.4). */
export const AccessRow = z.object({
  boxId: BoxId,
  boxName: z.string(),
  agentId: AgentId,
  profile: z.string(),
  clientId: ClientId.nullable(),
  clientName: z.string(),
  niche: z.string(),
  /** The runtime's own names. */
  channel: z.string(),
  account: z.string(),
  /** `Not seen`: not read, or older than two sweeps. `Waiting`: nobody could judge what was read. */
  state: z.enum(['Unsafe', 'Not seen', 'Waiting', 'OK']),
  /** Sorts worst first: 0 is worst. */
  rank: z.number().int(),
  /** "Dana Bright only", "3 people", "everyone who writes". */
  answers: z.string(),
  answersVerdict: Verdict,
  enabled: z.boolean(),
  /** Null: nobody said yet; it is judged as the client's own. */
  kind: ChannelKind.nullable(),
  /** Strangers answered in the last 7 days; null: the machine cannot tell. */
  strangers: z.number().int().nullable(),
  /** "only those", "1 stranger answered", "can’t tell". */
  lastDays: z.string(),
  readAtMs: AtMs,
  stale: z.boolean(),
})
export type AccessRow = z.infer<typeof AccessRow>

export const AccessPage = z.object({
  rows: z.array(AccessRow),
  doors: z.number().int(),
  open: z.number().int(),
  notSeen: z.number().int(),
  /** Machines with an agent of which no door was ever read. */
  neverRead: z.array(z.object({ boxId: BoxId, boxName: z.string() })),
})
export type AccessPage = z.infer<typeof AccessPage>

/** Everything the pane of one door shows. */
export const AccessDoor = z.object({
  row: AccessRow,
  people: z.array(AccessPerson),
  /** More than are listed. */
  morePeople: z.number().int(),
  direct: z.enum(['nobody', 'listed', 'everyone', 'pairing-code', 'unknown']),
  groups: z.enum(['nobody', 'listed', 'everyone', 'unknown']),
  chatMayChangeConfig: z.boolean().nullable(),
  /** Where each line comes from: config, account override, pairing store, default of that version. */
  because: z.array(z.string()),
  /** The rules that apply to it, broken ones first. */
  rules: z.array(z.object({ rule: Rule, verdict: RuleVerdict })),
  strangers: z.array(Stranger),
  /** What the machine cannot tell about who was answered; empty: nothing. */
  cannotTell: z.string(),
})
export type AccessDoor = z.infer<typeof AccessDoor>

/** The rules over one agent as it was read last. */
export const RuleCheck = z.object({
  boxId: BoxId,
  boxName: z.string(),
  agentId: AgentId,
  profile: z.string(),
  clientName: z.string(),
  takenAtMs: AtMs,
  stale: z.boolean(),
  verdicts: z.array(RuleVerdict),
})
export type RuleCheck = z.infer<typeof RuleCheck>

/** No machine may run an older version than this. */
export const VersionFloor = z.object({
  version: z
    .string()
    .trim()
    .regex(/^\d{4}\.\d{1,2}\.\d{1,3}$/, 'A version as 2026.9.6.'),
  reason: z.string().trim().min(1).max(300),
  /** Where it can be read up; empty: nowhere. */
  link: z
    .string()
    .trim()
    .max(500)
    .regex(/^(https:\/\/\S+)?$/, 'An address that begins with https://.'),
  setAtMs: AtMs,
})
export type VersionFloor = z.infer<typeof VersionFloor>

const Reason = z.string().trim().min(1).max(200)
const Floors = z.array(VersionFloor)

/** Who can make each agent speak. */
export const access = {
  list: oc.errors(faults).output(AccessPage),
  door: oc
    .errors(faults)
    .input(z.object({ agentId: AgentId, channel: z.string().max(60), account: z.string().max(100) }))
    .output(AccessDoor),
  /** Reads the handles of the people who were answered from the machine, now; kept nowhere, the reason in the diary. */
  showPeople: oc
    .errors(faults)
    .input(z.object({ agentId: AgentId, reason: Reason }))
    .output(z.array(HeardPerson)),
  /** The people who were answered were looked after: their finding closes until somebody else is. */
  lookedAfter: oc
    .errors(faults)
    .input(z.object({ agentId: AgentId, reason: Reason }))
    .output(z.object({ sentence: z.string() })),
}

export const rules = {
  catalogue: oc.errors(faults).output(z.array(Rule)),
  /** The rules over every agent that was read, or over those of one machine, by what the inventory says now. */
  check: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId.optional() }))
    .output(z.array(RuleCheck)),
  floors: oc.errors(faults).output(Floors),
  setFloor: oc
    .errors(faults)
    .input(VersionFloor.omit({ setAtMs: true }))
    .output(Floors),
  removeFloor: oc
    .errors(faults)
    .input(VersionFloor.pick({ version: true }))
    .output(Floors),
}
