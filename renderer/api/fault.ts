import { ORPCError } from '@orpc/client'
import type { Fault } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { EngineAwayError } from './link.ts'
import { faultOf } from './sentence.ts'

/** A failed call in words: what is the matter and what to do. `fault` is null when it was none of the contract's. */
export interface Said {
  readonly fault: Fault | null
  readonly sentence: string
  readonly nextStep: string
}

/** True when the call was given up from this side: nothing has to be said about it. */
export const wasCancelled = (error: unknown): boolean =>
  (error instanceof Error && error.name === 'AbortError') || faultOf(error)?.code === 'cancelled'

/** Puts any rejected call into words. */
export function said(error: unknown): Said {
  const fault = faultOf(error)
  if (fault) return { fault, ...faultText(fault) }
  if (error instanceof EngineAwayError)
    return {
      fault: null,
      sentence: 'The engine is not running, so nothing was saved.',
      nextStep: 'Try again when it is back.',
    }
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST')
    return {
      fault: null,
      sentence: 'The engine does not take these values.',
      nextStep: 'Look through the fields and try again.',
    }
  return { fault: null, sentence: 'The engine did not answer this.', nextStep: 'Try again; its log says more.' }
}
