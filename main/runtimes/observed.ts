import * as z from 'zod'
import { ObservedChanges } from './observed-change.ts'
import { ObservedPeople } from './observed-people.ts'
import { atMs, long, orUnread, short } from './observed-value.ts'

export { type ObservedKey, ObservedPeople } from './observed-people.ts'
export { orUnread, type Read } from './observed-value.ts'

export const ObservedMachine = z.object({
  hostName: short,
  platform: z.string().max(40),
  osName: short,
  osRelease: short,
  arch: z.string().max(40),
  nodeVersion: z.string().max(60),
  nodePath: long,
  user: short,
  /** -1 where the system has none. */
  uid: z.number().int(),
  home: long,
  /** The box's own clock when it answered; compared with ours for the skew. */
  nowMs: atMs,
  bootedAtMs: orUnread(atMs),
  /** Is a person logged in at the screen (launchd and scheduled tasks of a user need it)? */
  session: orUnread(z.object({ present: z.boolean(), user: short })),
  disk: orUnread(z.object({ freeBytes: z.number(), totalBytes: z.number() })),
  encryption: orUnread(z.object({ on: z.boolean(), detail: short })),
  sleep: orUnread(z.object({ sleeps: z.boolean(), detail: short })),
  /** Does the system wait for a restart; `byItself`: it may do it at night without asking, null: not said. */
  pendingRestart: orUnread(
    z.object({ pending: z.boolean(), byItself: z.boolean().nullable(), sinceMs: atMs.nullable(), detail: short }),
  ),
})
export type ObservedMachine = z.infer<typeof ObservedMachine>

export const ObservedGit = z.object({
  commit: z.string().max(64),
  branch: short,
  /** Empty: none, also for a detached HEAD of a remote without a default branch. */
  upstream: short,
  /** Address of its remote without a password; empty: none. */
  remote: z.string().max(1000),
  /** What the box's own cached refs say the upstream is at. */
  upstreamCommit: z.string().max(64).nullable(),
  /** The newest commit it shares with its upstream: `commit` itself where nothing is unpushed. */
  baseCommit: z.string().max(64).nullable(),
  /** Its history was cut off: what it counts is a lower bound. */
  shallow: z.boolean(),
  /** Commits that no cached ref of the remote has. */
  ahead: z.number().int().nullable(),
  /** Against the box's own cached refs; null when there is no upstream or history. */
  behind: z.number().int().nullable(),
  /** Files that differ from the commit; null: git did not say. */
  dirtyFiles: z.number().int().nullable(),
  /** Files git does not know yet; null: not looked for. */
  newFiles: z.number().int().nullable(),
  /** Of both, at most 50. */
  changedNames: z.array(short).max(50),
  committedAtMs: atMs.nullable(),
  baseCommittedAtMs: atMs.nullable(),
  upstreamCommittedAtMs: atMs.nullable(),
  /** When it last heard from its remote; null: never. */
  fetchedAtMs: atMs.nullable(),
})
export type ObservedGit = z.infer<typeof ObservedGit>

/** A folder the operator tracks. */
export const ObservedFolder = z.object({
  /** As it was asked for. */
  id: z.string().max(64),
  /** The checkout it lies in. */
  root: long,
  git: orUnread(ObservedGit),
})
export type ObservedFolder = z.infer<typeof ObservedFolder>

/** One way in: a channel account as the config of that version means it, joined with the pairing store. See openclaw.md §4. */
export const ObservedDoor = z.object({
  channel: z.string().max(60),
  account: z.string().max(100),
  enabled: z.boolean(),
  /** Direct messages: who gets an answer. `pairing-code`: strangers get a pairing code from the client's own account. */
  direct: z.enum(['nobody', 'listed', 'everyone', 'pairing-code', 'unknown']),
  /** Handles that are answered (config ∪ pairing store), raw; at most 200, `listedTotal` says how many there are. */
  listed: z.array(short).max(200),
  listedTotal: z.number().int(),
  /** Groups: `everyone`: there is one in which whoever writes is answered. `listed`: only listed people, or named groups. */
  groups: z.enum(['nobody', 'listed', 'everyone', 'unknown']),
  chatMayChangeConfig: z.boolean().nullable(),
  /** Where it says so: `channels.imessage.allowFrom`, `account override`, `default of 2026.9.6`, `pairing store`. */
  because: z.array(short).max(20),
})
export type ObservedDoor = z.infer<typeof ObservedDoor>

