import * as z from 'zod'
import { AtMs, ClientId } from './ids.ts'

/** What a client has had without a break, as far as the store knows. Null: nobody knows. */
export const ClientStreak = z.object({
  /** Since when version, commit and config of all their machines read the same; `atLeast`: as far back as is known. */
  unchanged: z.object({ sinceMs: AtMs, atLeast: z.boolean() }).nullable(),
  /** Days in a row on which they wrote and every agent answered, up to the last whole day that was read. */
  answered: z.object({ days: z.number().int(), atLeast: z.boolean() }).nullable(),
  /** Since when nothing harmed them; null also while something does, see `trouble`. */
  calm: z.object({ sinceMs: AtMs, atLeast: z.boolean() }).nullable(),
  /** What harms them now, as a sentence without its subject; empty: nothing that is known. */
  trouble: z.string(),
})
export type ClientStreak = z.infer<typeof ClientStreak>

/** A client whom a change of behaviour reaches. */
export const GuardClient = z.object({
  clientId: ClientId,
  clientName: z.string(),
  /** Names of their workflows, all of which an agent's behaviour may touch; empty: none is on record. */
  workflows: z.array(z.string()),
  streak: ClientStreak,
})
export type GuardClient = z.infer<typeof GuardClient>

/** Longest a person is made to wait for a change that nobody asked for. */
export const coolOffMs = 24 * 3_600_000

const typed = z.string().trim().max(1000)
/** What a person says about a change of behaviour before it goes anywhere. */
export const GuardSaid = z.object({
  /** `asked`: `words` is a quote of whoever asked, or a link to it. `unasked`: nobody did, and `words` says why all the same. */
  kind: z.enum(['asked', 'unasked']),
  words: typed.min(10, 'At least ten characters: a quote, a link, or a reason.'),
  /** Who has something from it, and what. */
  benefits: typed.min(3, 'Who has something from it, and what.'),
  /** Of `asked`: the client whose words they are, and for whom alone it opens. Absent: the only one that is reached. */
  clientId: ClientId.optional(),
})
export type GuardSaid = z.infer<typeof GuardSaid>

export const GuardAnswer = GuardSaid.omit({ clientId: true }).extend({
  words: z.string(),
  benefits: z.string(),
  atMs: AtMs,
  by: z.enum(['operator', 'cli']),
  /** Of the patch it was said about; another revision is asked about anew. */
  revision: z.number().int(),
  /** End of the cool-off of a change that nobody asked for; null: it was asked for. */
  waitsUntilMs: AtMs.nullable(),
  /** For whom it counts, by name; empty: it reaches no client, or it was kept before this was. */
  clients: z.array(z.string()).default([]),
})
export type GuardAnswer = z.infer<typeof GuardAnswer>

/**
 * What stands between a change of behaviour and its start. `open`: nobody said yet who asked for it; `cooling`: nobody
 * did, and the cool-off is not over; `ready`: it may begin. The engine keeps to it, whoever starts.
 */
export const RolloutGuard = z.object({
  state: z.enum(['open', 'cooling', 'ready']),
  /** Why it may not begin, as a sentence; empty: it may. */
  words: z.string(),
  /** The one that decides: of those it waits for the last to end, else the newest. Null: for somebody there is none. */
  answer: GuardAnswer.nullable(),
  /** All that count for this patch as it is, newest first. */
  answers: z.array(GuardAnswer),
  /** Those it would reach, by name. */
  clients: z.array(GuardClient),
})
export type RolloutGuard = z.infer<typeof RolloutGuard>

/** What was said, and who had what to lose, when a run of a change of behaviour began. */
export const RunGuard = RolloutGuard.pick({ clients: true }).extend({
  answer: GuardAnswer,
  /** Absent in those that began before each client was asked about. */
  answers: z.array(GuardAnswer).default([]),
})
export type RunGuard = z.infer<typeof RunGuard>

/** Real exchanges of one client in a stretch of time, counted. Null: not known. */
export const Traffic = z.object({
  /** Messages in, and good replies to them. */
  inbound: z.number().int().nullable(),
  replies: z.number().int().nullable(),
  /** Messages in a day, to one decimal. */
  aDay: z.number().nullable(),
  /** Half of the replies came sooner. */
  replyMs: z.number().int().nullable(),
})
export type Traffic = z.infer<typeof Traffic>

export const WatchClient = z.object({
  clientId: ClientId,
  clientName: z.string(),
  /** Since the change, and in the seven whole days before its run began. */
  after: Traffic,
  before: Traffic,
  /** How many of those seven days anything is known of. */
  daysBefore: z.number().int(),
  /** Up to when `after` was read; null: nothing was read since the change. */
  readAtMs: AtMs.nullable(),
})
export type WatchClient = z.infer<typeof WatchClient>

/** What became of their exchanges after a change of behaviour: plain counts, no verdict. */
export const RunWatch = z.object({
  beganAtMs: AtMs,
  /** 72 hours later. */
  endsAtMs: AtMs,
  /** Null: it lasts. Before `endsAtMs`: the change was taken back. */
  endedAtMs: AtMs.nullable(),
  clients: z.array(WatchClient),
})
export type RunWatch = z.infer<typeof RunWatch>
