import * as z from 'zod'
import type { FolderOrder } from './move-checkout.ts'
import { ObservedDoor, orUnread } from './observed.ts'
import { ChangeState, LeftFolders, ObservedCommand, WentBack } from './observed-change.ts'
import type { Operation } from './operations.ts'

/**
 * What the program `apply` on a box is asked and answers. As with the probe: filled there, believed here only after its
 * schema; all text is raw.
 */
export {
  ChangeState,
  type CommandBack,
  ObservedChange,
  ObservedChanges,
  ObservedCommand,
  WentBack,
} from './observed-change.ts'

const short = z.string().max(500)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** A channel account as the running gateway itself tells of it; null: it does not say. */
export const RunningAccount = z.object({
  channel: z.string().max(60),
  account: z.string().max(100),
  enabled: z.boolean().nullable(),
  running: z.boolean().nullable(),
  connected: z.boolean().nullable(),
  detail: short,
})
export type RunningAccount = z.infer<typeof RunningAccount>

/** A config as it may leave the box, with whom its agent answers under it. */
export const ChangeSide = z.object({
  sha256,
  /** JSON text; secrets are keyed fingerprints. */
  redacted: z.string().max(400_000),
  doors: z.array(ObservedDoor).max(100),
})
export type ChangeSide = z.infer<typeof ChangeSide>

/** A file of the workspace with its content, as it is sent. */
export interface CarriedContent {
  readonly path: string
  /** Null: nothing is to stand there. */
  readonly sha256: string | null
  readonly executable: boolean
  /** Of a patch: exactly this, as `0644`. */
  readonly mode?: string | undefined
  readonly back?: 'restore' | 'keep' | undefined
  /** Base64; empty where nothing is to stand. */
  readonly content: string
}

export interface PrepareRequest {
  readonly id: string
  readonly stateDir: string
  /** Hex key of the fingerprints. */
  readonly fingerprintKey: string
  readonly operations: readonly Operation[]
  /** Absent: none. */
  readonly files?: readonly CarriedContent[]
  /** Of the file that the plan was made from; null: whatever lies there, to see what would come of it. */
  readonly baseSha256: string | null
  /** How long it stays armed before it goes back. */
  readonly deadlineS: number
  /** For the machine's own check of the changed config. */
  readonly checkMs: number
  /** The runtime itself becomes another version, which was downloaded under the same id. Absent: it stays. */
  readonly update?: VersionStep | undefined
  /** In their order. Absent: none. */
  readonly commands?: readonly CommandOrder[]
  /** Their commits are there, fetched before. Absent: none. */
  readonly folders?: readonly FolderOrder[]
}

export interface FetchRequest {
  readonly folders: readonly FolderOrder[]
  /** For each. */
  readonly deadlineS: number
}

/** A command that is to be run, in words of the console. */
export interface CommandOrder {
  readonly run: string
  /** Null: it cannot be undone. */
  readonly undo: string | null
  /** Seconds; as many again for what takes it back. */
  readonly deadlineS: number
  readonly when: 'before' | 'after'
}

/** From the version that was found to the one that is to be there. */
export interface VersionStep {
  readonly from: string
  readonly to: string
}

export interface DownloadRequest extends VersionStep {
  readonly id: string
  readonly stateDir: string
  /** For all of it, however often it is asked about. */
  readonly deadlineS: number
}

/** The outcome of a step that the box itself may refuse, with a sentence. */
const orRefused = <T extends z.ZodRawShape>(shape: T) =>
  z.discriminatedUnion('done', [
    z.object({ done: z.literal(true), ...shape }),
    z.object({ done: z.literal(false), why: short }),
  ])

/** The commits of all folders are in their repositories. */
export const Fetched = orRefused({})
export type Fetched = z.infer<typeof Fetched>

/** A version of the runtime beside the one that is installed; asked again until it is `ready`. */
export const Downloaded = orRefused({ ready: z.boolean() })
export type Downloaded = z.infer<typeof Downloaded>

