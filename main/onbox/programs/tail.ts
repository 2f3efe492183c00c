import type { TailRequest } from '../../runtimes/log-answer.ts'
import { answerInColumns, followOpenclawLogs, packAnswer } from '../../runtimes/runtimes.ts'
import { serve } from '../serve.ts'

declare const rest: string

/** A console that follows asks again at once; one that does not has gone. */
const idleExitMs = 60_000
/** A quiet box says so this often: the console knows then that it is there. */
const quietMs = 20_000

let next: ReturnType<typeof followOpenclawLogs> | null = null

/** Follows the logs of a box for as long as it is asked: every answer is asked for, and nothing is read before. */
serve(
  '@@WHEELHOUSE-NONCE@@',
  {
    begin: (request) => {
      next = followOpenclawLogs(request as TailRequest)
      return { nowMs: Date.now() }
    },
    next: async () => {
      if (next === null) throw new Error('it was not begun')
      return packAnswer(answerInColumns(await next(quietMs)))
    },
  },
  rest,
  idleExitMs,
)
