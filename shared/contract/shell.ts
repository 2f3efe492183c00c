import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { AtMs, BoxId, CommandId, PreviewId, SnippetId, TerminalId } from './ids.ts'
import { Undone } from './inventory.ts'

/** How a terminal ended: its shell left, the operator closed it, or the connection went. */
export const TerminalEnd = z.discriminatedUnion('how', [
  z.object({ how: z.literal('exit'), exitCode: z.number().nullable(), signal: z.string().nullable() }),
  z.object({ how: z.literal('closed') }),
  z.object({ how: z.literal('lost'), fault: Fault }),
])
export type TerminalEnd = z.infer<typeof TerminalEnd>

export const TerminalSession = z.object({
  terminalId: TerminalId,
  boxId: BoxId,
  boxName: z.string(),
  openedAtMs: AtMs,
  /** Null while it runs. */
  end: TerminalEnd.nullable(),
})
export type TerminalSession = z.infer<typeof TerminalSession>

const size = { columns: z.number().int().min(2).max(1000), rows: z.number().int().min(1).max(500) }

/**
 * What a terminal said, as UTF-8 text. `missing`: so many characters before it were let go while nobody looked. `again`: a
 * listener before had it, so nothing that it asks of a terminal is to be answered.
 */
export const TerminalOutput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), missing: z.number().int(), again: z.boolean() }),
  z.object({ kind: z.literal('end'), end: TerminalEnd }),
])
export type TerminalOutput = z.infer<typeof TerminalOutput>

const one = z.object({ terminalId: TerminalId })

export const terminal = {
  /** Opens one on a machine, after the operator has confirmed it in a dialog of the system (`cancelled` when not). */
  open: oc
    .errors(faults)
    .input(z.object({ boxId: BoxId, ...size }))
    .output(TerminalSession),
  /** Terminals that run, and ended ones that were not closed yet; oldest first. */
  sessions: oc.errors(faults).output(z.array(TerminalSession)),
  /**
   * What it said last, then what it says, until it ends. Leaving it closes nothing. One listener at a time: a new one takes over.
   * At most 256 000 characters are sent ahead of `ack`.
   */
  output: oc.errors(faults).input(one).output(eventIterator(TerminalOutput)),
  /** So many characters were drawn. */
  ack: oc
    .errors(faults)
    .input(one.extend({ chars: z.number().int().min(0) }))
    .output(z.object({})),
  /** What was typed. `binary`: each character is one byte (mouse reports of old programs). */
  write: oc
    .errors(faults)
    .input(one.extend({ text: z.string().max(100_000), binary: z.boolean().optional() }))
    .output(z.object({})),
  resize: oc.errors(faults).input(one.extend(size)).output(z.object({})),
  /** Ends it; one that has ended is forgotten. */
  close: oc.errors(faults).input(one).output(z.object({})),
}

/** Exactly what a shell is given. No NUL: it would end there, unseen. */
export const CommandText = z
  .string()
  .trim()
  .min(1)
  .max(4000)
  .refine((text) => !text.includes('\0'), 'It holds a character that no command can hold.')

export const CommandTarget = z.object({ boxId: BoxId, boxName: z.string(), clientName: z.string().nullable() })
export type CommandTarget = z.infer<typeof CommandTarget>

/** Whom a command would reach, frozen: `start` runs exactly this. Nothing was sent. */
export const CommandPreview = z.object({
  previewId: PreviewId,
  command: z.string(),
  targets: z.array(CommandTarget),
  /** Machines that it leaves alone, each with the reason as a sentence. */
  leftOut: z.array(CommandTarget.extend({ why: z.string() })),
})
export type CommandPreview = z.infer<typeof CommandPreview>

/**
 * `failed`: it ended with another exit than 0, by a signal, or the connection went while it ran. `not-attempted`: nothing
 * was sent. `cancelled`: it ran when the operator stopped it.
 */
export const CommandState = z.enum(['waiting', 'running', 'ok', 'failed', 'timed-out', 'not-attempted', 'cancelled'])
export type CommandState = z.infer<typeof CommandState>

