import type { LayerContent } from '../../../shared/contract/index.ts'

type RawValue = LayerContent['raw']['openclaw'][string]

/** A typed value: JSON where it is, else the text itself. Pure. */
export function readRaw(typed: string): RawValue {
  try {
    return JSON.parse(typed) as RawValue
  } catch {
    return typed
  }
}

/** A value as it is typed: a text that would read as something else stands in quotes. Pure. */
export function rawText(value: RawValue | undefined): string {
  if (value === undefined) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  return readRaw(value) === value ? value : JSON.stringify(value)
}
