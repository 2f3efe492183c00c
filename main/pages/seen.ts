import type { AttemptRow } from '../facts/facts.ts'

/** Its newest attempt answered, and not too long ago. */
export const didAnswer = (attempt: AttemptRow | undefined, staleBeforeMs: number): boolean =>
  attempt?.outcome === 'swept' && attempt.atMs >= staleBeforeMs

/** It did not answer, and is not expected on at that time: nothing to see, nothing wrong. */
export const isAway = (attempt: AttemptRow | undefined): boolean => attempt?.outcome === 'not-expected'
