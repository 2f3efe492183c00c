import type {
  AgentPlan,
  LayerProblem,
  LayerRef,
  Merged,
  OutsideChange,
  PlanChange,
} from '../../shared/contract/index.ts'
import { LayerKind } from '../../shared/contract/index.ts'
import { applyOperations, dottedPath, ImpossibleOperation, smallestOperations } from '../runtimes/operations.ts'
import { type CompiledOperation, compileSections, valueAt } from '../runtimes/runtimes.ts'
import type { SchemaIndex } from '../runtimes/setting-schema.ts'
import { agentName, type Placed } from './chain.ts'
import { shownValue } from './difference.ts'
import type { FoundConfig } from './found.ts'
import { type FileChange, planFiles, type SizeOf } from './plan-files.ts'
import { planHash } from './plan-hash.ts'

const mostLocal = 200
/** What the runtime rewrites by itself, which says nothing about the settings. */
const ownStamps = new Set(['meta', 'wizard'])

/** An agent, how it was found and what its layers declare. */
export interface Planned {
  readonly placed: Placed
  /** Null: it was never read. */
  readonly found: FoundConfig | null
  readonly merged: Merged
  readonly schema: SchemaIndex | null
  /** Of the content of a file that is here. */
  readonly sizeOf: SizeOf
  readonly labelOf: (layer: LayerRef) => string
  /** What was changed on its machine besides this console, newest first. */
  readonly outside: readonly OutsideChange[]
  /** What was read before this moment is old. */
  readonly staleBeforeMs: number
}

export interface Becoming {
  readonly operations: readonly CompiledOperation[]
  readonly files: readonly FileChange[]
  readonly cannot: readonly LayerProblem[]
  /** Every place that a layer decides, also where it holds already. */
  readonly decided: readonly (readonly string[])[]
  readonly after: Record<string, unknown>
}

/** What an agent would become, and by which changes. Pure. */
export function become(
  { placed, merged, schema, sizeOf, found: read }: Planned,
  found: Record<string, unknown>,
  version: string,
): Becoming {
  const compiled = compileSections({
    sections: merged.content.sections,
    raw: merged.content.raw.openclaw as Parameters<typeof compileSections>[0]['raw'],
    client: placed.client,
    version,
    platform: placed.platform,
    found,
    schema,
  })
  const decided = compiled.operations.map(({ path }) => path)
  const files = planFiles(merged.content.sections.files, read?.files ?? null, sizeOf)
  const cannot = [...compiled.cannot.map(({ path, words }) => ({ path, words })), ...files.cannot]
  try {
    const operations = smallestOperations(found, compiled.operations)
    return { operations, files: files.changes, cannot, decided, after: applyOperations(found, operations) }
  } catch (error) {
    if (!(error instanceof ImpossibleOperation)) throw error
    return {
      operations: [],
      files: [],
      cannot: [...cannot, { path: dottedPath(error.path), words: error.message }],
      decided,
      after: found,
    }
  }
}

/** The layer behind a declared path: of itself, else the narrowest of what stands below it. */
function layerOf(declared: string, { provenance }: Merged): LayerRef | null {
  const exact = provenance[declared]
  if (exact) return exact
  const below = Object.entries(provenance).filter(
    ([path]) => path.startsWith(`${declared}.`) || declared.startsWith(`${path}.`),
  )
  const rank = ({ kind }: LayerRef) => LayerKind.options.indexOf(kind)
  return below.map(([, layer]) => layer).toSorted((a, b) => rank(b) - rank(a))[0] ?? null
}

/** As a change from outside spells a path: an odd name in quotes. */
const asOutside = (path: readonly string[]): string =>
  path.map((name) => (/^[A-Za-z_][\w-]*$/.test(name) ? name : `"${name}"`)).join('.')

