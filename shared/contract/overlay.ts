import { oc } from '@orpc/contract'
import * as z from 'zod'
import { Sections, WorkspacePath } from '../sections.ts'
import { faults } from './faults.ts'
import { AgentId, AtMs, BoxId } from './ids.ts'
import { Undone } from './inventory.ts'
import { DiffLine } from './outside.ts'

/** From the widest to the narrowest: what a later one says counts. */
export const LayerKind = z.enum(['fleet', 'os', 'niche', 'client', 'box', 'agent'])
export type LayerKind = z.infer<typeof LayerKind>

/** One layer. `key`: empty for the fleet; `macos`, `windows` or `linux`; the niche's name; the id of client, box or agent. */
export const LayerRef = z.object({ kind: LayerKind, key: z.string().max(120) })
export type LayerRef = z.infer<typeof LayerRef>

/**
 * Names from the outermost in, joined by dots; a dot inside a name is written `\.`, a backslash `\\`. Into a layer they
 * begin with `sections.` or `raw.openclaw.`.
 */
export const ValuePath = z.string().min(1).max(1200)

/**
 * Settings of a runtime by path. `null`: nothing may stand there. An object is as good as a path for each of its names;
 * lists and everything else replace what a wider layer says.
 */
export const RawSettings = z.record(ValuePath, z.json())
export type RawSettings = z.infer<typeof RawSettings>

/** A value that is left as it is on the machine for a while, although this layer or a wider one declares it. Ends by itself. */
export const Except = z.object({
  path: ValuePath,
  untilMs: AtMs,
  because: z.string().trim().min(1).max(300),
})
export type Except = z.infer<typeof Except>

/** What one layer declares. What is missing is undeclared: left to wider layers, and on the machine left alone. */
export const LayerContent = z.object({
  sections: Sections,
  raw: z.object({ openclaw: RawSettings }),
  excepts: z.array(Except).max(200),
})
export type LayerContent = z.infer<typeof LayerContent>

/** Which layer says what holds, by path of the value: `sections.model.primary`, `raw.openclaw.gateway.bind`. */
export const Provenance = z.record(ValuePath, LayerRef)
export type Provenance = z.infer<typeof Provenance>

/** An exception that holds now. */
export const ActiveExcept = Except.extend({
  layer: LayerRef,
  /** The declared values it sets aside; empty: nothing declares any. */
  hides: z.array(ValuePath),
})
export type ActiveExcept = z.infer<typeof ActiveExcept>

/** What several layers declare together. */
export const Merged = z.object({
  content: LayerContent.omit({ excepts: true }),
  provenance: Provenance,
  excepts: z.array(ActiveExcept),
})
export type Merged = z.infer<typeof Merged>

/** Why something cannot be declared, and where: a path into the layer, or empty for all of it. */
export const LayerProblem = z.object({ path: z.string(), words: z.string() })
export type LayerProblem = z.infer<typeof LayerProblem>

/** Whom a layer reaches: the agents it is a layer of. */
export const Reach = z.object({
  agents: z.array(z.object({ agentId: AgentId, boxId: BoxId, name: z.string(), clientName: z.string().nullable() })),
  /** "Reaches 9 agents on 9 machines of 8 clients." */
  sentence: z.string(),
})
export type Reach = z.infer<typeof Reach>

export const LayerSummary = z.object({
  layer: LayerRef,
  /** "Fleet", "macOS", "Niche roofing", the client's or machine's name, "peak-mini/default". */
  label: z.string(),
  /** 0: nobody declared anything here yet. */
  revision: z.number().int(),
  changedAtMs: AtMs.nullable(),
  values: z.number().int(),
  /** Exceptions that hold now. */
  excepts: z.number().int(),
  agents: z.number().int(),
  /** Why its newest revision cannot be used, as it lies in the store; empty: it can. Its agents get no plan then. */
  problem: z.string(),
})
export type LayerSummary = z.infer<typeof LayerSummary>

export const LayerPage = LayerSummary.extend({
  content: LayerContent,
  because: z.string(),
  /** What the wider layers of this one declare together: what holds here where it says nothing. */
  inherited: Merged,
  /** Those layers, widest first. An agent's own system is among them once it was read. */
  wider: z.array(LayerSummary),
  reach: Reach,
})
export type LayerPage = z.infer<typeof LayerPage>

/** A save of a layer. Nothing is ever overwritten: a restored one is a new one. */
export const LayerRevision = z.object({
  layer: LayerRef,
  label: z.string(),
  revision: z.number().int().min(1),
  atMs: AtMs,
  by: z.enum(['operator', 'cli']),
  how: z.enum(['saved', 'restored', 'reset', 'excepted', 'imported', 'adopted', 'taken-back']),
  /** `restored` and `taken-back`: the revision whose content it has; 0: the empty one of before. */
  ofRevision: z.number().int().nullable(),
  because: z.string(),
  /** Against the revision before. */
  diff: z.array(DiffLine),
  moreLines: z.number().int(),
})
export type LayerRevision = z.infer<typeof LayerRevision>

const Because = z.string().trim().min(1).max(300)
/** The revision that was looked at while editing. Another one by now: `changed-meanwhile`, and nothing is saved. */
const baseRevision = z.number().int().min(0)

/** Saving changes no machine. Refused with every problem (`refused-by-rule`), or for a revision that is not the newest. */
const Saved = Undone.extend({ revision: z.number().int() })

