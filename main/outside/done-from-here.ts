import type { LedgerEntry, OutsideChange } from '../../shared/contract/index.ts'
import { dateWords } from '../base/words.ts'

/** What this console does on a machine by hand: it may have been that. */
const byHand = /^(terminal|command|apply|stop)\./
const mostNamed = 3
/** A command that has ended may have left something behind that writes a moment later. */
const slackMs = 2 * 60_000

type Span = Pick<OutsideChange, 'notBeforeMs' | 'atMs' | 'evidence'>

/** Adds what the operator did there by hand between the last look and the change, newest first, as evidence. Pure. */
export function withDoneFromHere<T extends Span>(change: T, entries: readonly LedgerEntry[]): T {
  const within = entries
    .filter(({ kind, atMs }) => byHand.test(kind) && atMs >= change.notBeforeMs && atMs <= change.atMs + slackMs)
    .slice(0, mostNamed)
    .map(({ sentence, atMs }) => ({ name: 'Done from here', value: `${sentence} ${dateWords(atMs)}` }))
  return { ...change, evidence: [...change.evidence, ...within] }
}
