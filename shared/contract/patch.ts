import { oc } from '@orpc/contract'
import * as z from 'zod'
import { FlagName, UpdatesSection, WorkspacePath } from '../sections.ts'
import { FileBack, FileMode } from './carried-file.ts'
import { faults } from './faults.ts'
import { AtMs, PatchId } from './ids.ts'
import { Undone } from './inventory.ts'
import { LayerRef, ValuePath } from './overlay.ts'

/** From the least to the most careful way to carry it; what a patch touches sets the least it may be called. */
export const PatchClass = z.enum(['neutral', 'fix', 'security', 'behavioural'])
export type PatchClass = z.infer<typeof PatchClass>

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'A SHA-256 in hex.')
/** One line of a shell of the machine. */
const CommandLine = z
  .string()
  .trim()
  .min(1)
  .max(4000)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no command holds.
  .regex(/^[^\0-\x08\x0a-\x1f\x7f]+$/, 'A command is one line.')
/** A branch is none: it would be another commit tomorrow. */
const GitRef = z
  .string()
  .trim()
  .regex(
    /^([0-9a-f]{40}|[0-9a-f]{64}|refs\/tags\/[A-Za-z0-9][A-Za-z0-9._/-]{0,150})$/,
    'A whole commit, or a tag as refs/tags/v2.',
  )
  .refine((ref) => !/\.\.|\/\/|\/$|\.lock$/.test(ref), 'That is no name of a tag.')

/** A file in an agent's workspace, by its content. */
export const PatchFile = z.strictObject({
  path: WorkspacePath,
  /** Null: nothing is to stand there. */
  sha256: sha256.nullable(),
  bytes: z.number().int().min(0).max(2_000_000),
  mode: FileMode,
  back: FileBack,
})
export type PatchFile = z.infer<typeof PatchFile>

/** One step of a patch; they go in order. */
export const PatchPart = z.discriminatedUnion('kind', [
  /** Values a layer is to declare, by path into it, and paths it is to leave to wider layers again. */
  z.strictObject({
    kind: z.literal('overlay'),
    layer: LayerRef,
    set: z.record(ValuePath, z.json()),
    reset: z.array(ValuePath).max(200),
  }),
  z.strictObject({ kind: z.literal('files'), files: z.array(PatchFile).min(1).max(200) }),
  /** The runtime itself, to one version. */
  z.discriminatedUnion('from', [
    z.strictObject({
      kind: z.literal('update'),
      from: z.literal('package'),
      to: UpdatesSection.shape.version.unwrap(),
    }),
    z.strictObject({ kind: z.literal('update'), from: z.literal('git'), to: GitRef }),
  ]),
  /** A tracked folder of that name, on every machine that has it. */
  z.strictObject({ kind: z.literal('folder'), folder: z.string().trim().min(1).max(60), to: GitRef }),
  z.strictObject({
    kind: z.literal('command'),
    run: CommandLine,
    undo: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('run'), run: CommandLine }),
      /** Typed by the operator, letter by letter. */
      z.strictObject({ kind: z.literal('none'), typed: z.literal('cannot be undone') }),
    ]),
    deadlineS: z.number().int().min(1).max(3600),
  }),
])
export type PatchPart = z.infer<typeof PatchPart>

const range = z.string().trim().min(1).max(120)
/** One thing every machine must have for a patch to work there. */
export const Need = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('runtime'), range }),
  z.strictObject({ kind: z.literal('node'), range }),
  z.strictObject({ kind: z.literal('command'), name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,79}$/) }),
  /** `exports`: names it must give; empty: that it is there is enough. */
  z.strictObject({
    kind: z.literal('module'),
    name: z.string().regex(/^(node:)?[@A-Za-z0-9_][A-Za-z0-9_.@/-]{0,199}$/),
    exports: z.array(z.string().min(1).max(120)).max(200),
  }),
  /** A path into a layer: `raw.openclaw.gateway.bind`, `sections.model.primary`. */
  z.strictObject({ kind: z.literal('setting'), path: ValuePath }),
  z.strictObject({ kind: z.literal('plugin'), name: z.string().min(1).max(120) }),
  z.strictObject({ kind: z.literal('file'), path: WorkspacePath }),
  z.strictObject({ kind: z.literal('disk'), bytes: z.number().int().min(1).max(1e12) }),
])
export type Need = z.infer<typeof Need>

/**
 * One line of a manifest. `proposed`: nobody has looked at it yet, so nothing may be carried out. `dropped`: the operator
 * says that it is not needed, `because`.
 */
export const ManifestLine = z.strictObject({
  need: Need,
  /** What said so: "skills/orders/run.mjs, line 3". */
  from: z.string().trim().min(1).max(300),
  state: z.enum(['proposed', 'confirmed', 'dropped']),
  because: z.string().trim().max(300),
})
export type ManifestLine = z.infer<typeof ManifestLine>

/** How a machine shows that a patch works there. The first three are part of every patch. */
export const PatchCheck = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('channels') }),
  z.strictObject({ kind: z.literal('rules') }),
  /** It ends with 0. */
  z.strictObject({ kind: z.literal('command'), run: CommandLine }),
  z.strictObject({
    kind: z.literal('log'),
    words: z.string().trim().min(1).max(300),
    is: z.enum(['there', 'absent']),
    withinMinutes: z.number().int().min(1).max(1440),
  }),
  /** A real message came in and was answered. */
  z.strictObject({ kind: z.literal('exchange'), withinMinutes: z.number().int().min(1).max(1440) }),
])
export type PatchCheck = z.infer<typeof PatchCheck>

export const PatchName = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'Small letters, digits and -, as orders-fallback.')

