import { oc } from '@orpc/contract'
import * as z from 'zod'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId, ChannelId, ClientId, ClientSpanId, FolderId, NoteId, UndoId, WorkflowId } from './ids.ts'

/** A client's own way of being reached. `value` is normalised: E.164 for phones, lower case for e-mail, digits for chat ids. */
export const Handle = z.object({
  kind: z.enum(['phone', 'email', 'telegram', 'other']),
  value: z.string().min(1).max(200),
  label: z.string().max(100),
  /** *typed* by the operator, or *proved* by a real exchange. */
  trust: z.enum(['typed', 'proved']),
})
export type Handle = z.infer<typeof Handle>

export const OpenSpan = z.object({
  /** 1 Monday … 7 Sunday (ISO 8601). */
  weekday: z.number().int().min(1).max(7),
  /** Minutes after local midnight; `toMinute` may be 1440. */
  fromMinute: z.number().int().min(0).max(1440),
  toMinute: z.number().int().min(0).max(1440),
})
export type OpenSpan = z.infer<typeof OpenSpan>

export const Holiday = z.object({
  /** Local calendar day of the client, `YYYY-MM-DD`. */
  date: z.string(),
  name: z.string(),
  /** `assumed`: from the bundled calendar of the client's region; `stated`: typed by the operator. */
  source: z.enum(['assumed', 'stated']),
  /** Stated days may also say that the client is open although the calendar says holiday. */
  open: z.boolean(),
})
export type Holiday = z.infer<typeof Holiday>

export const ClientFields = z.object({
  name: z.string().trim().min(1).max(120),
  niche: z.string().max(80),
  /** ISO 3166, country and optionally subdivision, such as `US-CA`. Empty: unknown. */
  region: z.string().max(12),
  /** IANA name; empty: the operator's own. */
  timeZone: z.string().max(60),
  hours: z.array(OpenSpan),
  /** True while nobody confirmed the hours (Mon–Fri 9–17 is assumed). */
  hoursAssumed: z.boolean(),
  statedHolidays: z.array(Holiday),
  contacts: z.array(z.object({ name: z.string().max(120), role: z.string().max(120), handle: z.string().max(200) })),
  humanFallback: z.string().max(200),
  /** `YYYY-MM-DD`, or empty while building. */
  goLiveOn: z.string().max(10),
  handles: z.array(Handle),
  /** Days behind at which a version gap turns amber and red; null: 7 and 14 (A08). */
  amberDays: z.number().int().min(1).max(365).nullable(),
  redDays: z.number().int().min(1).max(365).nullable(),
})
export type ClientFields = z.infer<typeof ClientFields>

export const Client = ClientFields.extend({ clientId: ClientId, createdAtMs: AtMs })
export type Client = z.infer<typeof Client>

/** How to authenticate. A passphrase or password is never here: it goes to the OS keychain by its own call. */
export const Auth = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent') }),
  z.object({ kind: z.literal('key'), path: z.string().min(1).max(1000) }),
  /** For enrolment only: the secret is asked each time and kept nowhere. */
  z.object({ kind: z.literal('password') }),
])
export type Auth = z.infer<typeof Auth>

export const BoxFields = z.object({
  name: z.string().trim().min(1).max(80),
  clientId: ClientId.nullable(),
  host: z.string().trim().min(1).max(255),
  port: z.number().int().min(1).max(65535),
  user: z.string().trim().min(1).max(100),
  auth: Auth,
  /** Jump hosts, nearest to this computer first. Each is a box with its own pin. */
  hops: z.array(BoxId).max(8),
  ring: z.enum(['lab', 'canary', 'rest']),
  /** `always`, or only within these hours of the client's time zone. */
  expectedOn: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('always') }),
    z.object({ kind: z.literal('hours'), spans: z.array(OpenSpan).min(1) }),
  ]),
  /** A jump host that carries no agent: it is trusted and reached, never swept. */
  jumpOnly: z.boolean(),
  /** Seconds between keep-alives; null: 15. 0 turns them off for servers that choke on them. */
  keepAliveS: z.number().int().min(0).max(600).nullable(),
})
export type BoxFields = z.infer<typeof BoxFields>

export const Box = BoxFields.extend({
  boxId: BoxId,
  createdAtMs: AtMs,
  /** The pinned host key's fingerprint, `SHA256:…`, or null while nobody accepted one. */
  pinned: z.string().nullable(),
  /** How this box starts its own Node, found at enrolment; null: not enrolled. */
  launcher: z.string().nullable(),
})
export type Box = z.infer<typeof Box>

export const Agent = z.object({
  agentId: AgentId,
  boxId: BoxId,
  runtime: z.literal('openclaw'),
  /** OpenClaw's profile; `default` for the unnamed one. */
  profile: z.string(),
  stateDir: z.string(),
  firstSeenAtMs: AtMs,
})
export type Agent = z.infer<typeof Agent>

/**
 * Whose a channel account is (design §1): the *client's own* (only the client's own handles may talk), a *team*'s (named
 * people), or *public* (a dedicated business account, for whoever writes).
 */
