import { LayerContent, type LayerProblem } from '../../shared/contract/index.ts'
import { dottedPath, isEqual, pathOfDotted } from '../runtimes/operations.ts'

/** The same values and exceptions, in whatever order they are written. */
export const isSameContent = (one: LayerContent, other: LayerContent): boolean =>
  isEqual(one.sections, other.sections) &&
  isEqual(one.raw, other.raw) &&
  isEqual(
    one.excepts.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    other.excepts.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value without what stands at a path in it; undefined: nothing is left of it. */
function cut(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return undefined
  if (!isObject(value) || !Object.hasOwn(value, name)) return value
  const left = cut(value[name], rest)
  const others = Object.entries(value).filter(([each]) => each !== name)
  const entries =
    left === undefined ? others : Object.entries(value).map(([each, inner]) => [each, each === name ? left : inner])
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function withoutPath(content: LayerContent, path: readonly string[]): LayerContent {
  if (path[0] === 'sections')
    return { ...content, sections: (cut(content.sections, path.slice(1)) ?? {}) as LayerContent['sections'] }
  if (path[0] !== 'raw' || path[1] !== 'openclaw') return content
  const wanted = path.slice(2)
  const openclaw = Object.entries(content.raw.openclaw).flatMap(([key, value]) => {
    const own = pathOfDotted(key) ?? []
    const shorter = Math.min(own.length, wanted.length)
    if (own.slice(0, shorter).some((name, place) => name !== wanted[place])) return [[key, value] as const]
    const left = cut(value, wanted.slice(own.length))
    return left === undefined || own.length > wanted.length ? [] : [[key, left as typeof value] as const]
  })
  return { ...content, raw: { openclaw: Object.fromEntries(openclaw) } }
}

/** A layer's content without what it says at these paths and below. Pure. */
export const withoutPaths = (content: LayerContent, paths: readonly string[]): LayerContent =>
  paths.reduce((at, path) => withoutPath(at, pathOfDotted(path) ?? []), content)

/** A layer's content with one raw setting, whatever it said there before. Pure. */
export const withRaw = (
  content: LayerContent,
  path: readonly string[],
  value: LayerContent['raw']['openclaw'][string],
): LayerContent => {
  const cleared = withoutPaths(content, [dottedPath(['raw', 'openclaw', ...path])])
  return { ...cleared, raw: { openclaw: { ...cleared.raw.openclaw, [dottedPath(path)]: value } } }
}

/** What a layer is to say differently: paths into it with their values, and paths it leaves to wider layers again. */
export interface LayerEdit {
  readonly set: Readonly<Record<string, unknown>>
  readonly reset: readonly string[]
}

/** Nested objects with one value at a path laid into them. */
function laidIn(value: unknown, [name, ...rest]: readonly string[], wanted: unknown): unknown {
  if (name === undefined) return wanted
  const under = isObject(value) ? value : {}
  const inner = Object.hasOwn(under, name) ? under[name] : undefined
  return Object.fromEntries([...Object.entries(under), [name, laidIn(inner, rest, wanted)]])
}

/** A layer's content after an edit; or where the edit cannot be made, and why. Pure. */
export function withEdit(content: LayerContent, { set, reset }: LayerEdit): LayerContent | LayerProblem {
  const places = [...Object.keys(set), ...reset].map((text) => ({ text, path: pathOfDotted(text) ?? [] }))
  const odd = places.find(
    ({ path: [first, second, third] }) =>
      !((first === 'sections' && second !== undefined) || (first === 'raw' && second === 'openclaw' && third)),
  )
  if (odd)
    return {
      path: odd.text,
      words: 'A value is named by its path, as sections.model.primary or raw.openclaw.gateway.port.',
    }
  const wanted = Object.entries(set).reduce<LayerContent>(
    (at, [text, value]) => {
      const path = pathOfDotted(text) ?? []
      return path[0] === 'raw'
        ? withRaw(at, path.slice(2), value as LayerContent['raw']['openclaw'][string])
        : (laidIn(at, path, value) as LayerContent)
    },
    withoutPaths(content, reset),
  )
  const parsed = LayerContent.safeParse(wanted)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return { path: issue?.path.join('.') ?? '', words: issue?.message ?? 'It cannot be a value.' }
}
