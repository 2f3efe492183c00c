import type { Observed, ProbeRequest } from '../../runtimes/observed.ts'
import { observeMachine, observeOpenclaw } from '../../runtimes/runtimes.ts'
import { serve } from '../serve.ts'

/** Raised when the meaning of an answer changes. */
const programVersion = 1

declare const rest: string

/** Answers are text of a box: more than this is a mistake or an attack, and the console would refuse it anyway. */
const answerLimit = 2_000_000

async function probe(request: unknown): Promise<Observed> {
  const tookMs: Record<string, number> = {}
  const timed = async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now()
    try {
      return await work()
    } finally {
      tookMs[part] = Math.round(performance.now() - from)
    }
  }
  const [machine, agents] = await Promise.all([
    timed('machine', observeMachine),
    timed('openclaw', () => observeOpenclaw(request as ProbeRequest)),
  ])
  const observed = { programVersion, machine, agents, tookMs }
  if (JSON.stringify(observed).length > answerLimit) throw new Error('the answer would be larger than 2 MB')
  return observed
}

serve('@@WHEELHOUSE-NONCE@@', { hello: () => ({ programVersion, node: process.version }), probe }, rest)