export const ChannelKind = z.enum(['clients-own', 'team', 'public'])
export type ChannelKind = z.infer<typeof ChannelKind>

/** One account of one channel of an agent, as sweeps found it: a way in and out. The same account keeps its id. */
export const Channel = z.object({
  channelId: ChannelId,
  agentId: AgentId,
  boxId: BoxId,
  /** The runtime's own name, such as `telegram`. */
  channel: z.string(),
  /** `default` for the only one. */
  account: z.string(),
  /** Null: nobody said yet. iMessage is always `clients-own`. */
  kind: ChannelKind.nullable(),
  firstSeenAtMs: AtMs,
  lastSeenAtMs: AtMs,
  /** The newest reading of its agent's channels showed it. */
  seenNow: z.boolean(),
})
export type Channel = z.infer<typeof Channel>

export const Workflow = z.object({
  workflowId: WorkflowId,
  clientId: ClientId,
  name: z.string().trim().min(1).max(120),
  description: z.string().max(2000),
})
export type Workflow = z.infer<typeof Workflow>

/** *pause*: the client is away, no silence and no offline alarm. *hold*: no changes there until its end. Both set by the operator. */
export const ClientSpan = z.object({
  spanId: ClientSpanId,
  clientId: ClientId,
  kind: z.enum(['pause', 'hold']),
  fromMs: AtMs,
  untilMs: AtMs,
  reason: z.string(),
  setAtMs: AtMs,
})
export type ClientSpan = z.infer<typeof ClientSpan>

/** What the operator knows about a box or client that no fact says ("reboots itself on Tuesdays"). */
export const Note = z.object({
  noteId: NoteId,
  boxId: BoxId.nullable(),
  clientId: ClientId.nullable(),
  text: z.string().trim().min(1).max(4000),
  updatedAtMs: AtMs,
})
export type Note = z.infer<typeof Note>

/** Why something is put off, in the operator's words. */
export const Reason = z.string().trim().min(1).max(200)
/** A git checkout on a machine that holds the operator's own code: a workspace, skills. Its drift is watched like the runtime's. */
export const TrackedFolder = z.object({
  folderId: FolderId,
  boxId: BoxId,
  /** The agent it belongs to; null: the machine's. */
  agentId: AgentId.nullable(),
  /** How findings call it, such as `skills`; one of a machine's folders at most bears it. */
  name: z.string().trim().min(1).max(60),
  /** On the machine: absolute, or from the login's home as `~/…`. */
  path: z.string().trim().min(1).max(1000),
  /** The remote and the branch it should follow; empty: the ones it has. */
  remote: z.string().trim().max(1000),
  branch: z.string().trim().max(200),
})
export type TrackedFolder = z.infer<typeof TrackedFolder>

/** Every change answers with the token that takes it back. */
export const Undone = z.object({ undoId: UndoId, sentence: z.string() })

export const ImportRow = z.object({
  /** 1-based line in the file. */
  line: z.number().int(),
  name: z.string(),
  /** What the row becomes; null when it cannot be used. */
  box: BoxFields.omit({ clientId: true, hops: true }).nullable(),
  clientName: z.string(),
  /** Names of jump hosts, nearest first: boxes already here or rows of this file. */
  hopNames: z.array(z.string()),
  /** Why the row cannot be used, in sentences; empty when it can. */
  problems: z.array(z.string()),
  /** A box of this name or address is already in the inventory. */
  duplicateOf: z.string().nullable(),
})
export type ImportRow = z.infer<typeof ImportRow>

export const ImportPreview = z.object({
  kind: z.enum(['ssh-config', 'csv']),
  rows: z.array(ImportRow),
  /** Directives or columns that were seen and are not used, each with line and reason. Never dropped silently. */
  unsupported: z.array(z.object({ line: z.number().int(), file: z.string(), text: z.string(), reason: z.string() })),
  /** CSV only: header cell → field it fills, null when it fills none. */
  columns: z.array(z.object({ header: z.string(), field: z.string().nullable(), sample: z.string() })),
})
export type ImportPreview = z.infer<typeof ImportPreview>

export const PastedBox = z.object({
  box: BoxFields.omit({ clientId: true, hops: true }),
  /** From -J / ProxyJump, nearest first, as typed. */
  hops: z.array(z.string()),
  /** Options of the command that are not used, each with the reason. */
  ignored: z.array(z.object({ text: z.string(), reason: z.string() })),
})
export type PastedBox = z.infer<typeof PastedBox>

