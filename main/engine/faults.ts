import { ORPCError } from '@orpc/server'
import type { Fault } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'

interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

const fieldOf = ({ path = [] }: Issue): string =>
  path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'input'

/** An input the contract does not allow, in the words of its schema. */
function inputFault(error: unknown): Fault | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return null
  const [issue] = (error.data as { issues?: readonly Issue[] } | undefined)?.issues ?? []
  return issue
    ? { code: 'invalid-input', field: fieldOf(issue), detail: issue.message }
    : { code: 'invalid-input', field: 'input', detail: error.message }
}

/**
 * Turns whatever a procedure threw into the contract's one error. What nobody foresaw is logged and masked: the caller
 * gets its reference and nothing of its text.
 */
export function asContractError(error: unknown, log: Log, procedure: string): ORPCError<string, { fault: Fault }> {
  const answer = (fault: Fault) =>
    new ORPCError('FAULT', { status: 422, message: 'fault', data: { fault }, cause: error })
  if (error instanceof FaultError) return answer(error.fault)
  if (error instanceof ORPCError && error.code === 'FAULT') return error as ORPCError<string, { fault: Fault }>
  const input = inputFault(error)
  if (input) return answer(input)
  return answer({ code: 'internal', reference: log.error('procedure.failed', error, { procedure }) })
}