export const CommandBox = CommandTarget.extend({
  state: CommandState,
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  fault: Fault.nullable(),
  tookMs: z.number().nullable(),
  /** Bytes of output that arrived, and how many of them are beyond what is kept. */
  bytes: z.number().int(),
  cutBytes: z.number().int(),
  /** How often it was sent here. */
  attempts: z.number().int(),
})
export type CommandBox = z.infer<typeof CommandBox>

/** A command and where it stands on each machine. Output is not kept in the store: it is gone with the console. */
export const CommandRun = z.object({
  commandId: CommandId,
  command: z.string(),
  begunAtMs: AtMs,
  /** Null while it runs. */
  endedAtMs: AtMs.nullable(),
  /** `interrupted`: found unfinished at start; never resumed by itself. */
  state: z.enum(['running', 'done', 'cancelled', 'interrupted']),
  boxes: z.array(CommandBox),
  leftOut: z.array(CommandTarget.extend({ why: z.string() })),
})
export type CommandRun = z.infer<typeof CommandRun>

/** One line of a difference to the majority. `gap`: lines that are the same were left away. */
export const OutputDiffLine = z.object({ kind: z.enum(['same', 'more', 'less', 'gap']), text: z.string() })
export type OutputDiffLine = z.infer<typeof OutputDiffLine>

/** Machines whose result is the same: state, exit and every byte of the output. */
export const CommandGroup = z.object({
  boxIds: z.array(BoxId),
  state: CommandState,
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** What went wrong, told about each of them. */
  fault: Fault.nullable(),
  /** The output with hidden characters made visible, cut at 100 000 characters. */
  text: z.string(),
  lines: z.number().int(),
  /** Bytes of output that are not in `text`. */
  moreBytes: z.number().int(),
  /** The largest group of at least two: what the others are compared with. */
  majority: z.boolean(),
  /** Against the majority; null: there is none, it is this one, or they are too far apart. */
  diff: z.array(OutputDiffLine).nullable(),
})
export type CommandGroup = z.infer<typeof CommandGroup>

export const Snippet = z.object({
  snippetId: SnippetId,
  name: z.string().trim().min(1).max(80),
  command: CommandText,
  savedAtMs: AtMs,
})
export type Snippet = z.infer<typeof Snippet>

const run = z.object({ commandId: CommandId })

export const commands = {
  preview: oc
    .errors(faults)
    .input(z.object({ boxIds: z.array(BoxId).min(1).max(1000), command: CommandText }))
    .output(CommandPreview),
  /**
   * Runs it on the machines of a preview, after the operator has confirmed it in a dialog of the system (`cancelled` when
   * not). `deadlineS`: how long each machine has.
   */
  start: oc
    .errors(faults)
    .input(z.object({ previewId: PreviewId, deadlineS: z.number().int().min(1).max(3600).default(60) }))
    .output(CommandRun),
  get: oc.errors(faults).input(run).output(CommandRun),
  /** Current state first, then each change, at most 10 a second; ends with the run. Leaving it cancels nothing. */
  watch: oc.errors(faults).input(run).output(eventIterator(CommandRun)),
  /** Results folded where state, exit and output agree: the majority first. */
  groups: oc.errors(faults).input(run).output(z.array(CommandGroup)),
  /** All that is kept of one machine's output. */
  output: oc
    .errors(faults)
    .input(run.extend({ boxId: BoxId }))
    .output(z.object({ text: z.string(), cutBytes: z.number().int() })),
  /** Runs it again where it failed, timed out or was not attempted, in the same record; confirmed as `start`. */
  retry: oc.errors(faults).input(run).output(CommandRun),
  /** Ends it where it runs and starts it nowhere else; what arrived stays. */
  cancel: oc.errors(faults).input(run).output(z.object({})),
  /** Newest first. */
  recent: oc
    .errors(faults)
    .input(z.object({ limit: z.number().int().min(1).max(100).default(20) }))
    .output(z.array(CommandRun.omit({ boxes: true, leftOut: true }).extend({ boxes: z.number().int() }))),
  snippets: oc.errors(faults).output(z.array(Snippet)),
  saveSnippet: oc
    .errors(faults)
    .input(Snippet.pick({ name: true, command: true }).extend({ snippetId: SnippetId.optional() }))
    .output(Undone.extend({ snippet: Snippet })),
  removeSnippet: oc
    .errors(faults)
    .input(z.object({ snippetId: SnippetId }))
    .output(Undone),
}
