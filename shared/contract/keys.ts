import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { AtMs, BoxId, KeyRunId } from './ids.ts'
import { BoxFields } from './inventory.ts'

/**
 * `rotated`: the new key was proved, the console uses it, the old one is no longer taken. `kept`: the old key, as before.
 * `both`: the new key is used and the old one may still log in. `unknown`: the end was not seen; the machine is to be asked.
 */
export const KeyState = z.enum(['waiting', 'running', 'rotated', 'kept', 'both', 'unknown', 'not-attempted'])
export type KeyState = z.infer<typeof KeyState>

/** In their order; each stands in the store before it begins. */
export const KeyStep = z.enum(['looking', 'adding', 'proving', 'switching', 'removing', 'checking'])
export type KeyStep = z.infer<typeof KeyStep>

export const KeyBox = z.object({
  boxId: BoxId,
  boxName: z.string(),
  clientName: z.string().nullable(),
  ring: BoxFields.shape.ring,
  /** Counted from 1: the machines of a wave go together, the next only when all of it went well; one on hold is passed over once another has shown that the key works. */
  wave: z.number().int(),
  /** Of the key that goes. */
  oldFingerprint: z.string(),
  state: KeyState,
  /** The last that was begun; null: none. */
  step: KeyStep.nullable(),
  words: z.string(),
  nextStep: z.string(),
  fault: Fault.nullable(),
  tookMs: z.number().nullable(),
})
export type KeyBox = z.infer<typeof KeyBox>

const LeftOut = z.object({ boxId: BoxId, boxName: z.string(), why: z.string() })

export const KeyRun = z.object({
  runId: KeyRunId,
  /** The run that this one takes back; null: it takes none back. */
  reverts: KeyRunId.nullable(),
  /** Of the key that comes; null where each machine gets its own earlier one back. */
  newFingerprint: z.string().nullable(),
  begunAtMs: AtMs,
  endedAtMs: AtMs.nullable(),
  /** `stopped`: a machine did not go well, or the operator stopped it. `interrupted`: the console ended; ask the machines. */
  state: z.enum(['running', 'done', 'stopped', 'interrupted']),
  boxes: z.array(KeyBox),
  leftOut: z.array(LeftOut),
})
export type KeyRun = z.infer<typeof KeyRun>

export const KeyPreview = z.object({
  newFingerprint: z.string(),
  boxes: z.array(
    KeyBox.pick({ boxId: true, boxName: true, clientName: true, ring: true, wave: true, oldFingerprint: true }),
  ),
  leftOut: z.array(LeftOut),
})
export type KeyPreview = z.infer<typeof KeyPreview>

const wanted = z.object({
  /** Private key file on this computer. */
  newKeyPath: z.string().trim().min(1).max(1000),
  /** Absent: every machine. */
  boxIds: z.array(BoxId).min(1).max(1000).optional(),
})
const one = z.object({ runId: KeyRunId })

/** The operator's own SSH key on the machines: added, proved, used, and only then the old one removed. */
export const keys = {
  /** Whom it would reach, and in which order. Nothing is sent. */
  preview: oc.errors(faults).input(wanted).output(KeyPreview),
  /** After the operator has confirmed it in a dialog of the system (`cancelled` when not). One run at a time (`in-use`). */
  start: oc.errors(faults).input(wanted).output(KeyRun),
  get: oc.errors(faults).input(one).output(KeyRun),
  /** As it is first, then each change, at most 10 a second; ends with the run. Leaving it stops nothing. */
  watch: oc.errors(faults).input(one).output(eventIterator(KeyRun)),
  /** Begins no further machine; those under way go to their end. */
  stop: oc.errors(faults).input(one).output(z.object({})),
  /** Goes on with the machines that are not rotated, in the same record; each is looked at first. Confirmed as `start`. */
  continue: oc.errors(faults).input(one).output(KeyRun),
  /** Asks the machines of an ended run which of the keys stand there, and changes nothing. */
  ask: oc.errors(faults).input(one).output(KeyRun),
  /** Gives each rotated machine its earlier key back, in the same steps, and removes the new one. Confirmed as `start`. */
  revert: oc.errors(faults).input(one).output(KeyRun),
  /** Newest first. */
  recent: oc
    .errors(faults)
    .input(z.object({ limit: z.number().int().min(1).max(100).default(20) }))
    .output(z.array(KeyRun)),
}
