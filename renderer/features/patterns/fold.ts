import type { BoxId, LogLevel, Pattern } from '../../../shared/contract/index.ts'
import { byLoudness, isErrorLevel, isLoudLevel, type UsualLevel, usualLevel } from '../../../shared/usual-level.ts'

/** The same kind of line of one machine or several, as one row. */
export interface PatternRow {
  /** Stays while counts change. */
  readonly key: string
  readonly text: string
  /** Of most of its lines. */
  readonly level: LogLevel | null
  /** Warnings and worse that are louder than that: the loudest level, and how many lines have it. */
  readonly louder: UsualLevel['louder']
  readonly subsystem: string | null
  /** One a machine and agent, the newest line first. */
  readonly patterns: readonly Pattern[]
  readonly boxIds: readonly BoxId[]
  readonly lines: number
  readonly perDay: readonly number[]
  readonly firstAtMs: number
  readonly lastAtMs: number
  /** Machines on which it is new, of those that have it; 0: on none. */
  readonly newOn: number
  /** One of the reasons; null: on some machine it is not muted. */
  readonly muted: string | null
}

export const sectionNames = {
  update: 'New since the last update',
  week: 'New this week',
  loud: 'Warnings and errors',
  rest: 'Everything else',
  muted: 'Muted',
} as const
export type SectionKey = keyof typeof sectionNames

export interface Section {
  readonly key: SectionKey
  readonly rows: readonly PatternRow[]
}

function sectionOf({ patterns, level, louder }: Pick<PatternRow, 'patterns' | 'level' | 'louder'>): SectionKey {
  const told = patterns.filter(({ muted }) => muted === null)
  if (told.length === 0) return 'muted'
  if (told.some(({ newSinceUpdate }) => newSinceUpdate)) return 'update'
  if (told.some(({ newThisWeek }) => newThisWeek)) return 'week'
  return isLoudLevel(level) || isErrorLevel(louder?.level ?? null) ? 'loud' : 'rest'
}

const isNew = ({ newThisWeek, newSinceUpdate }: Pattern): boolean => newThisWeek || newSinceUpdate

function rowOf(text: string, patterns: readonly Pattern[]): PatternRow {
  const [first] = patterns
  const newest = patterns.toSorted((a, b) => b.lastAtMs - a.lastAtMs)
  return {
    key: text,
    text,
    ...usualLevel(patterns.flatMap(({ levels }) => levels)),
    subsystem: first?.subsystem ?? null,
    patterns: newest,
    boxIds: [...new Set(newest.map(({ boxId }) => boxId))],
    lines: patterns.reduce((sum, { lines }) => sum + lines, 0),
    perDay: (first?.perDay ?? []).map((_, day) => patterns.reduce((sum, { perDay }) => sum + (perDay[day] ?? 0), 0)),
    firstAtMs: Math.min(...patterns.map(({ firstAtMs }) => firstAtMs)),
    lastAtMs: Math.max(...patterns.map(({ lastAtMs }) => lastAtMs)),
    newOn: new Set(patterns.filter(isNew).map(({ boxId }) => boxId)).size,
    muted: patterns.every(({ muted }) => muted !== null) ? (newest[0]?.muted?.reason ?? null) : null,
  }
}

/**
 * Rows in their sections: what is new first, and in each the loud before the quiet, then what came most often. The same
 * kind of several machines is one row, in the section of whatever is new of it.
 */
export function foldPatterns(patterns: readonly Pattern[], typed: string): Section[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const isShown = ({ text, subsystem }: Pattern): boolean => {
    const whole = `${text} ${subsystem ?? ''}`.toLowerCase()
    return words.every((word) => whole.includes(word))
  }
  const rows = new Map<SectionKey, PatternRow[]>()
  for (const [text, same] of Map.groupBy(patterns, (pattern) => pattern.text)) {
    if (!same.some(isShown)) continue
    const row = rowOf(text, same)
    const section = sectionOf(row)
    rows.set(section, [...(rows.get(section) ?? []), row])
  }
  return (Object.keys(sectionNames) as SectionKey[]).flatMap((key) => {
    const found = rows.get(key)
    if (!found) return []
    const sorted = found.toSorted(
      (a, b) =>
        byLoudness(a.level, b.level) ||
        byLoudness(a.louder?.level ?? null, b.louder?.level ?? null) ||
        b.lines - a.lines ||
        b.lastAtMs - a.lastAtMs,
    )
    return { key, rows: sorted }
  })
}