/** A file of an exported folder: its path there, with `/`. */
export const OverlayFile = z.object({ path: z.string().min(1).max(300), text: z.string().max(300_000) })
export type OverlayFile = z.infer<typeof OverlayFile>
const files = z.array(OverlayFile).min(1).max(2000)

/** Content of a file that a layer of an exported folder declares: `fleet.files/SOUL.md` beside `fleet.yaml`. */
export const OverlayContent = z.object({
  path: z.string().min(1).max(700),
  base64: z.base64().max(400_000),
  /** As the layer declares it, which alone counts when it is imported. */
  executable: z.boolean().default(false),
})
export type OverlayContent = z.infer<typeof OverlayContent>
/** Of all contents of a folder together, bytes. */
export const mostContentsBytes = 16_000_000
const contents = z
  .array(OverlayContent)
  .max(2000)
  .refine((all) => all.reduce((sum, { base64 }) => sum + base64.length * 0.75, 0) <= mostContentsBytes, {
    error: `The files of a folder have at most ${mostContentsBytes / 1_000_000} MB together.`,
  })
  .default([])

export const OverlayImport = z.object({
  layers: z.array(
    z.object({
      file: z.string(),
      layer: LayerRef,
      label: z.string(),
      baseRevision,
      /** Empty: the file says what the layer says. */
      diff: z.array(DiffLine),
      moreLines: z.number().int(),
    }),
  ),
  /** While there is one, nothing can be imported. `line` from 1; null: about the whole file. */
  problems: z.array(z.object({ file: z.string(), line: z.number().int().nullable(), reason: z.string() })),
  /** Contents of files that this console does not keep yet. */
  newContents: z.number().int(),
  /** Layers that no file is about; they stay as they are. */
  leftAlone: z.array(z.string()),
})
export type OverlayImport = z.infer<typeof OverlayImport>

/** A file that a layer declares. */
export const LayerFile = z.object({
  path: z.string(),
  sha256: z.string(),
  executable: z.boolean(),
  /** Bytes; null: its content is not in this console, so it is compared and not carried. */
  size: z.number().int().nullable(),
})
export type LayerFile = z.infer<typeof LayerFile>

export const overlay = {
  /** Every layer there can be, widest first, also those that say nothing yet. */
  layers: oc.errors(faults).output(z.array(LayerSummary)),
  layer: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef }))
    .output(LayerPage),
  /** Newest first. */
  history: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef, limit: z.number().int().min(1).max(200).default(50) }))
    .output(z.array(LayerRevision)),
  revision: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef, revision: z.number().int().min(1) }))
    .output(LayerRevision.extend({ content: LayerContent })),
  /** What an agent's layers declare together. */
  merged: oc
    .errors(faults)
    .input(z.object({ agentId: AgentId }))
    .output(Merged.extend({ layers: z.array(LayerSummary) })),
  /** Why this content could not be saved there; empty: it could. Nothing is saved. */
  check: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef, content: LayerContent }))
    .output(z.array(LayerProblem)),
  save: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef, baseRevision, content: LayerContent, because: Because }))
    .output(Saved),
  restore: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef, baseRevision, revision: z.number().int().min(1), because: Because }))
    .output(Saved),
  files: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef }))
    .output(z.array(LayerFile)),
  /** Keeps the content of a file by its hash; no layer declares it yet. Limits as of `putFile`. */
  keepFile: oc
    .errors(faults)
    .input(z.object({ path: WorkspacePath, content: z.base64().max(400_000) }))
    .output(z.object({ sha256: z.string(), size: z.number().int() })),
  /** Keeps the content of a file and declares it: at most 256 kB, in the agent's workspace, without a secret in plain text. */
  putFile: oc
    .errors(faults)
    .input(
      z.object({
        layer: LayerRef,
        baseRevision,
        path: WorkspacePath,
        content: z.base64().max(400_000),
        executable: z.boolean().default(false),
        because: Because,
      }),
    )
    .output(Saved),
  /** Takes what stands at these paths out of the layer, so that the wider ones count again. */
  reset: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef, baseRevision, paths: z.array(ValuePath).min(1).max(500), because: Because }))
    .output(Saved),
  /** Leaves a value on the machines of this layer as it is, until then. */
  except: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef, baseRevision, except: Except }))
    .output(Saved),
  endExcept: oc
    .errors(faults)
    .input(z.object({ layer: LayerRef, baseRevision, path: ValuePath, because: Because }))
    .output(Saved),
  /** All layers that were ever saved, as plain YAML, in the same order and spelling every time. */
  exportFiles: oc.errors(faults).output(z.array(OverlayFile)),
  /** The content of every file that these layers declare; `missing`: declared, and not kept in this console. */
  exportContents: oc
    .errors(faults)
    .output(z.object({ contents: z.array(OverlayContent), missing: z.array(z.string()) })),
  previewImport: oc.errors(faults).input(z.object({ files, contents })).output(OverlayImport),
  /** All files and contents or none. `bases`: the revisions of the preview. */
  importFiles: oc
    .errors(faults)
    .input(z.object({ files, contents, bases: z.array(z.object({ layer: LayerRef, baseRevision })), because: Because }))
    .output(Undone.extend({ changed: z.number().int() })),
}
