/** A table sorted by one of its columns. */
export interface ColumnSort<Column> {
  column: Column
  /** The other way round: the most, the oldest, Z first. */
  turned: boolean
}

/** A click on a head: sort, turn, and with the third back to no column (null). `first` says which way a column begins. */
export function nextColumnSort<Column extends string>(
  sort: ColumnSort<Column> | null,
  column: Column,
  first: Readonly<Record<Column, boolean>>,
): ColumnSort<Column> | null {
  if (sort?.column !== column) return { column, turned: first[column] }
  return sort.turned === first[column] ? { column, turned: !sort.turned } : null
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Names as people order them: `box-2` before `box-10`, capitals beside small letters. */
export const byName = (a: string, b: string): number => words.compare(a, b)

/** Rows by the value in the column; what is not known stands last whichever way it is turned, and equals keep `order`. */
export function sortedByColumn<Row, Column>(
  rows: readonly Row[],
  sort: ColumnSort<Column> | null,
  cellValue: (row: Row, column: Column) => string | number | null,
  order: (a: Row, b: Row) => number,
): Row[] {
  if (sort === null) return rows.toSorted(order)
  return rows.toSorted((a, b) => {
    const left = cellValue(a, sort.column)
    const right = cellValue(b, sort.column)
    if (left === null || right === null) return Number(left === null) - Number(right === null) || order(a, b)
    const difference =
      typeof left === 'number' && typeof right === 'number' ? left - right : byName(String(left), String(right))
    return (sort.turned ? -difference : difference) || order(a, b)
  })
}
