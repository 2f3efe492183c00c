import * as z from 'zod'

/**
 * Every way an operation can fail that an operator can do something about. A closed list: the words for each
 * stand in `shared/fault-text.ts`, whose switch does not compile when a code has no sentence.
 * `boxName` is the operator's own name for the box. Times are milliseconds.
 */
export const Fault = z.discriminatedUnion('code', [
  z.object({ code: z.literal('name-not-found'), boxName: z.string(), host: z.string() }),
  z.object({ code: z.literal('refused'), boxName: z.string(), host: z.string(), port: z.number() }),
  z.object({
    code: z.literal('timed-out'),
    boxName: z.string(),
    phase: z.enum(['connect', 'banner', 'handshake', 'auth', 'channel', 'answer']),
    afterMs: z.number(),
  }),
  z.object({ code: z.literal('network-unreachable'), boxName: z.string(), host: z.string() }),
  z.object({ code: z.literal('connection-lost'), boxName: z.string(), detail: z.string() }),
  z.object({ code: z.literal('not-ssh'), boxName: z.string(), detail: z.string() }),
  z.object({ code: z.literal('no-common-algorithm'), boxName: z.string(), detail: z.string() }),
  z.object({ code: z.literal('key-not-trusted'), boxName: z.string(), offered: z.string() }),
  z.object({ code: z.literal('key-changed'), boxName: z.string(), pinned: z.string(), offered: z.string() }),
  /** `offered` names each key or method tried, in order, as a person would recognise it. */
  z.object({
    code: z.literal('auth-refused'),
    boxName: z.string(),
    user: z.string(),
    offered: z.array(z.string()),
    accepted: z.array(z.string()),
  }),
  z.object({
    code: z.literal('key-file-unreadable'),
    boxName: z.string(),
    path: z.string(),
    why: z.enum(['missing', 'no-permission', 'not-a-key', 'passphrase-needed', 'passphrase-wrong']),
  }),
  z.object({ code: z.literal('agent-unavailable'), boxName: z.string(), detail: z.string() }),
  /** A jump host on the way failed; `cause` is its own fault. */
  z.object({ code: z.literal('hop-failed'), boxName: z.string(), hopName: z.string(), cause: z.string() }),
  z.object({ code: z.literal('too-many-sessions'), boxName: z.string() }),
  /** The box lets us in and gives no terminal. `detail`: its own words. */
  z.object({ code: z.literal('no-terminal'), boxName: z.string(), detail: z.string() }),
  z.object({ code: z.literal('no-node'), boxName: z.string(), tried: z.array(z.string()) }),
  z.object({ code: z.literal('node-too-old'), boxName: z.string(), found: z.string(), needed: z.string() }),
  z.object({
    code: z.literal('program-crashed'),
    boxName: z.string(),
    exitCode: z.number().nullable(),
    signal: z.string().nullable(),
    lastLines: z.string(),
  }),
  z.object({ code: z.literal('answer-not-understood'), boxName: z.string(), detail: z.string() }),
  z.object({ code: z.literal('answer-too-large'), boxName: z.string(), limitBytes: z.number() }),
  z.object({ code: z.literal('cancelled'), what: z.string() }),
  z.object({ code: z.literal('not-found'), what: z.string() }),
  z.object({ code: z.literal('already-exists'), what: z.string(), name: z.string() }),
  z.object({ code: z.literal('invalid-input'), field: z.string(), detail: z.string() }),
  /** `at`: the character it breaks at, from 0. */
  z.object({ code: z.literal('invalid-regex'), at: z.number().int(), detail: z.string() }),
  z.object({ code: z.literal('in-use'), what: z.string(), by: z.string() }),
  /** Somebody saved it after it was looked at. `what`: its name; `detail`: who and when. */
  z.object({ code: z.literal('changed-meanwhile'), what: z.string(), detail: z.string() }),
  z.object({ code: z.literal('read-only'), detail: z.string() }),
  /** Fixed rules refuse it. `ruleId` is a `RuleId`; `place` a path, or a machine and its channel account. */
  z.object({
    code: z.literal('rule-broken'),
    problems: z.array(z.object({ ruleId: z.string(), place: z.string(), sentence: z.string() })).min(1),
  }),
  z.object({ code: z.literal('locked-by-other'), holder: z.string() }),
  z.object({ code: z.literal('disk-full'), path: z.string() }),
  /** The data folder or a file in it cannot be used: no permission, a read-only disk, a file where a folder should be. */
  z.object({ code: z.literal('data-folder-unusable'), path: z.string(), why: z.string() }),
  z.object({ code: z.literal('store-newer'), found: z.number(), known: z.number() }),
  /** `setAside` is null where the file was only read: readers move nothing. */
  z.object({ code: z.literal('store-damaged'), setAside: z.string().nullable(), newestBackup: z.string().nullable() }),
  /** The machine has not shown that a change there goes back by itself. */
  z.object({ code: z.literal('no-way-back'), boxName: z.string(), why: z.string() }),
  z.object({ code: z.literal('on-hold'), clientName: z.string(), until: z.string(), reason: z.string() }),
  /** What was previewed is not what would be done now. */
  z.object({ code: z.literal('plan-stale'), boxName: z.string(), why: z.string() }),
  /** A change of behaviour that may not begin yet: see `RolloutGuard`. `untilMs`: when it may; null: nobody said who asked. */
  z.object({ code: z.literal('guarded'), what: z.string(), why: z.string(), untilMs: z.number().nullable() }),
  /** Something nobody foresaw. The details are in the engine's log under `reference`, not here. */
  z.object({ code: z.literal('internal'), reference: z.string() }),
])
export type Fault = z.infer<typeof Fault>
export type FaultCode = Fault['code']
