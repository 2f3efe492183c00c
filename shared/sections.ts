import * as z from 'zod'
import { ChannelKind } from './contract/inventory.ts'

/**
 * The guided sections of an overlay, in words that no runtime owns. Every value is optional: what a layer does not say is
 * undeclared, and left alone on the machine. An adapter compiles them for the version of each agent.
 *
 * Strict throughout: a name that is not here is a mistake of whoever wrote the file, never silently dropped.
 */

/** A name that becomes a key of somebody's settings. */
const named = (pattern: RegExp, words: string) =>
  z
    .string()
    .regex(pattern, words)
    .refine((name) => !['__proto__', 'constructor', 'prototype'].includes(name), 'It cannot be used as a name.')

/** `telegram/default`: the runtime-neutral name of one channel account, as `doorInstance` writes it. */
export const DoorKey = z
  .string()
  .max(161)
  .regex(
    /^[a-z0-9][a-z0-9-]{0,59}\/[A-Za-z0-9][A-Za-z0-9_.@+-]{0,99}$/,
    'A channel and an account, as telegram/default.',
  )
  .refine((key) => !/\/(constructor|prototype)$/.test(key), 'It cannot be used as a name.')
export type DoorKey = z.infer<typeof DoorKey>

/** Local time of day, `08:30`; `24:00` is the end of the day. */
const TimeOfDay = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'A time of day as 08:30.')

/** Somebody of a team, by a handle of that channel: E.164, an e-mail address, a numeric id. */
export const TeamPerson = z.strictObject({
  name: z.string().trim().min(1).max(120),
  handle: z.string().trim().min(1).max(200),
})
export type TeamPerson = z.infer<typeof TeamPerson>

/**
 * What makes a public account safe. All of them have to be declared, on, before one may be opened; the human number and
 * the fallback sentence stand in `escalation`, because they are the same for every channel of a client.
 */
export const PublicSafeguards = z.strictObject({
  /** What one stranger wrote is never part of another's conversation. */
  sessionPerSender: z.boolean().optional(),
  /** No commands, no files, no other conversations, no settings. */
  toolsDenied: z.boolean().optional(),
  groupsOff: z.boolean().optional(),
  /** Most messages out in an hour. */
  mostPerHour: z.number().int().min(1).max(10_000).optional(),
  /** A person approves this many answers before any goes out by itself. */
  firstApprovals: z.number().int().min(1).max(10_000).optional(),
})
export type PublicSafeguards = z.infer<typeof PublicSafeguards>

/** One channel account and who may talk to it. */
export const ChannelSection = z.strictObject({
  enabled: z.boolean().optional(),
  /** `clients-own`: the handles of the client in the inventory, and nobody else; they are never typed here. */
  kind: ChannelKind.optional(),
  /** `team` alone: who may talk. */
  people: z.array(TeamPerson).max(200).optional(),
  /** `public` alone. */
  safeguards: PublicSafeguards.optional(),
})
export type ChannelSection = z.infer<typeof ChannelSection>

/** `provider/model`. */
const ModelName = named(
  /^[a-z0-9][a-z0-9._-]{0,59}\/[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$/,
  'A model as provider/model.',
)

export const ModelSection = z.strictObject({
  primary: ModelName.optional(),
  /** In order, when the one before fails. */
  fallbacks: z.array(ModelName).max(10).optional(),
  /** US dollars. */
  mostPerDay: z.number().positive().max(100_000).optional(),
})
export type ModelSection = z.infer<typeof ModelSection>

/** A tool that somebody judged. One that moves money needs a person every time, whatever `use` says. */
export const JudgedTool = z.strictObject({
  movesMoney: z.boolean().optional(),
  /** `ask`: a person approves each use. */
  use: z.enum(['off', 'ask', 'free']).optional(),
})
export type JudgedTool = z.infer<typeof JudgedTool>

export const ToolName = named(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,119}$/, 'The name of a tool, as web_search or group:fs.')

export const ToolsSection = z.strictObject({
  /** Commands of the machine. `listed`: those on the machine's own list alone; `ask`: others too, once a person said yes. */
  commands: z.enum(['off', 'listed', 'ask']).optional(),
  files: z.enum(['off', 'workspace', 'everywhere']).optional(),
  /** Commands with more rights than the agent's own; `owners`: the client's own handles alone. */
  elevated: z.enum(['off', 'owners']).optional(),
  /** By name; a tool that is not here has not been judged yet. */
  judged: z.record(ToolName, JudgedTool).optional(),
})
export type ToolsSection = z.infer<typeof ToolsSection>

/** When the agent looks at its own list without being asked. */
export const HeartbeatSection = z.strictObject({
  /** 0: never. */
  everyMinutes: z.number().int().min(0).max(10_080).optional(),
  /** Only between these, in the client's own time zone. */
  from: TimeOfDay.optional(),
  to: TimeOfDay.optional(),
  /** It may write to a person by itself. */
  mayWrite: z.boolean().optional(),
})
export type HeartbeatSection = z.infer<typeof HeartbeatSection>

