import type { LogLevel } from './contract/index.ts'

export interface LevelCount {
  /** Null: the lines say none. */
  readonly level: LogLevel | null
  readonly lines: number
}

export interface UsualLevel {
  /** Of most lines, the louder of two alike. */
  readonly level: LogLevel | null
  /** The loudest warning or worse beyond it, and how many lines have it. */
  readonly louder: { readonly level: LogLevel; readonly lines: number } | null
}

const quietest: readonly (LogLevel | null)[] = [null, 'trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** Loudest first. */
export const byLoudness = (a: LogLevel | null, b: LogLevel | null): number => quietest.indexOf(b) - quietest.indexOf(a)

export const isErrorLevel = (level: LogLevel | null): boolean => level === 'fatal' || level === 'error'
export const isLoudLevel = (level: LogLevel | null): boolean => isErrorLevel(level) || level === 'warn'

/** Counts of the same level as one, loudest first. */
export const sumLevels = (counts: readonly LevelCount[]): LevelCount[] =>
  [...Map.groupBy(counts, ({ level }) => level)]
    .map(([level, same]) => ({ level, lines: same.reduce((sum, { lines }) => sum + lines, 0) }))
    .sort((a, b) => byLoudness(a.level, b.level))

/** What is usual of a kind of lines, and what of it is louder than that. */
export function usualLevel(counts: readonly LevelCount[]): UsualLevel {
  const summed = sumLevels(counts)
  const level = summed.toSorted((a, b) => b.lines - a.lines)[0]?.level ?? null
  const [first] = summed
  const isBeyond = first && isLoudLevel(first.level) && byLoudness(first.level, level) < 0
  return { level, louder: isBeyond && first.level ? { level: first.level, lines: first.lines } : null }
}
