import type { DiffLine, LayerContent, LayerRef } from '../../shared/contract/index.ts'
import { untrusted } from '../../shared/untrusted.ts'
import { dateWords } from '../base/words.ts'
import { pathOfDotted } from '../runtimes/operations.ts'
import { mergeLayers } from './merge.ts'

const mostLines = 400
const valueChars = 400
/** What stands for a secret in a config that was read. */
const fingerprint = /^#[0-9a-f]{12}$/

const isSecret = (value: unknown): boolean => typeof value === 'string' && fingerprint.test(value)

const masked = (value: unknown): unknown => {
  if (isSecret(value)) return 'a secret'
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner)]))
}

/** A value as a person reads it; null: nothing stands there. Nothing of a secret is in it. */
export function shownValue(value: unknown): string | null {
  if (value === undefined) return null
  const shown = masked(value)
  return untrusted(typeof shown === 'string' && shown !== '' ? shown : JSON.stringify(shown), valueChars)
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], value)

const nobody: LayerRef = { kind: 'fleet', key: '' }

/** What a layer says by itself, a line for each value and each exception. */
function linesOf(content: LayerContent): Map<string, string> {
  const { provenance, content: merged } = mergeLayers([{ layer: nobody, content: { ...content, excepts: [] } }], 0)
  const lines = new Map<string, string>()
  for (const path of Object.keys(provenance)) {
    const value = path.startsWith('raw.openclaw.')
      ? merged.raw.openclaw[path.slice('raw.openclaw.'.length)]
      : valueAt(merged, pathOfDotted(path) ?? [])
    lines.set(path, value === null ? 'nothing may stand there' : (shownValue(value) ?? ''))
  }
  for (const { path, untilMs, because } of content.excepts)
    lines.set(`except ${path}`, `until ${dateWords(untilMs)}: ${untrusted(because, 300)}`)
  return lines
}

/** What differs between two contents of a layer, in order of the paths; beyond 400 lines only how many more. Pure. */
export function diffContents(before: LayerContent, after: LayerContent): { diff: DiffLine[]; moreLines: number } {
  const [one, other] = [linesOf(before), linesOf(after)]
  const diff = [...new Set([...one.keys(), ...other.keys()])]
    .filter((path) => one.get(path) !== other.get(path))
    .toSorted()
    .map((path) => ({ path, before: one.get(path) ?? null, after: other.get(path) ?? null }))
  return { diff: diff.slice(0, mostLines), moreLines: Math.max(0, diff.length - mostLines) }
}

/** How many values a layer declares. */
export const valuesOf = (content: LayerContent): number =>
  Object.keys(mergeLayers([{ layer: nobody, content: { ...content, excepts: [] } }], 0).provenance).length
