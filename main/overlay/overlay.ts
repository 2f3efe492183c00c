import type {
  AgentId,
  Except,
  LayerContent,
  LayerFile,
  LayerPage,
  LayerProblem,
  LayerRef,
  LayerRevision,
  LayerSummary,
  Merged,
  OverlayContent,
  OverlayFile,
} from '../../shared/contract/index.ts'
import type { Changes } from '../base/changes.ts'
import type { Clock } from '../base/clock.ts'
import { FaultError } from '../base/fault-error.ts'
import { dateWords } from '../base/words.ts'
import type { Landed } from '../facts/facts.ts'
import type { Inventory, Undone } from '../inventory/inventory.ts'
import { declaredBy } from '../rules/rules.ts'
import type { Store } from '../store/store.ts'
import { createChanging, type Wanted } from './changing.ts'
import { diffContents } from './difference.ts'
import { isSameContent, type LayerEdit, withEdit, withoutPaths } from './edit.ts'
import { type LayerName, placeLayers, writeFolder } from './folder.ts'
import { writeContents } from './folder-contents.ts'
import { type FoundConfig, keepFound, readFound } from './found.ts'
import { createGate } from './gate.ts'
import { createImports, type Imports } from './imports.ts'
import { readLayerFile } from './layer-files.ts'
import { layerOfName, nameOfLayer } from './naming.ts'
import { createOutcomes, type OutcomeParts } from './outcomes.ts'
import { createPlans, type Plans } from './plans.ts'
import { createRows, type StoredRevision } from './rows.ts'
import { emptyContent, readContent, type Stock, takeStock } from './stock.ts'

export { shownValue } from './difference.ts'
export type { LayerEdit } from './edit.ts'
export { foldPlans } from './fold.ts'
export type { LayerName } from './folder.ts'
export { isContentPath } from './folder-contents.ts'
export { type Layer, mergeLayers } from './merge.ts'
export { planHash } from './plan-hash.ts'
export { BadYaml, readYaml, type YamlDocument } from './read-yaml.ts'
export { writeYaml } from './write-yaml.ts'

type Edit<T> = T & { layer: LayerRef; baseRevision: number }
type Saved = Undone<{ revision: number }>

/** Declared settings in layers: what an agent should be, and which layer says so. Nothing here touches a box. */
export interface Overlay extends Imports {
  layers(): LayerSummary[]
  /** @throws FaultError `not-found` for what no layer can be of. */
  layer(input: { layer: LayerRef }): LayerPage
  history(input: { layer: LayerRef; limit: number }): LayerRevision[]
  revision(input: { layer: LayerRef; revision: number }): LayerRevision & { content: LayerContent }
  merged(input: { agentId: AgentId }): Merged & { layers: LayerSummary[] }
  check(input: { layer: LayerRef; content: LayerContent }): LayerProblem[]
  /** @throws FaultError `changed-meanwhile`, `rule-broken`, `invalid-input`. */
  /** What a layer would say after an edit, and why it could not be saved so; null: the edit itself cannot be made. */
  edited(layer: LayerRef, edit: LayerEdit): { content: LayerContent | null; problems: LayerProblem[] }
  /** The layer in its one spelling. @throws FaultError `not-found` for what no layer can be of. */
  known(layer: LayerRef): LayerRef
  /** How a layer is called in a file, which another console knows too; null: what it is of is removed. */
  nameOf(layer: LayerRef): LayerName | null
  /** The layer of such a name, or why there is none. */
  layerOf(name: LayerName): LayerRef | string
  /** "Fleet", "Niche roofing", "peak-mini/default". */
  labelOf(layer: LayerRef): string
  save(input: Edit<{ content: LayerContent; because: string }>): Saved
  restore(input: Edit<{ revision: number; because: string }>): Saved
  reset(input: Edit<{ paths: readonly string[]; because: string }>): Saved
  except(input: Edit<{ except: Except }>): Saved
  endExcept(input: Edit<{ path: string; because: string }>): Saved
  files(input: { layer: LayerRef }): LayerFile[]
  /** Keeps the content of a file by its hash; no layer is changed. @throws FaultError `invalid-input`. */
  keepFile(input: { path: string; content: string }): { sha256: string; size: number }
  /** Keeps the content of a file and declares it. @throws FaultError as `save`. */
  putFile(input: Edit<{ path: string; content: string; executable: boolean; because: string }>): Saved
  /** Content of a declared file; null: it was never added here. */
  fileContent(sha256: string): Buffer | null
  exportFiles(): OverlayFile[]
  /** Of the files that these layers declare. */
  exportContents(): { contents: OverlayContent[]; missing: string[] }
  readonly plans: Plans
  /** What an agent's layers say that its settings do not show, for the rules. */
  declaredOf(agentId: AgentId): ReturnType<typeof declaredBy>
  /** How an agent's config read last; null: it never was. */
  foundOf(agentId: AgentId): FoundConfig | null
  /** Keeps how configs read, inside the transaction of an answer. */
  landed(landed: Landed): void
}

