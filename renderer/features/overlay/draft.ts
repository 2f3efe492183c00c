import * as z from 'zod'
import { type DiffLine, type Except, LayerContent } from '../../../shared/contract/index.ts'
import { dottedPath, namesOfDotted } from '../../../shared/value-path.ts'

type Names = readonly string[]
type Raw = LayerContent['raw']['openclaw']
type Tree = Readonly<Record<string, unknown>>

/** A layer while it is edited: its sections may hold what was typed and is no value yet. */
export interface LayerDraft {
  readonly sections: Tree
  readonly raw: Raw
  readonly excepts: readonly Except[]
}

/** Why a place cannot be saved. `typed`: what stands there is no such value; else a fixed rule refuses it. */
export interface PlaceProblem {
  readonly path: string
  readonly words: string
  readonly typed: boolean
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

export const draftOf = ({ sections, raw, excepts }: LayerContent): LayerDraft => ({
  sections,
  raw: raw.openclaw,
  excepts,
})

/** What stands at a path; undefined: nothing is said there. */
export const valueIn = (tree: unknown, path: Names): unknown =>
  path.reduce<unknown>((at, name) => (isTree(at) && Object.hasOwn(at, name) ? at[name] : undefined), tree)

/** The tree with another value at a path; undefined takes it out, with the objects that are empty then. */
function replaced(tree: unknown, [name, ...rest]: Names, value: unknown): unknown {
  if (name === undefined) return value
  const under = isTree(tree) ? tree : {}
  const inner = replaced(under[name], rest, value)
  if (inner !== undefined) return { ...under, [name]: inner }
  const others = Object.entries(under).filter(([each]) => each !== name)
  return others.length === 0 ? undefined : Object.fromEntries(others)
}

export const withValue = (draft: LayerDraft, path: Names, value: unknown): LayerDraft => ({
  ...draft,
  sections: (replaced(draft.sections, path, value) ?? {}) as Tree,
})

/** `path` dotted, as raw settings are keyed. */
export function withRaw(draft: LayerDraft, path: string, value: Raw[string] | undefined): LayerDraft {
  const { [path]: _before, ...others } = draft.raw
  return { ...draft, raw: value === undefined ? others : { ...others, [path]: value } }
}

/** With this exception in the place of the one that the path had; null takes it out. */
export function withExcept(draft: LayerDraft, path: string, except: Except | null): LayerDraft {
  const others = draft.excepts.filter((each) => each.path !== path)
  return { ...draft, excepts: except === null ? others : [...others, except] }
}

/** One thing that a layer says: a value of a section, a raw setting, an exception. */
interface Said {
  readonly kind: 'section' | 'raw' | 'except'
  readonly names: Names
  readonly value: unknown
}

function leavesOf(value: unknown, names: Names): Said[] {
  if (!isTree(value)) return value === undefined ? [] : [{ kind: 'section', names, value }]
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...names, name]))
}

