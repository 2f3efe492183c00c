import * as z from 'zod'

/**
 * What the probe answers: raw observations, not judgements. Schemas are shared by the program on the box (which fills
 * them) and the console (which does not believe them: everything is length-capped here and parsed on arrival).
 * All text is raw; the console passes it through `untrusted` before it stores or shows it.
 */
const short = z.string().max(500)
const long = z.string().max(4000)
/** A moment that a calendar has (ECMA-262, time values); a box may write anything. */
const atMs = z.number().min(-8.64e15).max(8.64e15)

/** Something that could be read, with what said so; or why it could not. Unreadable is never fine. */
export const read = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('read', [
    z.object({ read: z.literal(true), value, source: short }),
    z.object({ read: z.literal(false), why: short, source: short }),
  ])
export type Read<T> = { read: true; value: T; source: string } | { read: false; why: string; source: string }

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
  bootedAtMs: read(atMs),
  /** Is a person logged in at the screen (launchd and scheduled tasks of a user need it)? */
  session: read(z.object({ present: z.boolean(), user: short })),
  disk: read(z.object({ freeBytes: z.number(), totalBytes: z.number() })),
  encryption: read(z.object({ on: z.boolean(), detail: short })),
  sleep: read(z.object({ sleeps: z.boolean(), detail: short })),
})
export type ObservedMachine = z.infer<typeof ObservedMachine>

export const ObservedGit = z.object({
  commit: z.string().max(64),
  branch: short,
  upstream: short,
  ahead: z.number().int().nullable(),
  /** Against the box's own cached refs; null when there is no upstream or history. */
  behind: z.number().int().nullable(),
  dirtyFiles: z.number().int(),
  committedAtMs: atMs.nullable(),
  upstreamCommittedAtMs: atMs.nullable(),
  /** When FETCH_HEAD was last written; null: never. */
  fetchedAtMs: atMs.nullable(),
  /** What the build was made of; differs from `commit` when someone pulled and did not build. */
  builtCommit: z.string().max(64).nullable(),
})
export type ObservedGit = z.infer<typeof ObservedGit>

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
      z.object({ day: z.string().regex(/^\d{4}-\d\d-\d\d$/), inbound: z.number().int(), replies: z.number().int() }),
    )
    .max(40),
  /** What this source cannot tell, in words. */
  blindSpots: z.array(short).max(10),
})
export type ObservedActivity = z.infer<typeof ObservedActivity>

export const ObservedAgent = z.object({
  runtime: z.literal('openclaw'),
  profile: z.string().max(100),
  stateDir: long,
  configPath: long,
  install: read(
    z.object({
      kind: z.enum(['package', 'git', 'unknown']),
      root: long,
      version: z.string().max(60),
      packageManager: z.string().max(40),
      /** Range of `engines.node`. */
      needsNode: short,
      installedAtMs: atMs.nullable(),
      channel: z.string().max(40),
      git: read(ObservedGit).nullable(),
    }),
  ),
  config: read(
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
      /** Every secret value replaced by `#` and a keyed fingerprint (HMAC-SHA-256, first 12 hex). JSON text. */
      redacted: z.string().max(400_000),
    }),
  ),
  doors: read(z.array(ObservedDoor).max(100)),
  service: read(
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
  ready: read(
    z.object({
      ready: z.boolean(),
      failing: z.array(short).max(50),
      suppressed: z.array(short).max(50),
      uptimeMs: z.number().nullable(),
    }),
  ),
  runningVersion: read(short),
  /** Whether the running gateway uses the config on disk. */
  applied: read(z.boolean()),
  channels: read(
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
  boots: read(
    z
      .array(z.object({ startedAtMs: atMs, endedAtMs: atMs.nullable(), clean: z.boolean().nullable(), reason: short }))
      .max(20),
  ),
  /** Newest first, at most 20: who wrote the config, as the runtime recorded it. */
  configWrites: read(
    z.array(z.object({ atMs, by: short, hashBefore: z.string().max(64), hashAfter: z.string().max(64) })).max(20),
  ),
  activity: read(ObservedActivity),
  lastBackup: read(z.object({ atMs: atMs.nullable(), ok: z.boolean() })),
  /** Files of the package that differ from what was shipped, at most 50 names. */
  patchedFiles: read(z.array(long).max(50)),
})
export type ObservedAgent = z.infer<typeof ObservedAgent>

/** The answer of one probe: one round trip. */
export const Observed = z.object({
  programVersion: z.number().int(),
  machine: ObservedMachine,
  agents: z.array(ObservedAgent).max(32),
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
  /** State folders found at enrolment besides the usual places. */
  stateDirs: z.array(z.string()),
  /** Entry points of the runtime found at enrolment (design §4: found once and kept). */
  entries: z.array(z.string()),
})
export type ProbeRequest = z.infer<typeof ProbeRequest>