export const Prepared = orRefused({
  /** Nothing is left to do: no file was made. */
  unchanged: z.boolean(),
  version: z.string().max(60),
  running: z.boolean(),
  /** It held comments, which do not survive. */
  comments: z.boolean(),
  before: ChangeSide,
  after: ChangeSide,
  channels: orUnread(z.array(RunningAccount).max(200)),
  /** Those that are moved, and from where to where. */
  folders: z
    .array(
      z.object({
        name: z.string().max(60),
        from: z.string().max(64),
        fromBranch: z.string().max(300),
        to: z.string().max(64),
      }),
    )
    .max(50)
    .default([]),
})
export type Prepared = z.infer<typeof Prepared>

export const Armed = orRefused({
  /** What takes it back after a restart of the box; empty: nothing but this console. */
  bootJob: short,
  deadlineS: z.number(),
})
export type Armed = z.infer<typeof Armed>

export const Activated = orRefused({})
export type Activated = z.infer<typeof Activated>

/** How a command ended. `exitCode` null: a signal ended it, or it was not started. */
export const RanCommand = z.object({
  at: z.number().int().min(0).max(49),
  exitCode: z.number().int().nullable(),
  /** Its time was over, so that it was ended. */
  isLate: z.boolean(),
  /** Its last words, secrets masked. */
  said: short,
})
export type RanCommand = z.infer<typeof RanCommand>

/** `ran`: in order; none after one that did not end with 0. */
export const Ran = orRefused({
  ran: z.array(RanCommand).max(50),
  /** Of the config as they left it. */
  sha256: z.string().max(64),
  /** The same as it may leave the box; null: they left it as it was. */
  side: ChangeSide.nullable(),
})
export type Ran = z.infer<typeof Ran>

/** What is true once the gateway had its time. */
export const Settled = z.object({
  sha256: z.string().max(64),
  side: ChangeSide.nullable(),
  running: z.boolean(),
  /** Null: this version does not say. */
  applied: z.boolean().nullable(),
  ready: z.boolean().nullable(),
  failing: z.array(short).max(50),
  suppressed: z.array(short).max(50),
  channels: orUnread(z.array(RunningAccount).max(200)),
  /** How it was made to take the config: by itself, or restarted by whom. */
  took: z.enum(['by-itself', 'service-manager', 'runtime', 'not']),
  /** The files that the change carried are as it made them. */
  filesHold: z.boolean().default(true),
  /** The folders that it moved are where it brought them. */
  foldersHold: z.boolean().default(true),
  /** Of an update; null: there was none. */
  update: z
    .object({
      /** Of the package on disk. */
      installed: short,
      /** Of the process, as it says itself; null: it did not. */
      running: short.nullable(),
      /** From its start until it was ready; null: it was not. */
      readyAfterMs: z.number().nullable(),
    })
    .nullable()
    .default(null),
  detail: short,
})
export type Settled = z.infer<typeof Settled>

export const Decided = z.object({
  state: z.union([ChangeState, z.literal('gone')]),
  wentBack: WentBack.nullable(),
  /** Whether an agent that ran before runs again under the old config; null: that was not looked at. */
  runs: z.boolean().nullable().default(null),
  commands: z.array(ObservedCommand).max(50).default([]),
  leftFolders: LeftFolders,
})
export type Decided = z.infer<typeof Decided>

export interface StopRequest {
  readonly stateDir: string
  readonly channel: string
  /** Null: all of the channel. */
  readonly account: string | null
}

export const Stopped = z.object({
  /** The config says that it is off. */
  written: z.boolean(),
  /** Why not; empty when it does. */
  problem: short,
  hashBefore: z.string().max(64),
  hashAfter: z.string().max(64),
  /** What stood there: operations that turn it on as it was. */
  undo: z
    .array(
      z.union([
        z.object({ path: z.array(z.string().max(200)).min(1).max(8), set: z.boolean() }),
        z.object({ path: z.array(z.string().max(200)).min(1).max(8), remove: z.literal(true) }),
      ]),
    )
    .max(200),
  /** `off`: seen off in the gateway. `not-running`: no gateway runs. `ended`: its process was ended. `running`: NOT stopped. */
  how: z.enum(['off', 'not-running', 'ended', 'running']),
  /** The gateway runs again after its end, with the channel off; null: it was not ended. */
  again: z.boolean().nullable(),
  detail: short,
})
export type Stopped = z.infer<typeof Stopped>
