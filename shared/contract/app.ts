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
  'logs',
  'terminals',
  'commands',
  'backups',
  'keys',
  'overlay',
  'apply',
  'rollout',
])
export type ChangeTopic = z.infer<typeof ChangeTopic>

export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  singleLetterKeys: z.boolean(),
  /** Ask the package registry once a day which version is newest (the console's one HTTP call). */
  askRegistry: z.boolean(),
  /** Ask the remotes of the machines' checkouts, from this computer, which commit is newest: `git ls-remote`, at most once an hour each. */
  askRemotes: z.boolean(),
  /** Folders on this computer that hold checkouts to measure machines against. Read with git, never written. */
  referenceCheckouts: z.array(z.string().trim().min(1).max(1000)).max(20),
  /** Full sweep at these local times, `HH:MM`; empty: only by hand. */
  sweepAt: z.array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is written as 08:00.')).max(48),
  /** A light sweep of all machines this often while the console runs; 0: never. */
  lightSweepMinutes: z.union([z.literal(0), z.literal(5), z.literal(10), z.literal(15), z.literal(30)]),
  /** New red findings and their recovery as notifications of the system. */
  notify: z.boolean(),
  /** Quiet hours of this computer, `HH:MM`: notifications wait until their end. The same twice: never quiet. */
  quietFrom: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is written as 22:00.'),
  quietTo: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is written as 07:00.'),
  /** Weekdays of the operator's daily review, 1 Monday … 7 Sunday: a day without one counts as missed. */
  reviewDays: z.array(z.number().int().min(1).max(7)).max(7),
  sweepConcurrency: z.number().int().min(1).max(256),
  boxDeadlineS: z.number().int().min(5).max(300),
  keepWarm: z.boolean(),
  /** After the daily full sweep, back up each agent whose newest backup is older than a day. */
  backUpDaily: z.boolean(),
  amberDays: z.number().int().min(1).max(365),
  redDays: z.number().int().min(1).max(365),
})
export type Settings = z.infer<typeof Settings>

export const AppState = z.object({
  version: z.string(),
  demo: z.boolean(),
  /** What the demo is making of its past, in words that follow "making"; null: it is done, or there is no demo. */
  doing: z.string().nullable(),
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