export const ObservedActivity = z.object({
  /** Which store was read, such as `openclaw.sqlite v18` or `session files`. */
  source: short,
  /** Real messages in, without heartbeats, cron and test handles. */
  lastInboundAtMs: atMs.nullable(),
  /** Last reply that was an answer, not an error text. */
  lastReplyAtMs: atMs.nullable(),
  unanswered: z.number().int(),
  unansweredSinceMs: atMs.nullable(),
  failures: z.number().int(),
  lastFailureAtMs: atMs.nullable(),
  /** The runtime's own words, capped; no message content. */
  lastFailure: short,
  /** People who wrote and were dropped by the allowlist in the last 30 days. */
  droppedStrangers: z.number().int().nullable(),
  /** Real exchanges per UTC day, newest first, at most 40: `YYYY-MM-DD`, messages in, good replies. */
  days: z
    .array(
      z.object({
        day: z.string().regex(/^\d{4}-\d\d-\d\d$/),
        inbound: z.number().int(),
        replies: z.number().int(),
        /** Half of that day's replies came sooner after the first message they answer; null: no reply. */
        replyMs: z.number().int().min(0).nullable().default(null),
      }),
    )
    .max(40),
  /** The queue of messages that came in: what waits to be taken or finished, and what was given up. Null: not kept or not read. */
  queue: z
    .object({
      waiting: z.number().int(),
      waitingSinceMs: atMs.nullable(),
      givenUp: z.number().int(),
      givenUpAtMs: atMs.nullable(),
    })
    .nullable(),
  /** Of the last day, the hour in which most went out to people, by channel account. Absent: a program of before did not say. */
  busiest: z
    .array(
      z.object({
        /** Empty: the store does not say. */
        channel: z.string().max(60),
        account: z.string().max(100),
        fromMs: atMs,
        out: z.number().int(),
      }),
    )
    .max(50)
    .optional(),
  /** What this source cannot tell, in words. */
  blindSpots: z.array(short).max(10),
})
export type ObservedActivity = z.infer<typeof ObservedActivity>

/** What an agent reaches besides its channels: names, moments and success, never what was asked or answered. */
export const ObservedIntegration = z.object({
  kind: z.enum(['email', 'calendar', 'crm', 'other']),
  name: z.string().max(120),
  /** What names it: `plugins.entries.imap`, `skill followupboss`, `its uses`. */
  because: short,
  workedAtMs: atMs.nullable(),
  failedAtMs: atMs.nullable(),
  /** Why the last failure happened, in our own words. */
  failure: short,
  /** Failures after the last success; all of them where there was none. */
  failuresSince: z.number().int(),
  /** Why nothing is known of its uses; empty when something is. */
  cannotTell: short,
})
export type ObservedIntegration = z.infer<typeof ObservedIntegration>

/** Somebody who heard from the agent and may not. Who it is stays on the box. */
export const ObservedStranger = z.object({
  /** Keyed fingerprint of the handle. */
  mark: z.string().max(20),
  /** Its last three characters. */
  ending: z.string().max(12),
  /** Empty: the box does not say. */
  channel: z.string().max(60),
  account: z.string().max(100),
  how: z.enum(['answered', 'pairing-code']),
  times: z.number().int(),
  firstAtMs: atMs,
  lastAtMs: atMs,
})
export type ObservedStranger = z.infer<typeof ObservedStranger>

