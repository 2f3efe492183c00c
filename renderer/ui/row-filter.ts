type Comparison = '>' | '>=' | '<' | '<=' | '='

export type Term =
  | { kind: 'anywhere'; words: string; not: boolean }
  | { kind: 'text'; field: string; words: string; not: boolean }
  | { kind: 'number'; field: string; compare: Comparison; than: number; not: boolean }
  /** `behind:?`: the number is not known. */
  | { kind: 'unknown'; field: string; not: boolean }

export interface Filter {
  terms: Term[]
  /** Sentences about terms that mean nothing; those terms hide no row. */
  problems: string[]
}

/** What of a row may be filtered by, under the name that stands before the colon. */
export interface FilterFields<Row> {
  texts: Readonly<Record<string, (row: Row) => string>>
  numbers?: Readonly<Record<string, (row: Row) => number | null>>
  /** Looked at by plain words alone, beside all texts. */
  also?: (row: Row) => readonly string[]
}

export interface RowFilter<Row> {
  /**
   * Reads what is typed after `/`: words that may stand in any column, `"two words"`, `behind:>7`, `client:harbor`,
   * `is:silent`, and any of them with a leading `-` for "not". A field nobody knows is said, never silently obeyed.
   */
  readFilter: (typed: string) => Filter
  /** Whether a row passes every term. */
  passes: (filter: Filter, row: Row) => boolean
}

/** Splits at spaces outside double quotes; a quote nobody closed reaches to the end. */
const pieces = (typed: string): string[] => typed.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? []

const unquoted = (text: string): string => text.replaceAll('"', '')

function readNumber(field: string, text: string, not: boolean): Term | string {
  if (text === '?') return { kind: 'unknown', field, not }
  const match = /^(>=|<=|>|<|=)?(\d+(?:\.\d+)?)$/.exec(text)
  if (!match) return `“${field}:” takes a number, such as ${field}:>7, or ${field}:? where it is not known.`
  return { kind: 'number', field, compare: (match[1] ?? '=') as Comparison, than: Number(match[2]), not }
}

function compares(value: number, compare: Comparison, than: number): boolean {
  switch (compare) {
    case '>':
      return value > than
    case '>=':
      return value >= than
    case '<':
      return value < than
    case '<=':
      return value <= than
    case '=':
      return value === than
  }
}

/** `not seen` and `notseen` both find "Not seen". */
const loose = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]+/g, '')

/** The filter of one table's rows. */
export function rowFilter<Row>({ texts, numbers = {}, also = () => [] }: FilterFields<Row>): RowFilter<Row> {
  const known = [...Object.keys(numbers), ...Object.keys(texts)].join(', ')

  function readFilter(typed: string): Filter {
    const filter: Filter = { terms: [], problems: [] }
    for (const piece of pieces(typed)) {
      const not = piece.length > 1 && piece.startsWith('-')
      const body = not ? piece.slice(1) : piece
      const [, name = '', value = ''] = /^([a-z]+):(.*)$/i.exec(body) ?? []
      const field = name.toLowerCase()
      const words = unquoted(value).toLowerCase()
      if (field === '') {
        if (unquoted(body)) filter.terms.push({ kind: 'anywhere', words: unquoted(body).toLowerCase(), not })
      } else if (Object.hasOwn(numbers, field)) {
        if (words === '') continue
        const term = readNumber(field, words, not)
        if (typeof term === 'string') filter.problems.push(term)
        else filter.terms.push(term)
      } else if (Object.hasOwn(texts, field)) {
        if (words) filter.terms.push({ kind: 'text', field, words, not })
      } else filter.problems.push(`No column is called “${name}”. Known: ${known}.`)
    }
    return filter
  }

  function holds(term: Term, row: Row): boolean {
    switch (term.kind) {
      case 'anywhere':
        return [...Object.values(texts).map((read) => read(row)), ...also(row)].some((text) =>
          text.toLowerCase().includes(term.words),
        )
      case 'text': {
        const text = texts[term.field]?.(row) ?? ''
        return term.field === 'is' ? loose(text).startsWith(loose(term.words)) : text.toLowerCase().includes(term.words)
      }
      case 'number': {
        const value = numbers[term.field]?.(row) ?? null
        return value !== null && compares(value, term.compare, term.than)
      }
      case 'unknown':
        return (numbers[term.field]?.(row) ?? null) === null
    }
  }

  return { readFilter, passes: (filter, row) => filter.terms.every((term) => holds(term, row) !== term.not) }
}
