import type { FoundChange, LedgerEntry } from '../../shared/contract/index.ts'
import type { Turn } from '../facts/facts.ts'

/** How long before a trouble a change may lie to be told with it. */
export const lookBackMs = 24 * 3_600_000
/** More would be a list, not a hint. */
const most = 3
/** The start of a machine is worked out from its clock: a little difference is no restart. */
const bootSlackMs = 5 * 60_000

/** Facts whose turn is told as a change. Everything else that changes on a machine is kept as an out-of-band change. */
export const toldFacts = ['system.boot', 'system.node', 'system.os'] as const

const names: Record<(typeof toldFacts)[number], string> = {
  'system.boot': '',
  'system.node': 'Node',
  'system.os': 'System',
}

/** A change, and the moment before which it cannot have happened. */
export interface Dated extends FoundChange {
  readonly notBeforeMs: number
}

/** The turn of a fact as a change; null when it says nothing. A restart happened when it happened, not when it was found. Pure. */
export function changeOfTurn({ key, before, after, lastMs, foundMs, value }: Turn): Dated | null {
  const name = names[key as keyof typeof names]
  if (name === undefined) return null
  if (key !== 'system.boot')
    return { atMs: foundMs, notBeforeMs: lastMs, sentence: `${name} ${before} → ${after}`, who: '' }
  const atMs = typeof value === 'number' ? value : foundMs
  return atMs < lastMs - bootSlackMs ? null : { atMs, notBeforeMs: atMs, sentence: 'The machine restarted', who: '' }
}

/** What the operator did to a machine; what the console noted by itself changed nothing there. Pure. */
export function changeOfEntry(entry: LedgerEntry): Dated | null {
  if (entry.actor === 'console' || !/^(box\.(edited|enrolled)|channel\.)/.test(entry.kind)) return null
  const who = entry.actor === 'cli' ? 'you, on the command line' : 'you'
  return { atMs: entry.atMs, notBeforeMs: entry.atMs, sentence: entry.sentence.replace(/\.$/, ''), who }
}

/**
 * Up to three changes within the 24 hours before a trouble began, newest first. One that was found after the trouble
 * began but may have happened before it says so. Pure.
 */
export const justBefore = (changes: readonly Dated[], sinceMs: number): FoundChange[] =>
  changes
    .filter(({ atMs, notBeforeMs }) => notBeforeMs <= sinceMs && atMs >= sinceMs - lookBackMs)
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, most)
    .map(({ atMs, sentence, who }) => ({ atMs, sentence: atMs > sinceMs ? `${sentence}, found then` : sentence, who }))
