import { parentPort } from 'node:worker_threads'
import { FaultError } from '../base/fault-error.ts'
import { asFault, isDamage } from '../store/faults.ts'
import type { Asks, Input, Output, Question, Reply } from './asks.ts'

/** What a thread answers, by name. */
export type Answers<Names> = { [Name in keyof Names & keyof Asks]: (input: Input<Name>) => Output<Name> }

/**
 * Answers what this thread is asked, one after the other. An answer goes as JSON: a page of lines is so in half the time
 * on the other side.
 */
export function answerQuestions<Names>(named: Answers<Names>, dataDir: string): void {
  const answers = named as Record<string, (input: unknown) => unknown>
  const answer = ({ id, name, input }: Question): Reply => {
    try {
      const act = answers[name]
      if (!act) throw new Error(`a thread of the logs was asked for ${name}`)
      return { id, ok: true, output: JSON.stringify(act(input)) }
    } catch (error) {
      const known = asFault(error, dataDir)
      return {
        id,
        ok: false,
        fault: known instanceof FaultError ? known.fault : null,
        damaged: isDamage(error),
        stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }
    }
  }
  parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)))
}
