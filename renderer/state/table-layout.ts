/** How a person arranged the columns of one table; kept across starts. */
export interface TableLayout {
  /** Widths in px that differ from the table's own. */
  sizing: Record<string, number>
  /** False: hidden. Columns not named stand as the table has them. */
  visibility: Record<string, boolean>
  order: string[]
}

export const plainLayout: TableLayout = { sizing: {}, visibility: {}, order: [] }

const keyOf = (table: string): string => `wheelhouse.table.${table}`

const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []

/** Reads what was kept; anything that is not a layout of these columns is left out. */
export function readLayout(text: string | null, columns: readonly string[]): TableLayout {
  let read: unknown
  try {
    read = JSON.parse(text ?? 'null')
  } catch {
    return plainLayout
  }
  const kept = Object.fromEntries(entries(read))
  const ours = ([name]: [string, unknown]) => columns.includes(name)
  const sizing = entries(kept.sizing).filter(
    (entry): entry is [string, number] =>
      ours(entry) && typeof entry[1] === 'number' && entry[1] >= 24 && entry[1] <= 2000,
  )
  const visibility = entries(kept.visibility).filter(
    (entry): entry is [string, boolean] => ours(entry) && typeof entry[1] === 'boolean',
  )
  const order = (Array.isArray(kept.order) ? kept.order : []).filter((name): name is string => columns.includes(name))
  return { sizing: Object.fromEntries(sizing), visibility: Object.fromEntries(visibility), order: [...new Set(order)] }
}

export const keptLayout = (table: string, columns: readonly string[]): TableLayout =>
  readLayout(localStorage.getItem(keyOf(table)), columns)

export const keepLayout = (table: string, layout: TableLayout): void =>
  localStorage.setItem(keyOf(table), JSON.stringify(layout))
