import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId, ClientId, FindingId } from './ids.ts'

/** Causes this version can tell. One finding is open per (cause, subject). */
export const Cause = z.enum([
  'offline',
  'login-refused',
  'key-changed',
  'no-node',
  'node-too-old',
  'answer-not-understood',
  'answers-everyone',
  'answers-strangers',
  'strangers-answered',
  'too-many-answers',
  'rule-broken',
  'duty-missed',
  'below-floor',
  'shared-handle',
  'behind',
  'behind-unknown',
  'stale-build',
  'not-restarted',
  'gateway-down',
  'channel-suppressed',
  'channel-down',
  'crash-loop',
  'channel-permission',
  'update-stalled',
  'config-invalid',
  'config-not-applied',
  'config-unreadable',
  'silent',
  'wedged',
  'unanswered',
  'failing',
  'model-refused',
  'integration-failing',
  'runtime-store-unreadable',
  'disk-full',
  'clock-off',
  'nobody-logged-in',
  'sleeps',
  'restart-pending',
  'not-encrypted',
  'backup-old',
  'local-patches',
  'code-behind',
  'code-edited',
  'code-unreadable',
  'changed-outside',
  'logs-not-collected',
  'log-short',
  'flagged',
  'change-left',
  'rollout-waits',
])
export type Cause = z.infer<typeof Cause>

export const FindingFact = z.object({ name: z.string(), value: z.string(), takenAtMs: AtMs.nullable() })

export const Finding = z.object({
  findingId: FindingId,
  cause: Cause,
  severity: z.enum(['attention', 'red']),
  /** The state word of ui.md §5: one of nine shapes. */
  state: z.enum(['Unsafe', 'Silent', 'Failing', 'Offline', 'Behind', 'Changed', 'Not seen']),
  boxId: BoxId,
  boxName: z.string(),
  agentId: AgentId.nullable(),
  clientId: ClientId.nullable(),
  /** Client's name, or the box's when it has no client. `sentence` continues it: "has been silent since Thursday 16:42". */
  subject: z.string(),
  sentence: z.string(),
  /** The meta line: the likely cause in a few words. */
  detail: z.string(),
  /** When the trouble began, as far as is known; `noticedAtMs` when a sweep first saw it. */
  sinceMs: AtMs,
  noticedAtMs: AtMs,
  lastSeenAtMs: AtMs,
  evidence: z.array(FindingFact),
  nextStep: z.string(),
  /** Names of the client's workflows it touches. */
  workflows: z.array(z.string()),
  open: z.boolean(),
  closedAtMs: AtMs.nullable(),
  recovery: z.string().nullable(),
  /** Quiet until then by the operator's word, though open. */
  snoozed: z.object({ untilMs: AtMs, reason: z.string() }).nullable(),
  /** When its snooze ended by itself, or by its turning red; null: never snoozed, snoozed now, or woken by hand. */
  snoozeEndedAtMs: AtMs.nullable(),
})
export type Finding = z.infer<typeof Finding>

export const findings = {
  open: oc.errors(faults).output(z.array(Finding)),
  /** Open red findings, not put off, that the operator's own command has not had yet. */
  untold: oc.errors(faults).output(z.array(Finding)),
  /** That command took them: each is handed over once. */
  markTold: oc
    .errors(faults)
    .input(z.object({ findingIds: z.array(FindingId).min(1) }))
    .output(z.object({})),
  /** Open and closed findings of a box, newest first. */
  ofBox: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId, limit: z.number().int().min(1).max(500).default(100) }))
    .output(z.array(Finding)),
}
