import type { FleetRow } from '../../../shared/contract/index.ts'

/** Names that may stand before a colon, and what they look at. */
const texts = {
  client: (row: FleetRow) => row.clientName,
  machine: (row: FleetRow) => row.boxName,
  is: (row: FleetRow) => row.state,
  version: (row: FleetRow) => row.version,
  answers: (row: FleetRow) => row.answers,
  os: (row: FleetRow) => row.os,
  ring: (row: FleetRow) => row.ring,
  niche: (row: FleetRow) => row.niche,
} as const

const numbers = {
  behind: (row: FleetRow) => row.behind,
  days: (row: FleetRow) => row.daysBehind,
} as const

type TextField = keyof typeof texts
type NumberField = keyof typeof numbers
type Comparison = '>' | '>=' | '<' | '<=' | '='

export type Term =
  | { kind: 'anywhere'; words: string; not: boolean }
  | { kind: 'text'; field: TextField; words: string; not: boolean }
  | { kind: 'number'; field: NumberField; compare: Comparison; than: number; not: boolean }
  /** `behind:?`: the number is not known. */
  | { kind: 'unknown'; field: NumberField; not: boolean }

export interface Filter {
  terms: Term[]
  /** Sentences about terms that mean nothing; those terms hide no row. */
  problems: string[]
}

export const filterFields: readonly string[] = [...Object.keys(numbers), ...Object.keys(texts)]

/** Splits at spaces outside double quotes; a quote nobody closed reaches to the end. */
const pieces = (typed: string): string[] => typed.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? []

const unquoted = (text: string): string => text.replaceAll('"', '')

function readNumber(field: NumberField, text: string, not: boolean): Term | string {
  if (text === '?') return { kind: 'unknown', field, not }
  const match = /^(>=|<=|>|<|=)?(\d+(?:\.\d+)?)$/.exec(text)
  if (!match) return `“${field}:” takes a number, such as ${field}:>7, or ${field}:? where it is not known.`
  return { kind: 'number', field, compare: (match[1] ?? '=') as Comparison, than: Number(match[2]), not }
}

/**
 * Reads what is typed after `/`: words that may stand in any column, `"two words"`, `behind:>7`, `client:harbor`,
 * `is:silent`, and any of them with a leading `-` for "not". A field nobody knows is said, never silently obeyed.
 */
export function readFilter(typed: string): Filter {
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
      const term = readNumber(field as NumberField, words, not)
      if (typeof term === 'string') filter.problems.push(term)
      else filter.terms.push(term)
    } else if (Object.hasOwn(texts, field)) {
      if (words) filter.terms.push({ kind: 'text', field: field as TextField, words, not })
    } else filter.problems.push(`No column is called “${name}”. Known: ${filterFields.join(', ')}.`)
  }
  return filter
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

function holds(term: Term, row: FleetRow): boolean {
  switch (term.kind) {
    case 'anywhere':
      return [...Object.values(texts).map((read) => read(row)), row.behindText, row.sentence].some((text) =>
        text.toLowerCase().includes(term.words),
      )
    case 'text': {
      const text = texts[term.field](row)
      return term.field === 'is' ? loose(text).startsWith(loose(term.words)) : text.toLowerCase().includes(term.words)
    }
    case 'number': {
      const value = numbers[term.field](row)
      return value !== null && compares(value, term.compare, term.than)
    }
    case 'unknown':
      return numbers[term.field](row) === null
  }
}

/** Whether a row passes every term. */
export const passes = (filter: Filter, row: FleetRow): boolean =>
  filter.terms.every((term) => holds(term, row) !== term.not)
