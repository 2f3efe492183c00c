import type { Fault } from '../../shared/contract/index.ts'

/** A {@link Fault} on its way up: thrown inside the engine, turned into the contract's one typed error at its edge. */
export class FaultError extends Error {
  readonly fault: Fault
  constructor(fault: Fault, cause?: unknown) {
    super(fault.code, { cause })
    this.name = 'FaultError'
    this.fault = fault
  }
}

export const isFault = <C extends Fault['code']>(error: unknown, ...codes: C[]): error is FaultError =>
  error instanceof FaultError && (codes.length === 0 || codes.includes(error.fault.code as C))