export interface OverlayParts {
  readonly store: Store
  readonly inventory: Pick<Inventory, 'boxes' | 'clients' | 'agents' | 'channels' | 'record'>
  readonly outsideOf: OutcomeParts['outsideOf']
  readonly schemaOf: OutcomeParts['schemaOf']
  readonly staleBeforeMs: OutcomeParts['staleBeforeMs']
  readonly clock: Clock
  readonly changes: Changes
  /** Who saves: the window or the command line. */
  readonly actor: LayerRevision['by']
}

export function createOverlay(parts: OverlayParts): Overlay {
  const { store, inventory, clock, changes, actor, outsideOf, schemaOf, staleBeforeMs } = parts
  const rows = createRows(store.db)
  const stock = () => takeStock({ rows, inventory, clock })
  const outcomes = createOutcomes({ rows, inventory, outsideOf, schemaOf, staleBeforeMs })
  const gate = createGate({ clock, outcomes })
  const { saveAll } = createChanging({
    rows,
    stock,
    record: inventory.record,
    clock,
    actor,
    pass: gate.pass,
    changed: () => store.afterCommit(() => changes.publish('overlay')),
  })

  const saveOne = (wanted: Omit<Wanted, 'ofRevision'> & { ofRevision?: number }, because: string): Saved => {
    const at = stock()
    const layer = at.known(wanted.layer)
    const { revision, content } = at.held(layer)
    if (revision === wanted.baseRevision && isSameContent(content, wanted.content))
      throw new FaultError({
        code: 'invalid-input',
        field: at.label(layer),
        detail: revision === 0 ? 'It says nothing, as before.' : `Nothing is different from revision ${revision}.`,
      })
    const { revisions, ...done } = saveAll([{ ofRevision: null, ...wanted, layer }], because)
    return { ...done, revision: revisions[0] ?? 0 }
  }
  /** What a layer says now, for changes of a part of it. */
  const contentOf = (layer: LayerRef): LayerContent => {
    const at = stock()
    return at.held(at.known(layer)).content
  }
  const stored = (layer: LayerRef, revision: number): StoredRevision => {
    const row = rows.one(layer, revision)
    if (row === null) throw new FaultError({ code: 'not-found', what: 'revision' })
    return row
  }
  const contentIn = (row: StoredRevision): LayerContent => {
    const content = readContent(row.contentJson)
    if (typeof content !== 'string') return content
    throw new FaultError({
      code: 'invalid-input',
      field: `Revision ${row.revision}`,
      detail: `It cannot be read: ${content}.`,
    })
  }
  const toRevision = (at: Stock, { contentJson, kind, key, ...row }: StoredRevision): LayerRevision => {
    const layer = { kind, key }
    const before = row.revision === 1 ? null : rows.one(layer, row.revision - 1)
    const [one, other] = [before === null ? emptyContent : readContent(before.contentJson), readContent(contentJson)]
    const isReadable = typeof one !== 'string' && typeof other !== 'string'
    return {
      ...row,
      layer,
      label: at.label(layer),
      ...(isReadable ? diffContents(one, other) : { diff: [], moreLines: 0 }),
    }
  }

  const named = () => {
    const at = stock()
    return rows.newest().flatMap(({ kind, key, contentJson }) => {
      const content = readContent(contentJson)
      const name = nameOfLayer(at, { kind, key })
      return name === null || typeof content === 'string' ? [] : [{ name, content }]
    })
  }

  const check: Overlay['check'] = ({ layer, content }) => {
    const at = stock()
    const known = at.known(layer)
    const { revision } = at.held(known)
    return gate
      .problems(at, [{ layer: known, content, baseRevision: revision, how: 'saved', ofRevision: null }])
      .map(({ path, words }) => ({ path, words }))
  }

  const keepFile: Overlay['keepFile'] = ({ path, content }) => {
    const { bytes, sha256 } = readLayerFile(path, content)
    store.write(() => rows.putFile(sha256, bytes, clock.nowMs()))
    return { sha256, size: bytes.length }
  }

  return {
    plans: createPlans({ stock, outcomes, check, saveOne }),
    declaredOf(agentId) {
      // Asked for every agent of a sweep.
      if (rows.isEmpty()) return declaredBy({})
      const at = stock()
      return declaredBy(at.merged(at.agent(agentId)).content.sections)
    },
    foundOf: (agentId) => readFound(rows, agentId),
    check,
    edited(layer, edit) {
      const content = withEdit(contentOf(layer), edit)
      return 'words' in content
        ? { content: null, problems: [content] }
        : { content, problems: check({ layer, content }) }
    },
    known: (layer) => stock().known(layer),
    nameOf: (layer) => nameOfLayer(stock(), layer),
    layerOf: (name) => layerOfName(stock(), name),
    labelOf: (layer) => stock().label(layer),
    layers: () => stock().summaries(),
    layer({ layer }) {
      const at = stock()
      return at.page(at.known(layer))
    },
    history({ layer, limit }) {
      const at = stock()
      return rows.history(at.known(layer), limit).map((row) => toRevision(at, row))
    },
    revision({ layer, revision }) {
      const at = stock()
      const row = stored(at.known(layer), revision)
      return { ...toRevision(at, row), content: contentIn(row) }
    },
    merged({ agentId }) {
      const at = stock()
      const placed = at.agent(agentId)
      return { ...at.merged(placed), layers: at.chain(placed).map(at.summary) }
    },
    save: ({ layer, baseRevision, content, because }) =>
      saveOne({ layer, baseRevision, content, how: 'saved' }, because),
    restore({ layer, baseRevision, revision, because }) {
      const content = contentIn(stored(stock().known(layer), revision))
      return saveOne({ layer, baseRevision, content, how: 'restored', ofRevision: revision }, because)
    },
    reset: ({ layer, baseRevision, paths, because }) =>
      saveOne({ layer, baseRevision, content: withoutPaths(contentOf(layer), paths), how: 'reset' }, because),
    except({ layer, baseRevision, except }) {
      const content = contentOf(layer)
      const excepts = [...content.excepts.filter(({ path }) => path !== except.path), except]
      return saveOne(
        { layer, baseRevision, content: { ...content, excepts }, how: 'excepted' },
        `until ${dateWords(except.untilMs)}, ${except.because}`,
      )
    },
    endExcept({ layer, baseRevision, path, because }) {
      const content = contentOf(layer)
      const excepts = content.excepts.filter((except) => except.path !== path)
      return saveOne({ layer, baseRevision, content: { ...content, excepts }, how: 'excepted' }, because)
    },
    files({ layer }) {
      return Object.entries(contentOf(layer).sections.files ?? {})
        .flatMap(([path, { sha256, executable = false }]) =>
          sha256 === undefined ? [] : [{ path, sha256, executable, size: rows.fileSize(sha256) }],
        )
        .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    },
    keepFile,
    putFile({ layer, baseRevision, path, content, executable, because }) {
      const { sha256 } = keepFile({ path, content })
      const held = contentOf(layer)
      const files = { ...held.sections.files, [path]: { sha256, ...(executable ? { executable } : {}) } }
      const next = { ...held, sections: { ...held.sections, files } }
      return saveOne({ layer, baseRevision, content: next, how: 'saved' }, because)
    },
    fileContent: rows.file,
    exportFiles: () => writeFolder(named()),
    exportContents: () => writeContents(placeLayers(named()), rows.file),
    ...createImports({ rows, stock, gate, saveAll, store, clock, record: inventory.record }),
    landed: (landed) => keepFound(rows, landed),
  }
}
