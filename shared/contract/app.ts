import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AtMs } from './ids.ts'

/** What changed in the engine; the window drops what it cached under the topic and asks again. */
export const ChangeTopic = z.enum([
  'inventory',
  'trust',
  'facts',
  'findings',
  'sweep',
  'ledger',
  'review',
  'settings',
  'store',
])
export type ChangeTopic = z.infer<typeof ChangeTopic>

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  singleLetterKeys: z.boolean(),
  /** Ask the package registry once a day which version is newest (the console's one HTTP call). */
  askRegistry: z.boolean(),
  /** Full sweep at these local times, `HH:MM`; empty: only by hand. */
  sweepAt: z.array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is written as 08:00.')).max(48),
  sweepConcurrency: z.number().int().min(1).max(256),
  boxDeadlineS: z.number().int().min(5).max(300),
  keepWarm: z.boolean(),
  amberDays: z.number().int().min(1).max(365),
  redDays: z.number().int().min(1).max(365),
})
export type Settings = z.infer<typeof Settings>

export const AppState = z.object({
  version: z.string(),
  demo: z.boolean(),
  readOnly: z.boolean(),
  platform: z.string(),
  dataDir: z.string(),
  store: z.discriminatedUnion('state', [
    z.object({ state: z.literal('ready') }),
    z.object({ state: z.literal('newer'), found: z.number(), known: z.number() }),
    z.object({
      state: z.literal('damaged'),
      /** Null: this console only reads, and readers move nothing. */
      setAside: z.string().nullable(),
      newestBackup: z.object({ path: z.string(), atMs: AtMs }).nullable(),
    }),
    z.object({ state: z.literal('locked'), holder: z.string() }),
    z.object({ state: z.literal('disk-full'), path: z.string() }),
    z.object({ state: z.literal('unusable'), path: z.string(), why: z.string() }),
  ]),
  ledgerIntact: z.boolean().nullable(),
  lastBackupAtMs: AtMs.nullable(),
  /** Whether secrets can be kept in the OS keychain here; the reason when not. */
  keychain: z.object({ available: z.boolean(), why: z.string() }),
})
export type AppState = z.infer<typeof AppState>

export const app = {
  state: oc.errors(faults).output(AppState),
  settings: oc.errors(faults).output(Settings),
  setSettings: oc.errors(faults).input(Settings.partial()).output(Settings),
  /** Ends with the engine. Topics are coalesced: at most one event per topic and 50 ms. */
  changes: oc.errors(faults).output(eventIterator(z.object({ topics: z.array(ChangeTopic) }))),
  /** After a damaged store was set aside: go on from the newest good backup, or from nothing. */
  recoverStore: oc
    .errors(faults)
    .input(z.object({ from: z.enum(['backup', 'empty']) }))
    .output(AppState),
  backupNow: oc.errors(faults).output(z.object({ path: z.string(), atMs: AtMs })),
}
