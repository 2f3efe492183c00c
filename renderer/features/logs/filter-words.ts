import { shortMoment } from './log-times.ts'
import type { Term } from './read-filter.ts'

const quoted = (text: string): string => `“${text}”`

/** Whole words come in quotes of their own. */
const partWords = (value: string): string =>
  value.startsWith('"') ? `the words ${quoted(value.replaceAll('"', ''))}` : quoted(value)

/** A term in plain words: what a chip says. */
export function termWords(term: Term): string {
  switch (term.kind) {
    case 'include':
      return `with ${partWords(term.value)}`
    case 'exclude':
      return `without ${partWords(term.value)}`
    case 'regex':
      return `matching ${term.typed}`
    case 'level':
      return term.value === 'fatal' ? 'fatal only' : `${term.value} and worse`
    case 'since':
      return `since ${shortMoment(term.value)}`
    case 'until':
      return `until ${shortMoment(term.value)}`
    default:
      return `${term.kind} ${quoted(term.value)}`
  }
}

/** What stands where nothing matches: the whole question, so that it can be seen why. */
export function nothingWords(terms: readonly Term[], machines: number, all: number): string {
  const on = machines === 1 ? 'this machine' : machines === all ? `all ${all} machines` : `${machines} machines`
  return terms.length === 0
    ? `No line is kept of ${on}.`
    : `Nothing found on ${on}: ${terms.map(termWords).join(', ')}.`
}
