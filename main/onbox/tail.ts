import { PackedAnswer, TailBegun, type TailRequest } from '../runtimes/log-answer.ts'
import type { RunningProgram } from './program.ts'
import { understood } from './understood.ts'

/** The program says after 20 s that there is nothing new. */
const answerMs = 40_000

/** A program on a box that follows its logs. It reads when it is asked, and ends when it was not asked for a minute. */
export interface RunningTail {
  /** The box's clock when it began. */
  readonly nowMs: number
  /**
   * What is new, as much as one answer holds, as it came: a packed `LogAnswer`. Comes with the first line, or empty when it
   * is quiet. @throws FaultError any answer fault.
   */
  next(signal: AbortSignal): Promise<string>
  close(): void
}

/** @param release lets go of the connection it runs on. */
export async function runTail(
  program: RunningProgram,
  release: () => void,
  request: TailRequest,
  boxName: string,
  options: { deadlineMs: number; signal?: AbortSignal },
): Promise<RunningTail> {
  const close = () => {
    program.close()
    release()
  }
  try {
    const { nowMs } = understood(TailBegun, await program.ask('begin', request, options), boxName)
    return {
      nowMs,
      next: async (signal) =>
        understood(PackedAnswer, await program.ask('next', null, { deadlineMs: answerMs, signal }), boxName),
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}
