import { FaultError } from '../base/fault-error.ts'

const problemOf = (source: string): string | null => {
  try {
    new RegExp(source)
    return null
  } catch (error) {
    return error instanceof Error ? (error.message.split(': ').at(-1) ?? '') : String(error)
  }
}

/**
 * Where a regular expression breaks: the character from which on everything before it has the trouble of the whole.
 * Null: it does not. Pure.
 */
export function regexProblem(source: string): { at: number; detail: string } | null {
  const detail = problemOf(source)
  if (detail === null) return null
  let at = source.length
  while (at > 1 && problemOf(source.slice(0, at - 1)) === detail) at -= 1
  return { at: Math.max(0, at - 1), detail: `${detail.charAt(0).toLowerCase()}${detail.slice(1)}` }
}

/** @throws FaultError `invalid-regex`. */
export function checkRegex(source: string | undefined): void {
  const problem = source === undefined ? null : regexProblem(source)
  if (problem) throw new FaultError({ code: 'invalid-regex', ...problem })
}
