import type { LogLevel } from '../../../shared/contract/index.ts'
import type { PatternRow } from './fold.ts'

const several: Partial<Record<LogLevel, [one: string, many: string]>> = {
  warn: ['a warning', 'warnings'],
  error: ['an error', 'errors'],
  fatal: ['fatal', 'fatal'],
}

const many = (count: number): string => count.toLocaleString('en-GB')

/** The few lines of a kind that are louder than it is: "1 of 240 is a warning". Null: there are none. */
export function louderWords({ louder, lines }: Pick<PatternRow, 'louder' | 'lines'>): string | null {
  if (!louder) return null
  const [one, more] = several[louder.level] ?? [louder.level, louder.level]
  return `${many(louder.lines)} of ${many(lines)} ${louder.lines === 1 ? `is ${one}` : `are ${more}`}`
}

/** Where a kind is new, when that is not everywhere: "new on 8 of 9 machines". */
export function newWords({ newOn, boxIds }: Pick<PatternRow, 'newOn' | 'boxIds'>): string | null {
  return newOn > 0 && newOn < boxIds.length ? `new on ${newOn} of ${boxIds.length} machines` : null
}

/** Where a kind is muted, when that is not everywhere. */
export function mutedWords({
  muted,
  patterns,
  boxIds,
}: Pick<PatternRow, 'muted' | 'patterns' | 'boxIds'>): string | null {
  const on = new Set(patterns.flatMap((pattern) => (pattern.muted ? [pattern.boxId] : []))).size
  return muted === null && on > 0 ? `muted on ${on} of ${boxIds.length} machines` : null
}
