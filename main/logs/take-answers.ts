import type { Fault } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import { isFromStore } from '../store/faults.ts'
import { openAnswer } from './arriving.ts'
import type { ArriveInput, Stored } from './asks.ts'
import type { Arrived } from './prepare.ts'
import type { Writer } from './write.ts'

/** What became of one answer. */
export type Taken =
  | { readonly stored: Stored }
  /** It is none, in words for the operator; or what nobody foresaw. */
  | { readonly fault: Fault }
  | { readonly stack: string }

/**
 * Keeps what several boxes answered, in one transaction where that can be. What is wrong with one answer is the trouble of
 * its box alone.
 *
 * @throws what SQLite says: nothing is kept then.
 */
export function takeAnswers(answers: readonly ArriveInput[], append: Writer['append']): Taken[] {
  const opened = answers.map((answer) => attempt(() => openAnswer(answer)))
  const batchesOf = (one: (typeof opened)[number]): readonly Arrived[] => ('done' in one ? one.done : [])
  try {
    const counts = append(opened.flatMap(batchesOf))
    let at = 0
    return opened.map((one) => {
      if (!('done' in one)) return one
      const mine = counts.slice(at, at + one.done.length)
      at += one.done.length
      return { stored: storedOf(one.done, mine) }
    })
  } catch (error) {
    if (isFromStore(error) || answers.length === 1) throw error
    return answers.flatMap((answer) => {
      const alone = attempt(() => takeAnswers([answer], append))
      return 'done' in alone ? alone.done : [alone]
    })
  }
}

function attempt<Done>(work: () => Done): { done: Done } | { fault: Fault } | { stack: string } {
  try {
    return { done: work() }
  } catch (error) {
    if (isFromStore(error)) throw error
    if (error instanceof FaultError) return { fault: error.fault }
    return { stack: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function storedOf(batches: readonly Arrived[], counts: readonly { lines: number; gaps: number }[]): Stored {
  const stored = { lines: 0, gaps: 0, droppedBytes: 0, characters: 0 }
  for (const count of counts) {
    stored.lines += count.lines
    stored.gaps += count.gaps
  }
  for (const { batch } of batches) {
    for (const { reason, bytes } of batch.gaps) if (reason === 'too-much') stored.droppedBytes += bytes
    for (const { text, more } of batch.lines) stored.characters += text.length + (more?.length ?? 0)
  }
  return stored
}
