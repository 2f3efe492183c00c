import { oc } from '@orpc/contract'
import * as z from 'zod'
import { Fact, FactHistory, FactKey, Verdict } from './facts.ts'
import { faults } from './faults.ts'
import { Finding } from './findings.ts'
import { AgentId, AtMs, BoxId, ClientId } from './ids.ts'
import { Agent, Box, Client, Note } from './inventory.ts'
import { ReviewClient, ReviewItem, ReviewSession, ReviewSince } from './review.ts'
import { SweepSummary } from './sweep.ts'
import { TrustState } from './trust.ts'

/** State of a row: the words of ui.md §5. */
export const RowState = z.enum([
  'Unsafe',
  'Silent',
  'Failing',
  'Offline',
  'Behind',
  'Changed',
  'Not seen',
  /** Everything open was put off, or the client is away. */
  'Snoozed',
  'Paused',
  'Working',
  'OK',
  'Waiting',
])
export type RowState = z.infer<typeof RowState>

export const ReviewPage = z.object({
  demo: z.boolean(),
  machines: z.number().int(),
  answered: z.number().int(),
  notSeen: z.array(z.string()),
  lastSweep: SweepSummary.nullable(),
  oldestFactAtMs: AtMs.nullable(),
  /** Machines that should be on now or answered all the same, and those of them that answered. */
  expected: z.number().int(),
  expectedAnswered: z.number().int(),
  /** Since when no machine answers: this computer's own network or VPN is the likely cause, and no alarms were raised. */
  noNetworkSinceMs: AtMs.nullable(),
  items: z.array(ReviewItem),
  /** Clients without a trouble that are being built, just went live or are paused. */
  clients: z.array(ReviewClient),
  /** Clients (or boxes without one) with nothing to do. */
  nothingToDo: z.array(z.object({ name: z.string(), boxId: BoxId })),
  /** Said only when every expected box answered and nothing is open but what stands in Later. */
  allQuiet: z.boolean(),
  /** When the running review began. */
  reviewStartedAtMs: AtMs.nullable(),
  /** The newest review that ended today. */
  reviewEnded: ReviewSession.nullable(),
  /** What happened since the last review; null: nothing to tell. */
  since: ReviewSince.nullable(),
  /** The operator's review days since the last review on which there was none, `YYYY-MM-DD`, oldest first. */
  missedDays: z.array(z.string()),
})
export type ReviewPage = z.infer<typeof ReviewPage>

export const FleetRow = z.object({
  boxId: BoxId,
  boxName: z.string(),
  clientId: ClientId.nullable(),
  clientName: z.string(),
  niche: z.string(),
  ring: z.enum(['lab', 'canary', 'rest']),
  os: z.string(),
  state: RowState,
  /** Sorts worst first: 0 is worst. */
  rank: z.number().int(),
  stateSinceMs: AtMs.nullable(),
  /** Sentence of the worst finding, or empty. */
  sentence: z.string(),
  /** Commits or releases behind the lab machine, else behind the newest known; null: nobody can count them, see `behindText`. */
  behind: z.number().nullable(),
  behindText: z.string(),
  behindVerdict: Verdict,
  daysBehind: z.number().nullable(),
  daysVerdict: Verdict,
  version: z.string(),
  /** True when never read: the cell says "not seen", which is not the same as nothing to tell. */
  versionSeen: z.boolean(),
  lastExchangeAtMs: AtMs.nullable(),
  lastExchangeSeen: z.boolean(),
  answers: z.string(),
  answersVerdict: Verdict,
  seenAtMs: AtMs.nullable(),
  agents: z.number().int(),
})
export type FleetRow = z.infer<typeof FleetRow>

export const FleetPage = z.object({
  demo: z.boolean(),
  rows: z.array(FleetRow),
  /** Machines of the table that were read, and not too long ago. */
  answered: z.number().int(),
  /** Equal values folded, largest first: "9 machines: 2026.9.6". */
  versionFold: z.array(z.object({ version: z.string(), boxNames: z.array(z.string()) })),
  lastSweep: SweepSummary.nullable(),
})
export type FleetPage = z.infer<typeof FleetPage>

export const TimelineItem = z.object({
  atMs: AtMs,
  kind: z.enum(['change-found', 'we-did', 'finding-opened', 'finding-closed', 'sweep-failed', 'restart', 'version']),
  sentence: z.string(),
  detail: z.string(),
})
export type TimelineItem = z.infer<typeof TimelineItem>

export const MachinePage = z.object({
  box: Box,
  client: Client.nullable(),
  agents: z.array(Agent),
  state: RowState,
  stateSentence: z.string(),
  /** The exact command a terminal takes, jump hosts included. */
  sshCommand: z.string(),
  trust: TrustState,
  facts: z.array(Fact),
  findings: z.array(Finding),
  timeline: z.array(TimelineItem),
  notes: z.array(Note),
  lastAttempt: z.object({ atMs: AtMs, sentence: z.string() }).nullable(),
})
export type MachinePage = z.infer<typeof MachinePage>

export const pages = {
  review: oc.errors(faults).output(ReviewPage),
  fleet: oc.errors(faults).output(FleetPage),
  machine: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(MachinePage),
  factHistory: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId, agentId: AgentId.nullable(), key: FactKey, instance: z.string() }))
    .output(FactHistory),
}