/** Everything a layer says, each by a path of its own. */
const saidIn = ({ sections, raw, excepts }: LayerDraft): Map<string, Said> =>
  new Map([
    ...leavesOf(sections, []).map((said) => [dottedPath(['sections', ...said.names]), said] as const),
    ...Object.entries(raw).map(
      ([path, value]) => [`raw.openclaw.${path}`, { kind: 'raw', names: [path], value }] as const,
    ),
    ...excepts.map((value) => [`except ${value.path}`, { kind: 'except', names: [value.path], value }] as const),
  ])

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** A value as a person reads it; null: nothing is said. */
export function valueWords(value: unknown): string | null {
  if (value === undefined) return null
  if (value === null) return 'nothing may stand there'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function shownValue(said: Said | undefined, dayWords: (atMs: number) => string): string | null {
  if (said?.kind !== 'except') return valueWords(said?.value)
  const { untilMs, because } = said.value as Except
  return `until ${dayWords(untilMs)}: ${because}`
}

/** What a layer says at one of its paths; undefined: nothing. */
export const valueAt = (draft: LayerDraft, path: string): unknown => saidIn(draft).get(path)?.value

/** Paths at which two drafts differ. */
export function editedPaths(before: LayerDraft, after: LayerDraft): string[] {
  const [one, other] = [saidIn(before), saidIn(after)]
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((path) => !isSame(one.get(path)?.value, other.get(path)?.value))
    .toSorted()
}

/** What was edited, old and new. */
export function editsBetween(before: LayerDraft, after: LayerDraft, dayWords: (atMs: number) => string): DiffLine[] {
  const [one, other] = [saidIn(before), saidIn(after)]
  return editedPaths(before, after).map((path) => ({
    path,
    before: shownValue(one.get(path), dayWords),
    after: shownValue(other.get(path), dayWords),
  }))
}

const laid = (draft: LayerDraft, { kind, names }: Said, value: unknown): LayerDraft => {
  const [path = ''] = names
  if (kind === 'section') return withValue(draft, names, value)
  if (kind === 'raw') return withRaw(draft, path, value as Raw[string] | undefined)
  return withExcept(draft, path, (value as Except | undefined) ?? null)
}

/**
 * Lays the edits made from `base` over the layer as it is saved now, so that what was changed elsewhere meanwhile survives
 * wherever it was not edited. `clashes`: paths changed on both sides; the edit stands there.
 */
export function laidOver(
  base: LayerDraft,
  edited: LayerDraft,
  saved: LayerDraft,
): { draft: LayerDraft; clashes: string[] } {
  if (isSame(base, saved)) return { draft: edited, clashes: [] }
  const [before, after, now] = [saidIn(base), saidIn(edited), saidIn(saved)]
  let draft = saved
  const clashes: string[] = []
  for (const path of editedPaths(base, edited)) {
    const said = after.get(path) ?? before.get(path)
    if (!said) continue
    const wanted = after.get(path)?.value
    draft = laid(draft, said, wanted)
    const elsewhere = now.get(path)?.value
    if (!isSame(elsewhere, before.get(path)?.value) && !isSame(elsewhere, wanted)) clashes.push(path)
  }
  return { draft, clashes }
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  )

/** The layer as it could be saved, or every place whose value is none. */
export function readDraft({ sections, raw, excepts }: LayerDraft): {
  content: LayerContent | null
  problems: PlaceProblem[]
} {
  const read = z.safeParse(LayerContent, { sections, raw: { openclaw: raw }, excepts })
  if (read.success) return { content: read.data, problems: [] }
  return {
    content: null,
    problems: read.error.issues.map(({ path, message }) => ({ path: placeOf(path), words: message, typed: true })),
  }
}

const bare = (path: string): string => path.replaceAll('\\', '')

/** What is wrong at a place or below it. `place`: names joined by dots. */
export function problemsAt(problems: readonly PlaceProblem[], place: string): PlaceProblem[] {
  const at = bare(place)
  return problems.filter(({ path }) => {
    const own = bare(path)
    return own === at || own.startsWith(`${at}.`) || own.startsWith(`${at}[`)
  })
}

/** The section of the form that a path belongs to; a raw setting belongs to all settings. */
export function sectionOfPath(path: string): string {
  const [first, second = ''] = namesOfDotted(path.replace(/^except /, '')) ?? []
  return first === 'sections' ? second : 'all'
}

const isDraft = (value: unknown): value is LayerDraft =>
  isTree(value) && isTree(value.sections) && isTree(value.raw) && Array.isArray(value.excepts)

/** Unsaved edits of a layer: what they began from, what they became. */
export interface KeptDraft {
  readonly base: LayerDraft
  readonly draft: LayerDraft
}

/** Reads what was kept; null: it is no draft, or of another version of this form. */
export function readKept(text: string): KeptDraft | null {
  try {
    const kept: unknown = JSON.parse(text)
    if (!isTree(kept) || !isDraft(kept.base) || !isDraft(kept.draft)) return null
    return { base: kept.base, draft: kept.draft }
  } catch {
    return null
  }
}
