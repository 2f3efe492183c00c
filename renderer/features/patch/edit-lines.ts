import type { LayerContent, PatchPart } from '../../../shared/contract/index.ts'
import { namesOfDotted } from '../../../shared/value-path.ts'

interface Line {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
}

const words = (value: unknown): string | null =>
  value === undefined
    ? null
    : value === null
      ? 'nothing may stand there'
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)

/** What a layer says at a path into it; undefined: nothing. */
function valueIn(content: LayerContent, path: string): unknown {
  const raw = 'raw.openclaw.'
  if (path.startsWith(raw)) return content.raw.openclaw[path.slice(raw.length)]
  return (namesOfDotted(path) ?? []).reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    content,
  )
}

/**
 * The values that a part declares against what the layer declares now. `declared`: it says all of it already. Without a
 * content only what it declares. Pure.
 */
export function editLines(
  { set, reset }: Pick<Extract<PatchPart, { kind: 'overlay' }>, 'set' | 'reset'>,
  content: LayerContent | undefined,
): { lines: Line[]; declared: boolean } {
  const now = (path: string) => (content === undefined ? null : words(valueIn(content, path)))
  const lines = [
    ...Object.entries(set).map(([path, value]) => ({ path, before: now(path), after: words(value) })),
    ...reset.map((path) => ({ path, before: now(path), after: null })),
  ]
  const declared = content !== undefined && lines.every(({ before, after }) => before === after)
  return {
    lines: lines.map((line) => (line.before === line.after ? { ...line, before: null } : line)),
    declared,
  }
}