export const ObservedAgent = z.object({
  runtime: z.literal('openclaw'),
  profile: z.string().max(100),
  stateDir: long,
  configPath: long,
  install: orUnread(
    z.object({
      kind: z.enum(['package', 'git', 'unknown']),
      root: long,
      version: z.string().max(60),
      packageManager: z.string().max(40),
      /** Range of `engines.node`. */
      needsNode: short,
      installedAtMs: atMs.nullable(),
      channel: z.string().max(40),
      /** What the build says it was made of; differs from git's commit when someone pulled and did not build. */
      builtCommit: z.string().max(64).nullable(),
      git: orUnread(ObservedGit).nullable(),
    }),
  ),
  config: orUnread(
    z.object({
      /** Parses as JSON5 with its includes. The runtime's own schema check is `schemaValid`. */
      parses: z.boolean(),
      problem: short,
      /** The box's own `config validate`, when this was asked; null when not. */
      schemaValid: z.boolean().nullable(),
      schemaProblem: short,
      sizeBytes: z.number(),
      modifiedAtMs: atMs,
      sha256: z.string().max(64),
      /** Of the canonical form without the runtime's own stamps (`meta`, `wizard`), secrets included, keyed. */
      fingerprint: z.string().max(64),
      writtenByVersion: z.string().max(60),
      /** Every secret value replaced by `#` and a keyed fingerprint (HMAC-SHA-256, first 12 hex). JSON text; empty: too large to be told. */
      redacted: z.string().max(400_000),
    }),
  ),
  doors: orUnread(z.array(ObservedDoor).max(100)),
  /** Who was let in by a pairing code, at most 1000. Absent: a program of before. */
  pairing: z
    .object({
      entries: z
        .array(z.object({ channel: z.string().max(60), account: z.string().max(100), handle: short }))
        .max(1000),
      /** Why it was not read; empty: it was. */
      unread: short,
    })
    .optional(),
  /** Who heard from the agent in the last 40 days and may not, newest first, at most 200. Absent: nobody said who may. */
  strangers: orUnread(z.object({ people: z.array(ObservedStranger).max(200), cannotTell: short })).optional(),
  service: orUnread(
    z.object({
      /** How it is meant to be kept alive. */
      kind: z.enum(['launchd', 'systemd', 'scheduled-task', 'foreground', 'none']),
      running: z.boolean(),
      pid: z.number().int().nullable(),
      startedAtMs: atMs.nullable(),
      port: z.number().int().nullable(),
      detail: short,
    }),
  ),
  ready: orUnread(
    z.object({
      ready: z.boolean(),
      failing: z.array(short).max(50),
      suppressed: z.array(short).max(50),
      uptimeMs: z.number().nullable(),
    }),
  ),
  runningVersion: orUnread(short),
  /** Whether the running gateway uses the config on disk. */
  applied: orUnread(z.boolean()),
  channels: orUnread(
    z
      .array(
        z.object({
          channel: z.string().max(60),
          account: z.string().max(100),
          connected: z.boolean().nullable(),
          detail: short,
        }),
      )
      .max(100),
  ),
  /** Newest first, at most 20. */
  boots: orUnread(
    z
      .array(z.object({ startedAtMs: atMs, endedAtMs: atMs.nullable(), clean: z.boolean().nullable(), reason: short }))
      .max(20),
  ),
  /** Newest first, at most 20: who wrote the config, as the runtime recorded it. */
  configWrites: orUnread(
    z
      .array(
        z.object({
          atMs,
          by: short,
          /** Home folders that the command and the folder it ran in stand in, at most 3: they may name who it was. */
          homes: z.array(short).max(3),
          hashBefore: z.string().max(64),
          hashAfter: z.string().max(64),
        }),
      )
      .max(20),
  ),
  activity: orUnread(ObservedActivity),
  /** The runtime's own updates. */
  update: orUnread(
    z.object({
      /** False: this version writes none down. */
      keepsRuns: z.boolean(),
      /** The newest; null: none yet. */
      run: z
        .object({
          status: z.string().max(40),
          phase: z.string().max(40),
          startedAtMs: atMs,
          /** When it last gave a sign; the runtime takes 30 minutes without one for given up. */
          updatedAtMs: atMs,
          reason: short,
        })
        .nullable(),
      /** A half-made install lies beside the real one since then; null: none does. */
      leftSinceMs: atMs.nullable(),
    }),
  ),
  /** Channels for which the system must give its leave, such as Full Disk Access on macOS: the last refusal the agent wrote down. */
  permissions: orUnread(
    z
      .array(
        z.object({
          channel: z.string().max(60),
          account: z.string().max(100),
          refusedAtMs: atMs.nullable(),
          /** Which leave, in words. */
          what: short,
          /** What this login itself may read; says little about the agent. */
          detail: short,
        }),
      )
      .max(20),
  ),
  integrations: orUnread(z.array(ObservedIntegration).max(40)),
  /** Its own log, as far back as it reaches. `daily`: a file a day, each dropped a day later; `full`: it drops the oldest. */
  ownLog: orUnread(
    z.object({ daily: z.boolean(), full: z.boolean(), oldestAtMs: atMs.nullable(), files: z.number().int() }),
  ),
  lastBackup: orUnread(z.object({ atMs: atMs.nullable(), ok: z.boolean() })),
  /** The file that keeps it alive; an empty `file`: there is none. Secrets in the text are fingerprints. */
  unit: orUnread(
    z.object({
      file: long,
      modifiedAtMs: atMs.nullable(),
      ownerUid: z.number().int(),
      text: z.string().max(20_000),
    }),
  ),
  /** What the operator wrote for it: the files that steer the agent, and skills. At most 300; `digest` is of all. */
  ownFiles: orUnread(
    z.object({
      files: z
        .array(
          z.object({
            path: z.string().max(300),
            sha256: z.string().max(64),
            /** Permission bits. Absent: Windows, or a program of before. */
            mode: z.number().int().min(0).max(0o777).optional(),
          }),
        )
        .max(300),
      total: z.number().int(),
      digest: z.string().max(64),
      modifiedAtMs: atMs.nullable(),
    }),
  ),
  /** Files of the install that differ from what was shipped, at most 50 names, and by what that was told. */
  patchedFiles: orUnread(z.object({ by: z.enum(['git', 'hashes', 'dates']), files: z.array(long).max(50) })),
  /** Checkouts of its workspaces and skills, whether tracked or not. */
  ownCode: z
    .array(z.object({ path: z.string().max(1000), remote: z.string().max(1000), branch: z.string().max(200) }))
    .max(20),
})
export type ObservedAgent = z.infer<typeof ObservedAgent>

