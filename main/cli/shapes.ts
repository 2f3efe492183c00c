import * as z from 'zod'
import {
  AccessRow,
  Agent,
  AnsibleExport,
  ApplyJob,
  BackupRun,
  Box,
  Channel,
  ChannelStop,
  Client,
  ClientSpan,
  CommandBox,
  EnrolStep,
  Fact,
  Fault,
  FileDifference,
  Finding,
  ImportPreview,
  KeyPreview,
  KeyRun,
  LayerFile,
  LayerPage,
  LayerRevision,
  LayerSummary,
  LedgerEntry,
  LedgerVerdict,
  LogRecord,
  OfferedKey,
  OverlayImport,
  Patch,
  PatchImport,
  PatchSummary,
  Pattern,
  Plan,
  RolloutPreview,
  RolloutRun,
  RuleCheck,
  RuleFix,
  RuleVerdict,
  RunSummary,
  SettingChange,
  SnapshotComparison,
  SnapshotSummary,
  SweepBox,
  SweepSummary,
  Triage,
  VersionFloor,
  WayBack,
} from '../../shared/contract/index.ts'

const KeyAnswer = z.object({ preview: KeyPreview.nullable(), run: KeyRun.nullable() })

/** What each command prints with `--json` when it exits with 0, 3, 4 or 5. Documented in docs/cli.md; tests check both. */
export const shapes = {
  'client add': Client,
  /** `pause` and `hold`: the one that holds now or comes next. */
  'client list': z.array(Client.extend({ pause: ClientSpan.nullable(), hold: ClientSpan.nullable() })),
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
  'box drill': WayBack,
  apply: ApplyJob,
  /** One object an agent that has it. */
  'channel stop': z.array(ChannelStop),
  'channel start': z.object({
    /** Whom it would answer, a sentence an account; `hash` is what turns exactly that on. */
    preview: z.object({
      changes: z.array(SettingChange),
      baseSha256: z.string(),
      hash: z.string(),
      answers: z.array(z.string()),
      refusals: z.array(z.string()),
    }),
    /** Null: nothing was changed. */
    job: ApplyJob.nullable(),
  }),
  channels: z.array(
    Channel.extend({ boxName: z.string(), clientName: z.string().nullable(), profile: z.string().nullable() }),
  ),
  sweep: z.object({ sweep: SweepSummary.nullable(), boxes: z.array(SweepBox) }),
  /** One object a machine. */
  exec: z.array(
    CommandBox.extend({
      /** `left-out`: the command was not meant to reach it; `why` says why. */
      state: z.union([CommandBox.shape.state, z.literal('left-out')]),
      why: z.string().nullable(),
      output: z.string(),
    }),
  ),
  /** `preview` with `--dry-run` alone; `run` otherwise. */
  'key rotate': KeyAnswer,
  'key continue': KeyAnswer,
  'key ask': KeyAnswer,
  'key revert': KeyAnswer,
  'key list': z.array(KeyRun),
  /** `agents[].state` says of each whether a backup stands. */
  'backup now': BackupRun,
  'backup list': z.array(BackupRun),
  facts: z.array(z.object({ boxName: z.string(), profile: z.string().nullable(), name: z.string(), fact: Fact })),
  findings: z.array(Finding),
  triage: Triage.extend({ boxName: z.string() }),
  access: z.array(AccessRow),
  'rules check': z.array(
    RuleCheck.extend({ verdicts: z.array(RuleVerdict.extend({ strength: z.enum(['lock', 'duty']) })) }),
  ),
  'rules fix': z.object({
    /** What would be changed, and whom the accounts answer then; `hash` is what makes exactly that. */
    preview: RuleFix,
    /** Null: nothing was changed. */
    job: ApplyJob.nullable(),
    /** By a look after it; null: none was taken, or the machine did not answer it. */
    check: RuleCheck.nullable(),
  }),
  'rules floors': z.array(VersionFloor),
  patterns: z.array(Pattern.extend({ boxName: z.string() })),
  'overlay list': z.array(LayerSummary),
  'overlay show': LayerPage,
  'overlay set': LayerRevision,
  'overlay history': z.array(LayerRevision),
  'overlay restore': LayerRevision,
  'overlay file add': z.array(LayerFile),
  'overlay file remove': z.array(LayerFile),
  'overlay file list': z.array(LayerFile),
  'overlay export': z.object({
    files: z.array(z.string()),
    /** Those that said something else before, or were not there. */
    written: z.array(z.string()),
    /** YAML files of the folder that no layer wrote. */
    others: z.array(z.string()),
    /** Declared files whose content is not in this console. */
    missing: z.array(z.string()),
  }),
  /** `imported`: layers that were changed by it. */
  'overlay import': OverlayImport.extend({ imported: z.number().int() }),
  /** `fileDifferences`: with `--files` alone. */
  plan: Plan.extend({ fileDifferences: z.array(FileDifference).optional() }),
  'patch list': z.array(PatchSummary),
  'patch show': Patch,
  'patch new': Patch,
  'patch confirm': Patch,
  'patch export': z.object({
    files: z.array(z.string()),
    /** Those that said something else before, or were not there. */
    written: z.array(z.string()),
    /** Files of the folder that are none of the patch. */
    others: z.array(z.string()),
  }),
  /** `patch`: as it is now; null where nothing was imported. */
  'patch import': PatchImport.extend({ patch: Patch.nullable() }),
  'patch snapshot': SnapshotSummary,
  'patch snapshots': z.array(SnapshotSummary),
  /** `chosen` of a line: it is in the patch. */
  'patch from-lab': z.object({ comparison: SnapshotComparison, patch: Patch }),
  'rollout preview': RolloutPreview,
  'rollout choose': RolloutPreview,
  'rollout start': RolloutRun,
  'rollout list': z.array(RunSummary),
  'rollout status': RolloutRun,
  'rollout continue': RolloutRun,
  'rollout stop': RolloutRun,
  'rollout retry': RolloutRun,
  'rollout revert': RolloutRun,
  'rollout report': z.object({ markdown: z.string() }),
  /** `files`: what was written, by path in the folder. */
  'export ansible': AnsibleExport.extend({ files: z.array(z.string()) }),
  'ledger list': z.array(LedgerEntry),
  'ledger verify': LedgerVerdict,
} as const

/** What each line is of a command that prints one JSON document a line with `--json`. */
export const rowShapes = {
  /** A line, or a gap where lines are missing. */
  logs: z.intersection(z.object({ boxName: z.string() }), LogRecord),
} as const
export type RowName = keyof typeof rowShapes
export type Row<Name extends RowName> = z.infer<(typeof rowShapes)[Name]>

/** What `sweep --on-finding` writes to the command's stdin, one finding a time. */
export const HandedFinding = Finding.extend({
  /** Subject, sentence and next step in one line, ready to be sent. */
  text: z.string(),
})
export type HandedFinding = z.infer<typeof HandedFinding>

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
  ruleBroken: 5,
  locked: 6,
  notifierFailed: 7,
  commandFailed: 8,
  backupFailed: 9,
} as const
