import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { AtMs, BoxId, SweepId } from './ids.ts'

export const SweepOutcome = z.enum(['swept', 'unreachable', 'refused', 'failed', 'cancelled', 'not-expected'])
export type SweepOutcome = z.infer<typeof SweepOutcome>

export const SweepBox = z.object({
  boxId: BoxId,
  boxName: z.string(),
  state: z.enum(['waiting', 'working', 'done']),
  outcome: SweepOutcome.nullable(),
  fault: Fault.nullable(),
  tookMs: z.number().nullable(),
})
export type SweepBox = z.infer<typeof SweepBox>

export const SweepSummary = z.object({
  sweepId: SweepId,
  /** `light`: asks every few minutes for reach, activity and who it answers, and refreshes nothing else. */
  kind: z.enum(['full', 'light']),
  startedAtMs: AtMs,
  /** Null while it runs. */
  endedAtMs: AtMs.nullable(),
  /** `interrupted`: found unfinished at start; never resumed by itself. */
  state: z.enum(['running', 'done', 'cancelled', 'interrupted']),
  reason: z.enum(['operator', 'schedule', 'wake', 'start', 'cli', 'enrolment']),
  total: z.number().int(),
  done: z.number().int(),
  swept: z.number().int(),
})
export type SweepSummary = z.infer<typeof SweepSummary>

export const SweepProgress = SweepSummary.extend({ boxes: z.array(SweepBox) })
export type SweepProgress = z.infer<typeof SweepProgress>

export const sweep = {
  /** Starts a sweep of these boxes, or of all that are not jump hosts only. One sweep runs at a time: a second call answers with the running one; a light one makes way. */
  start: oc
    .errors(faults)
    .input(
      z.object({
        boxIds: z.array(BoxId).min(1).optional(),
        /** Only reach, activity and who is answered. */
        light: z.boolean().optional(),
        /** Nobody waits for it: what one unlucky look can show is believed at the second. */
        unattended: z.boolean().optional(),
      }),
    )
    .output(z.object({ sweepId: SweepId })),
  /** Boxes under way are let go, the others are not asked; what arrived stays. */
  cancel: oc
    .errors(faults)
    .input(z.object({ sweepId: SweepId }))
    .output(z.object({})),
  /** The running full sweep, or the newest. Light sweeps go on beside it unseen. */
  current: oc.errors(faults).output(SweepProgress.nullable()),
  /** Full sweeps, newest first. */
  history: oc
    .errors(faults)
    .input(z.object({ limit: z.number().int().min(1).max(500).default(50) }))
    .output(z.array(SweepSummary)),
  /** Current state first, then each change, at most 20 a second; ends when the sweep ends. Leaving it cancels nothing. */
  watch: oc
    .errors(faults)
    .input(z.object({ sweepId: SweepId }))
    .output(eventIterator(SweepProgress)),
}