export const LoggingSection = z.strictObject({
  level: z.enum(['error', 'warn', 'info', 'debug']).optional(),
  /** A file of its own, absolute on the machine, which is not dropped after a day. */
  file: z
    .string()
    .max(1000)
    .regex(/^(\/|[A-Za-z]:\\)[^\0]+$/, 'An absolute path on the machine.')
    .optional(),
  /** Largest size of one file, megabytes. */
  mostMegabytes: z.number().int().min(1).max(10_000).optional(),
  /** Runs and tools are written down, without content. */
  audit: z.boolean().optional(),
  /** That a message came in and was answered is written down, without content. */
  messageAudit: z.enum(['off', 'direct', 'all']).optional(),
})
export type LoggingSection = z.infer<typeof LoggingSection>

export const RetentionSection = z.strictObject({
  /** Conversations that rest longer are put away. */
  conversationDays: z.number().int().min(1).max(3650).optional(),
  /** What was put away is kept this long after that. */
  archiveDays: z.number().int().min(1).max(3650).optional(),
  /** Runs of the agent's own timetable. */
  automationDays: z.number().int().min(1).max(3650).optional(),
})
export type RetentionSection = z.infer<typeof RetentionSection>

/** What the agent does when it does not know. */
export const EscalationSection = z.strictObject({
  /** Whom to call: a person's number, as the client would dial it. */
  humanNumber: z.string().trim().min(1).max(200).optional(),
  humanName: z.string().trim().min(1).max(120).optional(),
  /** What it says instead of guessing. */
  fallbackSentence: z.string().trim().min(1).max(500).optional(),
})
export type EscalationSection = z.infer<typeof EscalationSection>

/** A capability that can be switched on for a client. Not on is off. */
export const Flag = z.strictObject({
  on: z.boolean().optional(),
  /** A person approves this many uses before it may be proposed to go without; it never goes by itself. */
  firstApprovals: z.number().int().min(0).max(10_000).optional(),
})
export type Flag = z.infer<typeof Flag>

export const FlagName = named(/^[a-z0-9][a-z0-9_-]{0,79}$/, 'Small letters, digits, - and _.')

export const UpdatesSection = z.strictObject({
  /** The runtime updates itself. */
  automatic: z.boolean().optional(),
  /** It looks for a newer version when it starts. */
  checkAtStart: z.boolean().optional(),
  /** The version it is to have, as `2026.9.6`. */
  version: z
    .string()
    .regex(/^\d{4}\.\d{1,2}\.\d{1,3}(-[0-9A-Za-z.-]{1,40})?$/, 'A version as 2026.9.6.')
    .optional(),
})
export type UpdatesSection = z.infer<typeof UpdatesSection>

/** A file of the operator's in the agent's workspace, by its content. */
export const DeclaredFile = z.strictObject({
  /** Hex. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'A SHA-256 in hex.')
    .optional(),
  /** It may be started as a program. */
  executable: z.boolean().optional(),
})
export type DeclaredFile = z.infer<typeof DeclaredFile>

/** From the workspace: `SOUL.md`, `skills/orders/SKILL.md`. Never out of it. */
export const WorkspacePath = z
  .string()
  .max(300)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_. -]*(\/[A-Za-z0-9_][A-Za-z0-9_. -]*)*$/,
    'A path inside the workspace, as skills/orders/SKILL.md.',
  )
  .refine((path) => path !== '__proto__' && path !== 'constructor', 'It cannot be used as a name.')

export const Sections = z.strictObject({
  channels: z.record(DoorKey, ChannelSection).optional(),
  model: ModelSection.optional(),
  tools: ToolsSection.optional(),
  heartbeat: HeartbeatSection.optional(),
  logging: LoggingSection.optional(),
  retention: RetentionSection.optional(),
  escalation: EscalationSection.optional(),
  flags: z.record(FlagName, Flag).optional(),
  updates: UpdatesSection.optional(),
  files: z.record(WorkspacePath, DeclaredFile).optional(),
})
export type Sections = z.infer<typeof Sections>

export type Safeguard = keyof PublicSafeguards | 'humanNumber' | 'fallbackSentence'

/** How a safeguard is called on screen. */
export const safeguardWords: Record<Safeguard, string> = {
  sessionPerSender: 'a conversation per sender',
  toolsDenied: 'no commands, files or other conversations',
  groupsOff: 'groups off',
  mostPerHour: 'a most per hour',
  firstApprovals: 'a person for the first answers',
  humanNumber: 'a human number',
  fallbackSentence: 'a fallback sentence',
}

/** What a public channel still lacks; while this is not empty it is opened to nobody. */
export function missingSafeguards(channel: ChannelSection, escalation: EscalationSection = {}): Safeguard[] {
  const { safeguards = {} } = channel
  const present: Record<Safeguard, boolean> = {
    sessionPerSender: safeguards.sessionPerSender === true,
    toolsDenied: safeguards.toolsDenied === true,
    groupsOff: safeguards.groupsOff === true,
    mostPerHour: safeguards.mostPerHour !== undefined,
    firstApprovals: safeguards.firstApprovals !== undefined,
    humanNumber: escalation.humanNumber !== undefined,
    fallbackSentence: escalation.fallbackSentence !== undefined,
  }
  return (Object.keys(present) as Safeguard[]).filter((name) => !present[name])
}

/** `telegram/default` in its two parts. */
export function doorOfKey(key: string): { channel: string; account: string } {
  const at = key.indexOf('/')
  return { channel: key.slice(0, at), account: key.slice(at + 1) }
}