/**
 * The answer of one probe, one round trip: raw observations, not judgements. Schemas are shared by the program on the
 * box (which fills them) and the console (which does not believe them: everything is length-capped here and parsed on arrival).
 * All text is raw; the console passes it through `untrusted` before it stores or shows it.
 */
export const Observed = z.object({
  programVersion: z.number().int(),
  machine: ObservedMachine,
  /** Null: not asked; a full sweep asks. */
  people: ObservedPeople.nullable(),
  agents: z.array(ObservedAgent).max(32),
  folders: z.array(ObservedFolder).max(32),
  /** Changes that a console began and that the machine still knows of; absent in answers of before. */
  changes: orUnread(ObservedChanges).optional(),
  /** How long each part took on the box, milliseconds. */
  tookMs: z.record(z.string().max(40), z.number()),
})
export type Observed = z.infer<typeof Observed>

/** What the console tells the probe. */
export const ProbeRequest = z.object({
  /** Hex key of the HMAC that replaces secrets; per box, kept by the console. */
  fingerprintKey: z.string(),
  /** The operator's own handles: never activity. */
  testHandles: z.array(z.string()),
  /** Let the box's own binary check the config (2 s); a light sweep does not. */
  validate: z.boolean(),
  /** How long a command of the box's own runtime may take, milliseconds: less than the console waits for the whole. */
  ownCommandMs: z.number().int().positive(),
  /** State folders found at enrolment besides the usual places. */
  stateDirs: z.array(z.string()),
  /** Entry points of the runtime found at enrolment (design §4: found once and kept). */
  entries: z.array(z.string()),
  /** Folders the operator tracks. */
  folders: z.array(z.object({ id: z.string(), path: z.string() })).max(32),
  /** Who may be answered: handles, and the accounts at which whoever writes may be. Absent: nobody wrote it down. */
  allowed: z.object({ handles: z.array(z.string()), open: z.array(z.string()) }).optional(),
})
export type ProbeRequest = z.infer<typeof ProbeRequest>
