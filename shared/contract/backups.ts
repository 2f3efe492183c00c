import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { AgentId, AtMs, BackupRunId, BoxId } from './ids.ts'

/**
 * `made`: it stands there and the runtime found it whole. `failed`: none was made. `cancelled`: it was stopped, and what
 * was half made is gone. `not-attempted`: nothing was begun. `unknown`: the console or the connection went meanwhile; the
 * next sweep reads whether there is one.
 */
export const BackupState = z.enum(['waiting', 'running', 'made', 'failed', 'cancelled', 'not-attempted', 'unknown'])
export type BackupState = z.infer<typeof BackupState>

/** A backup as it lies on its machine; it never leaves it. */
export const MadeBackup = z.object({
  archive: z.string(),
  sizeBytes: z.number().int(),
  sha256: z.string(),
  /** By the machine's clock. */
  madeAtMs: AtMs,
  runtimeVersion: z.string(),
  /** Files and folders in it. */
  entries: z.number().int(),
})
export type MadeBackup = z.infer<typeof MadeBackup>

/** One agent in a run of backups. */
export const AgentBackup = z.object({
  boxId: BoxId,
  agentId: AgentId,
  boxName: z.string(),
  clientName: z.string().nullable(),
  profile: z.string(),
  state: BackupState,
  /** While it runs: what it is at; null before the machine said so. */
  step: z.enum(['measuring', 'making', 'verifying', 'keeping']).nullable(),
  /** Bytes written there so far. */
  bytes: z.number().int(),
  /** About how many bytes it packs. */
  ofBytes: z.number().int(),
  made: MadeBackup.nullable(),
  /** How it ended, as a sentence; empty while it has not. */
  words: z.string(),
  nextStep: z.string(),
  fault: Fault.nullable(),
  tookMs: z.number().nullable(),
})
export type AgentBackup = z.infer<typeof AgentBackup>

export const BackupRun = z.object({
  runId: BackupRunId,
  /** `schedule`: after the daily sweep, as the settings say. `change`: before something that may need it. */
  reason: z.enum(['operator', 'cli', 'schedule', 'change']),
  begunAtMs: AtMs,
  /** Null while it runs. */
  endedAtMs: AtMs.nullable(),
  /** `interrupted`: found unfinished at start; never resumed by itself. */
  state: z.enum(['running', 'done', 'cancelled', 'interrupted']),
  agents: z.array(AgentBackup),
  /** Machines that were left alone, each with the reason as a sentence. */
  leftOut: z.array(z.object({ boxId: BoxId, boxName: z.string(), why: z.string() })),
})
export type BackupRun = z.infer<typeof BackupRun>

const one = z.object({ runId: BackupRunId })

/** Backups of agents, made on their machines by their own runtime, which checks them; they stay there. */
export const backups = {
  /**
   * Backs up every agent of these machines, a few machines at once. Refused (`in-use`) while one of them is being backed up.
   * Changes nothing of an agent, so a hold does not stop it.
   */
  start: oc
    .errors(faults)
    .input(z.object({ boxIds: z.array(BoxId).min(1).max(1000) }))
    .output(BackupRun),
  get: oc.errors(faults).input(one).output(BackupRun),
  /** As it is first, then each change, at most 10 a second; ends with the run. Leaving it cancels nothing. */
  watch: oc.errors(faults).input(one).output(eventIterator(BackupRun)),
  /** Ends it where it runs, with what is half made there, and begins it nowhere else. */
  cancel: oc.errors(faults).input(one).output(z.object({})),
  /** Newest first. */
  recent: oc
    .errors(faults)
    .input(z.object({ limit: z.number().int().min(1).max(100).default(20) }))
    .output(z.array(BackupRun)),
}
