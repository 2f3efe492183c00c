import { oc } from '@orpc/contract'
import * as z from 'zod'
import { UnwatchedSpan } from './facts.ts'
import { faults } from './faults.ts'
import { Finding } from './findings.ts'
import { AtMs, BoxId, ClientId, ReviewId } from './ids.ts'
import { ClientSpan, Reason, Undone } from './inventory.ts'

/** Something that changed on a machine: when, what, and by whom as far as anybody knows (empty: not known). */
export const FoundChange = z.object({ atMs: AtMs, sentence: z.string(), who: z.string() })
export type FoundChange = z.infer<typeof FoundChange>

/** *later*: snoozed, or the client is paused; it asks for nothing before its end. */
export const ReviewSection = z.enum(['needs-you', 'go-live', 'building', 'later'])
export type ReviewSection = z.infer<typeof ReviewSection>

/**
 * A row of the review: a machine, or several machines with one and the same trouble ("4 machines: update server not
 * reachable").
 */
export const ReviewItem = z.object({
  key: z.string(),
  /** The worst of the machine; the first of several machines. */
  finding: Finding,
  /** What else is the matter with the same machine, worst first; or the same trouble of the other machines. */
  others: z.array(Finding),
  section: ReviewSection,
  seen: z.boolean(),
  /** Up to three changes within the 24 hours before the trouble began, newest first. */
  changedBefore: z.array(FoundChange),
  /** The client is away and that puts the row off, whether it was snoozed or not. */
  pause: ClientSpan.nullable(),
  /** No changes at this client until. */
  hold: ClientSpan.nullable(),
})
export type ReviewItem = z.infer<typeof ReviewItem>

/** A client without a trouble that has a place in the review: being built, just gone live, or paused. */
export const ReviewClient = z.object({
  clientId: ClientId,
  name: z.string(),
  section: ReviewSection.exclude(['needs-you']),
  /** Continues the name: "goes live in 6 days". */
  sentence: z.string(),
  detail: z.string(),
  /** The day it goes or went live, or when its pause ends; null while no day is set. */
  atMs: AtMs.nullable(),
  pause: ClientSpan.nullable(),
})
export type ReviewClient = z.infer<typeof ReviewClient>

/** A review that ended, as the diary has it. */
export const ReviewSession = z.object({
  reviewId: ReviewId,
  begunAtMs: AtMs,
  endedAtMs: AtMs,
  /** Rows looked at, and rows still open at its end. */
  seen: z.number().int(),
  left: z.number().int(),
  allQuiet: z.boolean(),
})
export type ReviewSession = z.infer<typeof ReviewSession>

/** What happened since the last review while nobody looked. */
export const ReviewSince = z.object({
  /** The end of the last review; a week ago when there was none. */
  fromMs: AtMs,
  /** Spans that nobody watched, oldest first. */
  unwatched: z.array(UnwatchedSpan),
  /** Troubles that began and ended in between, newest first. */
  cameAndWent: z.array(Finding),
  /** Newest first. */
  changes: z.array(FoundChange.extend({ boxId: BoxId, subject: z.string() })),
})
export type ReviewSince = z.infer<typeof ReviewSince>

const keys = z.array(z.string()).min(1)

export const review = {
  /** A person looks at the review: its clock starts. One that ended less than ten minutes ago goes on. Does nothing while one runs, or when there is nothing to look at. */
  begin: oc.errors(faults).output(z.object({})),
  /** Marks rows seen, or not seen again. Marking the last one ends the review: a row in the diary. */
  mark: oc
    .errors(faults)
    .input(z.object({ keys, seen: z.boolean() }))
    .output(z.object({ reviewEnded: z.boolean() })),
  /** Ends a review in which nothing is left to mark. */
  end: oc.errors(faults).output(z.object({ reviewEnded: z.boolean() })),
  /** Puts rows off until then, with all their troubles. Putting off the last one ends the review. */
  snooze: oc
    .errors(faults)
    .input(z.object({ keys, untilMs: AtMs, reason: Reason }))
    .output(Undone.extend({ reviewEnded: z.boolean() })),
  wake: oc.errors(faults).input(z.object({ keys })).output(Undone),
  /** Ended reviews, newest first. */
  history: oc
    .errors(faults)
    .input(z.object({ limit: z.number().int().min(1).max(400).default(50) }))
    .output(z.array(ReviewSession)),
}
