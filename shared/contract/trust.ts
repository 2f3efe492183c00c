import { oc } from '@orpc/contract'
import * as z from 'zod'
import { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { AtMs, BoxId } from './ids.ts'

/** A host key as a box showed it. Read before any authentication; nothing was sent. */
export const OfferedKey = z.object({
  boxId: BoxId,
  /** OpenSSH form, `SHA256:` and unpadded base64 of the SHA-256 of the key blob (RFC 4253 §6.6, OpenSSH 6.8 notation). */
  fingerprint: z.string(),
  algorithm: z.string(),
  /** Public key blob, base64; this is what is pinned. */
  key: z.string(),
})
export type OfferedKey = z.infer<typeof OfferedKey>

export const Pin = OfferedKey.extend({
  acceptedAtMs: AtMs,
  /** Where the acceptance came from, in words: "you, in this window", "your known_hosts, line 12". */
  source: z.string(),
})
export type Pin = z.infer<typeof Pin>

export const TrustState = z.object({
  boxId: BoxId,
  pin: Pin.nullable(),
  /** Set when the box last showed another key than the pinned one: everything for that box stops. */
  changedTo: OfferedKey.extend({ seenAtMs: AtMs }).nullable(),
})
export type TrustState = z.infer<typeof TrustState>

/** One step of enrolment with its evidence: the fault in words when it failed, and as `fault` what a window can ask for then. */
export const EnrolStep = z.object({
  step: z.enum(['hops', 'reach', 'host-key', 'login', 'node', 'probe', 'way-back']),
  state: z.enum(['waiting', 'working', 'ok', 'failed']),
  detail: z.string(),
  tookMs: z.number().nullable(),
  fault: Fault.optional(),
})
export type EnrolStep = z.infer<typeof EnrolStep>

export const trust = {
  state: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(TrustState),
  /** Connects far enough to see the host key, through pinned jump hosts. Sends no credentials. */
  offeredKey: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(OfferedKey),
  /** A person says that this fingerprint is right. Refused (`key-changed`) when the box meanwhile shows another. */
  accept: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId, fingerprint: z.string() }))
    .output(Pin),
  /** Forgets the pin so that the box can be enrolled again. The old pin stays in the diary. */
  forget: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(z.object({})),
  /** Keys of the operator's known_hosts file that fit boxes of ours and differ from or lack a pin. Nothing is pinned. */
  knownHosts: oc
    .errors(faults)
    .input(z.object({ text: z.string().max(5_000_000).nullable() }))
    .output(
      z.array(
        z.object({
          boxId: BoxId,
          boxName: z.string(),
          fingerprint: z.string(),
          algorithm: z.string(),
          key: z.string(),
          line: z.number(),
        }),
      ),
    ),
  acceptKnownHosts: oc
    .errors(faults)
    .input(z.object({ picks: z.array(z.object({ boxId: BoxId, key: z.string(), line: z.number() })) }))
    .output(z.object({ pinned: z.number() })),
  /**
   * Logs in, finds how the box starts Node, runs the first probe; the state of each step is in `enrolProgress`.
   * `password` answers password or keyboard-interactive prompts of this one run and is kept nowhere.
   */
  enrol: oc
    .errors(faults)
    .input(
      z.object({
        boxId: BoxId,
        password: z.string().optional(),
        passphrase: z.string().optional(),
        rememberPassphrase: z.boolean().optional(),
      }),
    )
    .output(z.object({ steps: z.array(EnrolStep), enrolled: z.boolean() })),
  /** Ends the running enrolment; its call answers with `cancelled`. Leaving the call alone cancels nothing. */
  cancelEnrol: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(z.object({})),
  enrolProgress: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(z.array(EnrolStep)),
}