/** What a patch is, without when it was saved. */
export const PatchContent = z.strictObject({
  name: PatchName,
  why: z.strictObject({
    text: z.string().trim().min(1).max(2000),
    link: z
      .string()
      .trim()
      .max(500)
      .regex(/^(https:\/\/\S+)?$/, 'An address that begins with https://.'),
  }),
  author: z.string().trim().max(120),
  class: PatchClass,
  parts: z.array(PatchPart).min(1).max(50),
  needs: z.array(ManifestLine).max(500),
  verify: z.array(PatchCheck).max(50),
  /** It carries a capability: behind this flag, with what a person looks at and what has to pass. Null: it does not. */
  capability: z
    .strictObject({
      flag: FlagName,
      checklist: z.array(z.string().trim().min(1).max(300)).max(50),
      tests: z.array(PatchCheck).max(50),
    })
    .nullable(),
})
export type PatchContent = z.infer<typeof PatchContent>

/** Where something of a patch does not do, and why. `place`: `parts.2.run`. */
export const PatchProblem = z.object({ place: z.string(), words: z.string() })
export type PatchProblem = z.infer<typeof PatchProblem>

/** What the console reads out of the parts by itself. */
export const Proposal = z.object({
  needs: z.array(ManifestLine.pick({ need: true, from: true })),
  /** The least class it may have, and what of it says so. */
  class: PatchClass,
  because: z.array(z.string()),
  /** Files nothing could be read from: what they need is for the operator to say. */
  unread: z.array(z.object({ path: z.string(), why: z.string() })),
})
export type Proposal = z.infer<typeof Proposal>

const Head = z.object({
  patchId: PatchId,
  revision: z.number().int().min(1),
  atMs: AtMs,
  by: z.enum(['operator', 'cli']),
  how: z.enum(['saved', 'confirmed', 'imported', 'restored', 'taken-back']),
  because: z.string(),
  /** Of all that it is, contents of files included. */
  hash: sha256,
})

export const PatchSummary = Head.extend({
  name: z.string(),
  class: PatchClass.nullable(),
  why: z.string(),
  parts: z.number().int(),
  needs: z.number().int(),
  /** Lines of the manifest nobody confirmed or dropped yet. */
  open: z.number().int(),
  /** Why its newest revision cannot be read, as it lies in the store; empty: it can. */
  problem: z.string(),
})
export type PatchSummary = z.infer<typeof PatchSummary>

export const Patch = Head.extend({
  content: PatchContent,
  /** Each part in a sentence. */
  partWords: z.array(z.string()),
  /** Read out of the parts as they are. */
  proposal: Proposal,
  open: z.number().int(),
})
export type Patch = z.infer<typeof Patch>

/** A file of an exported folder: its path there, with `/`, and its bytes. */
export const PatchFolderFile = z.object({
  path: z.string().min(1).max(400),
  base64: z
    .string()
    .max(3_000_000)
    .regex(/^[A-Za-z0-9+/]*={0,2}$/),
})
export type PatchFolderFile = z.infer<typeof PatchFolderFile>
const folder = z.array(PatchFolderFile).min(1).max(300)

export const PatchImport = z.object({
  /** Null: `patch.yaml` cannot be read. */
  name: z.string().nullable(),
  /** Of the patch of that name that is here; 0: there is none. */
  baseRevision: z.number().int(),
  same: z.boolean(),
  proposal: Proposal.nullable(),
  /** While there is one, nothing can be imported. `line` from 1; null: about the whole file. */
  problems: z.array(z.object({ file: z.string(), line: z.number().int().nullable(), reason: z.string() })),
})
export type PatchImport = z.infer<typeof PatchImport>

const Because = z.string().trim().min(1).max(300)
const which = { patchId: PatchId, revision: z.number().int().min(1).optional() }
const baseRevision = z.number().int().min(0)
const Saved = Undone.extend({ patch: Patch })

/** Changes with a name, made once and carried to machines later. Nothing here touches a machine. */
export const patch = {
  list: oc.errors(faults).output(z.array(PatchSummary)),
  get: oc.errors(faults).input(z.object(which)).output(Patch),
  /** Newest first. */
  history: oc
    .errors(faults)
    .input(z.object({ patchId: PatchId }))
    .output(z.array(PatchSummary)),
  /** What these parts need, and the least class they have. Nothing is saved. `files`: contents that no patch has yet. */
  propose: oc
    .errors(faults)
    .input(z.object({ parts: PatchContent.shape.parts, files: z.array(PatchFolderFile).max(200).default([]) }))
    .output(Proposal.extend({ problems: z.array(PatchProblem) })),
  /**
   * Without `patchId` a new one. What the parts need and the content does not name is added as proposed. `files`: the
   * contents of files by their path in the workspace; those of before are kept. `changed-meanwhile`, `invalid-input`.
   */
  save: oc
    .errors(faults)
    .input(
      z.object({
        patchId: PatchId.nullable(),
        baseRevision,
        content: PatchContent,
        files: z.array(PatchFolderFile).max(200).default([]),
        because: Because,
      }),
    )
    .output(Saved),
  /** Takes every line that is still proposed for needed. */
  confirm: oc
    .errors(faults)
    .input(z.object({ patchId: PatchId, baseRevision }))
    .output(Saved),
  restore: oc
    .errors(faults)
    .input(z.object({ patchId: PatchId, baseRevision, revision: z.number().int().min(1), because: Because }))
    .output(Saved),
  /** `patch.yaml` and its files, in the same spelling every time. */
  exportFiles: oc.errors(faults).input(z.object(which)).output(z.array(PatchFolderFile)),
  previewImport: oc
    .errors(faults)
    .input(z.object({ files: folder }))
    .output(PatchImport),
  importFiles: oc
    .errors(faults)
    .input(z.object({ files: folder, baseRevision, because: Because }))
    .output(Saved),
}
