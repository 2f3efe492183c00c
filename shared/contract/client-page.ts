import { oc } from '@orpc/contract'
import * as z from 'zod'
import { Fact } from './facts.ts'
import { faults } from './faults.ts'
import { Finding } from './findings.ts'
import { AtMs, BoxId, ClientId } from './ids.ts'
import { Client, ClientSpan, Holiday, Note, Workflow } from './inventory.ts'
import { LedgerEntry } from './ledger.ts'
import { RowState } from './pages.ts'

/** One UTC day of real exchanges; `null` counts: a day nobody has read anything of. */
export const ClientDay = z.object({
  day: z.string(),
  inbound: z.number().int().nullable(),
  replies: z.number().int().nullable(),
})
export type ClientDay = z.infer<typeof ClientDay>

/** A change of their machines that can show in what is exchanged. */
export const ClientChange = z.object({
  atMs: AtMs,
  kind: z.enum(['version', 'config']),
  boxName: z.string(),
  /** "2026.8.2 → 2026.9.6". Text from a box. */
  text: z.string(),
})
export type ClientChange = z.infer<typeof ClientChange>

export const ClientMachine = z.object({
  boxId: BoxId,
  boxName: z.string(),
  state: RowState,
  sentence: z.string(),
  seenAtMs: AtMs.nullable(),
})
export type ClientMachine = z.infer<typeof ClientMachine>

/** Everything known about one client. What no source can tell is null, never zero. */
export const ClientPage = z.object({
  client: Client,
  /** Before its go-live day. */
  building: z.boolean(),
  /** Null until: their hours hold no further change. */
  opening: z.object({ open: z.boolean(), untilMs: AtMs.nullable() }),
  /** Pauses and holds that are not over, by their begin. */
  spans: z.array(ClientSpan),
  /** Since when version, commit and config of all their machines read the same; `atLeast`: as far back as is known. */
  unchanged: z.object({ sinceMs: AtMs, atLeast: z.boolean() }).nullable(),
  machines: z.array(ClientMachine),
  /** Open, worst first. */
  findings: z.array(Finding),
  activity: z.object({
    /** The last 30 days, oldest first. */
    days: z.array(ClientDay),
    /** Messages in over those days that were counted, and how many of them an answer followed. */
    inbound: z.number().int().nullable(),
    answered: z.number().int().nullable(),
    waiting: z.number().int().nullable(),
    failures: z.number().int().nullable(),
    /** The first day of which anything is known, when that is not the first of the 30. */
    knownFromDay: z.string().nullable(),
  }),
  /** Within the last 30 days, oldest first. */
  changes: z.array(ClientChange),
  workflows: z.array(Workflow),
  /** E-mail, calendar, CRM and the like: facts of the group `integrations`, of all their machines. */
  integrations: z.array(Fact),
  /** The next days they are closed, at most 4. */
  holidays: z.array(Holiday),
  notes: z.array(Note),
  /** Of the client and of its machines, newest first. */
  diary: z.array(LedgerEntry),
})
export type ClientPage = z.infer<typeof ClientPage>

/** Joined with the other pages in `index.ts`. */
export const clientPages = {
  client: oc
    .errors(faults)
    .input(z.object({ clientId: ClientId }))
    .output(ClientPage),
}