const isNear = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`) || one.startsWith(`${other}[`)

function changedBy(path: readonly string[], { placed, outside }: Planned): PlanChange['changedBy'] {
  const own = asOutside(path)
  const change = outside.find(
    ({ agentId, part, diff }) =>
      agentId === placed.agent.agentId &&
      (part === 'config' || part === 'update') &&
      diff.some((line) => isNear(line.path, own)),
  )
  return change ? { who: change.who, atMs: change.atMs, sentence: change.sentence } : null
}

function fileChangedBy(path: string, { placed, outside }: Planned): PlanChange['changedBy'] {
  const change = outside.find(
    ({ agentId, part, diff }) =>
      agentId === placed.agent.agentId && part === 'own-files' && diff.some((line) => line.path === path),
  )
  return change ? { who: change.who, atMs: change.atMs, sentence: change.sentence } : null
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isWithin = (path: readonly string[], outer: readonly string[]): boolean =>
  outer.every((name, place) => path[place] === name)

/** The values no layer decides. */
function localValues(
  value: unknown,
  decided: readonly (readonly string[])[],
  path: readonly string[] = [],
): { path: string; value: string }[] {
  if (decided.some((place) => place.length > 0 && isWithin(path, place))) return []
  if (path.length === 1 && ownStamps.has(path[0] ?? '')) return []
  if (isObject(value) && (Object.keys(value).length > 0 || path.length === 0))
    return Object.entries(value).flatMap(([name, inner]) => localValues(inner, decided, [...path, name]))
  return [{ path: dottedPath(path), value: shownValue(value) ?? '' }]
}

const nothing = {
  hash: '',
  changes: [],
  operations: [],
  files: [],
  cannot: [],
  refusals: [],
  local: [],
  moreLocal: 0,
  timeBomb: false,
} satisfies Partial<AgentPlan>

/**
 * The smallest change from an agent as it was found to what its layers declare.
 *
 * @param refuse what fixed rules say against it; asked only of what can be planned.
 * @param broken why a layer of it cannot be read; empty: all can.
 */
export function planAgent(planned: Planned, broken: string, refuse: (becoming: Becoming) => LayerProblem[]): AgentPlan {
  const { placed, found, merged, labelOf } = planned
  const { agent, box, client } = placed
  const about = {
    agentId: agent.agentId,
    boxId: box.boxId,
    boxName: box.name,
    profile: agent.profile,
    name: agentName(placed),
    clientName: client?.name ?? null,
    version: found?.version ?? '',
    foundAtMs: found?.takenAtMs ?? null,
    old: found !== null && found.takenAtMs < planned.staleBeforeMs,
    baseSha256: found?.sha256 ?? '',
    excepts: merged.excepts.map((except) => ({ ...except, label: labelOf(except.layer) })),
  }
  if (found === null)
    return { ...about, ...nothing, state: 'unread', why: 'Its config was never read. Sweep it first.' }
  const { settings } = found
  if (settings === null) {
    const timeBomb = found.sha256 !== '' && found.running
    const why = `${found.problem}.${timeBomb ? ' It still runs, and will not start again like this.' : ''}`
    return { ...about, ...nothing, state: 'unread', why, timeBomb }
  }
  const becoming = become(planned, settings, found.version)
  const refusals = broken === '' ? refuse(becoming) : [{ path: '', words: broken }]
  const local = localValues(settings, becoming.decided)
  const settingChanges = becoming.operations.map(({ path, from, ...operation }): PlanChange => {
    const before = shownValue(valueAt(settings, ...path))
    const after = 'set' in operation ? shownValue(operation.set) : null
    const layer = layerOf(from, merged)
    return {
      path: dottedPath(path),
      kind: before === null ? 'add' : after === null ? 'remove' : 'change',
      before,
      after,
      declared: from,
      from: layer,
      fromLabel: layer === null ? '' : labelOf(layer),
      changedBy: changedBy(path, planned),
    }
  })
  const fileChanges = becoming.files.map(({ file, declared, before, after }): PlanChange => {
    const layer = layerOf(declared, merged)
    return {
      path: `file ${file.path}`,
      kind: before === null ? 'add' : 'change',
      before,
      after,
      declared,
      from: layer,
      fromLabel: layer === null ? '' : labelOf(layer),
      changedBy: fileChangedBy(file.path, planned),
    }
  })
  const changes = [...settingChanges, ...fileChanges]
  const files = becoming.files.map(({ file }) => file)
  const operations = becoming.operations.map(({ from: _from, ...operation }) => operation)
  const state = refusals.length > 0 ? 'refused' : changes.length > 0 ? 'changes' : 'same'
  return {
    ...about,
    state,
    why: state === 'refused' ? (refusals[0]?.words ?? '') : '',
    hash:
      state === 'changes' && found.sha256 !== ''
        ? planHash({ boxId: box.boxId, agentId: agent.agentId, baseSha256: found.sha256, operations, files })
        : '',
    changes: changes.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    operations: operations as AgentPlan['operations'],
    files,
    cannot: [...becoming.cannot],
    refusals,
    local: local.slice(0, mostLocal),
    moreLocal: Math.max(0, local.length - mostLocal),
    timeBomb: false,
  }
}
