import { Fault } from '../../shared/contract/index.ts'
import { faultText } from '../../shared/fault-text.ts'
import { EngineAwayError } from './link.ts'

/** The fault an answer carried, or null when it was something else. */
export function faultOf(error: unknown): Fault | null {
  if (!(error instanceof Error) || !('data' in error)) return null
  const data: unknown = error.data
  const read = Fault.safeParse(typeof data === 'object' && data !== null && 'fault' in data ? data.fault : undefined)
  return read.success ? read.data : null
}

/** Any error of a call to the engine as the sentence an operator reads. Never a code alone. */
export function sentenceOf(error: unknown): string {
  const fault = faultOf(error)
  if (fault) {
    const { sentence, nextStep } = faultText(fault)
    return `${sentence} ${nextStep}`.trim()
  }
  if (error instanceof EngineAwayError)
    return 'The engine is not running, so nothing was done. What is shown is what was last read.'
  if (error instanceof DOMException && error.name === 'AbortError')
    return 'The engine ended before it answered. What is shown is what was last read.'
  return 'The engine could not answer, and its log says why. What is shown is what was last read.'
}
