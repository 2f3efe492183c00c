import type { ImportRow } from '../../../shared/contract/index.ts'

const sameName = (left: string, right: string): boolean => left.trim().toLowerCase() === right.trim().toLowerCase()

/** A row whose very name is taken cannot be imported; one that only shares an address can. */
export const nameTaken = (row: ImportRow): boolean => row.duplicateOf !== null && sameName(row.duplicateOf, row.name)

/** Rows of a preview by what can be done with them. */
export type Sorted = { usable: ImportRow[]; here: ImportRow[]; bad: ImportRow[] }

/** Sorts rows into those to take, those already in the inventory, and those that cannot be used. */
export function sortRows(rows: readonly ImportRow[]): Sorted {
  const sorted: Sorted = { usable: [], here: [], bad: [] }
  for (const row of rows) {
    if (row.box === null || row.problems.length > 0) sorted.bad.push(row)
    else if (row.duplicateOf !== null) sorted.here.push(row)
    else sorted.usable.push(row)
  }
  return sorted
}

/** A row's identity within one preview. */
export const rowKey = (row: ImportRow): string => `${row.line}:${row.name}`

/** Chosen at first: everything usable. What is already here is offered, not chosen. */
export function firstChoice(rows: readonly ImportRow[]): Set<string> {
  return new Set(sortRows(rows).usable.map(rowKey))
}

/** Turns one row on or off. */
export function toggle(chosen: ReadonlySet<string>, key: string): Set<string> {
  const next = new Set(chosen)
  if (!next.delete(key)) next.add(key)
  return next
}

/** All of the given rows on, or all off when they are on already. */
export function toggleAll(chosen: ReadonlySet<string>, rows: readonly ImportRow[]): Set<string> {
  const keys = rows.filter((row) => !nameTaken(row)).map(rowKey)
  const next = new Set(chosen)
  if (keys.every((key) => next.has(key))) for (const key of keys) next.delete(key)
  else for (const key of keys) next.add(key)
  return next
}

/** Jump hosts a chosen row goes through that are rows of this file and are not chosen, by the row's key. */
export function missingHops(rows: readonly ImportRow[], chosen: ReadonlySet<string>): Map<string, string[]> {
  const missing = new Map<string, string[]>()
  for (const row of rows) {
    if (!chosen.has(rowKey(row))) continue
    const left = row.hopNames.filter((name) => {
      const hop = rows.find((other) => sameName(other.name, name))
      return hop && hop.duplicateOf === null && !chosen.has(rowKey(hop))
    })
    if (left.length > 0) missing.set(rowKey(row), left)
  }
  return missing
}

const machines = (count: number) => (count === 1 ? '1 machine' : `${count} machines`)

/** The words of the import button. */
export const importWords = (count: number): string => `Import ${machines(count)}`

/** What the file holds in one line: "12 machines to take · 12 rows cannot be used · 1 already here". */
export function foundSentence({ usable, here, bad }: Sorted): string {
  const parts = [`${machines(usable.length)} to take`]
  if (bad.length > 0) parts.push(`${bad.length} ${bad.length === 1 ? 'row' : 'rows'} cannot be used`)
  if (here.length > 0) parts.push(`${here.length} already here`)
  return parts.join(' · ')
}
