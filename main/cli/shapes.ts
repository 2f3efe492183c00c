import * as z from 'zod'
import {
  Agent,
  Box,
  Channel,
  Client,
  EnrolStep,
  Fact,
  Fault,
  Finding,
  ImportPreview,
  LedgerVerdict,
  OfferedKey,
  SweepBox,
  SweepSummary,
} from '../../shared/contract/index.ts'

/** What each command prints with `--json` when it exits with 0, 3, 4 or 5. Documented in docs/cli.md; tests check both. */
export const shapes = {
  'client add': Client,
  'client list': z.array(Client),
  'box add': z.object({
    /** Null when the key was not accepted: nothing was added then. */
    box: Box.nullable(),
    offeredKey: OfferedKey.omit({ boxId: true }),
    accepted: z.boolean(),
    enrolled: z.boolean(),
    steps: z.array(EnrolStep),
  }),
  'box import': z.object({
    added: z.number().int(),
    clientsAdded: z.number().int(),
    /** Lines that were not imported: not usable, or already here. */
    leftOut: z.array(z.object({ line: z.number().int(), name: z.string(), reasons: z.array(z.string()) })),
    unsupported: ImportPreview.shape.unsupported,
    boxes: z.array(
      z.object({
        name: z.string(),
        pinned: z.string().nullable(),
        enrolled: z.boolean(),
        problem: z.string().nullable(),
      }),
    ),
  }),
  'box list': z.array(Box.extend({ clientName: z.string().nullable(), agents: z.array(Agent) })),
  channels: z.array(
    Channel.extend({ boxName: z.string(), clientName: z.string().nullable(), profile: z.string().nullable() }),
  ),
  sweep: z.object({ sweep: SweepSummary.nullable(), boxes: z.array(SweepBox) }),
  facts: z.array(z.object({ boxName: z.string(), profile: z.string().nullable(), name: z.string(), fact: Fact })),
  findings: z.array(Finding),
  'ledger verify': LedgerVerdict,
} as const

/** What any command prints with `--json` when it fails otherwise (exit 1 or 6). */
export const Failure = z.object({ fault: Fault, sentence: z.string(), nextStep: z.string() })

export type CommandName = keyof typeof shapes
export type Answer<Name extends CommandName> = z.infer<(typeof shapes)[Name]>

/** Exit codes, the same for every command. */
export const exit = {
  ok: 0,
  failed: 1,
  usage: 2,
  keyNotAccepted: 3,
  someNotReached: 4,
  ledgerBroken: 5,
  locked: 6,
} as const
