import { oc } from '@orpc/contract'
import * as z from 'zod'
import { Fact } from './facts.ts'
import { faults } from './faults.ts'
import { AtMs, BoxId } from './ids.ts'

/** What a triage asks about, in the order it asks (A13: the version gap comes first). */
export const TriagePart = z.enum([
  'version',
  'changes',
  'config',
  'machine',
  'process',
  'channel',
  'credentials',
  'network',
  'traffic',
])
export type TriagePart = z.infer<typeof TriagePart>

/** One question about why it went quiet. Every question is put so that "yes" is fine. */
export const Probe = z.object({
  /** The same for every machine: `version-gap`, `session`. */
  key: z.string(),
  part: TriagePart,
  question: z.string(),
  /** `cannot-tell`: not read, not readable, or older than two sweeps. Never taken for yes. */
  answer: z.enum(['yes', 'no', 'cannot-tell']),
  /** `stops`: a "no" is enough to make an agent quiet. `suspect`: it may be why. `shows`: how the quiet looks from outside. */
  weight: z.enum(['stops', 'suspect', 'shows']),
  value: z.string(),
  /** When the oldest fact it rests on was taken; null: none. */
  takenAtMs: AtMs.nullable(),
  /** The facts it rests on, each with what said so. */
  facts: z.array(Fact),
  /** What to do about a "no", or how to find out; empty for "yes". */
  nextStep: z.string(),
  /** A command for a terminal here that shows it on the machine; null: no command does. */
  sshCommand: z.string().nullable(),
})
export type Probe = z.infer<typeof Probe>

export const Triage = z.object({
  boxId: BoxId,
  /** `never-read`: no fact yet. `unreachable`: the last attempt failed, everything is from before. */
  state: z.enum(['never-read', 'unreachable', 'read']),
  /** "Most likely: nobody has logged in since the restart at 03:10." */
  lead: z.string(),
  /** The probe the lead speaks of; null: none of them fails. */
  leadKey: z.string().nullable(),
  /** What to do now; empty when nothing is wrong. */
  nextStep: z.string(),
  probes: z.array(Probe),
})
export type Triage = z.infer<typeof Triage>

export const triage = {
  /** Why a machine's agent went quiet, from the facts as they stand. Asks nothing of the machine: a sweep does. */
  ofBox: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(Triage),
}
