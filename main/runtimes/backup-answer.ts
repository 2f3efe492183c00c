import * as z from 'zod'
import { atMs } from './observed-value.ts'

const words = z.string().max(1000)

/** Why there is no new backup; what was there before is as it was. */
export const NoBackup = z.enum([
  /** No such agent, or no install of its runtime. */
  'not-there',
  /** The installed version has no such command. */
  'too-old',
  /** Another version runs than the installed one, which would move the agent's state on. */
  'restart-first',
  /** Another backup of this agent is being made there. */
  'busy',
  'disk-full',
  'timed-out',
  /** The runtime ended without a backup that holds. */
  'failed',
])
export type NoBackup = z.infer<typeof NoBackup>

/** A backup that the runtime itself found whole, as it lies on the box. */
export const KeptBackup = z.object({
  /** Path on the box. */
  archive: z.string().max(4000),
  sizeBytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** By the box's clock. */
  madeAtMs: atMs.int(),
  runtimeVersion: z.string().max(60),
  /** Files and folders in it, as the runtime counted them. */
  entries: z.number().int().min(0),
})
export type KeptBackup = z.infer<typeof KeptBackup>

/** How a backup of one agent ended on its box. */
export const BackupAnswer = z.union([
  z.object({ made: KeptBackup }),
  z.object({ made: z.null(), why: NoBackup, words, nextStep: words }),
])
export type BackupAnswer = z.infer<typeof BackupAnswer>

export interface BackupRequest {
  readonly stateDir: string
  /** For the runtime's own commands together. */
  readonly deadlineMs: number
  /** Backups of ours that stay, the new one included; older ones go once it stands. */
  readonly keep: number
}

export const BackupStep = z.enum(['measuring', 'making', 'verifying', 'keeping'])
export type BackupStep = z.infer<typeof BackupStep>

/** Where a backup under way stands: `bytes` are written so far, of about `ofBytes` before they are packed. */
export const BackupProgress = z.object({
  step: BackupStep,
  bytes: z.number().int().min(0),
  ofBytes: z.number().int().min(0),
})
export type BackupProgress = z.infer<typeof BackupProgress>
