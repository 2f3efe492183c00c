import type { Client } from '../../../../shared/contract/index.ts'
import type { Sections } from '../../../../shared/sections.ts'
import { dottedPath, type Json, type Operation } from '../../operations.ts'
import { knowsSetting, type SchemaIndex } from '../../setting-schema.ts'
import { type Settings, valueAt } from '../settings.ts'

/** What is wanted of one agent, and what is known of it. */
export interface CompileRequest {
  readonly sections: Sections
  /** By dotted path, as `dottedPath` writes it; null: must be absent. */
  readonly raw: Readonly<Record<string, Json>>
  /** Null: a lab machine. */
  readonly client: Pick<Client, 'name' | 'handles' | 'timeZone' | 'humanFallback'> | null
  /** Of the OpenClaw that is to read the settings. */
  readonly version: string
  /** `process.platform` of the machine. */
  readonly platform: string
  /** The settings as they were found, secrets replaced by fingerprints. */
  readonly found: Settings
  /** What that version itself says it knows; null: not asked yet, then the known differences of the eras alone count. */
  readonly schema: SchemaIndex | null
}

export type CompiledOperation = Operation & {
  /** What of the overlay says so: `sections.logging.level`, `raw.openclaw.gateway.bind`. */
  readonly from: string
}

/** Something the overlay wants and this agent cannot be given by settings. */
export interface Cannot {
  /** What of the overlay says so. */
  readonly path: string
  /**
   * *runtime*: no version known here has a setting for it. *version*: this one has none. *inventory*: something is
   * missing there. *conflict*: another value of the overlay or of the machine stands against it. *secret*: it would take
   * a value that does not leave the machine.
   */
  readonly because: 'runtime' | 'version' | 'inventory' | 'conflict' | 'secret'
  readonly words: string
}

export interface Compiled {
  readonly operations: CompiledOperation[]
  readonly cannot: Cannot[]
}

export interface Drafted {
  readonly operation: CompiledOperation
  /** Operations of one bundle are sent all or not at all. */
  readonly bundle: string | null
}

/** Collects what the sections come to. */
export interface Draft extends CompileRequest {
  readonly drafted: Drafted[]
  readonly refused: Cannot[]
  set(path: readonly string[], value: Json, from: string, bundle?: string): void
  /** Nothing when nothing was found there. */
  remove(path: readonly string[], from: string, bundle?: string): void
  cannot(path: string, because: Cannot['because'], words: string): void
  /** Does this version know such a setting? Yes while nobody asked it. */
  knows(path: readonly string[]): boolean
}

export function createDraft(request: CompileRequest): Draft {
  const drafted: Drafted[] = []
  const refused: Cannot[] = []
  const add = (operation: CompiledOperation, bundle: string | undefined) =>
    drafted.push({ operation, bundle: bundle ?? null })
  return {
    ...request,
    drafted,
    refused,
    set: (path, value, from, bundle) => void add({ path: [...path], set: value, from }, bundle),
    remove(path, from, bundle) {
      if (valueAt(request.found, ...path) !== undefined) add({ path: [...path], remove: true, from }, bundle)
    },
    cannot(path, because, words) {
      if (!refused.some((other) => other.path === path && other.words === words)) refused.push({ path, because, words })
    },
    knows: (path) => request.schema === null || knowsSetting(request.schema, path),
  }
}

export const sectionPath = (...names: readonly string[]): string => `sections.${dottedPath(names)}`

/** How the runtime and its version are called in a sentence. */
export const runtimeName = (version: string): string => (version === '' ? 'OpenClaw' : `OpenClaw ${version}`)
