import { ORPCError } from '@orpc/server'
import type { Fault } from '../../shared/contract/index.ts'
import { FaultError } from '../base/fault-error.ts'
import type { Log } from '../base/log.ts'

interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
  /** Zod's own, where the schema is zod's. */
  readonly code?: string
  readonly origin?: string
  readonly minimum?: number
  readonly maximum?: number
}

/** What a schema refuses, as a person would say it; its own words where nobody foresaw them. */
function words({ code, origin, minimum, maximum, message }: Issue): string {
  const isText = origin === 'string'
  const isList = origin === 'array'
  if (code === 'too_small' && minimum === 1 && isText) return 'It is empty.'
  if (code === 'too_small' && minimum === 1 && isList) return 'There is nothing in it.'
  if (code === 'too_small' && minimum !== undefined)
    return isText ? `It has fewer than ${minimum} characters.` : `It is less than ${minimum}.`
  if (code === 'too_big' && maximum !== undefined)
    return isText
      ? `It is longer than ${maximum} characters.`
      : isList
        ? `It has more than ${maximum} entries.`
        : `It is more than ${maximum}.`
  if (code === 'invalid_format') return 'It is not written as it should be.'
  if (code === 'invalid_type') return 'It is missing, or of another kind than is needed.'
  if (code === 'invalid_value' || code === 'invalid_union') return 'It is none of the values that are possible here.'
  return message.endsWith('.') ? message : `${message}.`
}

const fieldOf = ({ path = [] }: Issue): string =>
  path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'input'

/** An input the contract does not allow, in the words of its schema. */
function inputFault(error: unknown): Fault | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return null
  const [issue] = (error.data as { issues?: readonly Issue[] } | undefined)?.issues ?? []
  return issue
    ? { code: 'invalid-input', field: fieldOf(issue), detail: words(issue) }
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