export const inventory = {
  clients: oc.errors(faults).output(z.array(Client)),
  client: oc
    .errors(faults)
    .input(z.object({ clientId: ClientId }))
    .output(Client),
  addClient: oc
    .errors(faults)
    .input(ClientFields.partial().required({ name: true }))
    .output(Undone.extend({ client: Client })),
  editClient: oc
    .errors(faults)
    .input(z.object({ clientId: ClientId, fields: ClientFields.partial() }))
    .output(Undone.extend({ client: Client })),
  removeClient: oc
    .errors(faults)
    .input(z.object({ clientId: ClientId }))
    .output(Undone),
  /** Holidays of the client's region for a year, from the bundled calendar, with what the operator stated laid over it. */
  holidays: oc
    .errors(faults)
    .input(z.object({ clientId: ClientId, year: z.number().int() }))
    .output(z.array(Holiday)),
  /** Checks and normalises one handle; refuses with the reason (`invalid-input`). `region` helps read a local phone number. */
  checkHandle: oc
    .errors(faults)
    .input(Handle.pick({ kind: true, value: true }).extend({ region: z.string() }))
    .output(Handle),

  /** Pauses and holds that are not over, of one client or of all. */
  clientSpans: oc
    .errors(faults)
    .input(z.object({ clientId: ClientId.optional() }))
    .output(z.array(ClientSpan)),
  /** The client is away from (now, when absent) until: no silence and no offline alarm, no machine expected on. */
  pauseClient: oc
    .errors(faults)
    .input(z.object({ clientId: ClientId, fromMs: AtMs.optional(), untilMs: AtMs, reason: Reason }))
    .output(Undone.extend({ span: ClientSpan })),
  /** No changes at this client until. Recorded and shown. */
  holdClient: oc
    .errors(faults)
    .input(z.object({ clientId: ClientId, untilMs: AtMs, reason: Reason }))
    .output(Undone.extend({ span: ClientSpan })),
  endClientSpan: oc
    .errors(faults)
    .input(z.object({ spanId: ClientSpanId }))
    .output(Undone),

  boxes: oc.errors(faults).output(z.array(Box)),
  addBox: oc
    .errors(faults)
    .input(BoxFields.partial().required({ name: true, host: true }))
    .output(Undone.extend({ box: Box })),
  editBox: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId, fields: BoxFields.partial() }))
    .output(Undone.extend({ box: Box })),
  removeBox: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId }))
    .output(Undone),
  agents: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId.optional() }))
    .output(z.array(Agent)),
  /** Of one machine or of all: by machine, agent, channel, account. */
  channels: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId.optional() }))
    .output(z.array(Channel)),
  /** Says whose a channel account is. `invalid-input` for another kind than the one that iMessage always has. */
  setChannelKind: oc
    .errors(faults)
    .input(z.object({ channelId: ChannelId, kind: ChannelKind.nullable() }))
    .output(Undone.extend({ channel: Channel })),
  /** Forgets a channel account that no sweep finds any more; `invalid-input` while one does. */
  removeChannel: oc
    .errors(faults)
    .input(z.object({ channelId: ChannelId }))
    .output(Undone),

  workflows: oc
    .errors(faults)
    .input(z.object({ clientId: ClientId.optional() }))
    .output(z.array(Workflow)),
  saveWorkflow: oc
    .errors(faults)
    .input(Workflow.partial({ workflowId: true }))
    .output(Undone.extend({ workflow: Workflow })),
  removeWorkflow: oc
    .errors(faults)
    .input(z.object({ workflowId: WorkflowId }))
    .output(Undone),
  /** Of one machine or of all: by machine, then name. */
  folders: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId.optional() }))
    .output(z.array(TrackedFolder)),
  saveFolder: oc
    .errors(faults)
    .input(TrackedFolder.partial({ folderId: true }))
    .output(Undone.extend({ folder: TrackedFolder })),
  removeFolder: oc
    .errors(faults)
    .input(z.object({ folderId: FolderId }))
    .output(Undone),
  notes: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId.optional(), clientId: ClientId.optional() }))
    .output(z.array(Note)),
  saveNote: oc
    .errors(faults)
    .input(Note.omit({ updatedAtMs: true }).partial({ noteId: true }))
    .output(Undone.extend({ note: Note })),
  removeNote: oc
    .errors(faults)
    .input(z.object({ noteId: NoteId }))
    .output(Undone),
  /** The operator's own test handles: exchanges with them are never activity (A23). */
  testHandles: oc.errors(faults).output(z.array(Handle)),
  setTestHandles: oc
    .errors(faults)
    .input(z.object({ handles: z.array(Handle) }))
    .output(Undone),

  undo: oc
    .errors(faults)
    .input(z.object({ undoId: UndoId }))
    .output(z.object({ sentence: z.string() })),

  /** Reads `ssh -p 2222 -J bastion dana@10.0.0.5` and the like. Nothing is saved. */
  readSshCommand: oc
    .errors(faults)
    .input(z.object({ command: z.string().max(2000) }))
    .output(PastedBox),
  /** Reads a file's text; nothing is saved. Includes of an ssh_config are read from disk below `baseDir`. */
  previewImport: oc
    .errors(faults)
    .input(
      z.object({
        text: z.string().max(2_000_000),
        fileName: z.string(),
        baseDir: z.string().nullable(),
        /** CSV: header → field, overriding the guess. */
        columns: z.record(z.string(), z.string()).optional(),
      }),
    )
    .output(ImportPreview),
  /** Saves the chosen rows in one transaction: all of them or none. Creates clients named in the rows. */
  importRows: oc
    .errors(faults)
    .input(z.object({ rows: z.array(ImportRow).min(1) }))
    .output(Undone.extend({ added: z.number(), clientsAdded: z.number() })),
}
